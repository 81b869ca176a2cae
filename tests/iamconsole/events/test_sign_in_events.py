"""Every event of the door, in CloudTrail's shape: who, through what, with which outcome, and no secret in it."""

from __future__ import annotations

import json
import re
from typing import Any

import pytest
from django.core import mail
from django.test import Client

from accounts.caller import Caller
from iamconsole.events.models import Event
from tests.accounts.roles import make_role, switch
from tests.accounts.views.people import (
    PASSWORD,
    code_of,
    enter_code,
    enter_password,
    enter_root_password,
    give_device,
    give_password,
)
from tests.cast import ACCOUNT_ID, OTHER_ACCOUNT_ID
from tests.iamconsole.api.calling import call, key_of
from tests.pages import sign_in
from tests.world import World, allow

KEYS = {
    "eventVersion", "userIdentity", "eventTime", "eventSource", "eventName", "awsRegion", "sourceIPAddress",
    "userAgent", "requestID", "eventID", "readOnly", "eventType", "managementEvent", "recipientAccountId",
    "eventCategory", "requestParameters", "responseElements", "additionalEventData",
}  # fmt: skip
NEW = "brand-New-Word-8"
ROOT = "root@alice.example"
OWN = "/iam/security-credentials/"


@pytest.fixture
def records(world: World) -> dict[str, dict[str, Any]]:
    """A day at the door: the last record of each name, in every place of the installation."""
    give_password(world.bob, reset=True)
    allow(world.bob, "iam:ChangePassword")
    device = give_device(world.bob)
    bob = Client()
    enter_password(bob, "bob")
    enter_code(bob, code_of(device))
    bob.post("/signin/change-password/", {"old": PASSWORD, "new": NEW, "again": NEW})
    recover()
    make_role()
    alice = Client()
    sign_in(alice, world.alice, mfa=True)
    switch(alice)
    alice.post("/switchrole/back/")
    sign_in(Client(), world.alice)
    alice.post(f"{OWN}sessions/end/", {"session": "others"})
    root_edits(world.root)
    return {event.name: event.record for event in Event.objects.filter(source="signin.amazonaws.com").order_by("id")}


def recover() -> None:
    client = Client()
    client.post("/signin/root/forgot-password/", {"email": ROOT})
    found = re.search(r"/signin/root/reset/\S+/", str(mail.outbox[-1].body))
    assert found and client.post(found[0], {"new": NEW, "again": NEW}).status_code == 303


def root_edits(root: Caller) -> None:
    client = Client()
    enter_root_password(client, ROOT, NEW)
    fields = {"name": "alice's lab", "email": "root@elsewhere.example", "password": NEW}
    assert client.post(f"{OWN}account/", fields).status_code == 303


def test_each_has_the_shape_of_cloudtrail(records: dict[str, dict[str, Any]]) -> None:
    assert set(records) == {
        "CheckMfa", "ConsoleLogin", "EmailUpdated", "EndConsoleSession", "ExitRole", "PasswordRecoveryCompleted",
        "PasswordRecoveryRequested", "PasswordUpdated", "SwitchRole",
    }  # fmt: skip
    for name, record in records.items():
        assert set(record) == KEYS, name
        assert record["eventType"] == "AwsConsoleSignIn" and record["eventName"] == name
        assert record["responseElements"] == {name: "Success"}, name
        assert record["readOnly"] is False and record["eventSource"] == "signin.amazonaws.com"
    assert not [secret for secret in (PASSWORD, NEW) if secret in json.dumps(records)]


def test_they_say_who_it_was(records: dict[str, dict[str, Any]]) -> None:
    bob, root = records["PasswordUpdated"]["userIdentity"], records["PasswordRecoveryCompleted"]["userIdentity"]
    assert set(bob) == {"type", "principalId", "arn", "accountId", "userName"} and bob["userName"] == "bob"
    assert root == {
        "type": "Root", "principalId": ACCOUNT_ID, "arn": f"arn:aws:iam::{ACCOUNT_ID}:root", "accountId": ACCOUNT_ID,
    }  # fmt: skip
    assert records["CheckMfa"]["additionalEventData"] == {"MfaType": "Virtual MFA"}


@pytest.mark.parametrize("name", ["SwitchRole", "ExitRole"])
def test_they_say_through_which_role(records: dict[str, dict[str, Any]], name: str) -> None:
    identity = records[name]["userIdentity"]
    issuer = identity["sessionContext"]["sessionIssuer"]
    assert identity["type"] == "AssumedRole" and "userName" not in identity
    assert identity["accessKeyId"].startswith("ASIA")
    assert issuer == {
        "type": "Role",
        "principalId": identity["principalId"].partition(":")[0],
        "arn": f"arn:aws:iam::{OTHER_ACCOUNT_ID}:role/auditor",
        "accountId": OTHER_ACCOUNT_ID,
        "userName": "auditor",
    }
    attributes = identity["sessionContext"]["attributes"]
    assert attributes["mfaAuthenticated"] == "true"
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", attributes["creationDate"])


def test_calls_of_a_session_say_so_and_calls_with_a_key_do_not(client: Client, world: World) -> None:
    call(client, key_of(world.bob), "GetCallerIdentity", service="sts")
    by_key = Event.objects.filter(name="GetCallerIdentity").latest("id").record["userIdentity"]
    assert "sessionContext" not in by_key and by_key["userName"] == "bob"
    sign_in(client, world.alice)
    make_role()
    switch(client)
    client.get("/iam/users/")
    listed = Event.objects.filter(name="ListUsers").latest("id").record["userIdentity"]
    assert listed["sessionContext"]["sessionIssuer"]["userName"] == "auditor"
