"""Actions: are they written as actions, and do they exist."""

from __future__ import annotations

from collections.abc import Iterator

from policies.engine.lint.facts import CatalogFacts
from policies.engine.lint.finding import Finding, report, shown
from policies.engine.lint.scope import Scope
from policies.engine.positioned import Node
from policies.engine.validate_identity import check_action
from policies.engine.validate_kinds import MalformedPolicy, text_of


def check(scope: Scope) -> Iterator[Finding]:
    for statement in scope.statements:
        for node in (*statement.actions, *statement.not_actions):
            found = _action(scope, node)
            if found is not None:
                yield found


def _action(scope: Scope, node: Node) -> Finding | None:
    text = text_of(node)
    if text == "*" or text.startswith("*:"):
        return None
    try:
        check_action(node)
    except MalformedPolicy as error:
        return report("invalid-action", node, error.message)
    return _known(scope, scope.catalog, node) if scope.catalog else None


def _known(scope: Scope, catalog: CatalogFacts, node: Node) -> Finding | None:
    text = text_of(node)
    service, _, name = text.partition(":")
    if service.lower() not in catalog.service_prefixes():
        near = scope.nearest(service, catalog.service_prefixes())
        message = f"AWS has no service {shown(service)}.{_mean(near)}"
        return report("unknown-service", node, message, fix=_fix(near, name))
    if scope.expand(text):
        return None
    if "*" in name or "?" in name:
        return report("wildcard-matches-nothing", node, f"No action of {service} is called like {shown(name)}.")
    near = scope.nearest(name, catalog.action_names(service))
    message = f"{service} has no action {shown(name)}.{_mean(near)}"
    return report("unknown-action", node, message, fix=_fix(service, near))


def _mean(near: str) -> str:
    return f" Did you mean {near}?" if near else ""


def _fix(service: str, name: str) -> str | None:
    return f'"{service}:{name}"' if service and name else None
