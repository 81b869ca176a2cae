"""`manage.py authorization_message ACCOUNT EVENT_ID`: a decision as sts:DecodeAuthorizationMessage takes it."""

from __future__ import annotations

from argparse import ArgumentParser

from django.core.management.base import CommandError

from accounts.caller import system_caller
from iamconsole.management.stored import StoredCommand
from iamconsole.operations import door
from iamconsole.operations.errors import ApiError


class Command(StoredCommand):
    help = "Print the encoded authorization message of a recorded call, to try sts:DecodeAuthorizationMessage with."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("account", help="the account's twelve digits")
        parser.add_argument("event", help="the event ID, from the event history")

    def handle(self, *args: object, account: str, event: str, **options: object) -> None:
        try:
            made = door.perform(system_caller(account), "iamconsole:GetAuthorizationMessage", {"EventId": event})
        except ApiError as error:
            raise CommandError(error.message) from None
        self.stdout.write(str(made["EncodedMessage"]))
