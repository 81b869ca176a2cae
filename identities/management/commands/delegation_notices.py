"""`manage.py delegation_notices ACCOUNT_ID`: what became of an account's delegation requests, one JSON line each."""

from __future__ import annotations

import json
from argparse import ArgumentParser

from accounts.caller import system_caller
from iamconsole.management.stored import StoredCommand
from iamconsole.operations import door
from iamconsole.operations.secrets import Secret


class Command(StoredCommand):
    help = (
        "Tell an account what became of its delegation requests, exchange tokens included. AWS tells it through SNS; "
        "whoever runs this installation hands it on."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("account", help="the account that asked: twelve digits")

    def handle(self, *args: object, account: str, **options: object) -> None:
        notices = door.perform(system_caller(account), "iamconsole:ListDelegationNotices")["Notices"]
        assert isinstance(notices, list)
        for notice in notices:
            plain = {key: value.reveal() if isinstance(value, Secret) else value for key, value in notice.items()}
            self.stdout.write(json.dumps(plain))
