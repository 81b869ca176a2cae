"""How long the engine can be kept busy by documents made for that, each as large as a managed policy may be."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterator
from functools import partial
from typing import TypeVar

from iamconsole.bench.engine_world import ACCOUNT, ALICE
from iamconsole.bench.registry import figure
from policies.engine import Policy, PolicySet, Request, Source, SourceKind, compile_document, decide, explain

QUOTA = 6_144
LONGEST_RESOURCE = 2_048
KEY = "aws:PrincipalTag/team"
SOURCE = Source(SourceKind.CUSTOMER_MANAGED, "hostile")
Document = dict[str, object]
Result = TypeVar("Result")


@figure("engine.hostile", "ms")
def worst_hostile_document() -> float:
    """The longest that compiling, deciding and explaining took for one of many hostile documents at the size quota."""
    # The best of three: the slowest of a hundred documents would otherwise be the one at which the machine was busiest.
    return max(min(_milliseconds(text) for _ in range(3)) for text in map(json.dumps, documents()))


def documents() -> Iterator[Document]:
    """Stars, holes, variables and lists, wherever they may stand."""
    room = QUOTA - 300
    for piece in ("*a", "?", "*?", "*a?", "*ab", "?a", "**"):
        run = piece * (room // len(piece)) + "b"
        yield _document(Resource=run)
        yield _document(Resource=f"arn:aws:s3:::{run}")
        yield _document(Resource=f"arn:{run[:1000]}:{run[:1000]}:{run[:1000]}:{run[:1000]}:{run[:1000]}")
        yield _document(Action=f"s3:{run}")
        yield _document(Condition={"StringLike": {KEY: run}})
        yield _document(Condition={"ArnLike": {KEY: f"arn:{run[:1000]}:{run[:1000]}:{run[:1000]}:x:{run[:1000]}"}})
        yield _document(Condition={"ForAnyValue:StringNotLike": {KEY: [piece * 20 + "b"] * (room // 80)}})
        yield _document(Resource=[piece * 10 + "b"] * (room // 40))
    for opening in ("${", f"${{{KEY}}}", f"*${{{KEY}}}?", "${a, '", "${*}*"):
        run = opening * (room // len(opening))
        yield _document(Resource=f"arn:aws:s3:::{run}")
        yield _document(Condition={"StringLike": {KEY: run}})
        yield _document(Condition={"StringNotEqualsIgnoreCase": {KEY: run}})
    yield _document(Action=["s3:*"] * (room // 10))
    yield {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "*", "Resource": "*"}] * (room // 45)}


def _document(**elements: object) -> Document:
    return {"Version": "2012-10-17", "Statement": {"Effect": "Allow", "Action": "*", "Resource": "*", **elements}}


def _milliseconds(text: str) -> float:
    """Compiling, and the slowest of several questions decided and explained."""
    compiling, policies = _timed(lambda: PolicySet(identity=(Policy(compile_document(text), SOURCE),)))
    return compiling + max(_timed(partial(_answered, policies, question))[0] for question in _questions())


def _questions() -> Iterator[Request]:
    for sign in "ab":
        # With more than five colons, explanations also try the other reading of a `*` before the fifth.
        long = f"arn:aws:s3:::{sign * 2_000}"
        for resource in (long, f"{long}:::::::", sign * LONGEST_RESOURCE):
            yield Request(ALICE, f"s3:{sign * 128}", resource, ACCOUNT, context={KEY: sign * 256})


def _answered(policies: PolicySet, question: Request) -> object:
    decide(question, policies)
    return explain(question, policies).to_dict()


def _timed(work: Callable[[], Result]) -> tuple[float, Result]:
    start = time.process_time()
    result = work()
    return (time.process_time() - start) * 1_000, result
