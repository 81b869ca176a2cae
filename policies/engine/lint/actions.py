"""Actions: are they written as actions, and do they exist."""

from __future__ import annotations

from collections.abc import Iterator
from difflib import get_close_matches

from policies.engine.lint.facts import CatalogFacts
from policies.engine.lint.finding import Finding, report, shown
from policies.engine.lint.scope import Scope
from policies.engine.positioned import Node
from policies.engine.validate_identity import check_action
from policies.engine.validate_kinds import MalformedPolicy, text_of

_LONGEST_SUGGESTED = 80
_MOST_SUGGESTIONS = 20


def check(scope: Scope) -> Iterator[Finding]:
    nodes = [node for statement in scope.statements for node in (*statement.actions, *statement.not_actions)]
    suggestions = 0
    for node in nodes:
        found = _action(scope, node, suggest=suggestions < _MOST_SUGGESTIONS)
        if found is not None:
            suggestions += 1
            yield found


def _action(scope: Scope, node: Node, *, suggest: bool) -> Finding | None:
    text = text_of(node)
    if text == "*" or text.startswith("*:"):
        return None
    try:
        check_action(node)
    except MalformedPolicy as error:
        return report("invalid-action", node, error.message)
    return _known(scope, scope.catalog, node, suggest) if scope.catalog else None


def _known(scope: Scope, catalog: CatalogFacts, node: Node, suggest: bool) -> Finding | None:
    text = text_of(node)
    service, _, name = text.partition(":")
    if service.lower() not in catalog.service_prefixes():
        near = _nearest(service, list(catalog.service_prefixes()), suggest)
        return report(
            "unknown-service", node, f"AWS has no service {shown(service)}.{_mean(near)}", fix=_fix(near, name)
        )
    matched = scope.expand(text)
    if not matched and ("*" in name or "?" in name):
        return report("wildcard-matches-nothing", node, f"No action of {service} is called like {shown(name)}.")
    if not matched:
        near = _nearest(name, list(catalog.action_names(service)), suggest)
        message = f"{service} has no action {shown(name)}.{_mean(near)}"
        return report("unknown-action", node, message, fix=_fix(service, near) if near else None)
    return None


def _nearest(text: str, known: list[str], suggest: bool) -> str:
    if not suggest or len(text) > _LONGEST_SUGGESTED:
        return ""
    spelled = {name.lower(): name for name in known}
    near = get_close_matches(text.lower(), spelled, n=1, cutoff=0.7)
    return spelled[near[0]] if near else ""


def _mean(near: str) -> str:
    return f" Did you mean {near}?" if near else ""


def _fix(*parts: str) -> str | None:
    return f'"{":".join(parts)}"' if all(parts) else None
