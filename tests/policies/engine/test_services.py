"""What single services do differently: which have RCPs, what nobody may change, Block Public Access."""

from __future__ import annotations

import pytest

from policies.engine import Outcome, PolicySet, Principal, Request, SourceKind, decide, explain
from tests.policies.engine.build import ACCOUNT, BOB, FULL, ask, policy, statement

COVERED = "s3 sts kms sqs secretsmanager ecr aoss dynamodb cognito-identity cognito-idp logs"
ROOT_SESSION = {"get_session_token": True}


def _ask(action: str, resource: str = "*", caller: str = BOB, **options: object) -> Request:
    return Request(Principal.from_arn(caller), action, resource, ACCOUNT, options=options)


@pytest.mark.parametrize("service", COVERED.split())
def test_it_asks_resource_control_policies_for_covered_services(service: str) -> None:
    denied = PolicySet(identity=(FULL,), rcp_levels=((policy(statement("Deny", "*", Principal="*")),),))
    assert decide(_ask(f"{service}:GetThing"), denied).outcome is Outcome.EXPLICITLY_DENIED
    assert decide(_ask(f"{service}x:GetThing"), denied).allowed


@pytest.mark.parametrize("verb", ["Get", "List", "Simulate", "Generate"])
def test_it_lets_everyone_read_what_nobody_may_change(verb: str) -> None:
    resource = "arn:aws:iam::aws:policy/ReadOnlyAccess"
    assert decide(_ask(f"iam:{verb}Policy", resource), PolicySet(identity=(FULL,))).allowed
    assert not decide(_ask("iam:DeletePolicy", resource), PolicySet(identity=(FULL,))).allowed


@pytest.mark.parametrize(
    ("action", "resource", "options", "note"),
    [
        ("iam:DeletePolicy", "arn:aws:iam::aws:policy/P", {}, "AWS managed policies cannot be changed"),
        ("iam:DeleteRole", f"arn:aws:iam::{ACCOUNT}:role/aws-reserved/r", {}, "reserved roles cannot be changed"),
        (
            "kms:DeleteAlias",
            f"arn:aws:kms:eu:{ACCOUNT}:alias/aws/s3",
            {},
            "aliases of AWS managed keys cannot be changed",
        ),
        (
            "iam:GetUser",
            "*",
            ROOT_SESSION,
            "credentials from GetSessionToken can call IAM only with MFA",
        ),
        (
            "sts:GetFederationToken",
            "*",
            ROOT_SESSION,
            (
                "credentials from GetSessionToken can call only AssumeRole, GetCallerIdentity, "
                "GetDelegatedAccessToken, GetScopedCredentials and GetWebIdentityToken"
            ),
        ),
        ("sts:GetSessionToken", "*", ROOT_SESSION, "only users and the root user can call GetSessionToken"),
    ],
)
def test_it_says_why_no_policy_can_allow_it(action: str, resource: str, options: dict[str, object], note: str) -> None:
    found = explain(_ask(action, resource, **options), PolicySet(identity=(FULL,)))
    assert (found.decision.outcome, found.reason) == (Outcome.IMPLICITLY_DENIED, note)
    assert note in found.notes


@pytest.mark.parametrize(
    ("setting", "blocked"),
    [
        (True, True),
        ({"RestrictPublicBuckets": True}, True),
        ({"restrict_public_buckets": True}, True),
        ({"RestrictPublicBuckets": False}, False),
        ({"BlockPublicPolicy": True}, False),
        ("true", False),
        (None, False),
    ],
)
def test_it_reads_block_public_access_in_both_spellings(setting: object, blocked: bool) -> None:
    everyone = policy(statement("Allow", Principal="*"), kind=SourceKind.RESOURCE)
    asked = _ask("s3:GetObject", "arn:aws:s3:::reports/q1.csv", "anonymous", s3={"block_public_access": setting})
    assert decide(asked, PolicySet(resource=everyone)).allowed is not blocked


def test_it_looks_at_every_statement_of_a_resource_policy() -> None:
    others = statement("Allow", Principal={"AWS": "444455556666"})
    bucket = policy(others, statement("Allow", Principal={"AWS": BOB}), others)
    found = decide(ask(), PolicySet(resource=bucket))
    assert [each.index for each in found.matched] == [1]
    assert found.resource_match == "direct"
