"""Save-time validation of documents that have a principal: role trust policies and resource policies."""

from __future__ import annotations

import json
from typing import Any

import pytest

from policies.engine.validate import (
    DocumentKind,
    MalformedPolicy,
    invalid_principal_text,
    trust_principals,
    validate_document,
)

ABSENT = object()
ALICE = "arn:aws:iam::111122223333:user/alice"
NOT_STS = "AssumeRole policy may only specify STS AssumeRole actions."


def statement(**changes: Any) -> dict[str, Any]:
    full = {"Effect": "Allow", "Principal": {"AWS": ALICE}, "Action": "sts:AssumeRole"} | changes
    return {name: value for name, value in full.items() if value is not ABSENT}


def policy(*statements: Any, **top: Any) -> str:
    full = {"Version": "2012-10-17", "Statement": list(statements)} | top
    return json.dumps({name: value for name, value in full.items() if value is not ABSENT})


def refusal(text: str, kind: DocumentKind = DocumentKind.TRUST) -> str | None:
    try:
        validate_document(text, kind)
    except MalformedPolicy as error:
        return error.message
    return None


@pytest.mark.parametrize("text", ["new policy", "", policy(statement())[:-1], policy(statement()).replace("]", ",]")])
def test_it_calls_broken_json_by_its_name(text: str) -> None:
    assert refusal(text) == "This policy contains invalid Json"


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("[]", "Syntax error in policy."),
        (policy("text"), "Syntax error in policy."),
        (policy(statement(), Version="2013-10-17"), "The policy must contain a valid version string"),
        (policy(), "Could not parse the policy: Statement is empty!"),
        (policy(Statement=ABSENT), "Could not parse the policy: Statement is empty!"),
        (policy(statement(), Comment="mine"), "Unknown field Comment"),
        (policy(statement(Comment="mine")), "Unknown field Comment"),
        (policy(statement(Sid="Same"), statement(Sid="Same")), "The Statement Ids in the policy are not unique"),
        (policy(statement(Sid=[])), "Syntax error in policy."),
        (policy(statement(Effect=ABSENT)), "Missing required field Effect"),
        (policy(statement(Effect="allow")), "Invalid effect: allow"),
        (policy(statement(Principal=ABSENT)), "Missing required field Principal"),
        (policy(statement(Principal={})), "Missing required field Principal cannot be empty!"),
        (policy(statement(Principal="*")), "Principal must be a JSON object."),
        (policy(statement(Principal=["*"])), "Syntax error in policy."),
        (policy(statement(Principal={"AWS": 7})), "Syntax error in policy."),
        (policy(statement(Principal={"aws": ALICE})), 'Invalid principal in policy: "aws"'),
        (policy(statement(Principal={"CanonicalUser": "a" * 64})), 'Invalid principal in policy: "CanonicalUser"'),
        (
            policy(statement(Principal={"AWS": []})),
            (
                "Invalid principal in policy: com.amazon.balsa.error.InvalidPolicyException: "
                "The passed in policy has a statement with no principals!"
            ),
        ),
        (policy(statement(Principal=ABSENT, NotPrincipal={"AWS": ALICE})), "Allow with NotPrincipal is not allowed."),
        (
            policy(statement(Effect="Deny", Principal=ABSENT, NotPrincipal={"AWS": ALICE})),
            "AssumeRole policy must not contain NotPrincipal field.",
        ),
        (policy(statement(Action=ABSENT)), "Missing required field Action"),
        (policy(statement(Action=[])), "Missing required field Action cannot be empty!"),
        (policy(statement(Action=7)), "Syntax error in policy."),
        (policy(statement(Resource="*")), "Has prohibited field Resource"),
        (policy(statement(NotResource="*")), "AssumeRole policy must not contain resources."),
        (policy(statement(Condition={"StringSame": {"a": "b"}})), "Invalid Condition type : StringSame"),
        (policy(statement(Condition={"StringEquals": "b"})), "Syntax error in policy."),
        (
            policy(statement(Principal={"Federated": "cognito-identity.amazonaws.com"})),
            "A condition block must be present for the Cognito provider",
        ),
    ],
)
def test_it_says_what_is_wrong_with_a_trust_policy(text: str, message: str) -> None:
    assert refusal(text) == message


@pytest.mark.parametrize(
    "action", ["*", "s3:GetObject", "sts:*", "sts:Get*", "sts:Nonsense", "AssumeRole", "sts:AssumeRoleX*"]
)
def test_it_wants_sts_actions_only(action: str) -> None:
    assert refusal(policy(statement(Action=["sts:AssumeRole", action]))) == NOT_STS
    assert refusal(policy(statement(Action=ABSENT, NotAction=action))) == NOT_STS


@pytest.mark.parametrize(
    "action",
    [
        "sts:AssumeRoleWithSAML",
        "STS:assumerolewithwebidentity",
        "sts:TagSession",
        "sts:SetSourceIdentity",
        "sts:AssumeRole*",
    ],
)
def test_it_takes_the_actions_of_the_assume_role_family(action: str) -> None:
    assert refusal(policy(statement(Action=action))) is None


