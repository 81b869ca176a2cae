"""`python -m tests.policies.engine.differential SEED WORLDS`: the engine against the reference on very many worlds.

Drawing a world takes hypothesis longer than deciding it, so a few are drawn and their parts are mixed anew each time.
"""

from __future__ import annotations

import json
import random
import sys
from typing import Any

from hypothesis import HealthCheck, Phase, given, seed, settings

from policies.engine.cases import parse_case, run
from tests.policies.engine.reference import evaluate
from tests.policies.engine.worlds import worlds

DRAWN = 500
World = dict[str, Any]


def drawn(number: int) -> list[World]:
    """Worlds as the random test draws them."""
    found: list[World] = []

    @seed(number)
    @settings(max_examples=DRAWN, database=None, phases=[Phase.generate], suppress_health_check=list(HealthCheck))
    @given(worlds())
    def collect(world: World) -> None:
        found.append(world)

    collect()
    return found


def mixed(dice: random.Random, found: list[World]) -> World:
    """A world of which every part, and every part of the request, comes from another one."""
    world = {name: dice.choice(found)[name] for name in found[0]}
    world["request"] = {name: dice.choice(found)["request"][name] for name in found[0]["request"]}
    return world


def disagreements(number: int, count: int) -> list[World]:
    """The worlds on which engine, explanation and reference do not give one answer."""
    dice, found = random.Random(number), drawn(number)
    return [world for world in (mixed(dice, found) for _ in range(count)) if not _agrees(world)]


def _agrees(world: World) -> bool:
    case = parse_case(world)
    decision, traced = run(case).decision, run(case, trace=True)
    layers = traced.output["explanation"]["layers"]  # type: ignore[index]
    applied = sum(each["applied"] for layer in layers for policy in layer["policies"] for each in policy["statements"])
    return (decision.outcome.value, decision, applied) == (evaluate(world), traced.decision, len(decision.matched))


def main(number: int, count: int) -> None:
    wrong = disagreements(number, count)
    for world in wrong[:5]:
        sys.stdout.write(f"{json.dumps(world)}\n")
    sys.stdout.write(f"{json.dumps({'seed': number, 'worlds': count, 'disagreements': len(wrong)})}\n")


if __name__ == "__main__":
    main(int(sys.argv[1]), int(sys.argv[2]))
