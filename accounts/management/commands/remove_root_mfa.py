"""`manage.py remove_root_mfa 12digits`: let a root user back in whose MFA devices are lost."""

from __future__ import annotations

from argparse import ArgumentParser

from django.core.management.base import CommandError

from accounts.caller import system_caller
from accounts.models import Account
from iamconsole.management.stored import StoredCommand
from iamconsole.operations import door


class Command(StoredCommand):
    help = (
        "Take all MFA devices from the root user of an account, whose password alone is asked for then. Make sure "
        "first that whoever asks is who they say. It is recorded in the account's event history."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("account", help="the account's 12 digits")

    def handle(self, *args: object, account: str, **options: object) -> None:
        if not Account.objects.filter(pk=account).exists():
            raise CommandError(f"There is no account {account}.")
        removed = door.perform(system_caller(account), "iamconsole:RemoveRootMFA")["SerialNumbers"]
        assert isinstance(removed, list)
        lines = [f"Removed {serial}" for serial in removed]
        self.stdout.write("\n".join(lines) or "The root user has no MFA device.")
