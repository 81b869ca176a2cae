"""`manage.py reset_account ID --yes`: back to the account as it was made."""

from __future__ import annotations

from argparse import ArgumentParser

from django.core.management.base import CommandError

from accounts.caller import system_caller
from accounts.models import Account
from accounts.queries import is_account_id
from iamconsole.management.stored import StoredCommand
from iamconsole.operations import door


class Command(StoredCommand):
    help = "Delete all in an account but root, root's credentials, and the user and key of --admin-key."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("id", help="the account's twelve digits")
        parser.add_argument("--yes", action="store_true", help="do it: there is no way back")

    def handle(self, *args: object, **options: object) -> None:
        account_id = str(options["id"])
        if not is_account_id(account_id):
            raise CommandError(f"An account id has 12 digits; `{account_id}` is none.")
        account = Account.objects.filter(pk=account_id).first()
        if account is None:
            raise CommandError(f"There is no account {account_id}.")
        if not options["yes"]:
            raise CommandError(f"This deletes all in {account}. Nothing was done; add --yes to do it.")
        door.perform(system_caller(account_id), "iamconsole:ResetAccount")
        self.stdout.write(f"{account} is as it was made.")
