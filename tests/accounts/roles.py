"""Roles to switch to, in the account of the cast and in charlie's."""

from __future__ import annotations

import json

from django.http import HttpResponse
from django.test import Client

from accounts.caller import system_caller
from tests.cast import ALICE_ARN, OTHER_ACCOUNT_ID
from tests.identities.steps import do
from tests.world import ADMINISTRATOR_ACCESS

SWITCH = "/switchrole"
HOME = "/iam/"


def make_role(
    name: str = "auditor",
    account_id: str = OTHER_ACCOUNT_ID,
    *,
    trusts: str = ALICE_ARN,
    condition: dict[str, object] | None = None,
    managed: str = ADMINISTRATOR_ACCESS,
    **more: object,
) -> str:
    """A role that trusts alice; its ARN."""
    statement: dict[str, object] = {"Effect": "Allow", "Action": "sts:AssumeRole", "Principal": {"AWS": trusts}}
    if condition:
        statement["Condition"] = condition
    document = json.dumps({"Version": "2012-10-17", "Statement": statement})
    system = system_caller(account_id)
    made = do(system, "CreateRole", RoleName=name, AssumeRolePolicyDocument=document, **more)["Role"]
    if managed:
        do(system, "AttachRolePolicy", RoleName=name, PolicyArn=managed)
    return str(made["Arn"])  # type: ignore[index]


def switch(client: Client, role: str = "auditor", account: str = OTHER_ACCOUNT_ID, **more: str) -> HttpResponse:
    """Post the form."""
    fields = {"account": account, "roleName": role, "displayName": "", "color": "", **more}
    return client.post(SWITCH, fields)  # type: ignore[return-value]


def acting(client: Client) -> str:
    """The ARN that the console works as, by asking it."""
    return str(client.get(HOME).wsgi_request.caller.arn)  # type: ignore[attr-defined]
