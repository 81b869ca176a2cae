"""One statement looked at closely: for each element what it wanted, what it saw, and whether they met."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from policies.engine.conditions import Condition, Quantifier
from policies.engine.decision import Source
from policies.engine.policy_set import Bundle, Entry
from policies.engine.positioned import Span
from policies.engine.principal import Principals, Way
from policies.engine.request import Request
from policies.engine.resource import Resources
from policies.engine.statement import Statement
from policies.engine.variables import Variable

_SHOWN_VALUES = 20
Json = dict[str, object]


@dataclass(slots=True)
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
        wanted, resolved = self.wanted, self.resolved
        found: Json = {
            "element": self.name,
            "matched": self.matched,
            "wanted": list(wanted if len(wanted) <= _SHOWN_VALUES else wanted[:_SHOWN_VALUES]),
            "seen": list(self.seen),
        }
        if len(wanted) > _SHOWN_VALUES:
            found["more"] = len(wanted) - _SHOWN_VALUES
        if resolved is not wanted and resolved and resolved != wanted:
            found["resolved"] = list(resolved[:_SHOWN_VALUES])
        if self.key:
            found["operator"], found["key"] = self.operator, self.key
        if self.note:
            found["note"] = self.note
        if self.missing:
            found["missing"] = list(self.missing)
        return found


@dataclass(slots=True)
class StatementTrace:
    """A statement and all its elements; it applied when every element matched."""

    statement: Statement
    applied: bool
    elements: tuple[Element, ...]
    way: Way | None = None

    @property
    def index(self) -> int:
        return self.statement.index

    @property
    def sid(self) -> str:
        return self.statement.sid

    @property
    def effect(self) -> str:
        return self.statement.effect

    @property
    def span(self) -> Span:
        return self.statement.span

    @property
    def failing(self) -> tuple[Element, ...]:
        return tuple(element for element in self.elements if not element.matched)

    @property
    def about_the_action(self) -> bool:
        return self.elements[0].matched

    def to_dict(self) -> Json:
        statement = self.statement
        return {
            "index": statement.index,
            "sid": statement.sid,
            "effect": statement.effect,
            "applied": self.applied,
            "way": self.way.value if self.way else "",
            "span": statement.span.to_dict(),
            "elements": [element.to_dict() for element in self.elements],
        }


@dataclass(frozen=True)
class PolicyTrace:
    """A policy of a layer; `level` counts from the organization's root where the type has levels."""

    source: Source
    level: int
    statements: tuple[StatementTrace, ...] = ()

    def to_dict(self) -> Json:
        return {
            "source": self.source.to_dict(),
            "level": self.level,
            "statements": [each.to_dict() for each in self.statements],
        }


def trace_bundle(bundle: Bundle, level: int, request: Request, bounded: bool) -> list[PolicyTrace]:
    """Every statement of a bundle looked at, policy by policy."""
    remaining = iter(bundle.entries)
    return [
        PolicyTrace(
            policy.source,
            level,
            tuple(trace_statement(bundle, next(remaining), request, bounded) for _ in policy.document.statements),
        )
        for policy in bundle.policies
    ]


def trace_statement(bundle: Bundle, entry: Entry, request: Request, bounded: bool) -> StatementTrace:
    """Ask the same matchers as a bare decision does, but all of them; the action comes first."""
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
    if statement.conditions:
        elements += [_condition(condition, request) for condition in statement.conditions]
    applied = True
    for element in elements:
        applied = applied and element.matched
    return StatementTrace(statement, applied, tuple(elements), way)


def _action(statement: Statement, request: Request) -> Element:
    actions = statement.actions
    if actions is None:
        return Element("Action", False, (), (request.action,), note="the statement has no Action")
    name = "NotAction" if actions.negated else "Action"
    return Element(name, actions.matches(request.action_key), actions.raw, (request.action,))


def _resource(resources: Resources, request: Request) -> Element:
    name = "NotResource" if resources.negated else "Resource"
    matched, raw, seen = resources.matches(request), resources.raw, (request.target,)
    note = _short_note(resources, request) if resources.short else ""
    if not resources.may_differ:
        return Element(name, matched, raw, seen, raw, "", "", note)
    resolved = tuple(pattern.resolved(request.keys) for pattern in resources.patterns)
    if None in resolved:
        note = _VALUELESS[resources.negated]
    return Element(name, matched, raw, seen, resolved, note=note, missing=_missing(resources.variables, request))


_VALUELESS = {
    False: "an ARN whose variable has no value matches no resource",
    True: "an ARN whose variable has no value matches nothing, so NotResource applies; AWS does not say so",
}


def _short_note(resources: Resources, request: Request) -> str:
    if any(each.matches(request) for each in resources.short):
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
        tuple([entry.raw for entry in principals.entries]),
        (request.principal.arn,),
        note=note,
    )


def _condition(condition: Condition, request: Request) -> Element:
    keys = request.keys
    seen = keys.get(condition.lookup, ())
    values = (seen,) if isinstance(seen, str) else seen
    missing = _missing(condition.variables, request) if condition.variables else ()
    resolved = tuple([each.text(keys) for each in condition.templates]) if condition.may_differ else condition.raw
    return Element(
        "Condition",
        condition.holds(keys),
        condition.raw,
        values,
        resolved,
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
