"""`manage.py delegation_template ACCOUNT_ID NAME FILE`: what an account may ask others to be delegated."""

from __future__ import annotations

import sys
from argparse import ArgumentParser
from pathlib import Path

from django.core.management.base import CommandError

from accounts.caller import system_caller
from iamconsole.management.stored import StoredCommand
from iamconsole.operations import door
from iamconsole.operations.errors import ApiError


class Command(StoredCommand):
    help = (
        "Register a policy template for an account: a policy with parameters such as @{bucketName}. The account can "
        "then ask others for access by it (CreateDelegationRequest), as AWS's partners do."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("account", help="the account that asks: twelve digits")
        parser.add_argument("name", help="the template's name: letters, digits, hyphens")
        parser.add_argument("file", help="the policy; `-` is standard input")

    def handle(self, *args: object, account: str, name: str, file: str, **options: object) -> None:
        try:
            text = sys.stdin.read() if file == "-" else Path(file).read_text("utf-8")
            given = {"Name": name, "Document": text}
            made = door.perform(system_caller(account), "iamconsole:PutDelegationTemplate", given)
        except (OSError, UnicodeDecodeError) as error:
            raise CommandError(f"The policy cannot be read: {error}") from None
        except ApiError as error:
            raise CommandError(error.message) from None
        self.stdout.write(str(made["PolicyTemplateArn"]))
