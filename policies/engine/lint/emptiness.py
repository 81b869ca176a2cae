"""Lists and objects with nothing in them."""

from __future__ import annotations

from collections.abc import Iterator

from policies.engine.lint.finding import Finding, report
from policies.engine.lint.scope import Scope
from policies.engine.positioned import Node

_SAID_ELSEWHERE = frozenset({"Statement"})


def check(scope: Scope) -> Iterator[Finding]:
    yield from _inside(scope.document)


def _inside(node: Node) -> Iterator[Finding]:
    for key, value in node.members:
        if value.kind == "array" and not value.items and key.value not in _SAID_ELSEWHERE:
            yield report("empty-array", value, f"The list of {key.value} is empty and says nothing.")
        if value.kind == "object" and not value.members:
            yield report("empty-object", value, f"{key.value} is empty and says nothing.")
        yield from _inside(value)
    for item in node.items:
        yield from _inside(item)
