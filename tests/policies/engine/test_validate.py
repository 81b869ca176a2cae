"""Save-time validation of identity policies: AWS's texts, and which comes first when several things are wrong."""

from __future__ import annotations

import json
from typing import Any

import pytest

from policies.engine.validate import DocumentKind, MalformedPolicy, policy_size, validate_document

BUCKET = "arn:aws:s3:::reports"
SYNTAX = "Syntax errors in policy."
VERSION = "Policy document must be version 2012-10-17 or greater."
LEGACY = "The policy failed legacy parsing"
ACTIONS = "Policy statement must contain actions."
RESOURCES = "Policy statement must contain resources."
VENDOR = "Actions/Conditions must be prefaced by a vendor, e.g., iam, sdb, ec2, etc."
ONE_COLON = "Actions/Condition can contain only one colon."
SAME_SID = "Statement IDs (SID) in a single policy must be unique."
PRINCIPAL = "Policy document should not specify a principal."
QUALIFIED = "Resource vendor must be fully qualified and cannot contain regexes."
IAM_PATH = (
    'IAM resource path must either be "*", root, or start with user/, federated-user/, role/, group/, '
    "instance-profile/, mfa/, server-certificate/, policy/, sms-mfa/, saml-provider/, "
    "oidc-provider/, report/, access-report/."
)
ABSENT = object()


def statement(**changes: Any) -> dict[str, Any]:
    """A good statement with some elements changed, or taken away by ABSENT."""
    full = {"Effect": "Allow", "Action": "s3:GetObject", "Resource": BUCKET} | changes
    return {name: value for name, value in full.items() if value is not ABSENT}


def policy(*statements: Any, **top: Any) -> str:
    full = {"Version": "2012-10-17", "Statement": list(statements)} | top
    return json.dumps({name: value for name, value in full.items() if value is not ABSENT})


def refusal(text: str, kind: DocumentKind = DocumentKind.IDENTITY) -> str | None:
    try:
        validate_document(text, kind)
    except MalformedPolicy as error:
        return error.message
    return None


@pytest.mark.parametrize(
    "text",
    [
        "no JSON at all",
        "",
        "[]",
        '"Allow"',
        '{"Version": "2012-10-17", "Version": "2012-10-17", "Statement": []}',
        policy(statement())[:-1],
        policy(statement()) + "}",
        policy(statement(), Version="2013-10-17"),
        policy(statement(), Version=2012),
        policy(statement(), Comment="mine"),
        policy(statement(), Id=["a"]),
        policy(statement(), Id={}),
        policy(Statement=ABSENT),
        policy(),
        policy(Statement={}),
        policy("text"),
        policy([statement()]),
        policy(statement(Comment="mine")),
        policy(statement(effect="Allow")),
        policy(statement(Effect=ABSENT)),
        policy(statement(Effect="Permit")),
        policy(statement(Effect=["Allow"])),
        policy(statement(NotAction="s3:PutObject")),
        policy(statement(NotAction=[])),
        policy(statement(NotResource="*")),
        policy(statement(NotResource=[])),
        policy(statement(Principal="*", NotPrincipal="*")),
        policy(statement(Principal=["*"])),
        policy(statement(Action={})),
        policy(statement(Action=[["s3:GetObject"]])),
        policy(statement(Action=None)),
        policy(statement(Action=7)),
        policy(statement(Resource={"a": BUCKET})),
        policy(statement(Resource=["wrong", {}])),
        policy(statement(Sid=[])),
        policy(statement(Sid={})),
        policy(statement(Condition=[])),
        policy(statement(Condition="a")),
        policy(statement(Condition={"StringEquals": "b"})),
        policy(statement(Condition={"StringEquals": []})),
        policy(statement(Condition={"StringEquals": {"a": {}}})),
        policy(statement(Condition={"StringEquals": {"a": None}})),
        policy(statement(Condition={"StringEquals": {"a": [["b"]]}})),
        policy(statement(Condition={"StringSame": {"a": "b"}})),
        policy(statement(Condition={"stringequals": {"a": "b"}})),
        policy(statement(Condition={"ForAnyValue::StringEquals": {"a": "b"}})),
        policy(statement(Condition={"ForSomeValues:StringEquals": {"a": "b"}})),
        policy(statement(Condition={"NullIfExists": {"a": "true"}})),
        policy(statement(Condition=[{"StringEquals": {"a": "b"}}])),
        policy(statement(Action="s3:\u4e00")).replace("\\u4e00", "\u4e00"),
    ],
)
def test_it_calls_a_broken_document_a_syntax_error(text: str) -> None:
    assert refusal(text) == SYNTAX


