"""The trace: what every decision carries."""

from __future__ import annotations

import json

from policies.engine import Layer, Policy, PolicySet, Source, SourceKind, compile_document, explain
from policies.engine.trace import Element, StatementTrace
from tests.policies.engine.build import BOB, FULL, ask, policy, statement

DOCUMENT = """{
  "Version": "2012-10-17",
  "Statement": [
    {"Sid": "Own", "Effect": "Allow", "Action": "s3:*",
     "Resource": "arn:aws:s3:::home/${aws:username}/*",
     "Condition": {"StringEquals": {"aws:PrincipalTag/team": ["red", "${aws:PrincipalTag/crew, 'none'}"]},
                   "Bool": {"aws:SecureTransport": "true"}}}
  ]
}"""


def _own(**context: str) -> StatementTrace:
    source = Source(SourceKind.CUSTOMER_MANAGED, "Homes", version="v3", attached_to="group Auditors")
    policies = PolicySet(identity=(Policy(compile_document(DOCUMENT), source),))
    trace = explain(ask(resource="arn:aws:s3:::home/bob/x", **context), policies).layer(Layer.IDENTITY)
    assert trace.policies[0].source == source
    return trace.policies[0].statements[0]


def _element(trace: StatementTrace, name: str, key: str = "") -> Element:
    return next(element for element in trace.elements if element.name == name and element.key == key)


def test_it_shows_variables_raw_and_resolved() -> None:
    resource = _element(_own(aws__username="bob"), "Resource")
    assert resource.matched
    assert resource.wanted == ("arn:aws:s3:::home/${aws:username}/*",)
    assert resource.resolved == ("arn:aws:s3:::home/bob/*",)
    assert resource.seen == ("arn:aws:s3:::home/bob/x",)


def test_it_names_all_failing_elements_with_wanted_and_seen_values() -> None:
    trace = _own(aws__username="eve", **{"aws:PrincipalTag/team": "blue"})
    assert not trace.applied
    assert [(each.name, each.key) for each in trace.failing] == [
        ("Resource", ""),
        ("Condition", "aws:PrincipalTag/team"),
        ("Condition", "aws:SecureTransport"),
    ]
    team = _element(trace, "Condition", "aws:PrincipalTag/team")
    assert (team.operator, team.resolved, team.seen) == ("StringEquals", ("red", "none"), ("blue",))


def test_it_points_at_the_statement_in_the_text() -> None:
    span = _own().span
    lines = DOCUMENT.split("\n")
    assert (span.line, span.column) == (4, 5)
    assert lines[span.end_line - 1][: span.end_column - 1].endswith("}}}")


def test_it_lists_missing_context_keys_of_statements_about_the_action() -> None:
    policies = PolicySet(
        identity=(
            policy(
                statement("Allow", Condition={"StringEquals": {"aws:PrincipalTag/team": "${aws:PrincipalTag/crew}"}}),
                statement("Allow", "ec2:*", Condition={"Bool": {"aws:SecureTransport": "true"}}),
            ),
        )
    )
    assert explain(ask(), policies).missing_context_keys == ("aws:PrincipalTag/team", "aws:principaltag/crew")


def test_it_gives_every_type_its_own_result_in_the_order_of_aws() -> None:
    policies = PolicySet(identity=(FULL,), boundary=(policy(statement("Deny")),), session=(policy(),))
    found = explain(ask(), policies)
    assert [(trace.layer.value, trace.result) for trace in found.layers] == [
        ("rcp", "NotApplicable"),
        ("scp", "NotApplicable"),
        ("vpce", "NotApplicable"),
        ("resource", "NotApplicable"),
        ("identity", "Allowed"),
        ("boundary", "ExplicitlyDenied"),
        ("session", "ImplicitlyDenied"),
    ]
    assert found.reason == "an explicit deny in a permissions boundary"


def test_it_says_which_level_of_the_organization_lacks_an_allow() -> None:
    policies = PolicySet(identity=(FULL,), scp_levels=((FULL,), (policy(statement("Allow", "ec2:*")),)))
    trace = explain(ask(), policies).layer(Layer.SCP)
    assert (trace.result, trace.note) == ("ImplicitlyDenied", "level 1 (0 is the root) has no Allow")
    assert [each.level for each in trace.policies] == [0, 1]


def test_it_marks_where_aws_is_not_sure() -> None:
    half = policy(statement("Deny", NotPrincipal={"AWS": BOB}), kind=SourceKind.RESOURCE)
    notes = explain(ask(), PolicySet(identity=(FULL,), resource=half)).notes
    assert notes == ("only part of the caller's chain is listed; AWS services differ here, the engine denies",)


def test_it_says_when_a_short_arn_runs_over_colons() -> None:
    def note(pattern: str) -> str:
        policies = PolicySet(identity=(policy(statement("Allow", Resource=pattern)),))
        trace = explain(ask(), policies).layer(Layer.IDENTITY)
        return _element(trace.policies[0].statements[0], "Resource").note

    assert note("arn:aws:s3:*") == "in a short ARN a `*` at the end of a part also stands for the parts that follow"
    assert note("arn:aws:s3:::reports/*") == note("*") == ""


def test_it_is_plain_json() -> None:
    found = explain(ask(), PolicySet(identity=(FULL,), resource=policy(statement("Allow", Principal="*"))))
    plain = found.to_dict()
    assert json.loads(json.dumps(plain)) == plain
    assert (plain["decision"], plain["decided_by"], plain["resource_match"]) == ("Allowed", "resource", "direct")


def test_it_cuts_long_lists_short() -> None:
    many = [f"s3:Action{number}" for number in range(50)]
    trace = explain(ask(), PolicySet(identity=(policy(statement("Allow", many)),))).layer(Layer.IDENTITY)
    action = trace.policies[0].statements[0].elements[0].to_dict()
    assert (len(action["wanted"]), action["more"]) == (20, 30)  # type: ignore[arg-type]


def test_it_narrows_a_session_by_each_of_its_levels() -> None:
    def decided(*levels: Policy) -> tuple[str, str, str]:
        policies = PolicySet(identity=(FULL,), session_levels=tuple((each,) for each in levels))
        found = explain(ask(), policies)
        layer = found.layer(Layer.SESSION)
        return found.decision.layer.value, layer.result, layer.note

    assert decided(FULL, FULL) == ("identity", "Allowed", "")
    assert decided(FULL, policy(statement("Allow", "ec2:*"))) == ("session", "ImplicitlyDenied", "")
    assert decided(policy(statement("Deny")), FULL) == ("session", "ExplicitlyDenied", "")
