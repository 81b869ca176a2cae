"""What must be true of any decision in any world."""

from __future__ import annotations

import copy
from typing import Any

from hypothesis import assume, given, settings
from hypothesis import strategies as st

from policies.engine import Decision, Outcome
from policies.engine.cases import parse_case, run
from tests.policies.engine.worlds import FULL, WORLDS, documents, worlds

World = dict[str, Any]
a_few = settings(max_examples=max(25, WORLDS // 10))
LISTS = ("identity_policies", "session_policies", "permission_boundaries", "vpc_endpoint_policies")


def _decide(world: World) -> Decision:
    return run(parse_case(world)).decision


def _with(world: World, **changes: Any) -> World:
    return {**copy.deepcopy(world), **changes}


def _all_documents(world: World) -> list[World]:
    found = [document for name in LISTS for document in world[name] or []]
    for name in ("service_control_policies", "resource_control_policies"):
        found += [document for level in world[name] or [] for document in level]
    return found + ([world["resource_policy"]] if world["resource_policy"] else [])


@a_few
@given(worlds(), documents(effects=("Allow",)))
def test_it_never_takes_away_when_an_identity_policy_allows_more(world: World, more: World) -> None:
    richer = _with(world, identity_policies=[*world["identity_policies"], more])
    assert _decide(richer).allowed or not _decide(world).allowed


@a_few
@given(worlds(), documents(effects=("Deny",)))
def test_it_never_gives_when_an_identity_policy_denies_more(world: World, more: World) -> None:
    stricter = _with(world, identity_policies=[*world["identity_policies"], more])
    assert _decide(world).allowed or not _decide(stricter).allowed


@a_few
@given(worlds())
def test_it_lets_an_explicit_deny_win(world: World) -> None:
    assume(world["request"]["action"] != "sts:GetCallerIdentity")
    deny = {"Statement": {"Effect": "Deny", "Principal": "*", "Action": "*", "Resource": "*"}}
    assert _decide(_with(world, vpc_endpoint_policies=[deny])).outcome is Outcome.EXPLICITLY_DENIED


@a_few
@given(worlds())
def test_it_does_not_care_about_order(world: World) -> None:
    turned = copy.deepcopy(world)
    for document in _all_documents(turned):
        document["Statement"] = document["Statement"][::-1]
    for name in LISTS:
        turned[name] = turned[name][::-1] if turned[name] else turned[name]
    before, after = _decide(world), _decide(turned)
    assert (before.outcome, before.layer) == (after.outcome, after.layer)


@a_few
@given(worlds(), st.lists(st.one_of(st.just(FULL), documents()), max_size=2))
def test_it_only_narrows_by_a_boundary(world: World, boundary: list[World]) -> None:
    free, bounded = _with(world, permission_boundaries=None), _with(world, permission_boundaries=boundary)
    assert _decide(free).allowed or not _decide(bounded).allowed


@a_few
@given(worlds())
def test_it_does_not_change_when_a_boundary_allows_everything(world: World) -> None:
    policy = world["resource_policy"]
    # NotPrincipal with Deny is the documented exception: there the boundary itself denies.
    assume(not policy or not any("NotPrincipal" in statement for statement in policy["Statement"]))
    assume(not any("NotPrincipal" in s for d in world["vpc_endpoint_policies"] or [] for s in d["Statement"]))
    assume(
        not any(
            "NotPrincipal" in s for v in world["resource_control_policies"] or [] for d in v for s in d["Statement"]
        )
    )
    free, bounded = _with(world, permission_boundaries=None), _with(world, permission_boundaries=[FULL])
    assert _decide(free).outcome is _decide(bounded).outcome


@a_few
@given(worlds(), st.integers(0, 3))
def test_it_only_widens_when_an_action_of_an_allow_becomes_a_star(world: World, place: int) -> None:
    wider = copy.deepcopy(world)
    allows = [s for d in wider["identity_policies"] for s in d["Statement"] if s["Effect"] == "Allow" and "Action" in s]
    assume(allows)
    allows[place % len(allows)]["Action"] = "*"
    assert _decide(wider).allowed or not _decide(world).allowed


@a_few
@given(worlds())
def test_it_denies_where_there_is_nothing(world: World) -> None:
    request = world["request"]
    assume(":root" not in request["principal"] and request["action"] != "sts:GetCallerIdentity")
    empty = _with(world, identity_policies=[], resource_policy=None)
    assert not _decide(empty).allowed


@a_few
@given(worlds())
def test_it_changes_its_answer_without_the_deciding_statements(world: World) -> None:
    decision = _decide(world)
    assume(decision.deciding)
    names = {(statement.source.name, statement.index) for statement in decision.deciding}
    poorer = copy.deepcopy(world)
    for name, document in _named_documents(poorer):
        kept = [s for index, s in enumerate(document["Statement"]) if (name, index) not in names]
        document["Statement"] = kept
    after = _decide(poorer)
    if decision.outcome is Outcome.EXPLICITLY_DENIED:
        assert after.outcome is not Outcome.EXPLICITLY_DENIED
    elif decision.layer.value in ("identity", "resource"):
        assert not after.allowed


def _named_documents(world: World) -> list[tuple[str, World]]:
    found = [(f"{name}[{place}]", document) for name in LISTS for place, document in enumerate(world[name] or [])]
    for name in ("service_control_policies", "resource_control_policies"):
        for number, level in enumerate(world[name] or []):
            found += [(f"{name}[{number}][{place}]", document) for place, document in enumerate(level)]
    return found + ([("resource_policy", world["resource_policy"])] if world["resource_policy"] else [])


@a_few
@given(worlds())
def test_it_compares_actions_and_key_names_without_case(world: World) -> None:
    request = world["request"]
    loud = {key.upper(): value for key, value in request["context"].items()}
    louder = _with(world, request={**request, "action": request["action"].upper(), "context": loud})
    assert _decide(louder).outcome is _decide(world).outcome
