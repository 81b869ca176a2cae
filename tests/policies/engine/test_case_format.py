"""The neutral case format."""

from __future__ import annotations

import json
from typing import Any

import pytest

from policies.engine import Outcome, PrincipalKind
from policies.engine.cases import CaseError, parse_case, read_lines, run
from tests.policies.engine.build import ACCOUNT, BOB, REPORT

SESSION_FAULT = "session_policies[0]: a policy document must be an object (column 69)"
RESOURCE_FAULT = "resource_policy: a policy document must have a Statement (line 2, column 2)"
ALLOW = {"Version": "2012-10-17", "Statement": {"Sid": "S", "Effect": "Allow", "Action": "s3:*", "Resource": "*"}}


def _case(request: dict[str, Any] | None = None, **members: Any) -> dict[str, Any]:
    asked = {"principal": BOB, "action": "s3:GetObject", "resource": REPORT, "resource_account": ACCOUNT, "context": {}}
    return {"id": "1", "request": asked | (request or {}), "identity_policies": [ALLOW], **members}


def test_it_answers_with_the_same_object_and_the_decision() -> None:
    given = _case(expected="Allowed", colour="blue")
    result = run(parse_case(json.dumps(given)))
    assert not result.differs
    assert result.output == given | {
        "decision": "Allowed",
        "decided_by": "identity",
        "matched": [
            {"source": "identity_policies[0]", "kind": "inline", "statement": 0, "sid": "S", "effect": "Allow"}
        ],
    }


def test_it_adds_the_trace_on_request() -> None:
    output = run(parse_case(_case()), trace=True).output
    assert output["explanation"]["decision"] == output["decision"] == "Allowed"  # type: ignore[index]


def test_it_tells_a_difference() -> None:
    assert run(parse_case(_case(expected="ExplicitlyDenied"))).differs
    assert not run(parse_case(_case())).differs


def test_it_reads_numbers_and_booleans_of_the_context_as_text() -> None:
    case = parse_case(_case({"context": {"A:B": True, "n": 5, "l": [1, False], "gone": None}}))
    assert case.request.keys == {"a:b": "true", "n": "5", "l": ("1", "false")}


def test_it_takes_null_and_absent_for_no_policy_of_that_type() -> None:
    policies = parse_case(_case(session_policies=None, service_control_policies=[])).policies
    assert policies.session is policies.boundary is policies.resource is policies.endpoint is None
    assert run(parse_case(_case(permission_boundaries=[]))).decision.outcome is Outcome.IMPLICITLY_DENIED


def test_it_learns_the_path_of_a_role_from_the_context() -> None:
    session = f"arn:aws:sts::{ACCOUNT}:assumed-role/AWSServiceRoleForX/y"
    path = f"arn:aws:iam::{ACCOUNT}:role/aws-service-role/x/AWSServiceRoleForX"
    context = {"aws:PrincipalArn": path, "aws:userid": "AROAX:y"}
    caller = parse_case(_case({"principal": session, "context": context})).request.principal
    assert (caller.kind, caller.role_arn, caller.unique_id) == (PrincipalKind.ROLE_SESSION, path, "AROAX")
    assert caller.service_linked


def test_it_does_not_believe_the_context_about_another_role() -> None:
    session = f"arn:aws:sts::{ACCOUNT}:assumed-role/Auditor/y"
    other = f"arn:aws:iam::{ACCOUNT}:role/aws-service-role/x/Other"
    caller = parse_case(_case({"principal": session, "context": {"aws:PrincipalArn": other}})).request.principal
    assert (caller.role_arn, caller.service_linked) == (f"arn:aws:iam::{ACCOUNT}:role/Auditor", False)


@pytest.mark.parametrize(
    ("case", "message"),
    [
        ("[]", "the case must be an object"),
        ("{", "not JSON: a key in double quotes is expected (column 2)"),
        ("{}", "request must be an object"),
        (_case({"principal": ""}), "request.principal must be a text"),
        (_case({"action": None}), "request.action must be a text"),
        (_case({"resource": 5}), "request.resource must be a text"),
        (_case({"context": []}), "request.context must be an object"),
        (_case({"context": {"k": {}}}), "request.context.k must be a text, a number, a boolean or a list of them"),
        (_case(expected="Maybe"), "expected must be Allowed, ImplicitlyDenied or ExplicitlyDenied"),
        (_case(identity_policies={}), "identity_policies must be a list of policy documents"),
        ('{"request": {"principal": "x", "action": "y"}, "session_policies": [5]}', SESSION_FAULT),
        ('{"request": {"principal": "x", "action": "y"}, "resource_policy":\n {}}', RESOURCE_FAULT),
        (_case(service_control_policies=[ALLOW]), "service_control_policies[0] must be a list of policy documents"),
        (_case(service_control_policies=5), "service_control_policies must be a list of levels"),
        (_case(options=[]), "options must be an object"),
        ('{"id": "\udcff"}', "not UTF-8 (column 9)"),
        (_case(service_control_policies=[[ALLOW, None]]), "service_control_policies[0][1]: a policy document must be"),
        (_case(identity_policy=[]), "identity_policy is no policy type; there are identity_policies, permission_"),
        (_case(permissions_boundary=[]), "permissions_boundary is no policy type; there are identity_policies, per"),
        (_case({"principal": "arn:aws:iam:111122223333:user/bob"}), "request.principal is no whole ARN: six parts"),
        (_case({"principal": f"arn:aws:iam::{ACCOUNT}:group/g"}), "request.principal names no caller; its resource"),
        (_case(resource_policy={"Statement": [], "x": "y" * 131_072}), "resource_policy: the document is longer than"),
    ],
)
def test_it_says_what_is_wrong_with_a_case(case: str | dict[str, Any], message: str) -> None:
    with pytest.raises(CaseError) as refused:
        parse_case(case if isinstance(case, str) else json.dumps(case))
    assert str(refused.value)[: len(message)] == message
    assert len(str(refused.value)) - len(message) < 190


def test_it_counts_lines_and_goes_on_after_a_bad_one() -> None:
    found = list(read_lines(iter(["", "{\r\n", json.dumps(_case()), "  \n"])))
    assert [number for number, _ in found] == [2, 3]
    assert str(found[0][1]) == "not JSON: a key in double quotes is expected (column 2)"
    assert not isinstance(found[1][1], CaseError)


def test_it_points_into_the_line_that_it_was_given() -> None:
    line = "  " + json.dumps(_case(session_policies=[ALLOW]), separators=(",", ":"))
    output = run(parse_case(line), trace=True).output
    layers = output["explanation"]["layers"]  # type: ignore[index]
    spans = [layers[place]["policies"][0]["statements"][0]["span"] for place in (4, 6)]
    written = json.dumps(ALLOW["Statement"], separators=(",", ":"))
    assert [line[span["column"] - 1 : span["end_column"] - 1] for span in spans] == [written, written]
    assert spans[0]["column"] < spans[1]["column"]


def test_it_takes_whatever_else_stands_in_a_case() -> None:
    assert run(parse_case(_case(policy="x", because=["y"]))).decision.outcome is Outcome.ALLOWED
