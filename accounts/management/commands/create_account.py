"""`manage.py create_account NAME --email E`: a new account, its credentials printed once."""

from __future__ import annotations

import json
import sys
from argparse import ArgumentParser

from django.core.management.base import CommandError

from accounts.caller import system_caller
from accounts.queries import free_account_id, is_account_id
from accounts.root_password import check_root_password
from iamconsole.management.stored import StoredCommand
from iamconsole.operations import door
from iamconsole.operations.errors import ApiError
from iamconsole.operations.secrets import Secret


class Command(StoredCommand):
    help = "Make an account with its root user; what it needs to be used is printed once."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("name", help="the account's name, for people")
        parser.add_argument("--email", required=True, help="the root user's e-mail address")
        parser.add_argument("--id", help="twelve digits; left out, one that is free")
        parser.add_argument("--alias", help="a name for the sign-in address")
        parser.add_argument("--root-password-stdin", action="store_true", help="read root's password: one line")
        key = parser.add_mutually_exclusive_group()
        key.add_argument("--admin-key", action="store_true", help="make a user `admin` and an access key for it")
        key.add_argument("--root-key", action="store_true", help="make an access key of root (better: --admin-key)")
        parser.add_argument("--json", action="store_true", help="print one JSON object")

    def handle(self, *args: object, **options: object) -> None:
        if options["root_key"]:
            self.stderr.write("Warning: a key of root can do everything and no policy limits it. Prefer --admin-key.")
        account_id = str(options["id"] or free_account_id())
        if not is_account_id(account_id):
            raise CommandError(f"An account id has 12 digits; `{account_id}` is none.")
        try:
            made = door.perform(system_caller(account_id), "iamconsole:CreateAccount", _inputs(options))
        except ApiError as error:
            raise CommandError(error.message) from None
        self._print(_facts(made), as_json=bool(options["json"]))

    def _print(self, facts: dict[str, str], *, as_json: bool) -> None:
        if as_json:
            self.stdout.write(json.dumps(facts))
            return
        for name, value in facts.items():
            self.stdout.write(f"{name:18} {value}")


def _inputs(options: dict[str, object]) -> dict[str, object]:
    name, email = str(options["name"]), str(options["email"])
    return {
        "AccountName": name,
        "Email": email,
        "AccountAlias": options["alias"],
        "RootPassword": _password(name, email) if options["root_password_stdin"] else None,
        "AdminKey": options["admin_key"],
        "RootKey": options["root_key"],
    }


def _password(name: str, email: str) -> Secret:
    password = Secret(sys.stdin.readline().rstrip("\r\n"))
    check_root_password(password, name, email)
    return password


def _facts(made: dict[str, object]) -> dict[str, str]:
    account, key = made["Account"], made.get("AccessKey")
    assert isinstance(account, dict)
    facts = {"account_id": account["Id"], "name": account["Name"], "email": account["Email"]}
    if isinstance(key, dict):
        secret = key["SecretAccessKey"]
        facts["access_key_id"] = key["AccessKeyId"]
        facts["secret_access_key"] = secret.reveal() if isinstance(secret, Secret) else secret
    return facts
