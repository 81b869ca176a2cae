"""The cases that are data: what AWS documents, line by line of the specification."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from policies.engine.cases import parse_case, run

FOLDER = Path(__file__).parent / "cases"
ALL_CASES: list[dict[str, Any]] = [
    case for file in sorted(FOLDER.glob("*.json")) for case in json.loads(file.read_text(encoding="utf-8"))
]

# How many numbered lines each part of the specification has.
NUMBERED = {"2.1": 15, "2.4": 8, "2.5": 15, "2.6": 8, "4": 27}
NAMED = {
    "2.2": "everyone account user role session federated-user service federated id direct nobody notprincipal",
    "2.8": "root service anonymous s3",
}
# What a case in the neutral format cannot say is tested in Python: test_principal.py.
ELSEWHERE = {"4.12"}


@pytest.mark.parametrize("case", ALL_CASES, ids=[case["id"] for case in ALL_CASES])
def test_it_decides_as_aws_does(case: dict[str, Any]) -> None:
    decision = run(parse_case(case)).decision
    assert decision.outcome.value == case["expected"], f"{case['name']}: {case['because']}"
    if "expected_by" in case:
        assert decision.layer.value == case["expected_by"]


def test_it_covers_every_line_of_the_specification() -> None:
    covered = {line for case in ALL_CASES for line in case["covers"]}
    wanted = {f"{part}.{line}" for part, count in NUMBERED.items() for line in range(1, count + 1)}
    wanted |= {f"{part}.{name}" for part, names in NAMED.items() for name in names.split()} | {"2.3"}
    assert wanted - covered == ELSEWHERE
    assert covered - wanted == set()


def test_it_says_for_every_case_why_and_who_says_so() -> None:
    assert len(ALL_CASES) >= 250
    assert [case["id"] for case in ALL_CASES if not case["because"] or not case["source"]] == []
    assert len({case["id"] for case in ALL_CASES}) == len(ALL_CASES)
