"""AWS's wording of a refusal."""

from __future__ import annotations

import pytest

from policies.engine import Decision, Layer, Outcome, PolicySet, decide, denial_message, reason_text
from tests.policies.engine.build import BOB, ask, policy, statement

DENIED, FORBIDDEN = Outcome.IMPLICITLY_DENIED, Outcome.EXPLICITLY_DENIED
ROLE = "arn:aws:iam::444455556666:role/Deployer"


def test_it_says_what_aws_says_when_nothing_allows() -> None:
    decision = decide(ask("iam:CreateUser", "arn:aws:iam::111122223333:user/eve"), PolicySet())
    assert denial_message(BOB, "iam:CreateUser", "arn:aws:iam::111122223333:user/eve", decision) == (
        "User: arn:aws:iam::111122223333:user/bob is not authorized to perform: iam:CreateUser on resource: "
        "arn:aws:iam::111122223333:user/eve because no identity-based policy allows the iam:CreateUser action"
    )


def test_it_says_what_aws_says_when_a_policy_denies() -> None:
    decision = decide(ask(), PolicySet(identity=(policy(statement("Deny")),)))
    assert denial_message(BOB, "s3:GetObject", "user eve", decision) == (
        "User: arn:aws:iam::111122223333:user/bob is not authorized to perform: s3:GetObject on resource: user eve "
        "with an explicit deny in an identity-based policy"
    )


@pytest.mark.parametrize(
    ("outcome", "layer", "reason"),
    [
        (DENIED, Layer.IDENTITY, "no identity-based policy allows the iam:ListUsers action"),
        (DENIED, Layer.RESOURCE, "no resource-based policy allows the iam:ListUsers action"),
        (DENIED, Layer.BOUNDARY, "no permissions boundary allows the iam:ListUsers action"),
        (DENIED, Layer.SESSION, "no session policy allows the iam:ListUsers action"),
        (DENIED, Layer.SCP, "no service control policy allows the iam:ListUsers action"),
        (DENIED, Layer.RCP, "no resource control policy allows the iam:ListUsers action"),
        (DENIED, Layer.ENDPOINT, "no VPC endpoint policy allows the iam:ListUsers action"),
        (DENIED, Layer.DEFAULT, ""),
        (FORBIDDEN, Layer.IDENTITY, "an explicit deny in an identity-based policy"),
        (FORBIDDEN, Layer.RESOURCE, "an explicit deny in a resource-based policy"),
        (FORBIDDEN, Layer.BOUNDARY, "an explicit deny in a permissions boundary"),
        (FORBIDDEN, Layer.SESSION, "an explicit deny in a session policy"),
        (FORBIDDEN, Layer.SCP, "an explicit deny in a service control policy"),
        (FORBIDDEN, Layer.RCP, "an explicit deny in a resource control policy"),
        (FORBIDDEN, Layer.ENDPOINT, "an explicit deny in a VPC endpoint policy"),
        (Outcome.ALLOWED, Layer.IDENTITY, ""),
    ],
)
def test_it_names_the_policy_type_that_is_to_blame(outcome: Outcome, layer: Layer, reason: str) -> None:
    assert reason_text(Decision(outcome, layer), "iam:ListUsers") == reason


@pytest.mark.parametrize("outcome", [DENIED, FORBIDDEN])
def test_it_keeps_silent_about_roles_of_other_accounts(outcome: Outcome) -> None:
    text = denial_message(BOB, "sts:AssumeRole", ROLE, Decision(outcome, Layer.RESOURCE, cross_account=True))
    assert text == f"User: {BOB} is not authorized to perform: sts:AssumeRole on resource: {ROLE}"


def test_it_leaves_out_a_resource_that_has_no_name() -> None:
    text = denial_message(BOB, "iam:ListUsers", "", Decision(DENIED, Layer.DEFAULT))
    assert text == f"User: {BOB} is not authorized to perform: iam:ListUsers"
