"""Condition operators and keys: do they exist, do they go together."""

from __future__ import annotations

from collections.abc import Iterator

from policies.engine.lint.facts import CatalogFacts
from policies.engine.lint.finding import Finding, report, shown
from policies.engine.lint.rules import Level
from policies.engine.lint.scope import Condition, Scope, Statement
from policies.engine.validate_kinds import text_of
from policies.engine.validate_operators import FAMILY_OF, IF_EXISTS, QUALIFIERS, Operator

_FAMILIES_FOR: dict[str, frozenset[str]] = {
    "String": frozenset({"String", "Binary"}),
    "ARN": frozenset({"Arn", "String"}),
    "Bool": frozenset({"Bool", "String"}),
    "Numeric": frozenset({"Numeric", "String"}),
    "Date": frozenset({"Date", "Numeric"}),
    "IPAddress": frozenset({"IpAddress"}),
}
# Their values are ARNs often enough that the ARN operators are right.
_TEXT_OR_ARN = frozenset({"iam:permissionsboundary"})
_UNBOUND = frozenset({"aws", "saml", "sts"})
_ARRAY = "ArrayOf"


def check(scope: Scope) -> Iterator[Finding]:
    for statement in scope.statements:
        for condition in statement.conditions:
            yield from _operator(scope, condition)
            if scope.catalog:
                yield from _key(scope, scope.catalog, statement, condition)


def _operator(scope: Scope, condition: Condition) -> Iterator[Finding]:
    name = text_of(condition.operator_node)
    if condition.operator is not None:
        return
    if name.rpartition(":")[2] == f"Null{IF_EXISTS}":
        message = "Null asks itself whether the key is there; IfExists adds nothing and is refused."
        yield report("null-with-if-exists", condition.operator_node, message, fix='"Null"')
        return
    near = _nearest_operator(scope, name)
    hint = f" Did you mean {near}?" if near else ""
    yield report("unknown-operator", condition.operator_node, f"{shown(name)} is no condition operator.{hint}",
                 fix=f'"{near}"' if near else None)  # fmt: skip


def _nearest_operator(scope: Scope, name: str) -> str:
    qualifier, colon, rest = name.replace("::", ":").rpartition(":")
    qualifiers = {known.lower(): f"{known}:" for known in QUALIFIERS} | {"": ""}
    if qualifier.lower() not in qualifiers or bool(colon) != bool(qualifier):
        return ""
    near = scope.nearest(rest, [known for base in FAMILY_OF for known in (base, base + IF_EXISTS)])
    return qualifiers[qualifier.lower()] + near if near else ""


def _key(scope: Scope, catalog: CatalogFacts, statement: Statement, condition: Condition) -> Iterator[Finding]:
    kind = catalog.condition_key_type(condition.key)
    if kind is None:
        yield from _unknown_key(scope, catalog, condition)
        return
    if condition.operator is not None:
        yield from _set_operator(statement, condition, condition.operator, kind)
        yield from _family(condition, condition.operator, kind)
    yield from _used_by_actions(scope, catalog, statement, condition)


def _unknown_key(scope: Scope, catalog: CatalogFacts, condition: Condition) -> Iterator[Finding]:
    service, _, _ = condition.key.partition(":")
    name = text_of(condition.key_node)
    if service == "aws":
        message = f"{shown(name)} is no global condition key, so the condition can never see a value."
        yield report("unknown-global-key", condition.key_node, message)
    elif service in catalog.service_prefixes():
        near = scope.nearest(name, catalog.service_condition_keys(service))
        hint = f" Did you mean {near}?" if near else ""
        fix = f'"{near}"' if near and "${" not in near and "<" not in near else None
        yield report("unknown-service-key", condition.key_node, f"{service} has no key {shown(name)}.{hint}", fix=fix)
    elif "." not in service:  # `accounts.google.com:aud`: an identity provider may name any claim
        message = f"{shown(name)} belongs to no service we know."
        yield report("unknown-service-key", condition.key_node, message, level="warning")


def _set_operator(statement: Statement, condition: Condition, operator: Operator, kind: str) -> Iterator[Finding]:
    many = kind.startswith(_ARRAY)
    name = text_of(condition.key_node)
    if many and not operator.qualifier and operator.family != "Null":
        message = (
            f"{name} has several values: say ForAnyValue: (one of them fits) or ForAllValues: (each of them fits)."
        )
        fix = f'"ForAnyValue:{text_of(condition.operator_node)}"'
        # The reference calls some keys of services lists that AWS's own policies use as single values.
        level: Level = "error" if condition.key.startswith("aws:") else "warning"
        yield report("missing-qualifier", condition.operator_node, message, level=level, fix=fix)
    elif not many and operator.qualifier == "ForAllValues" and statement.allows:
        message = (
            f"{name} has one value, and ForAllValues is also true when it is absent: the Allow then applies to all."
        )
        yield report("for-all-values-single-key", condition.operator_node, message)
    elif not many and operator.qualifier:
        message = f"{name} has one value; {operator.qualifier} is for keys with several."
        yield report("set-operator-single-key", condition.operator_node, message)


def _family(condition: Condition, operator: Operator, kind: str) -> Iterator[Finding]:
    plain = kind.removeprefix(_ARRAY)
    fitting = _FAMILIES_FOR.get(plain)
    if fitting is None or operator.family in fitting or operator.family == "Null":
        return
    if operator.family == "Arn" and (condition.key.endswith("arn") or condition.key in _TEXT_OR_ARN):
        return
    message = f"{text_of(condition.key_node)} holds {plain} values; {operator.base} compares {operator.family} values."
    yield report("key-type", condition.operator_node, message)


def _used_by_actions(
    scope: Scope, catalog: CatalogFacts, statement: Statement, condition: Condition
) -> Iterator[Finding]:
    service = condition.key.partition(":")[0]
    if service in _UNBOUND or service not in catalog.service_prefixes() or not statement.actions:
        return
    names = [name for node in statement.actions for name in (scope.expand(text_of(node)) or ("",))]
    if not scope.comparisons.spend(len(names)) or any(
        not name or _knows(catalog, name, condition.key) for name in names
    ):
        return
    message = f"None of the actions of this statement fills in {text_of(condition.key_node)}."
    yield report("key-not-for-action", condition.key_node, message)


def _knows(catalog: CatalogFacts, action: str, key: str) -> bool:
    for known in catalog.action_condition_keys(action):
        stem = known.split("${")[0].split("<")[0]
        if known == key or (stem != known and key.startswith(stem)):
            return True
    return False
