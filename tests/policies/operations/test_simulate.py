"""iam:SimulatePrincipalPolicy, in AWS's shapes."""

from __future__ import annotations

import json
from typing import Any

import pytest

from iamconsole.operations import door
from iamconsole.operations.errors import AccessDenied, InvalidInput, NoSuchEntity
from tests.cast import ACCOUNT_ID, ALICE_ARN, BOB_ARN, CHARLIE_ARN, OTHER_ACCOUNT_ID
from tests.world import World, allow

# One unbracketed statement: its braces are characters 40 and 112 of the line, counted from 1.
RECORDED = json.dumps(
    {"Version": "2012-10-17", "Statement": {"Effect": "Allow", "Action": "s3:ListBucket", "Resource": "*"}}
)


def simulate(world: World, *actions: str, **more: object) -> list[dict[str, Any]]:
    given = {"PolicySourceArn": BOB_ARN, "ActionNames": list(actions), **more}
    found = door.perform(world.alice, "iam:SimulatePrincipalPolicy", given)["EvaluationResults"]
    assert isinstance(found, list)
    return found


def test_it_says_which_statement_matched_and_where_it_stands(world: World) -> None:
    put = {"UserName": "bob", "PolicyName": "Lists", "PolicyDocument": RECORDED}
    door.perform(world.system, "iam:PutUserPolicy", put)
    (result,) = simulate(world, "s3:ListBucket")
    start, end = RECORDED.index("{", 1) + 1, RECORDED.index("}") + 1
    assert result["EvalDecision"] == "allowed"
    assert result["MatchedStatements"] == [
        {
            "SourcePolicyId": "user_bob_Lists",
            "SourcePolicyType": "IAM Policy",
            "StartPosition": {"Line": 1, "Column": start + 1},
            "EndPosition": {"Line": 1, "Column": end + 1},
        }
    ]


def test_it_evaluates_every_action_on_every_resource(world: World) -> None:
    allow(world.bob, "s3:GetObject", resource="arn:aws:s3:::reports/*")
    arns = ["arn:aws:s3:::reports/a", "arn:aws:s3:::other/a"]
    results = simulate(world, "s3:GetObject", "s3:PutObject", ResourceArns=arns)
    asked = [(each["EvalActionName"], each["EvalResourceName"], each["EvalDecision"]) for each in results]
    assert asked == [
        ("s3:GetObject", arns[0], "allowed"),
        ("s3:GetObject", arns[1], "implicitDeny"),
        ("s3:PutObject", arns[0], "implicitDeny"),
        ("s3:PutObject", arns[1], "implicitDeny"),
    ]


def test_it_names_the_context_values_that_are_missing(world: World) -> None:
    needs = {
        "Effect": "Allow",
        "Action": "s3:*",
        "Resource": "*",
        "Condition": {"Bool": {"aws:MultiFactorAuthPresent": "true"}},
    }
    document = json.dumps({"Version": "2012-10-17", "Statement": [needs]})
    door.perform(
        world.system, "iam:PutUserPolicy", {"UserName": "bob", "PolicyName": "mfa", "PolicyDocument": document}
    )
    (result,) = simulate(world, "s3:ListBucket")
    assert (result["EvalDecision"], result["MissingContextValues"]) == ("implicitDeny", ["aws:MultiFactorAuthPresent"])
    entry = {"ContextKeyName": "aws:MultiFactorAuthPresent", "ContextKeyValues": ["true"], "ContextKeyType": "boolean"}
    (result,) = simulate(world, "s3:ListBucket", ContextEntries=[entry])
    assert (result["EvalDecision"], result["MissingContextValues"]) == ("allowed", [])


def test_it_adds_policies_and_a_boundary_that_are_not_attached(world: World) -> None:
    everything = json.dumps({"Version": "2012-10-17", "Statement": {"Effect": "Allow", "Action": "*", "Resource": "*"}})
    (result,) = simulate(world, "s3:ListBucket", PolicyInputList=[everything])
    assert result["MatchedStatements"][0]["SourcePolicyId"] == "PolicyInputList.1"
    bounded = {"PolicyInputList": [everything], "PermissionsBoundaryPolicyInputList": [RECORDED]}
    allowed, denied = simulate(world, "s3:ListBucket", "s3:GetObject", **bounded)
    assert (allowed["EvalDecision"], denied["EvalDecision"]) == ("allowed", "implicitDeny")
    assert denied["PermissionsBoundaryDecisionDetail"] == {"AllowedByPermissionsBoundary": False}


