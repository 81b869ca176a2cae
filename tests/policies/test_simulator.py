"""The simulator is the enforcing engine: what it says of somebody is what the door decides for them."""

from __future__ import annotations

import json
import random
from collections import Counter

import pytest
from django.utils import timezone

from accounts.caller import Origin
from iamconsole.operations import door
from iamconsole.operations.errors import InvalidInput, NoSuchEntity
from iamconsole.operations.registry import Target
from policies.engine import Outcome
from policies.models import InlinePolicy
from policies.simulator import Simulation, described, find_subject, referenced_keys
from tests.cast import ACCOUNT_ID, ALICE_ARN, BOB_ARN, CHARLIE_ARN
from tests.world import World, allow, touch

REQUESTS = 1_000
ACTIONS = (
    "iam:GetUser",
    "iam:CreateUser",
    "iam:TagUser",
    "iam:ListUsers",
    "s3:GetObject",
    "s3:PutObject",
    "kms:Decrypt",
)
RESOURCES = (
    ALICE_ARN,
    BOB_ARN,
    "arn:aws:s3:::reports/q1.csv",
    "arn:aws:s3:::reports/q2.csv",
    "arn:aws:s3:::bob/x",
    "*",
)
PATTERNS = (
    "*",
    "arn:aws:s3:::reports/*",
    "arn:aws:s3:::${aws:username}/*",
    f"arn:aws:iam::{ACCOUNT_ID}:user/*",
    BOB_ARN,
)
CONDITIONS: tuple[dict[str, dict[str, str]], ...] = (
    {"StringEquals": {"aws:username": "bob"}},
    {"StringEquals": {"iam:ResourceTag/team": "blue"}},
    {"StringEqualsIfExists": {"aws:ResourceTag/team": "red"}},
    {"IpAddress": {"aws:SourceIp": "203.0.113.0/24"}},
    {"Bool": {"aws:MultiFactorAuthPresent": "false"}},
    {"StringLike": {"aws:RequestTag/team": "b*"}},
    {"Null": {"aws:RequestTag/team": "true"}},
)
GIVEN: tuple[dict[str, str], ...] = ({}, {"aws:RequestTag/team": "blue"}, {"aws:RequestTag/team": "red"})


def statement(dice: random.Random) -> dict[str, object]:
    action = dice.sample([*ACTIONS, "iam:*", "s3:Get*", "*"], dice.randint(1, 3))
    made: dict[str, object] = {"Effect": dice.choice(("Allow", "Allow", "Allow", "Deny"))}
    made["NotAction" if dice.random() < 0.1 else "Action"] = action
    made["NotResource" if dice.random() < 0.1 else "Resource"] = dice.sample(PATTERNS, dice.randint(1, 2))
    if dice.random() < 0.4:
        made["Condition"] = dice.choice(CONDITIONS)
    return made


def write_policies(world: World, dice: random.Random) -> None:
    """Bob gets up to three new inline policies in place of his old ones."""
    InlinePolicy.objects.filter(user_id=world.bob.principal_id).delete()
    for number in range(dice.randint(1, 3)):
        document = {"Version": "2012-10-17", "Statement": [statement(dice) for _ in range(dice.randint(1, 3))]}
        InlinePolicy.objects.create(
            account_id=ACCOUNT_ID, user_id=world.bob.principal_id, name=f"p{number}", document=json.dumps(document)
        )
    touch(ACCOUNT_ID)


def test_it_agrees_with_enforcement_on_a_thousand_requests(world: World) -> None:
    dice, now, seen = random.Random(20261124), timezone.now(), Counter[Outcome]()
    tags = [{"Key": "team", "Value": "blue"}]
    door.perform(world.system, "iam:TagUser", {"UserName": "alice", "Tags": tags})
    for number in range(REQUESTS):
        if number % 20 == 0:
            write_policies(world, dice)
        origin = Origin(source_ip=dice.choice(("203.0.113.7", "198.51.100.1")), via="console")
        subject = find_subject(ACCOUNT_ID, BOB_ARN, now, origin)
        action, resource, given = dice.choice(ACTIONS), dice.choice(RESOURCES), dice.choice(GIVEN)
        listing = action == "iam:ListUsers"
        target = Target(f"arn:aws:iam::{ACCOUNT_ID}:user/") if listing else described(ACCOUNT_ID, resource)
        enforced = door.decide(subject.caller, action, target, given, now=now).decision
        assert Simulation(subject, now, given).decide(action, resource) == enforced, (action, resource, given)
        assert enforced is not None
        seen[enforced.outcome] += 1
    assert min(seen[outcome] for outcome in Outcome) > REQUESTS // 20


