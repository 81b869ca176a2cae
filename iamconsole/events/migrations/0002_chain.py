"""Each event carries the digest of the one before it; those there are linked in the order they came."""

from django.db import migrations, models

from iamconsole.events.chain import START, digest_of

CHUNK = 2_000


def link(apps, schema_editor):
    events, chains = (apps.get_model("events", name).objects for name in ("Event", "Chain"))
    ends: dict[str, str] = {}
    last = 0
    while rows := list(events.filter(id__gt=last).order_by("id")[:CHUNK]):
        for event in rows:
            event.digest = ends[event.account_id] = digest_of(ends.get(event.account_id, START), event)
        events.bulk_update(rows, ["digest"], batch_size=200)
        last = rows[-1].id
    chains.bulk_create([chains.model(account_id=account_id, digest=end) for account_id, end in ends.items()])


class Migration(migrations.Migration):
    dependencies = [("events", "0001_initial")]
    operations = [
        migrations.CreateModel(
            name="Chain",
            fields=[
                ("account_id", models.CharField(max_length=12, primary_key=True, serialize=False)),
                ("digest", models.CharField(max_length=64)),
            ],
        ),
        migrations.AddField(
            model_name="event",
            name="digest",
            field=models.CharField(default="", help_text="of the event and of the digest before it", max_length=64),
        ),
        migrations.RunPython(link, migrations.RunPython.noop),
    ]
