"""Lint: condition operators, keys, values and policy variables."""

from __future__ import annotations

from typing import Any

import pytest

from policies.engine.lint import DocumentKind
from tests.policies.engine.lint_documents import ABSENT, codes, lint, statement


def under(operator: str, key: str, value: Any, **changes: Any) -> dict[str, Any]:
    return statement(Condition={operator: {key: value}}, **changes)


@pytest.mark.parametrize(
    ("operator", "code", "fix"),
    [
        ("StringEqual", "unknown-operator", '"StringEquals"'),
        ("stringlike", "unknown-operator", '"StringLike"'),
        ("ForAnyValue::StringLike", "unknown-operator", '"ForAnyValue:StringLike"'),
        ("Zzz", "unknown-operator", None),
        ("NullIfExists", "null-with-if-exists", '"Null"'),
    ],
)
def test_it_finds_operators_nobody_knows(operator: str, code: str, fix: str | None) -> None:
    found = [finding for finding in lint(under(operator, "aws:username", "true")) if finding.level == "error"]
    assert [(finding.code, finding.fix) for finding in found] == [(code, fix)]


@pytest.mark.parametrize(
    ("key", "code", "level"),
    [
        ("aws:UserNam", "unknown-global-key", "error"),
        ("s3:prefiks", "unknown-service-key", "error"),
        ("nonsense:key", "unknown-service-key", "warning"),
        ("iam:PassedToService", "key-not-for-action", "warning"),
    ],
)
def test_it_finds_keys_that_never_have_a_value(key: str, code: str, level: str) -> None:
    (finding,) = lint(under("StringEquals", key, "x"))
    assert (finding.code, finding.level) == (code, level)


@pytest.mark.parametrize(
    ("operator", "key", "value"),
    [
        ("StringEquals", "AWS:username", "bob"),
        ("StringEquals", "aws:PrincipalTag/Team", "red"),
        ("StringEquals", "s3:ExistingObjectTag/colour", "red"),
        ("StringEquals", "s3:signatureversion", "AWS4-HMAC-SHA256"),
        ("Bool", "aws:SecureTransport", True),
        ("NumericLessThan", "aws:MultiFactorAuthAge", 3600),
        ("DateGreaterThan", "aws:CurrentTime", "2026-11-24T00:00:00Z"),
        ("NotIpAddress", "aws:SourceIp", ["8.8.8.0/24", "2001:4860::/32", "8.8.4.4"]),
        ("ArnLike", "aws:PrincipalArn", "arn:aws:iam::111122223333:role/*"),
        ("StringEquals", "accounts.google.com:aud", "app"),
        ("Null", "aws:TagKeys", "false"),
        ("ForAnyValue:StringEquals", "aws:TagKeys", ["team"]),
        ("StringLike", "aws:username", "b*"),
        ("BinaryEquals", "aws:username", "QmluYXJ5"),
    ],
)
def test_it_leaves_good_conditions_alone(operator: str, key: str, value: Any) -> None:
    assert codes(under(operator, key, value)) == set()


