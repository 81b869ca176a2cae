"""Who is let in: trust policies and resource policies."""

from __future__ import annotations

import re
from collections.abc import Iterator

from policies.engine.lint.finding import Finding, report, shown
from policies.engine.lint.scope import Scope, Statement
from policies.engine.positioned import Node
from policies.engine.validate_kinds import DocumentKind, text_of
from policies.engine.validate_principals import StatedPrincipal, has_valid_form
from policies.engine.validate_trust import is_trust_action

_LIMITING = frozenset({
    "aws:principalarn", "aws:principalaccount", "aws:principalorgid", "aws:principalorgpaths", "aws:sourceaccount",
    "aws:sourcearn", "aws:sourceorgid", "aws:sourcevpc", "aws:sourcevpce", "aws:sourceip", "aws:userid",
    "sts:externalid", "aws:principalservicename", "aws:vpceaccount", "aws:vpceorgid",
})  # fmt: skip
_SOURCE = frozenset({"aws:sourceaccount", "aws:sourcearn", "aws:sourceorgid", "aws:sourceorgpaths"})
_ACCOUNT = re.compile(r"(\d{12})|arn:aws[a-z-]*:iam::(\d{12}):root", re.ASCII)
_ACTION_FOR = {
    "saml": "sts:assumerolewithsaml",
    "web": "sts:assumerolewithwebidentity",
    "other": "sts:assumerole",
}
_SPELLED = {
    "sts:assumerolewithsaml": "sts:AssumeRoleWithSAML",
    "sts:assumerolewithwebidentity": "sts:AssumeRoleWithWebIdentity",
    "sts:assumerole": "sts:AssumeRole",
}
_TOO_WIDE = frozenset({"*", "repo:*", "repo:*/*", "repo:*:*"})


def check(scope: Scope) -> Iterator[Finding]:
    if scope.kind not in {DocumentKind.TRUST, DocumentKind.RESOURCE}:
        return
    for statement in scope.statements:
        for principal, node in statement.principals:
            yield from _form(principal, node)
            if statement.allows:
                yield from _allowed(scope, statement, principal, node)
        if scope.kind is DocumentKind.TRUST:
            yield from _trust_actions(statement)


def _form(principal: StatedPrincipal, node: Node) -> Iterator[Finding]:
    if principal.kind == "*":
        if principal.value != "*":
            yield report("invalid-principal", node, f'{shown(principal.value)} is no principal: "*" or an object.')
    elif not has_valid_form(principal.kind, principal.value):
        message = f"{shown(principal.value)} is not written like a principal of the type {principal.kind[:40]}."
        yield report("invalid-principal", node, message)


def _allowed(scope: Scope, statement: Statement, principal: StatedPrincipal, node: Node) -> Iterator[Finding]:
    if principal.value == "*" and principal.kind in {"*", "AWS"}:
        yield from _everyone(scope, statement, node)
    elif scope.kind is DocumentKind.TRUST:
        yield from _trusted(scope, statement, principal, node)
    elif principal.kind == "Service" and not statement.has_condition_on(*_SOURCE):
        message = "The service may act here for anybody's resources. Name yours in aws:SourceArn or aws:SourceAccount."
        yield report("service-principal-without-source", node, message)


def _everyone(scope: Scope, statement: Statement, node: Node) -> Iterator[Finding]:
    if any(condition.key in _LIMITING for condition in statement.conditions):
        return
    if scope.kind is DocumentKind.TRUST:
        message = "Every AWS account in the world is trusted. Name accounts or roles, or limit by aws:PrincipalOrgID."
        yield report("trust-everyone", node, message)
    else:
        yield report("public-access", node, "Everybody, also without an AWS account, is allowed in.")


def _trusted(scope: Scope, statement: Statement, principal: StatedPrincipal, node: Node) -> Iterator[Finding]:
    yield from _mismatch(statement, principal, node)
    if principal.kind == "Federated":
        yield from _web_identity(statement, principal, node)
    account = _ACCOUNT.fullmatch(principal.value) if principal.kind == "AWS" else None
    if account is None or scope.account_id is None or scope.account_id in account.groups():
        return
    if not any(condition.key in _LIMITING for condition in statement.conditions):
        message = "A whole other account is trusted. If it belongs to somebody else, agree on an sts:ExternalId."
        yield report("cross-account-without-external-id", node, message)


def _mismatch(statement: Statement, principal: StatedPrincipal, node: Node) -> Iterator[Finding]:
    wanted = _ACTION_FOR[_way_in(principal)]
    if statement.actions and not statement.covers_action(wanted):
        message = f"This principal comes in by {_SPELLED[wanted]}, which the statement does not allow."
        yield report("trust-action-mismatch", node, message)


def _way_in(principal: StatedPrincipal) -> str:
    if principal.kind != "Federated":
        return "other"
    return "saml" if ":saml-provider/" in principal.value else "web"


def _web_identity(statement: Statement, principal: StatedPrincipal, node: Node) -> Iterator[Finding]:
    if _way_in(principal) != "web":
        return
    claims = [one for one in statement.conditions if one.key.endswith((":sub", ":aud", ":amr", ":app_id", ":oaud"))]
    if ":oidc-provider/" in principal.value:
        claims = [one for one in claims if one.key.endswith(":sub")]
    if not claims:
        message = (
            "Everybody whom this identity provider knows may assume the role. Ask for a subject (…:sub) or audience."
        )
        yield report("web-identity-without-subject", node, message)
    for claim in claims:
        for value in claim.values:
            if text_of(value) in _TOO_WIDE:
                message = f"{shown(text_of(value))} lets in every subject of the provider."
                yield report("web-identity-subject-star", value, message)


def _trust_actions(statement: Statement) -> Iterator[Finding]:
    for node in (*statement.actions, *statement.not_actions):
        if not is_trust_action(text_of(node).lower()):
            message = "A trust policy holds sts:AssumeRole, its SAML and web identity forms, and what goes with them."
            yield report("trust-action", node, message)
