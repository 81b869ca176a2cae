"""`manage.py rotate_master_keys`: seal every stored secret under the first master key."""

from __future__ import annotations

from django.core.management.base import CommandError

from iamconsole import sealing
from iamconsole.management.stored import StoredCommand
from identities import sealed


class Command(StoredCommand):
    help = (
        "Seal all stored secrets under the first key of IAMCONSOLE_MASTER_KEYS. To change the key: put a new one before"
        " the old one (new:base64,old:base64), restart every server with both, run this, then take the old one away."
        " Session tokens given out under the old key end when it goes."
    )

    def handle(self, *args: object, **options: object) -> None:
        progress = sealed.Progress()
        for progress in sealed.rotate():
            self.stdout.write(f"{progress.sealed} sealed anew")
        if progress.broken:
            raise CommandError(f"{progress.broken} secrets are under none of the keys in hand; they stay as they are.")
        self.stdout.write(f"Everything is sealed under `{sealing.first_key()}`; {progress.sealed} secrets changed.")
