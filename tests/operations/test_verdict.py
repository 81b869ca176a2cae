"""What a refusal across accounts tells: nothing of what the other account wrote, not even whether the role is there."""

from __future__ import annotations

import json
from typing import Any

import pytest

from accounts.caller import Caller, system_caller
from iamconsole.events.models import Event
from iamconsole.operations import door
from iamconsole.operations.errors import AccessDenied
from iamconsole.operations.verdict import HIDDEN
from tests.accounts.roles import make_role
from tests.cast import ACCOUNT_ID, ALICE_ARN, BOB_ARN, OTHER_ACCOUNT_ID
from tests.identities.steps import do
from tests.world import World, allow

SECRETS = ("open-sesame-42", "sts:ExternalId", BOB_ARN, "only-bob", "Sid")
OTHERS = {
    "missing": [],
    "closed": [{"Sid": "only-bob", "Effect": "Allow", "Principal": {"AWS": BOB_ARN}}],
    "vendor": [
        {
            "Effect": "Allow",
            "Principal": {"AWS": ALICE_ARN},
            "Condition": {"StringEquals": {"sts:ExternalId": "open-sesame-42"}},
        }
    ],
    "denying": [
        {"Effect": "Allow", "Principal": {"AWS": ALICE_ARN}},
        {"Sid": "only-bob", "Effect": "Deny", "Principal": {"AWS": ALICE_ARN}},
    ],
}


def write_roles(account_id: str) -> None:
    for name, statements in OTHERS.items():
        if statements:
            document = {
                "Version": "2012-10-17",
                "Statement": [{**each, "Action": "sts:AssumeRole"} for each in statements],
            }
            do(system_caller(account_id), "CreateRole", RoleName=name, AssumeRolePolicyDocument=json.dumps(document))


def refused(caller: Caller, role: str, account_id: str = OTHER_ACCOUNT_ID) -> tuple[str, str, Any]:
    """What the caller is told, and what their account keeps of it, with the role's name taken out."""
    arn = f"arn:aws:iam::{account_id}:role/{role}"
    with pytest.raises(AccessDenied) as refusal:
        door.perform(caller, "sts:AssumeRole", {"RoleArn": arn, "RoleSessionName": "visit"})
    kept = Event.objects.filter(account_id=caller.account_id).latest("id").decision
    for clock in ("aws:CurrentTime", "aws:EpochTime"):
        kept["request"]["context"].pop(clock)
    told = (str(refusal.value), refusal.value.reason, json.dumps(kept))
    return told[0].replace(role, "X"), told[1], json.loads(told[2].replace(f"role/{role}", "role/X"))


@pytest.mark.parametrize("role", ["closed", "vendor", "denying"])
def test_it_tells_of_a_role_elsewhere_what_it_tells_of_none(world: World, role: str) -> None:
    write_roles(OTHER_ACCOUNT_ID)
    told = refused(world.alice, role)
    assert told == refused(world.alice, "missing")
    assert told[2]["decided_by"] == "resource" and HIDDEN in json.dumps(told[2])
    assert [secret for secret in SECRETS if secret in json.dumps(told)] == []


def test_it_blames_the_callers_own_policies_whatever_the_other_side_says(world: World) -> None:
    make_role(trusts=BOB_ARN)
    write_roles(OTHER_ACCOUNT_ID)
    told = [refused(world.bob, role) for role in ("auditor", "closed", "vendor", "denying", "missing")]
    assert told == [told[0]] * 5
    assert told[0][2]["decided_by"] == "identity"
    allow(world.bob, "sts:AssumeRole", effect="Deny")
    assert refused(world.bob, "auditor")[2]["decision"] == "ExplicitlyDenied"


def test_it_still_traces_the_callers_own_policies(world: World) -> None:
    allow(world.bob, "sts:AssumeRole", resource="arn:aws:iam::*:role/nothing-else")
    make_role(trusts=BOB_ARN)
    layers = {each["layer"]: each for each in refused(world.bob, "auditor")[2]["layers"]}
    (policy,) = layers["identity"]["policies"]
    assert policy["source"]["name"] == "only-this" and policy["statements"]


def test_it_keeps_no_statement_of_the_other_account_where_it_lets_in(world: World) -> None:
    make_role()
    given = {"RoleArn": f"arn:aws:iam::{OTHER_ACCOUNT_ID}:role/auditor", "RoleSessionName": "visit"}
    door.perform(world.alice, "sts:AssumeRole", given)
    kept = Event.objects.filter(account_id=ACCOUNT_ID).latest("id").decision
    assert kept["decision"] == "Allowed" and [each["source"]["kind"] for each in kept["matched"]] == ["aws-managed"]


def test_it_shows_everything_within_one_account(world: World) -> None:
    write_roles(ACCOUNT_ID)
    kept = refused(world.alice, "vendor", ACCOUNT_ID)[2]
    assert "open-sesame-42" in json.dumps(kept) and HIDDEN not in json.dumps(kept)
