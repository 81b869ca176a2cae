"""`manage.py create_organization MANAGEMENT_ID [MEMBER_ID …]`: accounts of this installation under one of them."""

from __future__ import annotations

import json
from argparse import ArgumentParser

from django.core.management.base import CommandError

from accounts.caller import system_caller
from iamconsole.management.stored import StoredCommand
from iamconsole.operations import door
from iamconsole.operations.errors import ApiError


class Command(StoredCommand):
    help = (
        "Make an organization: the first account manages it. With it come central root access (AssumeRoot) and the "
        "access report; service control policies are not part of it."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("management", help="the management account: twelve digits")
        parser.add_argument("members", nargs="*", help="member accounts")

    def handle(self, *args: object, **options: object) -> None:
        caller = system_caller(str(options["management"]))
        try:
            made = door.perform(caller, "iamconsole:CreateOrganization", {"Members": options["members"]})
        except ApiError as error:
            raise CommandError(error.message) from None
        self.stdout.write(json.dumps(made))
