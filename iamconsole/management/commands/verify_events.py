"""`manage.py verify_events [ID …]`: whether the event history is as it was written."""

from __future__ import annotations

from argparse import ArgumentParser

from django.core.management.base import CommandError

from iamconsole.events import chain
from iamconsole.management.stored import StoredCommand


class Command(StoredCommand):
    help = "Walk the event history of every account, or of those named, and name the first row that was tampered with."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("ids", nargs="*", metavar="id", help="an account's twelve digits")

    def handle(self, *args: object, ids: list[str], **options: object) -> None:
        broken = [account_id for account_id in ids or chain.accounts() if not self._whole(account_id)]
        if broken:
            raise CommandError(f"Not as it was written: the history of {len(broken)} account(s).")

    def _whole(self, account_id: str) -> bool:
        for each in chain.verify(account_id):
            # Sign-ins to accounts that do not exist belong to no account.
            about = f"{account_id or 'no account'}: {each.events:,} events follow each other"
            if each.broken:
                self.stdout.write(f"{about}, then the history breaks: {each.broken}")
                return False
            self.stdout.write(f"{about}, the last has digest {each.digest}")
        return True
