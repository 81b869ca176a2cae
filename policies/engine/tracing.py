"""Looking closely: the matchers of a bare decision, all of them asked of every statement."""

from __future__ import annotations

from collections.abc import Iterable

from policies.engine import arn
from policies.engine.conditions import Condition, Quantifier
from policies.engine.layout import ConditionLayout, Layout, Shape
from policies.engine.policy_set import Bundle
from policies.engine.principal import Principals, Way
from policies.engine.reasons import Reason
from policies.engine.request import Request
from policies.engine.resource import Resources
from policies.engine.trace import Element, PeculiarElement, PolicyTrace, StatementTrace
from policies.engine.variables import Keys, Variable


def trace_bundle(bundle: Bundle, level: int, request: Request, bounded: bool) -> list[PolicyTrace]:
    """Every statement of a bundle looked at, policy by policy."""
    looking = _Looking(bundle, request, bounded)
    remaining = iter(bundle.layouts)
    return [
        PolicyTrace(policy.source, level, tuple([looking.at(next(remaining)) for _ in policy.document.statements]))
        for policy in bundle.policies
    ]


class _Looking:
    """Asks the same matchers as a bare decision does, but all of them."""

    __slots__ = (
        "action",
        "action_key",
        "bounded",
        "caller",
        "many_colons",
        "named",
        "own",
        "request",
        "service",
        "target",
    )

    def __init__(self, bundle: Bundle, request: Request, bounded: bool) -> None:
        self.named, self.own = bundle.named, bundle.own
        self.request, self.bounded = request, bounded
        self.action_key, self.service = request.action_key, request.service
        # What the elements saw, made once for all of them.
        self.action, self.target = [request.action], [request.target]
        self.caller = [request.principal.arn]
        self.many_colons = request.target.count(":") >= arn.PARTS

    def at(self, layout: Layout) -> StatementTrace:
        """One statement; its action comes first."""
        statement, way = layout.statement, None
        resources, principals = statement.resources, statement.principals
        actions = statement.actions
        elements: list[Element]
        if actions is None:
            elements = [PeculiarElement(layout.action, False, self.action, Reason.NO_ACTION)]
        else:
            foreign = actions.services is not None and self.service not in actions.services
            elements = [Element(layout.action, not foreign and actions.matches(self.action_key), self.action)]
        if resources is None:
            if not self.own:
                elements.append(PeculiarElement(layout.resource, False, self.target, Reason.NO_RESOURCE))
        elif resources.whole is None or layout.peculiar or (self.many_colons and layout.starred):
            elements.append(self._peculiar_resource(resources, layout.resource))
        else:
            elements.append(Element(layout.resource, resources.whole(self.request.target), self.target))
        if principals is not None and self.named:
            way = principals.way(self.request.principal, deny=statement.deny, bounded=self.bounded)
            elements.append(self._principal(layout, principals, way))
        elif self.own:
            elements.append(PeculiarElement(layout.principal, False, self.caller, Reason.NO_PRINCIPAL))
        if layout.conditions:
            keys = self.request.keys
            elements += [_condition(each, keys) for each in layout.conditions]
        return StatementTrace(layout, elements, way)

    def _principal(self, layout: Layout, principals: Principals, way: Way | None) -> Element:
        caller, reason = self.request.principal, None
        if way is not None and principals.negated and layout.statement.deny:
            if principals.partly_exempts(caller):
                reason = Reason.CHAIN_LISTED_IN_PART
            elif principals.exempts(caller):
                reason = Reason.BOUNDED_NOT_PRINCIPAL
        return PeculiarElement(layout.principal, way is not None, self.caller, reason)

    def _peculiar_resource(self, resources: Resources, shape: Shape) -> Element:
        request = self.request
        matched = resources.matches(request)
        reason = _about_stars(resources, matched, request)
        if not resources.may_differ:
            return PeculiarElement(shape, matched, self.target, reason)
        filled = tuple([pattern.resolved(request.keys) for pattern in resources.patterns])
        if None in filled:
            reason = Reason.VALUELESS_NOT_RESOURCE if resources.negated else Reason.VALUELESS_ARN
        elif _inserts_wildcards(resources.variables, request.keys):
            reason = Reason.WILDCARD_IN_VALUE
        return PeculiarElement(shape, matched, self.target, reason, filled, _missing(resources.variables, request.keys))


def _about_stars(resources: Resources, matched: bool, request: Request) -> Reason | None:
    """Whether another reading of `*` in the first five parts would give another answer."""
    if any(each.matches(request) for each in resources.short):
        return Reason.SHORT_ARN
    none_matches = matched is resources.negated
    differs = none_matches and any(each.matches_over_colons(request) for each in resources.patterns)
    return Reason.STAR_STAYS_IN_PART if differs else None


def _condition(layout: ConditionLayout, keys: Keys) -> Element:
    condition = layout.condition
    seen = keys.get(condition.lookup, ())
    if isinstance(seen, str) and not layout.peculiar:
        return Element(layout.shape, condition.check(keys), [seen])
    variables = condition.variables
    missing = _missing(variables, keys) if variables else ()
    reason = _absent(condition) if seen == () else _peculiar(condition, seen)
    if reason is None and variables:
        inserts = layout.wild and _inserts_wildcards(variables, keys)
        reason = Reason.VALUELESS_VARIABLE if missing else Reason.WILDCARD_IN_VALUE if inserts else None
    return PeculiarElement(
        layout.shape,
        condition.check(keys),
        [seen] if isinstance(seen, str) else [*seen],
        reason or layout.doubt,
        tuple([each.text(keys) for each in condition.templates]) if condition.may_differ else None,
        (condition.key, *missing) if seen == () else missing,
    )


def _absent(condition: Condition) -> Reason | None:
    """What there is to say when the request has not the key."""
    if not condition.known:
        return Reason.UNKNOWN_OPERATOR
    if condition.quantifier is Quantifier.ANY and condition.if_exists:
        return Reason.ANY_VALUE_IF_EXISTS
    return None if condition.is_null else Reason.KEY_ABSENT


def _peculiar(condition: Condition, seen: str | tuple[str, ...]) -> Reason | None:
    if not condition.known:
        return Reason.UNKNOWN_OPERATOR
    alone = condition.quantifier is None and not condition.is_null
    return Reason.SEVERAL_VALUES if alone and not isinstance(seen, str) else None


def _missing(variables: Iterable[Variable], keys: Keys) -> tuple[str, ...]:
    return tuple(variable.key for variable in variables if variable.value(keys) is None)


def _inserts_wildcards(variables: Iterable[Variable], keys: Keys) -> bool:
    return any(sign in (variable.value(keys) or "") for variable in variables for sign in "*?")