@pytest.mark.parametrize(
    ("operator", "key", "value", "code"),
    [
        ("StringEquals", "aws:SourceIp", "8.8.8.8", "key-type"),
        ("NumericEquals", "aws:username", "7", "key-type"),
        ("StringEquals", "aws:TagKeys", "team", "missing-qualifier"),
        ("ForAnyValue:StringEquals", "aws:username", "bob", "set-operator-single-key"),
        ("ForAllValues:StringEquals", "aws:username", "bob", "for-all-values-single-key"),
        ("ForAllValues:StringEquals", "aws:TagKeys", "team", "for-all-values-in-allow"),
        ("StringEquals", "aws:username", "b*", "wildcard-without-like"),
        ("StringNotEqualsIgnoreCase", "aws:username", "b?b", "wildcard-without-like"),
        ("NumericEquals", "aws:MultiFactorAuthAge", "10abc", "value-type"),
        ("DateEquals", "aws:CurrentTime", "tomorrow", "value-type"),
        ("DateEquals", "aws:CurrentTime", "2026", "year-or-epoch"),
        ("Bool", "aws:SecureTransport", "yes", "value-type"),
        ("Null", "aws:username", "absent", "value-type"),
        ("BinaryEquals", "aws:username", "not base64", "value-type"),
        ("IpAddress", "aws:SourceIp", "300.1.1.1", "value-type"),
        ("IpAddress", "aws:SourceIp", "8.8.8.0/255.255.255.0", "value-type"),
        ("ArnEquals", "aws:PrincipalArn", "bob", "value-type"),
        ("StringEquals", "aws:username", None, "value-type"),
        ("IpAddress", "aws:SourceIp", "8.8.8.8/24", "host-bits"),
        ("IpAddress", "aws:SourceIp", "0.0.0.0/0", "every-address"),
        ("IpAddress", "aws:SourceIp", "10.0.0.0/8", "private-address"),
    ],
)
def test_it_finds_conditions_that_do_not_say_what_is_meant(operator: str, key: str, value: Any, code: str) -> None:
    assert code in codes(under(operator, key, value))


def test_it_writes_a_range_with_host_bits_as_the_range_it_is() -> None:
    (finding,) = lint(under("IpAddress", "aws:SourceIp", "8.8.8.8/24"))
    assert finding.fix == '"8.8.8.0/24"'


def test_it_takes_escaped_wildcards_for_what_they_are() -> None:
    assert codes(under("StringEquals", "aws:username", "b${*}")) == set()


def test_it_finds_for_all_values_harmless_when_the_key_must_be_there() -> None:
    demand = {"ForAllValues:StringEquals": {"aws:TagKeys": "team"}, "Null": {"aws:TagKeys": "false"}}
    assert codes(statement(Condition=demand)) == set()
    assert codes(under("ForAllValues:StringEquals", "aws:TagKeys", "team", Effect="Deny")) == set()


def test_it_finds_the_mfa_check_that_access_keys_slip_through() -> None:
    (finding,) = lint(under("Bool", "aws:MultiFactorAuthPresent", "false", Effect="Deny"))
    assert (finding.code, finding.level, finding.fix) == ("mfa-bool-in-deny", "security", '"BoolIfExists"')
    assert codes(under("BoolIfExists", "aws:MultiFactorAuthPresent", "false", Effect="Deny")) == set()
    assert codes(under("Bool", "aws:MultiFactorAuthPresent", "true")) == set()


def test_it_finds_if_exists_that_changes_nothing() -> None:
    assert codes(under("StringNotEqualsIfExists", "aws:username", "bob", Effect="Deny")) == {"negated-if-exists"}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("${aws:username}", set()),
        ("${aws:PrincipalTag/team, 'none'}", set()),
        ("${token.example.org:sub}", set()),
        ("${$}{aws:username}", set()),
        ("${aws:username", {"variable-syntax"}),
        ("${username}", {"variable-syntax"}),
        ("${aws:username,'none'}", {"variable-syntax"}),
        ("${aws:UserNam}", {"unknown-variable"}),
        ("${aws:TagKeys}", {"multivalued-variable"}),
    ],
)
def test_it_reads_policy_variables(text: str, expected: set[str]) -> None:
    assert codes(statement(Resource=f"arn:aws:s3:::reports/{text}")) == expected
    assert codes(under("StringLike", "aws:PrincipalTag/home", text)) == expected


@pytest.mark.parametrize("version", ["2008-10-17", ABSENT])
def test_it_finds_variables_that_an_old_version_does_not_know(version: Any) -> None:
    found = codes(
        statement(Resource="arn:aws:s3:::reports/${aws:username}"), kind=DocumentKind.SESSION, Version=version
    )
    assert "variable-in-old-version" in found


def test_it_finds_variables_where_they_are_plain_text() -> None:
    assert "variable-place" in codes(statement(Action="s3:${aws:username}"))
    assert codes(statement(Action="iam:GetUser", Resource="arn:aws:iam::${aws:PrincipalAccount}:user/bob")) >= {
        "variable-place"
    }
