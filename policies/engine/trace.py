"""One statement looked at closely: for each element what it wanted, what it saw, and whether they met."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from policies.engine import arn
from policies.engine.conditions import Condition, Quantifier
from policies.engine.decision import Source
from policies.engine.policy_set import Bundle, Entry, matches_action
from policies.engine.positioned import Node
from policies.engine.principal import Principals, Way
from policies.engine.request import Request
from policies.engine.resource import Resources
from policies.engine.statement import Statement
from policies.engine.variables import Variable

_SHOWN_VALUES = 20
Json = dict[str, object]


@dataclass(frozen=True)
class Element:
    """One element of a statement; `resolved` holds the values with variables filled in, None for one without value."""

    name: str
    matched: bool
    wanted: tuple[str, ...]
    seen: tuple[str, ...]
    resolved: tuple[str | None, ...] = ()
    operator: str = ""
    key: str = ""
    note: str = ""
    missing: tuple[str, ...] = ()

    def to_dict(self) -> Json:
        found: Json = {"element": self.name, "matched": self.matched, "wanted": list(self.wanted[:_SHOWN_VALUES])}
        found["seen"] = list(self.seen)
        if len(self.wanted) > _SHOWN_VALUES:
            found["more"] = len(self.wanted) - _SHOWN_VALUES
        if self.resolved and self.resolved != self.wanted:
            found["resolved"] = list(self.resolved[:_SHOWN_VALUES])
        extra = {"operator": self.operator, "key": self.key, "note": self.note, "missing": list(self.missing)}
        return found | {name: value for name, value in extra.items() if value}


@dataclass(frozen=True)
class Span:
    """Where a statement stands in its document; lines and columns count from 1, the end is past the last character."""

    line: int
    column: int
    end_line: int
    end_column: int

    @classmethod
    def of(cls, node: Node) -> Span:
        return cls(node.line, node.column, node.end_line, node.end_column)


@dataclass(frozen=True)
class StatementTrace:
    """A statement and all its elements; it applied when every element matched."""

    index: int
    sid: str
    effect: str
    applied: bool
    elements: tuple[Element, ...]
    span: Span
    way: Way | None = None

    @property
    def failing(self) -> tuple[Element, ...]:
        return tuple(element for element in self.elements if not element.matched)

    @property
    def about_the_action(self) -> bool:
        return all(element.matched for element in self.elements if element.name.endswith("Action"))

    def to_dict(self) -> Json:
        return {
            "index": self.index,
            "sid": self.sid,
            "effect": self.effect,
            "applied": self.applied,
            "way": self.way.value if self.way else "",
            "span": vars(self.span),
            "elements": [element.to_dict() for element in self.elements],
        }


@dataclass(frozen=True)
class PolicyTrace:
    """A policy of a layer; `level` counts from the organization's root where the type has levels."""

    source: Source
    level: int
    statements: tuple[StatementTrace, ...] = field(default_factory=tuple)

    def to_dict(self) -> Json:
        source = {**vars(self.source), "kind": self.source.kind.value}
        return {"source": source, "level": self.level, "statements": [each.to_dict() for each in self.statements]}


def trace_statement(bundle: Bundle, entry: Entry, request: Request, bounded: bool) -> StatementTrace:
    """Ask the same matchers as a bare decision does, but all of them."""
    statement = entry.statement
    way = None
    elements = [_action(statement, request)]
    if statement.resources is not None:
        elements.append(_resource(statement.resources, request))
    elif not bundle.own:
        elements.append(Element("Resource", False, (), (request.target,), note="the statement has no Resource"))
    if entry.principals is not None:
        way = entry.principals.way(request.principal, deny=statement.deny, bounded=bounded)
        elements.append(_principal(entry.principals, request, way, statement.deny))
    elif bundle.own:
        caller = (request.principal.arn,)
        elements.append(Element("Principal", False, (), caller, note="the statement has no Principal"))
    elements += [_condition(condition, request) for condition in statement.conditions]
    applied = all(element.matched for element in elements)
    span = Span.of(statement.node)
    return StatementTrace(statement.index, statement.sid, statement.effect, applied, tuple(elements), span, way)


def _action(statement: Statement, request: Request) -> Element:
    actions = statement.actions
    if actions is None:
        return Element("Action", False, (), (request.action,), note="the statement has no Action")
    name = "NotAction" if actions.negated else "Action"
    wanted = tuple(pattern.raw for pattern in actions.patterns)
    return Element(name, matches_action(statement, request.action_key), wanted, (request.action,))


def _resource(resources: Resources, request: Request) -> Element:
    patterns = resources.patterns
    variables = [variable for pattern in patterns for variable in pattern.rest.variables]
    return Element(
        "NotResource" if resources.negated else "Resource",
        resources.matches(request),
        tuple(pattern.raw for pattern in patterns),
        (request.target,),
        tuple(pattern.resolved(request.keys) for pattern in patterns),
        note=_resource_note(resources, request),
        missing=_missing(variables, request),
    )


def _resource_note(resources: Resources, request: Request) -> str:
    if any(pattern.resolved(request.keys) is None for pattern in resources.patterns):
        if resources.negated:
            return "an ARN whose variable has no value matches nothing, so NotResource applies; AWS does not say so"
        return "an ARN whose variable has no value matches no resource"
    if any(arn.runs_over_colons(each.raw) and each.matches(request) for each in resources.patterns):
        return "in a short ARN a `*` at the end of a part also stands for the parts that follow"
    return ""


def _principal(principals: Principals, request: Request, way: Way | None, deny: bool) -> Element:
    note = ""
    if deny and principals.negated and way is not None:
        if principals.partly_exempts(request.principal):
            note = "only part of the caller's chain is listed; AWS services differ here, the engine denies"
        elif principals.exempts(request.principal):
            note = "NotPrincipal with Deny always denies a caller who has a permissions boundary"
    return Element(
        "NotPrincipal" if principals.negated else "Principal",
        way is not None,
        tuple(entry.raw for entry in principals.entries),
        (request.principal.arn,),
        note=note,
    )


def _condition(condition: Condition, request: Request) -> Element:
    seen = request.keys.get(condition.lookup, ())
    values = (seen,) if isinstance(seen, str) else seen
    variables = [variable for template in condition.templates for variable in template.variables]
    missing = _missing(variables, request)
    return Element(
        "Condition",
        condition.holds(request.keys),
        tuple(template.raw for template in condition.templates),
        values,
        tuple(template.text(request.keys) for template in condition.templates),
        condition.operator,
        condition.key,
        _condition_note(condition, seen, missing),
        missing if values else (condition.key, *missing),
    )


def _condition_note(condition: Condition, seen: str | tuple[str, ...], missing: tuple[str, ...]) -> str:
    if not condition.known:
        return "an unknown operator never holds"
    if isinstance(seen, tuple) and seen and condition.quantifier is None and not condition.is_null:
        return "the key has several values and the operator no ForAllValues or ForAnyValue; AWS does not define this"
    if seen == () and condition.quantifier is Quantifier.ANY and condition.if_exists:
        return "the key is absent, which IfExists accepts; AWS does not say so for ForAnyValue"
    if seen == () and not condition.is_null:
        return "the key is absent"
    return "a variable has no value" if missing else ""


def _missing(variables: Iterable[Variable], request: Request) -> tuple[str, ...]:
    return tuple(variable.key for variable in variables if variable.value(request.keys) is None)
