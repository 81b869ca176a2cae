"""The grammar of identity-type documents: all that AWS answers with `Syntax errors in policy.`"""

from __future__ import annotations

from policies.engine.positioned import Node
from policies.engine.validate_kinds import VERSIONS, refuse, statements
from policies.engine.validate_operators import parse_operator

SYNTAX = "Syntax errors in policy."

TOP_ELEMENTS = frozenset({"Version", "Id", "Statement"})
STATEMENT_ELEMENTS = frozenset(
    {"Sid", "Effect", "Principal", "NotPrincipal", "Action", "NotAction", "Resource", "NotResource", "Condition"}
)
EITHER_OR = (("Action", "NotAction"), ("Resource", "NotResource"), ("Principal", "NotPrincipal"))
STRING_LISTS = ("Action", "NotAction", "Resource", "NotResource")
EFFECTS = ("Allow", "Deny")


def check_grammar(document: Node) -> None:
    """Refuse a document that is not built as the policy grammar says."""
    if document.kind != "object":
        refuse(SYNTAX, document)
    _check_elements(document, TOP_ELEMENTS)
    _check_version(document.get("Version"))
    _check_text(document.get("Id"))
    if not statements(document):
        refuse(SYNTAX, document.get("Statement") or document)
    for statement in statements(document):
        _check_statement(statement)


def _check_elements(node: Node, allowed: frozenset[str]) -> None:
    for key, _ in node.members:
        if key.value not in allowed:
            refuse(SYNTAX, key)


def _check_version(version: Node | None) -> None:
    if version is not None and version.value not in VERSIONS:
        refuse(SYNTAX, version)


def _check_text(node: Node | None) -> None:
    if node is not None and node.kind != "string":
        refuse(SYNTAX, node)


def _check_statement(statement: Node) -> None:
    if statement.kind != "object":
        refuse(SYNTAX, statement)
    _check_elements(statement, STATEMENT_ELEMENTS)
    _check_pairs(statement)
    _check_text(statement.get("Sid"))
    _check_effect(statement)
    for name in STRING_LISTS:
        _check_string_list(statement.get(name))
    for name in ("Principal", "NotPrincipal"):
        _check_principal(statement.get(name))
    check_condition(statement.get("Condition"))


def _check_pairs(statement: Node) -> None:
    for one, other in EITHER_OR:
        second = statement.get(other)
        if second is not None and statement.get(one) is not None:
            refuse(SYNTAX, second)


def _check_effect(statement: Node) -> None:
    """Any case passes here: AWS refuses `allow` later, with another text."""
    effect = statement.get("Effect")
    if effect is None or effect.kind != "string" or str(effect.value).capitalize() not in EFFECTS:
        refuse(SYNTAX, effect or statement)


def _check_string_list(node: Node | None) -> None:
    if node is None or node.kind == "string":
        return
    if node.kind != "array":
        refuse(SYNTAX, node)
    for item in node.items:
        _check_text(item)


def _check_principal(node: Node | None) -> None:
    if node is None or node.kind == "string":
        return
    if node.kind != "object":
        refuse(SYNTAX, node)
    for _, values in node.members:
        _check_string_list(values)


def check_condition(condition: Node | None, message: str = SYNTAX) -> None:
    """Operators hold keys, keys hold values; an unknown operator passes only when it holds nothing, as on AWS."""
    if condition is None:
        return
    if condition.kind != "object":
        refuse(message, condition)
    for operator, block in condition.members:
        if block.kind != "object":
            refuse(message, block)
        if block.members and parse_operator(str(operator.value)) is None:
            refuse(message, operator)
        for _, values in block.members:
            _check_condition_values(values, message)


def _check_condition_values(values: Node, message: str) -> None:
    for value in values.items if values.kind == "array" else [values]:
        if value.kind in {"object", "array"} or value.value is None:
            refuse(message, value)
