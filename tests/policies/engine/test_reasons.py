"""The closed list of reasons: each has its sentence, and each is given where it should be."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from policies.engine import Explanation, Policy, PolicySet, Principal, Reason, Request, SourceKind, explain
from policies.engine.messages import sentence
from policies.engine.reasons import NOTEWORTHY
from tests.policies.engine.build import ACCOUNT, ALICE, BOB, FULL, REPORT, ask, policy, statement

TOKEN = {"get_session_token": True}
SOMEONE = policy(statement("Allow", Principal={"AWS": ALICE}), kind=SourceKind.RESOURCE)
FEDERATED = f"arn:aws:sts::{ACCOUNT}:federated-user/bob"
LINKED = f"arn:aws:sts::{ACCOUNT}:assumed-role/AWSServiceRoleForECS/x"
LOG_STREAM = f"arn:aws:logs:eu-west-1:{ACCOUNT}:log-group:app:log-stream:1"


def _identity(request: Request, **elements: object) -> Explanation:
    return explain(request, PolicySet(identity=(policy(statement("Allow", **{"action": "*", **elements})),)))  # type: ignore[arg-type]


def _when(operator: str, values: object, key: str = "a:b", **context: str) -> Explanation:
    return _identity(ask(**context), Condition={operator: {key: values}})


def _without(name: str) -> Explanation:
    own = {key: value for key, value in statement("Allow", Principal="*").items() if key != name}
    identity = {key: value for key, value in statement("Allow").items() if key != name}
    return explain(ask(), PolicySet(identity=(policy(identity),), resource=policy(own, kind=SourceKind.RESOURCE)))


def _resource(
    caller: str, bucket: Policy, boundary: tuple[Policy, ...] | None = None, **options: object
) -> Explanation:
    asked = Request(Principal.from_arn(caller), "s3:GetObject", REPORT, ACCOUNT, options=options)
    return explain(asked, PolicySet(identity=(FULL,), resource=bucket, boundary=boundary))


def _called(action: str, resource: str = "*", caller: str = BOB, **options: object) -> Explanation:
    return explain(
        Request(Principal.from_arn(caller), action, resource, ACCOUNT, options=options), PolicySet(identity=(FULL,))
    )


def _limited(caller: str, action: str = "s3:GetObject") -> Explanation:
    closed = policy(statement("Deny", "ec2:*"))
    policies = PolicySet(identity=(FULL,), scp_levels=((FULL,), (closed,)), rcp_levels=((closed,),))
    return explain(Request(Principal.from_arn(caller), action, REPORT, ACCOUNT), policies)


OF_ELEMENTS: dict[Reason, Callable[[], Explanation]] = {
    Reason.NO_ACTION: lambda: _without("Action"),
    Reason.NO_RESOURCE: lambda: _without("Resource"),
    Reason.NO_PRINCIPAL: lambda: _without("Principal"),
    Reason.SHORT_ARN: lambda: _identity(ask(), Resource="arn:aws:s3:*"),
    Reason.STAR_STAYS_IN_PART: lambda: _identity(
        ask("logs:Get", LOG_STREAM), Resource="arn:aws:logs:*:log-group:app:*"
    ),
    Reason.VALUELESS_ARN: lambda: _identity(ask(), Resource="arn:aws:s3:::${aws:username}"),
    Reason.VALUELESS_NOT_RESOURCE: lambda: _identity(ask(), Resource=None, NotResource="arn:aws:s3:::${aws:username}"),
    Reason.VALUELESS_VARIABLE: lambda: _when("StringEquals", "${aws:username}", a__b="x"),
    Reason.WILDCARD_IN_VALUE: lambda: _when("StringLike", "${aws:username}", a__b="x", aws__username="*"),
    Reason.CHAIN_LISTED_IN_PART: lambda: _resource(BOB, policy(statement("Deny", NotPrincipal={"AWS": BOB}))),
    Reason.BOUNDED_NOT_PRINCIPAL: lambda: _resource(
        BOB, policy(statement("Deny", NotPrincipal={"AWS": [BOB, ACCOUNT]})), (FULL,)
    ),
    Reason.UNKNOWN_OPERATOR: lambda: _when("StringMatches", "x", a__b="x"),
    Reason.SEVERAL_VALUES: lambda: explain(
        Request(Principal.from_arn(BOB), "s3:GetObject", REPORT, ACCOUNT, {"a:b": ["x", "y"]}),
        PolicySet(identity=(policy(statement("Allow", Condition={"StringEquals": {"a:b": "x"}})),)),
    ),
    Reason.ANY_VALUE_IF_EXISTS: lambda: _when("ForAnyValue:StringEqualsIfExists", "x"),
    Reason.KEY_ABSENT: lambda: _when("StringEquals", "x"),
    Reason.FOUR_DIGITS: lambda: _when("DateGreaterThan", ["2026-01-01", "2026"], a__b="2026-05-05"),
    Reason.VARIABLE_IN_BOOL: lambda: _when("Bool", "${a:flag, 'true'}", a__b="true"),
}
OF_LAYERS: dict[Reason, Callable[[], Explanation]] = {
    Reason.NO_POLICY: lambda: _called("s3:GetObject"),
    Reason.NOT_COVERED_BY_RCP: lambda: _limited(BOB, "iam:GetUser"),
    Reason.SERVICE_LINKED_ROLE: lambda: _limited(LINKED, "iam:GetUser"),
    Reason.ROOT_IS_NOT_LIMITED: lambda: _resource(f"arn:aws:iam::{ACCOUNT}:root", SOMEONE, (FULL,)),
    Reason.OUTSIDE_OF_ACCOUNTS: lambda: _limited("lambda.amazonaws.com"),
    Reason.FEDERATED_WITHOUT_SESSION: lambda: _called("s3:GetObject", caller=FEDERATED),
    Reason.LEVEL_WITHOUT_ALLOW: lambda: _limited(BOB),
}
OF_DECISIONS: dict[Reason, Callable[[], Explanation]] = {
    Reason.NEEDS_NO_PERMISSION: lambda: _called("sts:GetCallerIdentity"),
    Reason.TRUST_COMES_FIRST: lambda: _called("sts:AssumeRole", f"arn:aws:iam::{ACCOUNT}:role/Auditor"),
    Reason.PUBLIC_ACCESS_BLOCKED: lambda: _resource(
        "anonymous", policy(statement("Allow", Principal="*")), s3={"block_public_access": True}
    ),
    Reason.NOT_FOR_SESSIONS: lambda: _called("sts:GetSessionToken", caller=LINKED),
    Reason.TOKEN_WITHOUT_MFA: lambda: _called("iam:GetUser", **TOKEN),
    Reason.TOKEN_LIMITED_IN_STS: lambda: _called("sts:GetFederationToken", **TOKEN),
    Reason.AWS_MANAGED_POLICY: lambda: _called("iam:DeletePolicy", "arn:aws:iam::aws:policy/P"),
    Reason.RESERVED_ROLE: lambda: _called("iam:DeleteRole", f"arn:aws:iam::{ACCOUNT}:role/aws-reserved/r"),
    Reason.AWS_MANAGED_ALIAS: lambda: _called("kms:DeleteAlias", f"arn:aws:kms:eu:{ACCOUNT}:alias/aws/s3"),
}


@pytest.mark.parametrize("reason", OF_ELEMENTS)
def test_it_says_why_of_an_element(reason: Reason) -> None:
    found = OF_ELEMENTS[reason]()
    statements = [each for layer in found.layers for one in layer.policies for each in one.statements]
    elements = [element for each in statements for element in each.elements]
    given = [element for element in elements if element.reason is reason]
    assert [element.note for element in given][:1] == [sentence(reason)]
    plain = given[0].to_dict()
    assert (plain["reason"], plain["note"]) == (reason.value, sentence(reason))
    assert (reason in found.reasons) == (reason in NOTEWORTHY)
    assert (sentence(reason) in found.notes) == (reason in NOTEWORTHY)


@pytest.mark.parametrize("reason", OF_LAYERS)
def test_it_says_why_of_a_policy_type(reason: Reason) -> None:
    given = [layer for layer in OF_LAYERS[reason]().layers if layer.reason is reason]
    assert given
    assert given[0].to_dict()["note"] == sentence(reason).replace("{level}", "1")


@pytest.mark.parametrize("reason", OF_DECISIONS)
def test_it_says_why_of_the_decision(reason: Reason) -> None:
    found = OF_DECISIONS[reason]()
    assert reason in found.reasons
    assert sentence(reason) in found.to_dict()["notes"]  # type: ignore[operator]


def test_it_says_that_root_owns_its_account() -> None:
    found = _called("s3:GetObject", caller=f"arn:aws:iam::{ACCOUNT}:root")
    assert found.to_dict()["reason"] == sentence(Reason.ROOT_OWNS)


def test_it_gives_every_reason_somewhere() -> None:
    assert {*OF_ELEMENTS, *OF_LAYERS, *OF_DECISIONS, Reason.ROOT_OWNS} == set(Reason)
    assert len({sentence(reason) for reason in Reason}) == len({reason.value for reason in Reason}) == len(Reason)


@pytest.mark.parametrize(
    ("found", "absent"),
    [
        # The star before the fifth colon matters only where another reading gives another answer.
        (lambda: _identity(ask("logs:Get", LOG_STREAM), Resource="arn:aws:logs:*:*:log-group:*"), "star-stays-in-part"),
        (lambda: _identity(ask("logs:Get", LOG_STREAM), Resource="arn:aws:s3:*:*:*:1"), "star-stays-in-part"),
        (lambda: _identity(ask(), Resource="arn:aws:s3:*::other/*"), "star-stays-in-part"),
        (lambda: _when("StringEquals", "${aws:username}", a__b="x", aws__username="*"), "wildcard-in-value"),
        (lambda: _when("StringLike", "${aws:username}", a__b="x", aws__username="x"), "wildcard-in-value"),
        (lambda: _when("DateGreaterThan", "20260", a__b="2026-05-05"), "four-digits"),
        (lambda: _when("NumericEquals", "2026", a__b="2026"), "four-digits"),
        (lambda: _when("Bool", "true", a__b="true"), "variable-in-bool"),
        (lambda: _when("Null", "true"), "key-absent"),
        (lambda: _when("ForAnyValue:StringEquals", "x"), "any-value-if-exists"),
        (lambda: _resource(BOB, policy(statement("Allow", NotPrincipal={"AWS": BOB}))), "chain-listed-in-part"),
        (lambda: _resource(BOB, policy(statement("Deny", Principal={"AWS": BOB}))), "chain-listed-in-part"),
    ],
)
def test_it_keeps_silent_where_there_is_no_reason(found: Callable[[], Explanation], absent: str) -> None:
    plain = str(found().to_dict())
    assert "elements" in plain
    assert absent not in plain


def test_it_says_so_when_a_negated_element_would_read_a_star_otherwise() -> None:
    found = _identity(ask("logs:Get", LOG_STREAM), Resource=None, NotResource="arn:aws:logs:*:log-group:app:*")
    assert found.decision.allowed
    assert Reason.STAR_STAYS_IN_PART in found.reasons
    inserted = _identity(ask(REPORT, aws__username="q*"), Resource="arn:aws:s3:::reports/${aws:username}")
    assert Reason.WILDCARD_IN_VALUE in inserted.reasons
