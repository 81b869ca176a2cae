"""Save-time validation: what AWS refuses, in AWS's words and in AWS's order."""

from __future__ import annotations

from policies.engine.positioned import DocumentError, Node, parse
from policies.engine.validate_grammar import SYNTAX
from policies.engine.validate_identity import check_identity
from policies.engine.validate_kinds import QUOTAS, DocumentKind, MalformedPolicy, forbidden_character, policy_size
from policies.engine.validate_kinds import statements as _statements
from policies.engine.validate_organizations import REFUSED, check_rcp, check_scp
from policies.engine.validate_principals import StatedPrincipal, stated_principals
from policies.engine.validate_trust import BAD_PRINCIPAL, check_resource_policy, check_trust

__all__ = [
    "QUOTAS", "DocumentKind", "MalformedPolicy", "StatedPrincipal", "invalid_principal_text", "policy_size",
    "trust_principals", "validate_document",
]  # fmt: skip

BROKEN_JSON: dict[DocumentKind, str] = {
    DocumentKind.IDENTITY: SYNTAX,
    DocumentKind.SESSION: SYNTAX,
    DocumentKind.TRUST: "This policy contains invalid Json",
    DocumentKind.RESOURCE: "Policies must be valid JSON and the first byte must be '{'",
    DocumentKind.SCP: REFUSED,
    DocumentKind.RCP: REFUSED,
}


def validate_document(text: str, kind: DocumentKind) -> None:
    """Raise MalformedPolicy, with AWS's text and the place, when AWS would not save the document as this kind."""
    document = _read(text, kind)
    match kind:
        case DocumentKind.IDENTITY:
            check_identity(document, strict_version=True)
        case DocumentKind.SESSION:
            check_identity(document, strict_version=False)
        case DocumentKind.TRUST:
            check_trust(document)
        case DocumentKind.RESOURCE:
            check_resource_policy(document)
        case DocumentKind.SCP:
            check_scp(document)
        case DocumentKind.RCP:
            check_rcp(document)


def trust_principals(text: str) -> list[StatedPrincipal]:
    """Every principal a valid document names, in its order: the caller asks whether they exist."""
    principals: list[StatedPrincipal] = []
    for statement in _statements(parse(text)):
        principals += stated_principals(statement.get("Principal") or statement.get("NotPrincipal"))
    return principals


def invalid_principal_text(principal: StatedPrincipal) -> str:
    """What AWS answers when a principal of a trust policy does not exist."""
    return BAD_PRINCIPAL.format(principal.kind.upper(), principal.value)


def _read(text: str, kind: DocumentKind) -> Node:
    offset = forbidden_character(text)
    if offset is not None:
        line, column = text.count("\n", 0, offset) + 1, offset - text.rfind("\n", 0, offset)
        raise MalformedPolicy(BROKEN_JSON[kind], line, column)
    try:
        return parse(text)
    except DocumentError as error:
        raise MalformedPolicy(BROKEN_JSON[kind], error.line, error.column) from error
