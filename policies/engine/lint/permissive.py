"""Statements that give more than they seem to."""

from __future__ import annotations

from collections.abc import Iterator

from policies.engine.lint.finding import Finding, report
from policies.engine.lint.scope import Scope, Statement
from policies.engine.positioned import Node
from policies.engine.validate_kinds import DocumentKind, text_of

_PASSING = "iam:passrole"
_SERVICE_LINKED = "iam:createservicelinkedrole"
_GRANTING = frozenset({DocumentKind.IDENTITY, DocumentKind.SESSION})
_MOST_CONDITIONS = 1000


def check(scope: Scope) -> Iterator[Finding]:
    for statement in scope.statements:
        if statement.allows:
            yield from _not_principal(statement)
            yield from _for_all_values(scope, statement)
        if statement.denies:
            yield from _negated_if_exists(statement)
        if statement.allows and scope.kind in _GRANTING:
            yield from _granting(statement)


def _granting(statement: Statement) -> Iterator[Finding]:
    everywhere = star_resource(statement)
    if everywhere and not statement.is_conditional and any(text_of(node) in {"*", "*:*"} for node in statement.actions):
        yield report(
            "full-access", statement.node, "This allows every action on every resource: it makes an administrator."
        )
        return
    yield from _not_action(statement)
    yield from _pass_role(statement)
    yield from _service_linked(statement)


def star_resource(statement: Statement) -> Node | None:
    """The resource that stands for everything, or for every role, user …, of an account."""
    for node in statement.resources:
        text = text_of(node)
        if text == "*" or text.split(":", 5)[-1] in {"*", "role/*", "user/*", "group/*", "policy/*"}:
            return node
    return statement.not_resources[0] if statement.not_resources else None


def _not_principal(statement: Statement) -> Iterator[Finding]:
    node = statement.node.get("NotPrincipal")
    if node is not None:
        message = "Allow with NotPrincipal lets in everybody who is not named, also people without an account."
        yield report("allow-not-principal", node, message)


def _not_action(statement: Statement) -> Iterator[Finding]:
    node = statement.node.get("NotAction")
    if node is not None:
        message = (
            "This allows every action that is not named, also those that AWS adds tomorrow. A Deny protects better."
        )
        yield report("allow-not-action", node, message)


def _pass_role(statement: Statement) -> Iterator[Finding]:
    action, resource = statement.action_node(_PASSING), star_resource(statement)
    if action is None or resource is None or statement.has_condition_on("iam:passedtoservice"):
        return
    message = "iam:PassRole on every role lets its holder hand any role, also an administrator's, to a service."
    message += " Name the roles, or the service in a condition on iam:PassedToService."
    yield report("pass-role-with-star", action if statement.not_actions else resource, message)


def _service_linked(statement: Statement) -> Iterator[Finding]:
    action, resource = statement.action_node(_SERVICE_LINKED), star_resource(statement)
    if action is None or resource is None or "*" in text_of(action) or statement.not_actions:
        return
    if not statement.has_condition_on("iam:awsservicename"):
        message = "Any service can get a service-linked role this way; name it in iam:AWSServiceName."
        yield report("service-linked-role-star", resource, message)


def _for_all_values(scope: Scope, statement: Statement) -> Iterator[Finding]:
    for condition in statement.conditions[:_MOST_CONDITIONS]:
        operator = condition.operator
        if operator is None or operator.qualifier != "ForAllValues" or _is_single(scope, condition.key):
            continue
        if not _demands_presence(statement, condition.key):
            message = f"ForAllValues is also true when {text_of(condition.key_node)} is absent or empty."
            message += ' Add "Null": {"' + text_of(condition.key_node)[:120] + '": "false"} to ask for it.'
            yield report("for-all-values-in-allow", condition.operator_node, message)


def _is_single(scope: Scope, key: str) -> bool:
    """Single-valued keys get their own finding."""
    kind = scope.catalog.condition_key_type(key) if scope.catalog else None
    return kind is not None and not kind.startswith("ArrayOf")


def _demands_presence(statement: Statement, key: str) -> bool:
    for condition in statement.conditions[:_MOST_CONDITIONS]:
        operator = condition.operator
        if condition.key != key or operator is None:
            continue
        if operator.base == "Null" and any(text_of(v) == "false" or v.value is False for v in condition.values):
            return True
        if operator.qualifier == "ForAnyValue" and not operator.if_exists:
            return True
    return False


def _negated_if_exists(statement: Statement) -> Iterator[Finding]:
    for condition in statement.conditions:
        operator = condition.operator
        if operator and operator.negated and operator.if_exists and not operator.qualifier:
            message = (
                f"{operator.base} is true when the key is absent, with or without IfExists: such requests are denied."
            )
            yield report("negated-if-exists", condition.operator_node, message)
