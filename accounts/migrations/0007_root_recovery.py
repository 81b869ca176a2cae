from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0006_console_sessions"),
    ]

    operations = [
        migrations.AddField(
            model_name="account",
            name="root_recovery",
            field=models.BooleanField(default=True, help_text="whether root may set a password by a mailed link"),
        ),
    ]
