"""Documents attached to nobody: simulated, and asked for their context keys."""

from __future__ import annotations

import json
from typing import Any

import pytest

from tests.cast import ALICE_ARN, BOB_ARN
from tests.operations.examples_reports import CONDITIONAL
from tests.policies.operations.doing import do, document, refused
from tests.world import World, allow

EVERYTHING = json.dumps({"Version": "2012-10-17", "Statement": {"Effect": "Allow", "Action": "*", "Resource": "*"}})
DENY_S3 = json.dumps({"Version": "2012-10-17", "Statement": {"Effect": "Deny", "Action": "s3:*", "Resource": "*"}})
RESOURCE = json.dumps(
    {
        "Version": "2012-10-17",
        "Statement": {"Effect": "Allow", "Principal": {"AWS": BOB_ARN}, "Action": "s3:*", "Resource": "*"},
    }
)


def simulate(world: World, *documents: str, action: str = "s3:ListBucket", **more: object) -> dict[str, Any]:
    given = {"PolicyInputList": list(documents), "ActionNames": [action], **more}
    (result,) = do(world.alice, "SimulateCustomPolicy", **given)["EvaluationResults"]
    assert isinstance(result, dict)
    return result


def test_it_answers_in_aws_s_shape_with_positions_after_the_braces(world: World) -> None:
    text = json.dumps(
        {"Version": "2012-10-17", "Statement": {"Effect": "Allow", "Action": "s3:ListBucket", "Resource": "*"}}
    )
    matched = {
        "SourcePolicyId": "PolicyInputList.1",
        "SourcePolicyType": "IAM Policy",
        "StartPosition": {"Line": 1, "Column": text.index("{", 1) + 2},
        "EndPosition": {"Line": 1, "Column": text.index("}") + 2},
    }
    common = {"MatchedStatements": [matched], "MissingContextValues": [], "EvalDecisionDetails": {}}
    assert simulate(world, text) == {
        "EvalActionName": "s3:ListBucket",
        "EvalResourceName": "*",
        "EvalDecision": "allowed",
        "OrganizationsDecisionDetail": {"AllowedByOrganizations": True},
        **common,
        "ResourceSpecificResults": [{"EvalResourceName": "*", "EvalResourceDecision": "allowed", **common}],
    }


def test_it_simulates_the_documents_alone(world: World) -> None:
    assert simulate(world, document("s3:GetObject"))["EvalDecision"] == "implicitDeny"
    assert simulate(world, EVERYTHING, DENY_S3)["EvalDecision"] == "explicitDeny"


def test_it_takes_an_empty_list_of_boundaries_for_none(world: World) -> None:
    assert simulate(world, EVERYTHING, PermissionsBoundaryPolicyInputList=[])["EvalDecision"] == "allowed"


def test_it_narrows_by_a_boundary(world: World) -> None:
    bounded = simulate(world, EVERYTHING, PermissionsBoundaryPolicyInputList=[document("s3:GetObject")])
    assert bounded["EvalDecision"] == "implicitDeny"
    assert bounded["PermissionsBoundaryDecisionDetail"] == {"AllowedByPermissionsBoundary": False}


def test_it_counts_organization_policies_level_by_level(world: World) -> None:
    def under(*levels: list[str]) -> tuple[str, bool]:
        given = [{"ServiceControlPolicyInputList": level} for level in levels]
        result = simulate(world, EVERYTHING, OrderedOrganizationPolicyInputList=given)
        return result["EvalDecision"], result["OrganizationsDecisionDetail"]["AllowedByOrganizations"]

    assert under([EVERYTHING], [EVERYTHING]) == ("allowed", True)
    assert under([EVERYTHING], [document("s3:GetObject")]) == ("implicitDeny", False)
    assert under([EVERYTHING, DENY_S3]) == ("explicitDeny", False)


def test_it_names_the_organization_policy_that_denies(world: World) -> None:
    given = [{"ServiceControlPolicyInputList": [EVERYTHING, DENY_S3]}]
    (matched,) = simulate(world, EVERYTHING, OrderedOrganizationPolicyInputList=given)["MatchedStatements"]
    assert matched["SourcePolicyId"] == "OrganizationPolicy.1.2"


