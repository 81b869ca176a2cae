"""Grammar: elements that are missing, unknown, exclude each other or do not belong into this type of policy."""

from __future__ import annotations

import re
from collections.abc import Iterator

from policies.engine.lint.finding import Finding, report, shown
from policies.engine.lint.rules import Level
from policies.engine.lint.scope import Scope, Statement
from policies.engine.positioned import Node
from policies.engine.validate_grammar import EFFECTS, EITHER_OR, STATEMENT_ELEMENTS, TOP_ELEMENTS
from policies.engine.validate_kinds import CURRENT_VERSION, QUOTAS, VERSIONS, DocumentKind, policy_size, text_of

_SID = re.compile(r"[A-Za-z0-9]*")
_NO_PRINCIPAL = frozenset({DocumentKind.IDENTITY, DocumentKind.SESSION, DocumentKind.SCP})
_STRICT_VERSION = frozenset({DocumentKind.IDENTITY, DocumentKind.SCP, DocumentKind.RCP})
_CLOSE_TO_QUOTA = 0.9
_FORBIDDEN: dict[DocumentKind, tuple[str, ...]] = {
    DocumentKind.TRUST: ("Resource", "NotResource", "NotPrincipal"),
    DocumentKind.RCP: ("NotAction", "NotPrincipal"),
}


def check(scope: Scope) -> Iterator[Finding]:
    if scope.document.kind != "object":
        yield report("not-an-object", scope.document, "A policy begins with { and holds Version and Statement.")
        return
    yield from _unknown(scope.document, TOP_ELEMENTS)
    yield from _version(scope)
    yield from _size(scope)
    if not scope.statements:
        yield report(
            "missing-statement", scope.document, "A policy needs a Statement with at least one statement in it."
        )
    for statement in scope.statements:
        yield from _statement(scope, statement)
    yield from _sids(scope)


def _unknown(node: Node, known: frozenset[str]) -> Iterator[Finding]:
    spelled = {name.lower(): name for name in known}
    for key, _ in node.members:
        name = text_of(key)
        if name not in known:
            near = spelled.get(name.lower())
            hint = f" Elements are written with case: {near}." if near else f" Known here: {', '.join(sorted(known))}."
            message = f"{shown(name)} is no element of a policy at this place.{hint}"
            yield report("unknown-element", key, message, fix=f'"{near}"' if near else None)


def _version(scope: Scope) -> Iterator[Finding]:
    version = scope.document.get("Version")
    level: Level | None = "error" if scope.kind in _STRICT_VERSION else None
    if version is None:
        message = f'Without Version the language of 2008 applies: variables are plain text. Add "{CURRENT_VERSION}".'
        yield report("missing-version", scope.document, message, level=level)
    elif version.value not in VERSIONS:
        yield report("invalid-version", version, f'Version is "{CURRENT_VERSION}".', fix=f'"{CURRENT_VERSION}"')
    elif version.value != CURRENT_VERSION:
        message = "In the language of 2008 policy variables are plain text."
        yield report("old-version", version, message, level=level, fix=f'"{CURRENT_VERSION}"')


def _size(scope: Scope) -> Iterator[Finding]:
    size, quota = policy_size(scope.text), scope.quota or QUOTAS[scope.kind]
    counted = f"{size} of {quota} characters are used (white space does not count)."
    if size > quota:
        yield report("policy-size", scope.document, counted)
    elif size > quota * _CLOSE_TO_QUOTA:
        yield report("size-close-to-quota", scope.document, counted)


def _statement(scope: Scope, statement: Statement) -> Iterator[Finding]:
    node = statement.node
    yield from _unknown(node, STATEMENT_ELEMENTS)
    yield from _effect(node)
    for one, other in EITHER_OR:
        second = node.get(other)
        if second is not None and node.get(one) is not None:
            yield report("element-pair", second, f"A statement has either {one} or {other}.")
    yield from _required(scope, node)
    yield from _not_allowed(scope, node)
    if scope.kind is DocumentKind.RCP:
        yield from _rcp(statement)


def _rcp(statement: Statement) -> Iterator[Finding]:
    """AWS has one text for all of this; a person wants to know which it is."""
    effect, principal = statement.node.get("Effect"), statement.node.get("Principal")
    if effect is not None and statement.allows:
        yield report("rcp-rule", effect, "A resource control policy only denies: RCPFullAWSAccess allows already.")
    if principal is not None and principal.value != "*":
        yield report("rcp-rule", principal, 'A resource control policy speaks to everybody: Principal is "*".')
    for action in statement.actions:
        if action.value == "*":
            yield report("rcp-rule", action, 'A resource control policy names its services, as in "s3:*".')


def _effect(node: Node) -> Iterator[Finding]:
    effect = node.get("Effect")
    if effect is None:
        yield report("missing-effect", node, "A statement says in Effect whether it is an Allow or a Deny.")
    elif effect.value not in EFFECTS:
        near = text_of(effect).capitalize()
        fix = f'"{near}"' if near in EFFECTS else None
        yield report("invalid-effect", effect, "Effect is Allow or Deny, written exactly so.", fix=fix)


def _required(scope: Scope, node: Node) -> Iterator[Finding]:
    wanted = ["Action"]
    if scope.kind is not DocumentKind.TRUST:
        wanted.append("Resource")
    if scope.kind not in _NO_PRINCIPAL:
        wanted.append("Principal")
    for name in wanted:
        if _is_absent(node.get(name)) and _is_absent(node.get(f"Not{name}")):
            yield report(f"missing-{name.lower()}", node, f"The statement names no {name}, so it can never apply.")


def _is_absent(element: Node | None) -> bool:
    return element is None or element.value in ([], {})


def _not_allowed(scope: Scope, node: Node) -> Iterator[Finding]:
    names = ("Principal", "NotPrincipal") if scope.kind in _NO_PRINCIPAL else _FORBIDDEN.get(scope.kind, ())
    for key, _ in node.members:
        if key.value in names:
            message = f"{key.value} has no place in this type of policy ({scope.kind.value})."
            yield report("element-not-allowed", key, message)


def _sids(scope: Scope) -> Iterator[Finding]:
    seen: set[str] = set()
    for statement in scope.statements:
        sid = statement.node.get("Sid")
        if sid is None or not sid.value:
            continue
        free_text = scope.kind in {DocumentKind.TRUST, DocumentKind.RESOURCE}
        if sid.kind != "string" or not (free_text or _SID.fullmatch(text_of(sid))):
            yield report("invalid-sid", sid, "A Sid is a text of letters A-Z, a-z and digits.")
        if text_of(sid) in seen:
            yield report("duplicate-sid", sid, f"Another statement has the Sid {shown(text_of(sid))} already.")
        seen.add(text_of(sid))