@pytest.mark.parametrize("version", [ABSENT, "2008-10-17"])
@pytest.mark.parametrize("inner", [statement(), statement(Effect="allow"), statement(Resource="wrong")])
def test_it_wants_the_current_version_before_it_looks_inside(version: Any, inner: dict[str, Any]) -> None:
    assert refusal(policy(inner, Version=version)) == VERSION


@pytest.mark.parametrize(
    "inner",
    [
        statement(Effect="allow"),
        statement(Effect="denY"),
        statement(Effect="allow", Action=ABSENT, Resource="arn:aws:s3:us-east-1::reports"),
        statement(Resource="arn:aws:s3::reports"),
        statement(Resource=["arn:aws:s3::reports"]),
        statement(Resource=ABSENT, NotResource="arn:aws:s3::reports"),
        statement(Resource="arn:aws:s3::reports", Action=ABSENT),
        statement(Resource="arn:aws::::reports"),
        statement(Resource="arn:aws::reports"),
        statement(Condition={"DateGreaterThan": {"aws:CurrentTime": "tomorrow"}}),
        statement(Condition={"DateGreaterThan": {"aws:CurrentTime": "tomorrow"}}, Resource="arn:nowhere:s3:::reports"),
        statement(Condition={"DateGreaterThan": {"aws:CurrentTime": "tomorrow"}}, Action=ABSENT, Resource=ABSENT),
        statement(Condition={"ForAnyValue:DateLessThanIfExists": {"a": ["2026-01-01", "2026-13-01"]}}),
        statement(Condition={"DateLessThan": {"a": True}}),
        statement(Condition={"DateLessThan": {"a": -1}}),
    ],
)
def test_it_lets_the_older_parser_refuse(inner: dict[str, Any]) -> None:
    assert refusal(policy(inner)) == LEGACY


@pytest.mark.parametrize(
    ("resource", "text"),
    [
        ("reports", 'Resource reports must be in ARN format or "*".'),
        ("my bucket", 'Resource my bucket must be in ARN format or "*".'),
        ("", 'Resource  must be in ARN format or "*".'),
        ("nra:aws:s3:::reports", 'Resource nra:aws:s3:::reports must be in ARN format or "*".'),
        ("a:bc", 'Partition "bc" is not valid for resource "arn:bc:*:*:*:*".'),
        ("a:", 'Partition "" is not valid for resource "arn::*:*:*:*".'),
        ("a:b:", 'Partition "b" is not valid for resource "arn:b:*:*:*:*".'),
        ("a:b:c", 'Partition "b" is not valid for resource "arn:b:c:*:*:*".'),
        ("a:b:c:d:e:f:g:h", 'Partition "b" is not valid for resource "arn:b:c:d:e:f:g:h".'),
        ("aws:s3:::reports", 'Partition "s3" is not valid for resource "arn:s3:::reports:*".'),
        ("arn:oops:s3:::reports", 'Partition "oops" is not valid for resource "arn:oops:s3:::reports".'),
        ("arn:aws", QUALIFIED),
        ("arn:aws:s*:::reports", QUALIFIED),
        ("arn:aws:*:us-east-1::reports", QUALIFIED),
        (
            "arn:aws:iam:us-east-1::user/bob",
            "IAM resource arn:aws:iam:us-east-1::user/bob cannot contain region information.",
        ),
        ("arn:aws:s3:us-east-1::reports", "Resource arn:aws:s3:us-east-1::reports can not contain region information."),
        ("arn:aws:iam:::bob", IAM_PATH),
        ("arn:aws:iam::111122223333:user*", IAM_PATH),
        ("arn:aws:iam::111122223333:roots", IAM_PATH),
    ],
)
def test_it_says_what_is_wrong_with_a_resource(resource: str, text: str) -> None:
    assert refusal(policy(statement(Resource=resource))) == text
    assert refusal(policy(statement(Resource=ABSENT, NotResource=["*", resource]))) == text


