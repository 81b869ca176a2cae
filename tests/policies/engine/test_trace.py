"""The trace and the bare decision come from the same matchers: they must tell the same story."""

from __future__ import annotations

from typing import Any

from hypothesis import given, settings

from policies.engine import Explanation, explain
from policies.engine.cases import parse_case
from tests.policies.engine.worlds import WORLDS, worlds

a_few = settings(max_examples=max(25, WORLDS // 10))


def _explained(world: dict[str, Any]) -> Explanation:
    case = parse_case(world)
    return explain(case.request, case.policies)


@a_few
@given(worlds())
def test_it_traces_as_applied_what_the_decision_found(world: dict[str, Any]) -> None:
    found = _explained(world)
    traced = [
        (policy.source, each.index, each.sid, each.effect)
        for layer in found.layers
        for policy in layer.policies
        for each in policy.statements
        if each.applied
    ]
    decided = [(each.source, each.index, each.sid, each.effect) for each in found.decision.matched]
    assert sorted(map(str, traced)) == sorted(map(str, decided))


@a_few
@given(worlds())
def test_it_calls_applied_what_has_no_failing_element(world: dict[str, Any]) -> None:
    for layer in _explained(world).layers:
        for policy in layer.policies:
            for each in policy.statements:
                assert each.applied == (each.failing == ())
                assert each.elements[0].name in ("Action", "NotAction")


@a_few
@given(worlds())
def test_it_says_the_same_when_asked_twice(world: dict[str, Any]) -> None:
    found = _explained(world)
    assert found.to_dict() == found.to_dict() == _explained(world).to_dict()
