"""Lint: statements that give more than they seem to, and who is let in."""

from __future__ import annotations

from typing import Any

import pytest

from policies.engine.lint import DocumentKind
from policies.engine.lint.escalation import WAYS
from tests.policies.engine.lint_documents import ABSENT, codes, lint, statement, trust

ROLE = "arn:aws:iam::111122223333:role/Ops"
OIDC = "arn:aws:iam::111122223333:oidc-provider/token.actions.githubusercontent.com"
SAML = "arn:aws:iam::111122223333:saml-provider/Okta"


@pytest.mark.parametrize("action", ["*", "*:*", ["s3:GetObject", "*"]])
def test_it_names_full_access_and_leaves_it_at_that(action: Any) -> None:
    found = codes(statement(Action=action, Resource="*"))
    assert "full-access" in found
    assert not found & {"privilege-escalation", "pass-role-with-star"}


@pytest.mark.parametrize(
    "changes",
    [
        {"Action": "iam:PassRole", "Resource": "*"},
        {"Action": "iam:PassRole", "Resource": "arn:aws:iam::111122223333:role/*"},
        {"Action": "iam:Pass*", "Resource": "*"},
        {"Action": "iam:*", "Resource": "*"},
        {"Action": ABSENT, "NotAction": "s3:*", "Resource": "*"},
        {"Action": "iam:PassRole", "Resource": ABSENT, "NotResource": ROLE},
    ],
)
def test_it_finds_pass_role_on_every_role(changes: dict[str, Any]) -> None:
    assert "pass-role-with-star" in codes(statement(**changes))


@pytest.mark.parametrize(
    "changes",
    [
        {"Action": "iam:PassRole", "Resource": ROLE},
        {
            "Action": "iam:PassRole",
            "Resource": "*",
            "Condition": {"StringEquals": {"iam:PassedToService": "ec2.amazonaws.com"}},
        },
        {"Action": "iam:PassRole", "Resource": "*", "Effect": "Deny"},
        {"Action": ABSENT, "NotAction": "iam:*", "Resource": "*"},
    ],
)
def test_it_lets_bounded_pass_role_be(changes: dict[str, Any]) -> None:
    assert "pass-role-with-star" not in codes(statement(**changes))


def test_it_warns_of_allowing_all_but_something() -> None:
    assert "allow-not-action" in codes(statement(Action=ABSENT, NotAction="iam:*"))
    assert codes(statement(Effect="Deny", Action=ABSENT, NotAction="iam:*")) == set()


def test_it_warns_of_service_linked_roles_for_any_service() -> None:
    slr = statement(Action="iam:CreateServiceLinkedRole", Resource="*")
    named = slr | {"Condition": {"StringEquals": {"iam:AWSServiceName": "ec2.amazonaws.com"}}}
    assert codes(slr) == {"service-linked-role-star"}
    assert codes(named) == set()


@pytest.mark.parametrize("way", WAYS, ids=lambda way: "+".join(way.actions))
def test_it_knows_every_way_to_more_permissions(way: Any) -> None:
    grants = [statement(Action=action, Resource="*") for action in way.actions]
    found = [finding for finding in lint(*grants) if finding.code == "privilege-escalation"]
    assert way.gives in found[0].message
    assert found[0].level == "security"


@pytest.mark.parametrize(
    "statements",
    [
        [statement(Action="iam:AttachUserPolicy", Resource="arn:aws:iam::*:user/${aws:username}")],
        [statement(Action="iam:AttachUserPolicy", Resource="*", Condition={"Bool": {"aws:SecureTransport": "true"}})],
        [
            statement(Action="iam:AttachUserPolicy", Resource="*"),
            statement(Effect="Deny", Action="iam:Attach*", Resource="*"),
        ],
        [statement(Action="iam:PassRole", Resource=ROLE), statement(Action="ec2:RunInstances", Resource="*")],
    ],
)
def test_it_sees_when_a_way_is_closed(statements: list[dict[str, Any]]) -> None:
    assert "privilege-escalation" not in codes(*statements)


