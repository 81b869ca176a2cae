"""One statement, compiled: its elements as matchers, and the nodes that say where they stand."""

from __future__ import annotations

from dataclasses import dataclass, field

from policies.engine.action import Actions, compile_actions
from policies.engine.conditions import Condition, compile_condition
from policies.engine.positioned import Node, Span
from policies.engine.principal import Principals, compile_principals
from policies.engine.resource import Resources, compile_resources


@dataclass(frozen=True, slots=True)
class Statement:
    """A compiled statement; an element that is missing in the text is None here."""

    index: int
    sid: str
    deny: bool
    actions: Actions | None
    resources: Resources | None
    principals: Principals | None
    conditions: tuple[Condition, ...]
    node: Node = field(repr=False, compare=False)
    span: Span = field(repr=False, compare=False)

    @property
    def effect(self) -> str:
        return "Deny" if self.deny else "Allow"


def compile_statement(node: Node, index: int, *, variables: bool) -> Statement:
    """Compile one statement; what cannot be read at all raises DocumentError with its place."""
    if node.kind != "object":
        raise node.error("a statement must be an object")
    return Statement(
        index=index,
        sid=_sid(node),
        deny=_effect(node) == "Deny",
        actions=_actions(node),
        resources=_resources(node, variables),
        principals=_principals(node),
        conditions=_conditions(node.get("Condition"), variables),
        node=node,
        span=node.span,
    )


def _sid(node: Node) -> str:
    sid = node.get("Sid")
    if sid is not None and sid.kind != "string":
        raise sid.error("Sid must be a string")
    return sid.raw if sid else ""


def _effect(node: Node) -> str:
    effect = node.get("Effect")
    if effect is None:
        raise node.error("a statement must have an Effect")
    if effect.value not in ("Allow", "Deny"):
        raise effect.error("Effect must be Allow or Deny")
    return effect.raw


def _either(node: Node, name: str) -> tuple[Node | None, bool]:
    """The element or its Not form, and whether it was the Not form."""
    plain, negated = node.get(name), node.get(f"Not{name}")
    if plain is not None and negated is not None:
        raise negated.error(f"a statement cannot have both {name} and Not{name}")
    return (plain, False) if negated is None else (negated, True)


def _actions(node: Node) -> Actions | None:
    found, negated = _either(node, "Action")
    return compile_actions(_strings(found, "Action"), negated=negated) if found else None


def _resources(node: Node, variables: bool) -> Resources | None:
    found, negated = _either(node, "Resource")
    return compile_resources(_strings(found, "Resource"), negated=negated, variables=variables) if found else None


def _principals(node: Node) -> Principals | None:
    found, negated = _either(node, "Principal")
    if found is None:
        return None
    if found.value == "*":
        return compile_principals([("AWS", "*")], negated=negated)
    if found.kind != "object":
        raise found.error('Principal must be "*" or an object')
    pairs = [(key.raw, value) for key, values in found.members for value in _strings(values, "Principal")]
    return compile_principals(pairs, negated=negated)


def _strings(node: Node, name: str) -> list[str]:
    items = node.items if node.kind == "array" else [node]
    for item in items:
        if item.kind != "string":
            raise item.error(f"{name} must be a string or a list of strings")
    return [item.raw for item in items]


def _conditions(block: Node | None, variables: bool) -> tuple[Condition, ...]:
    if block is None:
        return ()
    return tuple(
        compile_condition(operator.raw, key.raw, _values(values), variables=variables)
        for operator, keys in _members(block, "Condition")
        for key, values in _members(keys, "a condition operator")
    )


def _members(node: Node, name: str) -> list[tuple[Node, Node]]:
    if node.kind != "object":
        raise node.error(f"{name} must be an object")
    return node.members


def _values(node: Node) -> list[str]:
    """The values as text; numbers and booleans read as they are written."""
    items = node.items if node.kind == "array" else [node]
    for item in items:
        if item.kind in ("object", "array") or item.value is None:
            raise item.error("a condition value must be a string, a number or a boolean")
    return [item.raw for item in items]