def test_it_counts_a_resource_policy_for_the_caller_it_is_told(world: World) -> None:
    given = {"ResourcePolicy": RESOURCE, "ResourceArns": ["arn:aws:s3:::reports"]}
    assert simulate(world, document("s3:GetObject"), CallerArn=BOB_ARN, **given)["EvalDecision"] == "allowed"
    assert simulate(world, document("s3:GetObject"), CallerArn=ALICE_ARN, **given)["EvalDecision"] == "implicitDeny"


@pytest.mark.parametrize(
    ("more", "text"),
    [
        ({"ResourcePolicy": RESOURCE}, "CallerArn is required when a ResourcePolicy is given."),
        (
            {"ActionNames": ["s3:*"]},
            "Invalid action name: s3:*. Name one action as service:Action, without wildcards.",
        ),
        ({"PolicyInputList": ["{"]}, "Document 1 of PolicyInputList cannot be read: "),
    ],
)
def test_it_refuses_what_it_cannot_simulate(world: World, more: dict[str, object], text: str) -> None:
    given = {"PolicyInputList": [EVERYTHING], "ActionNames": ["s3:ListBucket"], **more}
    code, message = refused(world.alice, "SimulateCustomPolicy", **given)
    assert code == "InvalidInput"
    assert message.startswith(text)


def test_it_names_missing_context_and_takes_it_when_given(world: World) -> None:
    given = {"action": "s3:GetObject", "ResourceArns": ["arn:aws:s3:::reports/bob/q1"], "CallerArn": BOB_ARN}
    result = simulate(world, CONDITIONAL, **given)  # type: ignore[arg-type]
    assert (result["EvalDecision"], result["MissingContextValues"]) == ("implicitDeny", ["aws:SourceIp"])
    entry = {"ContextKeyName": "aws:SourceIp", "ContextKeyValues": ["203.0.113.7"], "ContextKeyType": "ip"}
    assert simulate(world, CONDITIONAL, ContextEntries=[entry], **given)["EvalDecision"] == "allowed"  # type: ignore[arg-type]


def test_it_lists_the_context_keys_of_documents(world: World) -> None:
    found = do(world.alice, "GetContextKeysForCustomPolicy", PolicyInputList=[CONDITIONAL, EVERYTHING])
    assert found == {"ContextKeyNames": ["aws:SourceIp", "aws:username"]}
    code, message = refused(world.alice, "GetContextKeysForCustomPolicy", PolicyInputList=["[]"])
    assert (code, message.startswith("Document 1 of PolicyInputList cannot be read: ")) == ("InvalidInput", True)


def test_it_lists_the_context_keys_of_what_somebody_has(world: World) -> None:
    do(world.alice, "PutUserPolicy", UserName="bob", PolicyName="Own", PolicyDocument=CONDITIONAL)
    more = CONDITIONAL.replace("aws:SourceIp", "aws:VpcSourceIp")
    found = do(world.alice, "GetContextKeysForPrincipalPolicy", PolicySourceArn=BOB_ARN, PolicyInputList=[more])
    assert found["ContextKeyNames"] == ["aws:SourceIp", "aws:username", "aws:VpcSourceIp"]
    ghost = BOB_ARN.replace("bob", "ghost")
    expected = ("NoSuchEntity", "The user with name ghost cannot be found.")
    assert refused(world.alice, "GetContextKeysForPrincipalPolicy", PolicySourceArn=ghost) == expected


def test_it_decides_the_permission_on_whose_keys_are_listed(world: World) -> None:
    allow(world.bob, "iam:GetContextKeysForPrincipalPolicy", resource=BOB_ARN)
    assert do(world.bob, "GetContextKeysForPrincipalPolicy", PolicySourceArn=BOB_ARN)
    assert refused(world.bob, "GetContextKeysForPrincipalPolicy", PolicySourceArn=ALICE_ARN)[0] == "AccessDenied"