def test_it_names_the_first_wrong_resource_in_the_order_of_their_text() -> None:
    resources = ["zebra", "ant", BUCKET]
    assert refusal(policy(statement(Resource=resources))) == 'Resource ant must be in ARN format or "*".'


@pytest.mark.parametrize(
    ("action", "text"),
    [
        ("GetObject", VENDOR),
        ("", VENDOR),
        ("s3:Get:Object", ONE_COLON),
        ("s3 x:GetObject", "Vendor s3 x is not valid"),
        ("s*:GetObject", "Vendor s* is not valid"),
        (":GetObject", "Vendor  is not valid"),
    ],
)
def test_it_says_what_is_wrong_with_an_action(action: str, text: str) -> None:
    assert refusal(policy(statement(Action=action))) == text
    assert refusal(policy(statement(Action=ABSENT, NotAction=["s3:PutObject", action]))) == text


@pytest.mark.parametrize(
    "inner",
    [
        statement(Action=ABSENT),
        statement(Action=[]),
        statement(Action=ABSENT, Resource=ABSENT),
        statement(Action=ABSENT, NotAction=[]),
    ],
)
def test_it_wants_actions(inner: dict[str, Any]) -> None:
    assert refusal(policy(inner)) == ACTIONS
    assert refusal(policy(inner, statement())) == ACTIONS


@pytest.mark.parametrize(
    "inner", [statement(Resource=ABSENT), statement(Resource=[]), statement(Resource=ABSENT, NotResource=[])]
)
def test_it_wants_resources(inner: dict[str, Any]) -> None:
    assert refusal(policy(inner)) == RESOURCES


@pytest.mark.parametrize("name", ["Principal", "NotPrincipal"])
@pytest.mark.parametrize("value", ["*", {"AWS": "111122223333"}, {}])
def test_it_wants_no_principal(name: str, value: Any) -> None:
    assert refusal(policy(statement(**{name: value}))) == PRINCIPAL
    assert refusal(policy(statement(**{name: value}, Resource=ABSENT))) == PRINCIPAL


def test_it_wants_every_sid_once_but_may_leave_many_empty() -> None:
    assert refusal(policy(statement(Sid="Same"), statement(Sid="Same", Action=ABSENT))) == SAME_SID
    assert refusal(policy(statement(Sid=""), statement(Sid=""), statement(Sid="One"), statement(Sid="Two"))) is None


def test_it_wants_plain_letters_and_digits_in_a_sid() -> None:
    expected = (
        "Statement IDs (SID) must be alpha-numeric. Check that your input satisfies the regular expression [0-9A-Za-z]*"
    )
    assert refusal(policy(statement(Sid="Read reports"))) == expected


@pytest.mark.parametrize(
    ("inner", "first"),
    [
        (statement(Action="GetObject", Resource="wrong"), 'Resource wrong must be in ARN format or "*".'),
        (statement(Action="GetObject", Resource=ABSENT), VENDOR),
        (statement(Action=ABSENT, Resource="wrong"), ACTIONS),
        (statement(Principal="*", Resource="wrong"), PRINCIPAL),
        (statement(Effect="allow", Resource="wrong"), LEGACY),
        (statement(Effect="allow", Comment="mine"), SYNTAX),
    ],
)
def test_it_reports_as_aws_does_what_comes_first(inner: dict[str, Any], first: str) -> None:
    assert refusal(policy(inner)) == first