def test_it_explains_what_it_decides(world: World) -> None:
    allow(world.bob, "s3:GetObject", resource="arn:aws:s3:::reports/*")
    setting = Simulation(find_subject(ACCOUNT_ID, BOB_ARN, timezone.now(), Origin()), timezone.now())
    for resource in ("arn:aws:s3:::reports/a", "arn:aws:s3:::other/a"):
        explained = setting.explain("s3:GetObject", resource).decision
        assert explained == setting.decide("s3:GetObject", resource)


def test_it_takes_a_given_key_in_place_of_the_one_filled_in(world: World) -> None:
    deny = {
        "Effect": "Deny",
        "Action": "*",
        "Resource": "*",
        "Condition": {"Bool": {"aws:MultiFactorAuthPresent": "false"}},
    }
    document = {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "*", "Resource": "*"}, deny]}
    given = {"UserName": "bob", "PolicyName": "mfa", "PolicyDocument": json.dumps(document)}
    door.perform(world.system, "iam:PutUserPolicy", given)
    now = timezone.now()
    subject = find_subject(ACCOUNT_ID, BOB_ARN, now, Origin())
    key = "AWS:multifactorauthpresent"
    assert Simulation(subject, now).decide("s3:ListBucket", "*").outcome is Outcome.EXPLICITLY_DENIED
    assert Simulation(subject, now, {key: "true"}).decide("s3:ListBucket", "*").allowed
    assert Simulation(subject, now, {key: ()}).decide("s3:ListBucket", "*").allowed


def test_it_asks_the_trust_policy_of_a_role(world: World) -> None:
    allow(world.bob, "sts:AssumeRole")
    trust = {"Effect": "Allow", "Principal": {"AWS": ALICE_ARN}, "Action": "sts:AssumeRole"}
    document = json.dumps({"Version": "2012-10-17", "Statement": [trust]})
    door.perform(world.system, "iam:CreateRole", {"RoleName": "auditor", "AssumeRolePolicyDocument": document})
    now, role = timezone.now(), f"arn:aws:iam::{ACCOUNT_ID}:role/auditor"
    bob, alice = (Simulation(find_subject(ACCOUNT_ID, arn, now), now) for arn in (BOB_ARN, ALICE_ARN))
    assert not bob.decide("sts:AssumeRole", role).allowed
    assert alice.decide("sts:AssumeRole", role).allowed
    assert alice.decide("iam:GetRole", role).allowed


def test_it_answers_for_a_member_of_a_group_who_has_no_name(world: World) -> None:
    door.perform(world.system, "iam:CreateGroup", {"GroupName": "readers"})
    mine = {"Effect": "Allow", "Action": "s3:*", "Resource": ["arn:aws:s3:::shared", "arn:aws:s3:::${aws:username}"]}
    document = json.dumps({"Version": "2012-10-17", "Statement": mine})
    given = {"GroupName": "readers", "PolicyName": "own", "PolicyDocument": document}
    door.perform(world.system, "iam:PutGroupPolicy", given)
    now = timezone.now()
    subject = find_subject(ACCOUNT_ID, f"arn:aws:iam::{ACCOUNT_ID}:group/readers", now)
    assert Simulation(subject, now).decide("s3:ListBucket", "arn:aws:s3:::shared").allowed
    assert not Simulation(subject, now).decide("s3:ListBucket", "arn:aws:s3:::readers").allowed
    assert referenced_keys(subject.policies) == ["aws:username"]


def test_it_denies_what_belongs_to_another_account(world: World) -> None:
    now = timezone.now()
    setting = Simulation(find_subject(ACCOUNT_ID, ALICE_ARN, now), now)
    assert not setting.decide("iam:GetUser", CHARLIE_ARN).allowed
    assert setting.decide("iam:GetUser", BOB_ARN).allowed


@pytest.mark.parametrize(
    "arn", [CHARLIE_ARN, f"arn:aws:iam::{ACCOUNT_ID}:user/nobody", f"arn:aws:iam::{ACCOUNT_ID}:role/bob"]
)
def test_it_knows_nobody_outside_the_account(arn: str, world: World) -> None:
    with pytest.raises(NoSuchEntity):
        find_subject(ACCOUNT_ID, arn, timezone.now())


def test_it_refuses_an_arn_that_is_no_identity(world: World) -> None:
    with pytest.raises(InvalidInput):
        find_subject(ACCOUNT_ID, "arn:aws:s3:::reports", timezone.now())