def test_it_sums_up_the_ways_one_entry_opens() -> None:
    (finding,) = [one for one in lint(statement(Action="iam:*", Resource="*")) if one.code == "privilege-escalation"]
    assert "ways more" in finding.message


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({}, set()),
        ({"Principal": {"AWS": "*"}}, {"trust-everyone"}),
        ({"Principal": {"AWS": "*"}, "Condition": {"StringEquals": {"aws:PrincipalOrgID": "o-1"}}}, set()),
        ({"Principal": {"AWS": "bob"}}, {"invalid-principal"}),
        ({"Principal": {"Group": "x"}}, {"invalid-principal"}),
        ({"Action": "sts:GetObject"}, {"unknown-action", "trust-action", "trust-action-mismatch"}),
        ({"Action": ["sts:AssumeRole", "s3:GetObject"]}, {"trust-action"}),
        ({"Principal": {"Service": "ec2.amazonaws.com"}}, set()),
        ({"Principal": {"Federated": SAML}}, {"trust-action-mismatch"}),
        ({"Principal": {"Federated": SAML}, "Action": "sts:AssumeRoleWithSAML"}, set()),
        (
            {"Principal": {"Federated": OIDC}, "Action": "sts:AssumeRoleWithWebIdentity"},
            {"web-identity-without-subject"},
        ),
        (
            {
                "Principal": {"Federated": OIDC},
                "Action": "sts:AssumeRoleWithWebIdentity",
                "Condition": {"StringLike": {"token.actions.githubusercontent.com:sub": "repo:*"}},
            },
            {"web-identity-subject-star"},
        ),
        (
            {
                "Principal": {"Federated": OIDC},
                "Action": "sts:AssumeRoleWithWebIdentity",
                "Condition": {"StringLike": {"token.actions.githubusercontent.com:sub": "repo:us/reports:*"}},
            },
            set(),
        ),
        ({"Principal": {"AWS": ["111122223333", "111122223333"]}}, {"redundant-principal"}),
    ],
)
def test_it_looks_at_whom_a_role_trusts(changes: dict[str, Any], expected: set[str]) -> None:
    assert codes(trust(**changes), kind=DocumentKind.TRUST) == expected


@pytest.mark.parametrize("principal", ["444455556666", "arn:aws:iam::444455556666:root"])
def test_it_asks_for_an_external_id_of_another_account_only(principal: str) -> None:
    other = trust(Principal={"AWS": principal})
    agreed = other | {"Condition": {"StringEquals": {"sts:ExternalId": "Example42"}}}

    def found(inner: dict[str, Any], account: str | None) -> list[str]:
        return [finding.code for finding in lint(inner, kind=DocumentKind.TRUST, account_id=account)]

    assert found(other, "111122223333") == ["cross-account-without-external-id"]
    assert found(other, "444455556666") == found(other, None) == found(agreed, "111122223333") == []


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"Principal": "*"}, {"public-access"}),
        ({"Principal": {"AWS": "*"}}, {"public-access"}),
        ({"Principal": "*", "Effect": "Deny"}, set()),
        ({"Principal": "*", "Condition": {"StringEquals": {"aws:PrincipalOrgID": "o-1"}}}, set()),
        ({"Principal": {"AWS": "444455556666"}}, set()),
        ({"Principal": "bob"}, {"invalid-principal"}),
        ({"NotPrincipal": {"AWS": "444455556666"}}, {"allow-not-principal", "refused"}),
        ({"Principal": {"Service": "cloudtrail.amazonaws.com"}}, {"service-principal-without-source"}),
        (
            {
                "Principal": {"Service": "cloudtrail.amazonaws.com"},
                "Condition": {"StringEquals": {"aws:SourceAccount": "111122223333"}},
            },
            set(),
        ),
    ],
)
def test_it_looks_at_whom_a_resource_lets_in(changes: dict[str, Any], expected: set[str]) -> None:
    assert codes(statement(**changes), kind=DocumentKind.RESOURCE) == expected
