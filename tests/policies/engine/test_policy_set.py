"""The index: only statements about the action, all of them, in order."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from policies.engine import Layer, Outcome, Policy, PolicySet, Source, SourceKind, compile_document, decide, evaluate
from policies.engine.cases import parse_case, run
from policies.engine.policy_set import MANY, Bundle, Sieve, matches_action
from tests.policies.engine.build import FULL, ask, policy, statement
from tests.policies.engine.test_data_cases import ALL_CASES
from tests.policies.engine.worlds import ACTION_PATTERNS, ACTIONS

some_actions = st.lists(st.sampled_from(ACTION_PATTERNS), min_size=1, max_size=3)


@given(st.lists(some_actions, max_size=4), st.sampled_from(ACTIONS))
def test_it_finds_exactly_the_statements_about_an_action(lists: list[list[str]], action: str) -> None:
    bundle = Bundle([policy(*[statement("Allow", actions) for actions in lists])])
    wanted = [entry for entry in bundle.entries if matches_action(entry.statement, action.lower())]
    assert list(bundle.candidates(action.lower())) == wanted
    assert list(bundle.candidates(action.lower())) == wanted, "the second answer is remembered"


def test_it_leaves_statements_of_other_services_untouched() -> None:
    bundle = Bundle([policy(statement("Allow", "iam:*"), statement("Allow", "s3:Get*"), statement("Deny", "*"))])
    assert [entry.statement.index for entry in bundle.candidates("s3:getobject")] == [1, 2]


def test_it_does_not_grow_with_the_actions_it_is_asked_about() -> None:
    bundle = Bundle([policy(statement("Allow", "*"))])
    for number in range(5000):
        assert len(bundle.candidates(f"s3:action{number}")) == 1
    assert len(bundle._found) <= 2048


def test_it_takes_another_resource_policy_and_shares_the_rest() -> None:
    closed, open_to_all = (policy(statement(effect, Principal="*"), name="Bucket") for effect in ("Deny", "Allow"))
    before = PolicySet(identity=(FULL,), resource=closed)
    assert decide(ask(), before).outcome is Outcome.EXPLICITLY_DENIED
    after = before.with_resource(open_to_all)
    assert after == PolicySet(identity=(FULL,), resource=open_to_all)
    assert [decide(ask(), each).layer for each in (after, before)] == [Layer.RESOURCE] * 2
    assert decide(ask(), after).outcome is Outcome.ALLOWED
    assert after.bundles.identity[0] is before.bundles.identity[0]
    assert decide(ask(), after.with_resource(None)).layer is Layer.IDENTITY


def test_it_ignores_a_principal_where_none_belongs() -> None:
    odd = policy(statement("Allow", Principal={"AWS": "444455556666"}))
    assert decide(ask(), PolicySet(identity=(odd,), boundary=(odd,), session=(odd,))).allowed
    assert Bundle([odd]).entries[0].principals is None


def test_it_lets_a_pattern_without_service_match_nothing() -> None:
    bundle = Bundle([policy(statement("Allow", ["s3:Get*", "nonsense"]))])
    assert [len(bundle.candidates(action)) for action in ("s3:getobject", "nonsense", "x:nonsense", "")] == [1, 0, 0, 0]


def test_it_forgets_only_when_it_remembers_too_much() -> None:
    bundle = Bundle([policy(statement("Allow", "*"))])
    for number in range(2048):
        bundle.candidates(f"s3:action{number}")
    assert len(bundle._found) == 2048
    bundle.candidates("s3:one-more")
    assert set(bundle._found) == {"s3:one-more"}


def test_it_looks_on_after_a_statement_about_another_resource() -> None:
    others = [statement("Allow", Resource=f"arn:aws:s3:::{name}/*") for name in ("${aws:username}", "${nothing}", "x")]
    found = decide(ask(aws__username="bob"), PolicySet(identity=(policy(*others, statement("Allow"), *others),)))
    assert [each.index for each in found.matched] == [3]


SAME = ["*", "arn:aws:s3:::reports/*", "arn:aws:s3:::other/*", "arn:aws:s3:::${aws:username}/*", "arn:aws:s3:::q/${*}"]
resources = st.sampled_from(
    [{"Resource": each} for each in SAME] + [{"Resource": None, "NotResource": each} for each in SAME]
)


@settings(max_examples=30)
@given(st.lists(st.tuples(resources, st.sampled_from(["Allow", "Deny"])), min_size=14, max_size=40), st.booleans())
def test_it_asks_many_statements_of_the_same_resources_as_each_by_itself(
    chosen: list[tuple[dict[str, object], str]], older: bool
) -> None:
    statements = [statement(effect, Sid=f"s{place}", **more) for place, (more, effect) in enumerate(chosen)]
    policies = [_of(each, older) for each in statements]
    alone, together = [PolicySet(identity=(each,)) for each in policies], PolicySet(identity=tuple(policies))
    for target in ("arn:aws:s3:::reports/q1.csv", "arn:aws:s3:::bob/x", "arn:aws:s3:::q/*", "arn:aws:s3:::q/x"):
        request = ask(resource=target, aws__username="bob")
        each = [found.matched[0].sid for found in (decide(request, one) for one in alone) if found.matched]
        matched = decide(request, together).matched
        assert sorted(found.sid for found in matched) == sorted(each)
        for effect in ("Allow", "Deny"):
            order = [int(found.sid[1:]) for found in matched if found.effect == effect]
            assert order == sorted(order)


def _of(one: dict[str, object], older: bool) -> Policy:
    """Every other statement may stand in a document of the older version, where nothing is a variable."""
    old = older and int(str(one["Sid"])[1:]) % 2
    version = "2008-10-17" if old else "2012-10-17"
    return Policy(
        compile_document({"Version": version, "Statement": [one]}), Source(SourceKind.INLINE, str(one["Sid"]))
    )


def test_it_asks_each_resource_once() -> None:
    names = ["a", "b", "c"] * 10
    bundle = Bundle([policy(*[statement("Allow", Resource=f"arn:aws:s3:::{name}") for name in names])])
    sieve = Sieve(bundle.candidates("s3:getobject"))
    assert len(sieve.matchers) == 3
    found = bundle.sifted("s3:getobject", "arn:aws:s3:::b")
    assert [entry.order for entry in found] == list(range(1, 30, 3))
    assert found == bundle.sifted("s3:getobject", "arn:aws:s3:::b"), "the second answer comes of the same sieve"
    assert bundle.sifted("s3:getobject", "arn:aws:s3:::d") == []


def test_it_forgets_sieves_with_the_actions() -> None:
    bundle = Bundle([policy(*[statement("Allow", "*")] * MANY)])
    for number in range(2100):
        bundle.candidates(f"s3:action{number}")
        bundle.sifted(f"s3:action{number}", "x")
    assert len(bundle._sieves) == len(bundle._found) == 2100 - 2048


def test_it_decides_every_written_case_by_the_same_sieves(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(evaluate, "MANY", 0)
    wrong = [case["id"] for case in ALL_CASES if run(parse_case(case)).decision.outcome.value != case["expected"]]
    assert wrong == []
