"""SCPs and RCPs: AWS Organizations answers with one text, whatever is wrong."""

from __future__ import annotations

from policies.engine.positioned import Node
from policies.engine.validate_identity import check_identity
from policies.engine.validate_kinds import MalformedPolicy, element_strings, refuse, statements, text_of

REFUSED = "The provided policy document does not meet the requirements of the specified policy type."


def check_scp(document: Node) -> None:
    """An SCP is written like an identity policy."""
    _check(document, principals=False)


def check_rcp(document: Node) -> None:
    """An RCP a customer writes only denies, to everyone, and names its actions."""
    _check(document, principals=True)
    for statement in statements(document):
        _check_rcp_statement(statement)


def _check(document: Node, *, principals: bool) -> None:
    try:
        check_identity(document, strict_version=True, principals=principals)
    except MalformedPolicy as error:
        raise MalformedPolicy(REFUSED, error.line, error.column) from error


def _check_rcp_statement(statement: Node) -> None:
    principal, effect = statement.get("Principal"), statement.get("Effect")
    if principal is None or principal.value != "*":
        refuse(REFUSED, principal or statement)
    if effect is not None and effect.value != "Deny":
        refuse(REFUSED, effect)
    for action in element_strings(statement, "Action", "NotAction"):
        if statement.get("NotAction") is not None or text_of(action) == "*":
            refuse(REFUSED, action)
