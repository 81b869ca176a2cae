"""Lint: grammar, sizes, empty and redundant things."""

from __future__ import annotations

from typing import Any

import pytest

from policies.engine.lint import DocumentKind
from tests.policies.engine.lint_documents import ABSENT, codes, lint, statement, trust


@pytest.mark.parametrize(
    ("inner", "expected"),
    [
        (statement(Effect=ABSENT), {"missing-effect"}),
        (statement(Effect="allow"), {"invalid-effect"}),
        (statement(Effect=["Allow"]), {"invalid-effect"}),
        (statement(Action=ABSENT), {"missing-action"}),
        (statement(Action=[]), {"missing-action", "empty-array"}),
        (statement(Resource=ABSENT), {"missing-resource"}),
        (statement(NotAction="s3:PutObject"), {"element-pair", "allow-not-action"}),
        (statement(NotResource="arn:aws:s3:::other/*"), {"element-pair"}),
        (statement(resource="*"), {"unknown-element"}),
        (statement(Comment="mine"), {"unknown-element"}),
        (statement(Principal="*"), {"element-not-allowed"}),
        (statement(Sid="Read reports"), {"invalid-sid"}),
        (statement(Condition={}), {"empty-object"}),
        (statement(Condition={"StringEquals": {}}), {"empty-object"}),
    ],
)
def test_it_finds_what_is_wrong_with_a_statement(inner: dict[str, Any], expected: set[str]) -> None:
    assert codes(inner) == expected


def test_it_corrects_the_case_of_elements_and_effects() -> None:
    assert [finding.fix for finding in lint(statement(resource="*"))] == ['"Resource"']
    assert [finding.fix for finding in lint(statement(Effect="deny"))] == ['"Deny"']


@pytest.mark.parametrize(
    ("top", "expected"),
    [
        ({"Statement": []}, {"missing-statement"}),
        ({"Statement": ABSENT}, {"missing-statement"}),
        ({"Version": "2013-10-17"}, {"invalid-version"}),
        ({"Comment": "mine"}, {"unknown-element"}),
    ],
)
def test_it_finds_what_is_wrong_at_the_top(top: dict[str, Any], expected: set[str]) -> None:
    assert codes(statement(), **top) == expected


@pytest.mark.parametrize(("version", "code"), [(ABSENT, "missing-version"), ("2008-10-17", "old-version")])
@pytest.mark.parametrize(
    ("kind", "level"),
    [(DocumentKind.IDENTITY, "error"), (DocumentKind.SCP, "error"), (DocumentKind.SESSION, "warning")],
)
def test_it_calls_an_old_version_an_error_only_where_it_is_refused(
    version: Any, code: str, kind: DocumentKind, level: str
) -> None:
    (finding,) = lint(statement(), kind=kind, Version=version)
    assert (finding.code, finding.level) == (code, level)


def test_it_wants_every_sid_once() -> None:
    assert codes(statement(Sid="One"), statement(Sid="One", Action="s3:PutObject")) == {"duplicate-sid"}


@pytest.mark.parametrize(
    ("inner", "kind", "code"),
    [
        (trust(Resource="*"), DocumentKind.TRUST, "element-not-allowed"),
        (trust(Principal=ABSENT), DocumentKind.TRUST, "missing-principal"),
        (trust(Principal={}), DocumentKind.TRUST, "missing-principal"),
        (statement(), DocumentKind.RESOURCE, "missing-principal"),
        (
            statement(Effect="Deny", NotAction="s3:*", Action=ABSENT, Principal="*"),
            DocumentKind.RCP,
            "element-not-allowed",
        ),
    ],
)
def test_it_knows_what_each_kind_of_policy_holds(inner: dict[str, Any], kind: DocumentKind, code: str) -> None:
    assert code in codes(inner, kind=kind)


def test_it_warns_before_the_quota_and_refuses_beyond_it() -> None:
    long = [f"arn:aws:s3:::reports/{number:06}" for number in range(190)]
    assert codes(statement(Resource=long)) == {"size-close-to-quota"}
    assert codes(statement(Resource=[*long, *(f"{name}/x" for name in long)])) == {"policy-size"}


@pytest.mark.parametrize(
    ("inner", "code", "count"),
    [
        (statement(Action=["s3:GetObject", "s3:getobject"]), "redundant-action", 1),
        (statement(Action=["s3:Get*", "s3:GetObject", "s3:PutObject"]), "redundant-action", 1),
        (statement(Effect="Deny", Action=ABSENT, NotAction=["s3:*", "s3:GetObject"]), "redundant-action", 1),
        (statement(Resource=["arn:aws:s3:::reports/*", "arn:aws:s3:::reports/2026/*"]), "redundant-resource", 1),
        (statement(Condition={"StringEquals": {"aws:username": ["bob", "bob"]}}), "redundant-value", 1),
    ],
)
def test_it_finds_entries_that_add_nothing(inner: dict[str, Any], code: str, count: int) -> None:
    assert [finding.code for finding in lint(inner)] == [code] * count


@pytest.mark.parametrize(
    "inner",
    [
        statement(Action=["s3:GetObject", "s3:GetObjectVersion"]),
        statement(Resource=["arn:aws:s3:::reports/?", "arn:aws:s3:::r*/xy"]),
        statement(Condition={"StringEquals": {"aws:username": ["bob", "Bob"]}}),
    ],
)
def test_it_leaves_entries_alone_that_differ(inner: dict[str, Any]) -> None:
    assert codes(inner) == set()


def test_it_finds_statements_that_add_nothing() -> None:
    wide, narrow = statement(Action="s3:Get*", Sid="Wide"), statement(Sid="Narrow")
    (finding,) = lint(narrow, wide)
    assert finding.code == "redundant-statement"
    assert codes(statement(), statement()) == {"redundant-statement"}
    assert codes(statement(Effect="Deny"), statement()) == set()
    assert codes(statement(Condition={"Bool": {"aws:SecureTransport": "true"}}), statement()) == set()


@pytest.mark.parametrize(
    "changes", [{"Effect": "Allow"}, {"Principal": {"AWS": "111122223333"}}, {"Action": "*"}, {"Action": ["s3:*", "*"]}]
)
def test_it_says_which_rule_of_rcps_is_broken(changes: dict[str, Any]) -> None:
    good = statement(Effect="Deny", Action="s3:*", Resource="*", Principal="*")
    assert codes(good, kind=DocumentKind.RCP) == set()
    assert "rcp-rule" in codes(good | changes, kind=DocumentKind.RCP)
