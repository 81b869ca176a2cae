from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0002_password_policy_and_reports"),
    ]

    operations = [
        migrations.AddField(
            model_name="throttle",
            name="subject",
            field=models.CharField(
                blank=True, db_index=True, default="", help_text="whose sign-in; a digest", max_length=100
            ),
            preserve_default=False,
        ),
        migrations.AddField(
            model_name="throttle",
            name="place",
            field=models.CharField(
                blank=True, default="", help_text="the network it was tried from, for administrators", max_length=64
            ),
            preserve_default=False,
        ),
    ]
