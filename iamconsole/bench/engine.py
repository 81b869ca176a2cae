"""How fast the policy engine decides, explains and compiles, and how that grows."""

from __future__ import annotations

import random
import tracemalloc
from functools import partial

from iamconsole.bench.clock import per_second
from iamconsole.bench.engine_world import SERVICES, document, policy, policy_set, requests
from iamconsole.bench.registry import figure
from policies.engine import PolicySet, Request, compile_document, decide, explain

EXPLAINED = 100
MICROSECONDS, KIBIBYTE = 1e6, 1024


@figure("engine.decide", "decisions/s")
def bare_decisions() -> float:
    """Bare decisions a second, one thread, each request built anew: a user with 10 policies of 5 statements."""
    return _decisions(policy_set())


@figure("engine.explain", "decisions/s")
def explained_decisions() -> float:
    """Decisions with every statement traced a second, one thread."""
    policies = policy_set()
    return per_second(lambda: [_traced(each, policies) for each in requests(EXPLAINED)], EXPLAINED)


@figure("engine.explain_time", "microseconds")
def explaining() -> float:
    """Time of one decision with every statement traced."""
    return MICROSECONDS / explained_decisions()


@figure("engine.explain_ready", "microseconds")
def ready_to_explain() -> float:
    """Time of one decision that can be explained, while nobody asks for the trace."""
    policies = policy_set()
    return MICROSECONDS / per_second(lambda: [explain(each, policies) for each in requests(EXPLAINED)], EXPLAINED)


@figure("engine.explain_json", "microseconds")
def explaining_as_json() -> float:
    """Time of one decision with every statement traced and written as plain JSON values."""
    policies = policy_set()
    # Summed, not kept: a hundred explanations at once would measure the garbage collector.
    rate = per_second(lambda: sum(len(explain(each, policies).to_dict()) for each in requests(EXPLAINED)), EXPLAINED)
    return MICROSECONDS / rate


@figure("engine.compile", "documents/s")
def compiled_documents() -> float:
    """Policy documents of five statements compiled from dictionaries a second."""
    documents = [document(random.Random(seed), service) for seed, service in enumerate(SERVICES)]
    return per_second(lambda: [compile_document(each) for each in documents], len(documents))


@figure("engine.growth_policies", "times as long")
def growth_with_policies() -> float:
    """How much longer a bare decision takes with 1,000 policies of all services than with 10."""
    dice = random.Random(60)
    many = [policy(dice, SERVICES[number % len(SERVICES)]) for number in range(1_000)]
    return _slower(PolicySet(identity=tuple(many[:10])), PolicySet(identity=tuple(many)))


@figure("engine.growth_statements", "times as long")
def growth_with_statements_of_other_services() -> float:
    """How much longer a bare decision takes beside 10,000 statements of other services than beside 10."""
    dice = random.Random(80)
    others = tuple(policy(dice, f"other{number % 100}") for number in range(2_000))
    own = policy_set().identity
    return _slower(PolicySet(identity=(*own, *others[:2])), PolicySet(identity=(*own, *others)))


@figure("engine.memory", "KiB")
def memory_of_a_policy() -> float:
    """Memory of one compiled policy of five statements, its place in the index included."""
    dice = random.Random(100)
    count = 200
    tracemalloc.start()
    try:
        before = tracemalloc.get_traced_memory()[0]
        kept = PolicySet(identity=tuple(policy(dice, SERVICES[number % len(SERVICES)]) for number in range(count)))
        used = tracemalloc.get_traced_memory()[0] - before
    finally:
        tracemalloc.stop()
    return used / len(kept.identity) / KIBIBYTE


def _decisions(policies: PolicySet) -> float:
    return per_second(partial(_decide_all, policies), len(_decide_all(policies)))


def _decide_all(policies: PolicySet) -> list[object]:
    return [decide(each, policies) for each in requests()]


def _traced(request: Request, policies: PolicySet) -> int:
    return sum(len(trace.policies) for trace in explain(request, policies).layers)


def _slower(few: PolicySet, many: PolicySet) -> float:
    return _decisions(few) / _decisions(many)
