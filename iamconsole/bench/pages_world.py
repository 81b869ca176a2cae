"""Where the figures of pages are taken: a throw-away database with an account of fifty users, and its administrator."""

from __future__ import annotations

import json
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from django.db import connection
from django.test import Client
from django.test.utils import setup_databases, teardown_databases
from django.urls import reverse

from accounts.caller import Caller, system_caller, user_caller
from iamconsole.operations import door

ACCOUNT_ID = "111122223333"
POLICY_ARN = f"arn:aws:iam::{ACCOUNT_ID}:policy/reading"
ADMIN, PASSWORD = "admin", "Correct-horse-battery-9"
USERS, GROUPS, ROLES, PASSWORDS = 50, 5, 10, 10
READING = {"Version": "2012-10-17", "Statement": {"Effect": "Allow", "Action": "iam:List*", "Resource": "*"}}
TRUST = {
    "Version": "2012-10-17",
    "Statement": {"Effect": "Allow", "Principal": {"Service": "ec2.amazonaws.com"}, "Action": "sts:AssumeRole"},
}


@contextmanager
def throw_away_database() -> Iterator[None]:
    """A new database beside the installation's, with the same settings, gone at the end."""
    with tempfile.TemporaryDirectory(prefix="iamconsole-bench-") as folder:
        # A file like the real one: SQLite in memory would write without waiting for the disk.
        connection.settings_dict["TEST"]["NAME"] = (
            str(Path(folder) / "bench.sqlite3") if connection.vendor == "sqlite" else None
        )
        made = setup_databases(verbosity=0, interactive=False, serialized_aliases=set())
        try:
            yield
        finally:
            teardown_databases(made, verbosity=0)


def furnish() -> Caller:
    """Fill the account through the door; the caller is its administrator."""
    do("iamconsole:CreateAccount", AccountName="bench", Email="root@bench.example")
    do("iam:CreatePolicy", PolicyName="reading", PolicyDocument=json.dumps(READING))
    for number in range(GROUPS):
        do("iam:CreateGroup", GroupName=f"group{number}")
        do("iam:AttachGroupPolicy", GroupName=f"group{number}", PolicyArn=POLICY_ARN)
    for number in range(ROLES):
        do("iam:CreateRole", RoleName=f"role{number}", AssumeRolePolicyDocument=json.dumps(TRUST))
    for number in range(USERS - 1):
        _user(number)
    return _administrator()


def _user(number: int) -> None:
    """In a group; some with a password, others with an access key."""
    name = f"user{number:02}"
    do("iam:CreateUser", UserName=name, Tags=[{"Key": "team", "Value": "blue"}])
    do("iam:AddUserToGroup", UserName=name, GroupName=f"group{number % GROUPS}")
    if number < PASSWORDS:
        do("iam:CreateLoginProfile", UserName=name, Password=PASSWORD)
    else:
        do("iam:CreateAccessKey", UserName=name)


def _administrator() -> Caller:
    user = do("iam:CreateUser", UserName=ADMIN)["User"]
    do("iam:CreateLoginProfile", UserName=ADMIN, Password=PASSWORD)
    do("iam:AttachUserPolicy", UserName=ADMIN, PolicyArn="arn:aws:iam::aws:policy/AdministratorAccess")
    assert isinstance(user, dict)
    return user_caller(ACCOUNT_ID, user["UserId"], user["Arn"], ADMIN)


def do(name: str, **inputs: object) -> dict[str, object]:
    return door.perform(system_caller(ACCOUNT_ID), name, inputs)


def change_something() -> None:
    """A write in the account: what was gathered of policies before no longer counts."""
    do("iam:TagUser", UserName="user00", Tags=[{"Key": "team", "Value": "green"}])


def signed_in() -> Client:
    """The administrator's browser, signed in at the sign-in page, all fifty users on one page."""
    client = Client(SERVER_NAME="127.0.0.1")
    client.post(reverse("signin-account", args=[ACCOUNT_ID]), {"user_name": ADMIN, "password": PASSWORD})
    client.cookies["table-users-table"] = f"size={USERS}"
    return client
