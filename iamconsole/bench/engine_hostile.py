"""How long the engine can be kept busy by documents made for that, each as large as a managed policy may be."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator

from iamconsole.bench.engine_world import ACCOUNT, ALICE
from iamconsole.bench.registry import figure
from policies.engine import Policy, PolicySet, Request, Source, SourceKind, compile_document, decide, explain

QUOTA = 6_144
LONGEST_RESOURCE = 2_048
KEY = "aws:PrincipalTag/team"
SOURCE = Source(SourceKind.CUSTOMER_MANAGED, "hostile")
Document = dict[str, object]


@figure("engine.hostile", "ms")
def worst_hostile_document() -> float:
    """The longest that compiling, deciding and explaining took for one of many hostile documents at the size quota."""
    return max(_milliseconds(json.dumps(each)) for each in documents())


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
    start = time.process_time()
    policies = PolicySet(identity=(Policy(compile_document(text), SOURCE),))
    for sign in "ab":
        for resource in (f"arn:aws:s3:::{sign * LONGEST_RESOURCE}", sign * LONGEST_RESOURCE):
            asked = Request(ALICE, f"s3:{sign * 128}", resource, ACCOUNT, context={KEY: sign * 256})
            decide(asked, policies)
            explain(asked, policies).to_dict()
    return (time.process_time() - start) * 1_000
