"""Policy variables: spelled right, known, and at a place where they mean something."""

from __future__ import annotations

import re
from collections.abc import Iterator

from policies.engine.lint.finding import Finding, report, shown
from policies.engine.lint.scope import Scope, Statement
from policies.engine.positioned import Node
from policies.engine.validate_kinds import text_of

_REFERENCE = re.compile(r"\$\{([^{}]*)\}")  # without "{", or a text of many "${" takes the square of its length
_WELL_FORMED = re.compile(r"(?P<key>[^,'\s]+:[^,']*[^,'\s])(?:, '(?P<default>[^']*)')?")
_LONGEST = 300
_ESCAPES = frozenset("*?$")
_WITH_VARIABLES = frozenset({"String", "Arn", "Bool"})


def check(scope: Scope) -> Iterator[Finding]:
    for statement in scope.statements:
        for node in _where_they_work(statement):
            yield from _at(scope, node)
        for node in _where_they_do_not(statement):
            if _REFERENCE.search(text_of(node)):
                message = "Policy variables work in Resource and in String and ARN conditions; here this is plain text."
                yield report("variable-place", node, message)


def _where_they_work(statement: Statement) -> Iterator[Node]:
    yield from (*statement.resources, *statement.not_resources)
    for condition in statement.conditions:
        if condition.operator is not None and condition.operator.family in _WITH_VARIABLES:
            yield from (value for value in condition.values if value.kind == "string")


def _where_they_do_not(statement: Statement) -> Iterator[Node]:
    yield from (*statement.actions, *statement.not_actions)
    yield from (node for _, node in statement.principals)
    for node in (*statement.resources, *statement.not_resources):
        if "${" in ":".join(text_of(node).split(":", 5)[:5]):
            yield node


def _at(scope: Scope, node: Node) -> Iterator[Finding]:
    text = text_of(node)
    if "${" not in text:
        return
    if not scope.is_current_version:
        message = "Without Version 2012-10-17 this is plain text and is compared letter by letter."
        yield report("variable-in-old-version", node, message)
        return
    if text.count("${") > len(_REFERENCE.findall(text)):
        yield report("variable-syntax", node, "A policy variable begins with ${ and ends with }.")
        return
    for inside in _REFERENCE.findall(text):
        yield from _reference(scope, node, inside)


def _reference(scope: Scope, node: Node, inside: str) -> Iterator[Finding]:
    if inside in _ESCAPES:
        return
    found = _WELL_FORMED.fullmatch(inside) if len(inside) <= _LONGEST else None
    if found is None:
        message = f"{shown(inside)} is not written like a variable: ${{service:key}} or ${{service:key, 'default'}}."
        yield report("variable-syntax", node, message)
    elif scope.catalog is not None:
        kind = scope.catalog.condition_key_type(found["key"])
        if kind is None and "." not in found["key"].partition(":")[0]:
            yield report("unknown-variable", node, f"No request has a key {shown(found['key'])}, so nothing can match.")
        elif kind is not None and kind.startswith("ArrayOf"):
            message = f"{found['key']} has several values; as a variable it has none, so nothing can match."
            yield report("multivalued-variable", node, message)
