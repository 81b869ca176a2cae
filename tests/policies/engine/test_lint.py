"""The linter as a whole: places, order, bounds, and that it never contradicts what is refused on save."""

from __future__ import annotations

import json

import pytest

from policies.catalog import managed
from policies.catalog.facts import facts
from policies.engine.lint import LEVELS, RULES, DocumentKind, lint_document
from policies.engine.validate import MalformedPolicy, validate_document
from tests.policies.engine.lint_documents import codes, lint, policy, statement, trust


def test_it_has_nothing_to_say_about_good_policies() -> None:
    assert lint(statement()) == []
    assert lint(trust(), kind=DocumentKind.TRUST) == []


@pytest.mark.parametrize(
    ("text", "line", "column"),
    [("{", 1, 2), ('{\n  "Version": "2012-10-17",\n}', 3, 1), ("", 1, 1), ('{"Version": 1} x', 1, 16)],
)
def test_it_gives_broken_json_one_finding_with_its_place(text: str, line: int, column: int) -> None:
    (finding,) = lint_document(text, DocumentKind.IDENTITY)
    assert (finding.level, finding.code) == ("error", "json-syntax")
    assert (finding.line, finding.column) == (line, column)


def test_it_points_at_the_value_from_its_first_to_after_its_last_character() -> None:
    text = '{"Version": "2012-10-17", "Statement": {"Effect": "Allow",\n  "Action": "s3:GetObjekt", "Resource": "*"}}'
    (finding,) = lint_document(text, DocumentKind.IDENTITY, facts())
    assert finding.code == "unknown-action"
    assert (finding.line, finding.column, finding.end_line, finding.end_column) == (2, 13, 2, 27)
    assert finding.fix == '"s3:GetObject"'


def test_it_lists_findings_in_the_order_of_the_text() -> None:
    found = lint(statement(Action="GetObject"), statement(Effect="allow"), statement(Resource="reports"))
    places = [(finding.line, finding.column) for finding in found]
    assert len(found) >= 3
    assert places == sorted(places)


def test_it_knows_no_service_without_a_catalogue() -> None:
    text = policy(statement(Action="nonsense:DoIt", Condition={"StringEquals": {"nonsense:key": "1"}}))
    assert lint_document(text, DocumentKind.IDENTITY) == []
    assert {finding.code for finding in lint_document(text, DocumentKind.IDENTITY, facts())} == {
        "unknown-service",
        "unknown-service-key",
    }


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        (policy(statement(Condition={"StringEquals": {"aws:username": {}}})), DocumentKind.IDENTITY),
        (policy(statement(Action="s3:Get\u20ac")), DocumentKind.IDENTITY),
        (policy(trust(Principal={"AWS": []})), DocumentKind.TRUST),
        (policy(trust(Principal="*")), DocumentKind.TRUST),
        (policy(statement(Effect="Deny", Action="*", Principal="*")), DocumentKind.RCP),
        (policy(statement(), Id=7), DocumentKind.SCP),
    ],
)
def test_it_finds_an_error_in_whatever_is_refused_on_save(text: str, kind: DocumentKind) -> None:
    with pytest.raises(MalformedPolicy):
        validate_document(text, kind)
    assert "error" in {finding.level for finding in lint_document(text, kind, facts())}


def test_it_says_what_aws_says_where_no_rule_of_its_own_does() -> None:
    (finding,) = [one for one in lint(statement(), Id=7) if one.level == "error"]
    assert (finding.code, finding.message) == ("refused", "Syntax errors in policy.")


@pytest.mark.parametrize("kind", list(DocumentKind))
@pytest.mark.parametrize(
    "text",
    ["[]", "7", "null", '"a"', "{}", '{"Statement": 7}', '{"Statement": [7, null, []]}',
     '{"Statement": {"Condition": {"a": 7}}}',
     '{"Statement": {"Principal": {"AWS": [7, null]}, "Action": [null], "Resource": 7, "Sid": [], "Effect": {}}}',
     '{"Statement": {"Principal": [1], "NotPrincipal": 7, "Condition": {"Bool": {"a:B": [[], {}, null, 1e5]}}}}'],
)  # fmt: skip
def test_it_survives_any_json(text: str, kind: DocumentKind) -> None:
    levels = {finding.level for finding in lint_document(text, kind, facts())}
    assert "error" in levels
    assert levels <= set(LEVELS)


def test_it_reads_every_aws_managed_policy_and_uses_known_codes_only() -> None:
    seen = set()
    for known in managed.all_policies()[::25]:
        seen |= {
            found.code for found in lint_document(managed.compact_document(known.arn), DocumentKind.IDENTITY, facts())
        }
    assert seen
    assert seen <= set(RULES)


def test_it_stops_at_five_hundred_findings() -> None:
    wrong = [f"nonsense:Action{number}" for number in range(4000)]
    assert len(lint(statement(Action=wrong))) == 500


@pytest.mark.parametrize(
    "hostile",
    [
        statement(Action=[f"s3:{'*a' * 40}{number}" for number in range(500)]),
        statement(Resource=["arn:aws:s3:::" + "*a" * 1000 + str(number) for number in range(20)]),
        statement(Resource="arn:aws:s3:::" + "${" * 20_000),
        statement(Condition={"StringEquals": {f"aws:PrincipalTag/{n}": "${aws:username}" for n in range(1000)}}),
        statement(Condition={"IpAddress": {"aws:SourceIp": ["1" * 5000, "::" * 2000, "1.2.3.4/" + "9" * 5000]}}),
        statement(Condition={"NumericEquals": {"aws:MultiFactorAuthAge": "9" * 5000}}),
    ],
)
def test_it_reads_hostile_documents_to_the_end(hostile: dict[str, object]) -> None:
    assert len(json.dumps(hostile)) > 2000
    assert codes(hostile)


def test_it_counts_what_the_caller_says_is_the_quota() -> None:
    text = policy(statement())
    assert lint_document(text, DocumentKind.IDENTITY, quota=2048) == []
    (finding,) = lint_document(text, DocumentKind.IDENTITY, quota=50)
    assert finding.code == "policy-size"


def test_it_says_that_a_policy_is_an_object() -> None:
    (finding,) = lint_document("[]", DocumentKind.IDENTITY)
    assert (finding.code, finding.line, finding.end_column) == ("not-an-object", 1, 3)


def test_it_gives_every_rule_a_level_and_a_title_of_its_own() -> None:
    assert {level for level, _ in RULES.values()} == set(LEVELS)
    assert len({title for _, title in RULES.values()}) == len(RULES)
