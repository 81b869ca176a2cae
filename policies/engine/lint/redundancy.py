"""Entries and statements that add nothing to their neighbours."""

from __future__ import annotations

import json
from collections.abc import Iterator
from itertools import takewhile

from policies.engine.lint.finding import Finding, report, shown
from policies.engine.lint.scope import Scope, Statement, matcher
from policies.engine.positioned import Node
from policies.engine.validate_kinds import text_of

_LISTS = (
    ("Action", "redundant-action", True),
    ("NotAction", "redundant-action", True),
    ("Resource", "redundant-resource", False),
    ("NotResource", "redundant-resource", False),
)


def check(scope: Scope) -> Iterator[Finding]:
    for statement in scope.statements:
        for name, code, any_case in _LISTS:
            yield from _entries(scope, _items(statement.node.get(name)), code, any_case=any_case)
        for condition in statement.conditions:
            yield from _entries(scope, condition.values, "redundant-value", any_case=False, patterns=False)
        yield from _principals(statement)
    yield from _statements(scope)


def _items(node: Node | None) -> list[Node]:
    return [item for item in node.items if item.kind == "string"] if node is not None else []


def _entries(scope: Scope, nodes: list[Node], code: str, *, any_case: bool, patterns: bool = True) -> Iterator[Finding]:
    texts = [(text_of(node).lower() if any_case else text_of(node)) or node.raw for node in nodes]
    seen: dict[str, int] = {}
    for index, text in enumerate(texts):
        if text in seen:
            yield report(code, nodes[index], f"{shown(text_of(nodes[index]))} stands in this list already.")
        seen.setdefault(text, index)
    if patterns:
        yield from _covered(scope, seen, nodes, code)


def _covered(scope: Scope, seen: dict[str, int], nodes: list[Node], code: str) -> Iterator[Finding]:
    wild = [text for text in seen if "*" in text or "?" in text]
    pairs = ((text, pattern) for text in seen for pattern in wild if text != pattern)
    said: set[str] = set()
    for text, pattern in takewhile(lambda _: scope.comparisons.spend(), pairs):
        if text not in said and covers(pattern, text):
            said.add(text)
            message = f"{shown(text_of(nodes[seen[pattern]]))} in the same list covers it."
            yield report(code, nodes[seen[text]], message)


def covers(pattern: str, other: str) -> bool:
    """Whether everything `other` matches is matched by `pattern`; False when that is hard to tell."""
    if "${" in pattern or ("?" in pattern and "*" in other):
        return False
    return matcher(pattern)(other)


def _principals(statement: Statement) -> Iterator[Finding]:
    seen: set[tuple[str, str]] = set()
    for principal, node in statement.principals:
        if (principal.kind, principal.value) in seen:
            yield report("redundant-principal", node, f"{shown(principal.value)} is named already.")
        elif principal.value != "*" and ("AWS", "*") in {(p.kind, p.value) for p, _ in statement.principals[:50]}:
            yield report("redundant-principal", node, 'The "*" beside it covers it.')
        seen.add((principal.kind, principal.value))


def _statements(scope: Scope) -> Iterator[Finding]:
    groups: dict[str, list[Statement]] = {}
    for statement in scope.statements:
        groups.setdefault(_frame(statement), []).append(statement)
    pairs = ((one, other) for group in groups.values() for other in group for one in group if one is not other)
    said: set[int] = set()
    for one, other in takewhile(lambda pair: scope.comparisons.spend(_cost(*pair)), pairs):
        if other.node.start not in said and one.node.start not in said and _includes(one, other):
            said.add(other.node.start)
            message = f"The statement in line {one.node.line} says all of this already."
            yield report("redundant-statement", other.node, message)


def _frame(statement: Statement) -> str:
    """All but the Sid, the actions and the resources: only statements alike in these are compared."""
    rest = {
        key.value: value.value
        for key, value in statement.node.members
        if key.value not in {"Sid", "Action", "Resource"}
    }
    return json.dumps(rest, sort_keys=True, default=str)


def _includes(one: Statement, other: Statement) -> bool:
    actions = [text_of(node).lower() for node in one.actions], [text_of(node).lower() for node in other.actions]
    resources = [text_of(node) for node in one.resources], [text_of(node) for node in other.resources]
    return _all_covered(*actions) and _all_covered(*resources)


def _cost(one: Statement, other: Statement) -> int:
    return 1 + len(one.actions) * len(other.actions) + len(one.resources) * len(other.resources)


def _all_covered(patterns: list[str], others: list[str]) -> bool:
    if not others:
        return not patterns
    return all(any(pattern == other or covers(pattern, other) for pattern in patterns) for other in others)
