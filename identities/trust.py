"""Trust policies and the users and roles they name: these must exist, and are followed when they move or go.

Source: IAM user guide, "AWS JSON policy elements: Principal" (reference_policies_elements_principal): a principal is
kept by its id, so that a new user under an old name is not trusted.
"""

from __future__ import annotations

import re

from iamconsole.operations.errors import MalformedPolicyDocument
from identities.models import Role, User
from identities.quotas import QUOTAS, exceeded
from policies.engine.validate import (
    DocumentKind,
    MalformedPolicy,
    StatedPrincipal,
    invalid_principal_text,
    policy_size,
    trust_principals,
    validate_document,
)

_ARN = re.compile(r"arn:aws[a-z-]*:iam::(?P<account>\d{12}):(?P<kind>user|role)/(?:.*/)?(?P<name>[^/]+)")
_KINDS: dict[str, type[User] | type[Role]] = {"user": User, "role": Role}


def check_trust_policy(text: str) -> None:
    """A document AWS would take for a role's trust. Raises MalformedPolicyDocument or LimitExceeded."""
    try:
        validate_document(text, DocumentKind.TRUST)
    except MalformedPolicy as error:
        raise MalformedPolicyDocument(error.message) from error
    if policy_size(text) > QUOTAS["ACLSizePerRole"]:
        raise exceeded("ACLSizePerRole")
    for principal in trust_principals(text):
        if not _exists(principal):
            raise MalformedPolicyDocument(invalid_principal_text(principal))


def _exists(principal: StatedPrincipal) -> bool:
    """Users and roles are looked up, in whichever account; other kinds of principals are taken as written."""
    if principal.kind != "AWS":
        return True
    if principal.value.startswith(("AIDA", "AROA")):
        kind = User if principal.value.startswith("AIDA") else Role
        return bool(kind.objects.filter(pk=principal.value).exists())
    parts = _ARN.fullmatch(principal.value)
    if parts is None:
        return True
    named = _KINDS[parts["kind"]].objects.of(parts["account"]).filter(name=parts["name"])
    return any(row.arn == principal.value for row in named)


def follow(old: str, new: str) -> None:
    """Write `new` for the principal `old` in every trust policy: the ARN after a move, the bare id after deletion."""
    if old == new:
        return
    for role in Role.objects.filter(trust_policy__contains=old):
        changed = _replaced(role.trust_policy, old, new)
        if changed != role.trust_policy:
            Role.objects.of(role.account_id).filter(pk=role.pk).update(trust_policy=changed)


def _replaced(text: str, old: str, new: str) -> str:
    """Only where it stands as a principal, not in a condition; from the end, so that earlier places stay true."""
    lines, written = text.split("\n"), f'"{old}"'
    for principal in sorted(trust_principals(text), key=lambda each: (each.line, each.column), reverse=True):
        line, start = principal.line - 1, principal.column - 1
        if lines[line].startswith(written, start):
            lines[line] = lines[line][:start] + f'"{new}"' + lines[line][start + len(written) :]
    return "\n".join(lines)