@pytest.mark.parametrize(
    ("kind", "value"),
    [
        ("AWS", "bob"),
        ("AWS", "arn:aws:iam::111122223333:user/*"),
        ("AWS", "arn:aws:iam::111122223333:group/Auditors"),
        ("AWS", "arn:aws:iam::1234:root"),
        ("AWS", "11112222333"),
        ("AWS", "arn:aws:sts::111122223333:assumed-role/Ops/*"),
        ("AWS", "arn:aws:iam::111122223333:user/" + "/" * 5000),
        ("AWS", ""),
        ("Service", "ec2"),
        ("Service", "*.amazonaws.com"),
        ("Service", "EC2.amazonaws.com"),
        ("Federated", "example.org"),
        ("Federated", ALICE),
    ],
)
def test_it_refuses_a_principal_of_no_valid_form(kind: str, value: str) -> None:
    expected = f'Invalid principal in policy: "{kind.upper()}":"{value}"'
    assert refusal(policy(statement(Principal={kind: [value]}))) == expected


@pytest.mark.parametrize(
    ("kind", "value"),
    [
        ("AWS", "*"),
        ("AWS", "444455556666"),
        ("AWS", "arn:aws:iam::444455556666:root"),
        ("AWS", "arn:aws:iam::444455556666:user/division/charlie"),
        ("AWS", "arn:aws-cn:iam::444455556666:role/service-role/Ops"),
        ("AWS", "arn:aws:sts::111122223333:assumed-role/Ops/alice@example.org"),
        ("AWS", "arn:aws:sts::111122223333:federated-user/bob"),
        ("AWS", "AIDAQ3EGRIWLTAHCMIPLM"),
        ("Service", "ec2.amazonaws.com"),
        ("Service", "ops.apigateway.amazonaws.com"),
        ("Service", "ec2.amazonaws.com.cn"),
        ("Federated", "accounts.google.com"),
        ("Federated", "arn:aws:iam::111122223333:saml-provider/Okta"),
        ("Federated", "arn:aws:iam::111122223333:oidc-provider/token.actions.githubusercontent.com"),
    ],
)
def test_it_takes_every_form_of_a_principal(kind: str, value: str) -> None:
    assert refusal(policy(statement(Principal={kind: value}))) is None


@pytest.mark.parametrize("version", ["2008-10-17", "2012-10-17", ABSENT])
def test_it_takes_old_trust_policies(version: Any) -> None:
    assert (
        refusal(
            policy(
                statement(Sid="Not unique", Condition={"Bool": {"aws:MultiFactorAuthPresent": "true"}}), Version=version
            )
        )
        is None
    )


def test_it_lists_the_principals_for_those_who_know_the_accounts() -> None:
    text = policy(statement(Principal={"AWS": [ALICE, "444455556666"], "Service": "ec2.amazonaws.com"}), statement())
    found = trust_principals(text)
    assert [(one.kind, one.value) for one in found] == [
        ("AWS", ALICE),
        ("AWS", "444455556666"),
        ("Service", "ec2.amazonaws.com"),
        ("AWS", ALICE),
    ]
    assert text[found[0].column - 1 :].startswith(f'"{ALICE}"')
    assert invalid_principal_text(found[0]) == f'Invalid principal in policy: "AWS":"{ALICE}"'
    assert invalid_principal_text(found[2]) == 'Invalid principal in policy: "SERVICE":"ec2.amazonaws.com"'


def resource_statement(**changes: Any) -> dict[str, Any]:
    return statement(**({"Action": "s3:GetObject", "Resource": "arn:aws:s3:::reports/*"} | changes))


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("{", "Policies must be valid JSON and the first byte must be '{'"),
        (policy(resource_statement(Principal=ABSENT)), "Missing required field Principal"),
        (policy(resource_statement(Resource=ABSENT)), "Missing required field Resource"),
        (policy(resource_statement(Action=ABSENT)), "Missing required field Action"),
        (policy(resource_statement(Principal=ABSENT, NotPrincipal="*")), "Allow with NotPrincipal is not allowed."),
        (policy(resource_statement(Effect="Deny", NotPrincipal={"AWS": ALICE})), "Syntax error in policy."),
        (policy(resource_statement(Principal="bob")), "Syntax error in policy."),
        (policy(resource_statement(Principal={"AWS": "bob"})), 'Invalid principal in policy: "AWS":"bob"'),
    ],
)
def test_it_says_what_is_wrong_with_a_resource_policy(text: str, message: str) -> None:
    assert refusal(text, DocumentKind.RESOURCE) == message


@pytest.mark.parametrize(
    "inner",
    [
        resource_statement(Principal="*"),
        resource_statement(Principal={"CanonicalUser": "a" * 64}),
        resource_statement(Effect="Deny", Principal=ABSENT, NotPrincipal={"AWS": ALICE}),
        resource_statement(Action=ABSENT, NotAction=["s3:*"], Resource=ABSENT, NotResource="*"),
    ],
)
def test_it_lets_good_resource_policies_pass(inner: dict[str, Any]) -> None:
    assert refusal(policy(inner), DocumentKind.RESOURCE) is None