@pytest.mark.parametrize(
    "text",
    [
        policy(Statement=statement()),
        policy(statement(), Id="mine"),
        policy(statement(Action="*", Resource="*")),
        policy(statement(Action="*:*")),
        policy(statement(Action="s3-outposts:Get?bject")),
        policy(statement(Action="iam: with spaces ")),
        policy(statement(Action="unknown.service:DoIt")),
        policy(statement(Action=ABSENT, NotAction="s3:GetObject", Resource=ABSENT, NotResource="*")),
        policy(statement(Effect="Deny", Resource=[BUCKET, "*"])),
        policy(statement(Resource="arn:aws:sqs:*")),
        policy(statement(Resource="arn:aws:queues")),
        policy(statement(Resource="arn:*:s3:::reports")),
        policy(statement(Resource="arn:aws-us-gov:s3:::reports")),
        policy(statement(Resource="arn:aws:ec2:region:account-id:instance/*")),
        policy(statement(Resource="arn:aws:iam::111122223333:*")),
        policy(statement(Resource="arn:aws:iam::*:user/${aws:username}")),
        policy(statement(Resource="arn:aws:s3:eu-west-1:111122223333:accesspoint/mine/object/*")),
        policy(statement(Resource="arn:aws:s3:::reports/${aws:PrincipalTag/team, 'none'}/*")),
        policy(statement(Condition={})),
        policy(statement(Condition={"Anything": {}})),
        policy(statement(Condition={"StringEquals": {}, "DateEquals": {"a": []}})),
        policy(statement(Condition={"Bool": {"aws:SecureTransport": True}, "NumericEquals": {"a": [1, 2.5]}})),
        policy(statement(Condition={"ForAllValues:StringLikeIfExists": {"aws:TagKeys": ["a*", "b"]}})),
        policy(statement(Condition={"DateLessThan": {"a": 1767225600}, "Null": {"b": "true"}})),
    ],
)
def test_it_lets_good_policies_pass(text: str) -> None:
    assert refusal(text) is None


def test_it_points_at_what_is_wrong() -> None:
    inner = '"Effect": "Allow",\n    "Action": "GetObject", "Resource": "*"'
    text = '{\n  "Version": "2012-10-17",\n  "Statement": {' + inner + "}\n}"
    with pytest.raises(MalformedPolicy) as caught:
        validate_document(text, DocumentKind.IDENTITY)
    assert (caught.value.line, caught.value.column) == (4, 15)


def test_it_points_at_a_character_no_policy_may_hold() -> None:
    with pytest.raises(MalformedPolicy) as caught:
        validate_document('{\n "Id": "\u20ac"}', DocumentKind.IDENTITY)
    assert (caught.value.line, caught.value.column) == (2, 9)


@pytest.mark.parametrize("version", ["2008-10-17", ABSENT])
def test_it_takes_old_versions_in_session_policies(version: Any) -> None:
    assert refusal(policy(statement(), Version=version), DocumentKind.SESSION) is None
    assert refusal(policy(statement(Principal="*"), Version=version), DocumentKind.SESSION) == PRINCIPAL


def test_it_counts_everything_but_white_space() -> None:
    assert policy_size('{ "a":\t1,\r\n  "b c": 2 }') == len('{"a":1,"bc":2}')
    assert policy_size("") == 0


@pytest.mark.parametrize(
    "text",
    [
        "[" * 100_000,
        '{"a":' * 50_000,
        "1" * 130_000,
        '"' + "a" * 200_000,
        policy(statement(Resource="arn:aws:s3:::" + "*a" * 20_000 + ":" * 20_000), Comment=1),
        '{"Version": NaN}',
        '{"a": "\\ud800"}',
        "\ufeff" + policy(statement()),
    ],
)
def test_it_refuses_bombs_as_any_other_broken_text(text: str) -> None:
    assert refusal(text) == SYNTAX
