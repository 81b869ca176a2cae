"""The engine against the slow reference evaluator."""

from __future__ import annotations

import json
from typing import Any

from hypothesis import given, settings

from policies.engine.cases import parse_case, run
from tests.policies.engine.reference import evaluate
from tests.policies.engine.test_data_cases import ALL_CASES
from tests.policies.engine.worlds import WORLDS, worlds


@settings(max_examples=WORLDS)
@given(world=worlds())
def test_it_agrees_with_the_reference_on_random_worlds(world: dict[str, Any]) -> None:
    decision = run(parse_case(json.dumps(world))).decision
    assert decision.outcome.value == evaluate(world)
    traced = run(parse_case(world), trace=True)
    assert traced.decision == decision, "the explanation explains another decision"
    json.dumps(traced.output)


def test_it_agrees_with_the_reference_on_the_written_cases() -> None:
    shared = [case for case in ALL_CASES if _is_known_to_the_reference(case)]
    disagreements = [case["id"] for case in shared if evaluate(case) != case["expected"]]
    assert disagreements == []
    assert len(shared) > 500


def _is_known_to_the_reference(case: dict[str, Any]) -> bool:
    options = set(case.get("options", {})) - {"wildcard_only_action"}
    request = case["request"]
    return not options and "aws:userid" not in request["context"] and request["action"] != "sts:GetSessionToken"
