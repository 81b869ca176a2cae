"""The forms a principal may be written in; whether it exists is asked where the accounts are."""

from __future__ import annotations

import re
from dataclasses import dataclass

from policies.engine.positioned import Node
from policies.engine.validate_kinds import strings, text_of

PRINCIPAL_TYPES = ("AWS", "Service", "Federated", "CanonicalUser")
WEB_PROVIDERS = frozenset(
    {"cognito-identity.amazonaws.com", "accounts.google.com", "graph.facebook.com", "www.amazon.com"}
)
_NAME = r"[\w+=,.@-]+"
_PATH = r"(?:[\x21-\x7e]*/)?"
_FORMS: dict[str, re.Pattern[str]] = {
    "AWS": re.compile(
        r"\*|\d{12}|(?:AIDA|AROA)[A-Z0-9]{12,32}"
        rf"|arn:aws[a-z-]*:iam::\d{{12}}:(?:root|user/{_PATH}{_NAME}|role/{_PATH}{_NAME})"
        rf"|arn:aws[a-z-]*:sts::\d{{12}}:(?:assumed-role/{_NAME}/{_NAME}|federated-user/{_NAME})",
        re.ASCII,
    ),
    "Service": re.compile(r"[a-z0-9-]+(?:\.[a-z0-9-]+)*\.amazonaws\.com(?:\.cn)?|[a-z0-9-]+\.aws\.internal", re.ASCII),
    "Federated": re.compile(
        rf"arn:aws[a-z-]*:iam::\d{{12}}:(?:saml-provider/{_NAME}|oidc-provider/[\x21-\x7e]+)", re.ASCII
    ),
    "CanonicalUser": re.compile(r"[0-9a-f]{64}"),
}
LONGEST_PRINCIPAL = 2048


@dataclass(frozen=True, slots=True)
class StatedPrincipal:
    """One principal of a document: `kind` is AWS, Service, Federated, CanonicalUser, or "*" for a bare star."""

    kind: str
    value: str
    line: int
    column: int


def stated_principals(principal: Node | None) -> list[StatedPrincipal]:
    """Every value of a Principal or NotPrincipal element."""
    if principal is None:
        return []
    if principal.kind == "string":
        return [StatedPrincipal("*", text_of(principal), principal.line, principal.column)]
    return [
        StatedPrincipal(text_of(key), text_of(value), value.line, value.column)
        for key, values in principal.members
        for value in strings(values)
    ]


def has_valid_form(kind: str, value: str) -> bool:
    """Whether the value is written as principals of this type are; False for an unknown type."""
    if kind == "Federated" and value in WEB_PROVIDERS:
        return True
    form = _FORMS.get(kind)
    return form is not None and len(value) <= LONGEST_PRINCIPAL and form.fullmatch(value) is not None