@pytest.mark.parametrize(
    "exclusion",
    [
        {"PolicyType": "inline"},
        {"InlinePolicyIdentifier": {"PolicyName": "only-this", "AttachmentType": "user", "AttachmentName": "bob"}},
    ],
)
def test_it_leaves_out_what_is_excluded(exclusion: dict[str, object], world: World) -> None:
    allow(world.bob, "s3:ListBucket")
    assert simulate(world, "s3:ListBucket")[0]["EvalDecision"] == "allowed"
    assert simulate(world, "s3:ListBucket", PolicyExclusionList=[exclusion])[0]["EvalDecision"] == "implicitDeny"


def test_it_counts_a_resource_policy(world: World) -> None:
    deny = {"Effect": "Deny", "Principal": "*", "Action": "s3:*", "Resource": "*"}
    document = json.dumps({"Version": "2012-10-17", "Statement": deny})
    (result,) = simulate(world, "s3:ListBucket", ResourcePolicy=document, ResourceArns=["arn:aws:s3:::reports"])
    assert (result["EvalDecision"], result["MatchedStatements"][0]["SourcePolicyId"]) == (
        "explicitDeny",
        "ResourcePolicy.1",
    )


def test_it_answers_page_by_page(world: World) -> None:
    given = {
        "PolicySourceArn": BOB_ARN,
        "ActionNames": ["s3:GetObject", "s3:PutObject", "s3:ListBucket"],
        "MaxItems": 2,
    }
    first = door.perform(world.alice, "iam:SimulatePrincipalPolicy", given)
    second = door.perform(world.alice, "iam:SimulatePrincipalPolicy", {**given, "Marker": first["Marker"]})
    names = [each["EvalActionName"] for page in (first, second) for each in page["EvaluationResults"]]  # type: ignore[attr-defined]
    assert names == given["ActionNames"]
    assert (first["IsTruncated"], second["IsTruncated"]) == (True, False)


@pytest.mark.parametrize(
    ("more", "error"),
    [
        ({"PolicySourceArn": f"{BOB_ARN}2"}, NoSuchEntity),
        ({"PolicySourceArn": CHARLIE_ARN}, InvalidInput),
        ({"PolicySourceArn": "arn:aws:iam::aws:policy/ReadOnlyAccess"}, InvalidInput),
        ({"ActionNames": ["s3:*"]}, InvalidInput),
        ({"PolicyInputList": ["{"]}, InvalidInput),
        ({"CallerArn": "not an arn"}, InvalidInput),
    ],
)
def test_it_refuses_what_it_cannot_simulate(more: dict[str, object], error: type[Exception], world: World) -> None:
    with pytest.raises(error):
        simulate(world, "s3:ListBucket", **more)


def test_it_says_why_it_does_not_look_into_another_account(world: World) -> None:
    with pytest.raises(InvalidInput) as refusal:
        simulate(world, "s3:ListBucket", PolicySourceArn=CHARLIE_ARN)
    assert refusal.value.message == (
        f"Invalid Policy Source Arn: caller's account {ACCOUNT_ID} does not have access to policies"
        f" in account {OTHER_ACCOUNT_ID}"
    )


@pytest.mark.parametrize("owner", [OTHER_ACCOUNT_ID, f"arn:aws:iam::{OTHER_ACCOUNT_ID}:user/x"])
def test_it_takes_no_owner_of_resources_but_an_account_by_its_arn(world: World, owner: str) -> None:
    assert simulate(world, "s3:ListBucket", ResourceOwner=f"arn:aws:iam::{OTHER_ACCOUNT_ID}:root")
    with pytest.raises(InvalidInput) as refusal:
        simulate(world, "s3:ListBucket", ResourceOwner=owner)
    assert refusal.value.message == f"'{owner}' is not a valid as a Resource Owner."


def test_it_decides_the_permission_on_whom_it_simulates(world: World) -> None:
    allow(world.bob, "iam:SimulatePrincipalPolicy", resource=BOB_ARN)
    given = {"ActionNames": ["s3:ListBucket"]}
    assert door.perform(world.bob, "iam:SimulatePrincipalPolicy", {**given, "PolicySourceArn": BOB_ARN})
    with pytest.raises(AccessDenied) as refusal:
        door.perform(world.bob, "iam:SimulatePrincipalPolicy", {**given, "PolicySourceArn": ALICE_ARN})
    assert refusal.value.resource == f"arn:aws:iam::{ACCOUNT_ID}:user/alice"
