"""Documents with a principal (role trust policies, resource policies): a newer parser, with other texts."""

from __future__ import annotations

from policies.engine.positioned import Node
from policies.engine.validate_grammar import EFFECTS, STATEMENT_ELEMENTS, TOP_ELEMENTS, check_condition
from policies.engine.validate_kinds import VERSIONS, refuse, statements, strings, text_of
from policies.engine.validate_operators import parse_operator
from policies.engine.validate_principals import PRINCIPAL_TYPES, has_valid_form

SYNTAX = "Syntax error in policy."
BAD_VERSION = "The policy must contain a valid version string"
EMPTY_STATEMENT = "Could not parse the policy: Statement is empty!"
UNKNOWN_FIELD = "Unknown field {}"
MISSING_FIELD = "Missing required field {}"
BAD_EFFECT = "Invalid effect: {}"
BAD_OPERATOR = "Invalid Condition type : {}"
SAME_SID = "The Statement Ids in the policy are not unique"
ALLOW_NOT_PRINCIPAL = "Allow with NotPrincipal is not allowed."
TRUST_NOT_PRINCIPAL = "AssumeRole policy must not contain NotPrincipal field."
EMPTY_PRINCIPAL = "Missing required field Principal cannot be empty!"
PRINCIPAL_OBJECT = "Principal must be a JSON object."
BAD_PRINCIPAL_TYPE = 'Invalid principal in policy: "{}"'
BAD_PRINCIPAL = 'Invalid principal in policy: "{}":"{}"'
NO_PRINCIPALS = (
    "Invalid principal in policy: com.amazon.balsa.error.InvalidPolicyException: "
    "The passed in policy has a statement with no principals!"
)
NOT_STS = "AssumeRole policy may only specify STS AssumeRole actions."
PROHIBITED_RESOURCE = "Has prohibited field Resource"
PROHIBITED_NOT_RESOURCE = "AssumeRole policy must not contain resources."
COGNITO = "A condition block must be present for the Cognito provider"

TRUST_ACTIONS = frozenset(
    "sts:" + name
    for name in (
        "assumerole", "assumerolewithsaml", "assumerolewithwebidentity", "tagsession", "setsourceidentity",
        "setcontext", "decodeauthorizationmessage", "getaccesskeyinfo", "getcalleridentity", "getfederationtoken",
        "getservicebearertoken", "getsessiontoken",
    )
)  # fmt: skip
TRUST_PRINCIPAL_TYPES = ("AWS", "Service", "Federated")


def check_trust(document: Node) -> None:
    """Refuse what AWS refuses as a role's trust policy."""
    for statement in _checked_statements(document):
        _check_effect(statement)
        _check_trust_principal(statement)
        _check_trust_actions(statement)
        _check_no_resources(statement)
        _check_condition(statement)
    _check_sids(document)


def check_resource_policy(document: Node) -> None:
    """Refuse what AWS refuses as the policy of a resource."""
    for statement in _checked_statements(document):
        _check_effect(statement)
        _check_principal(statement)
        for name in ("Action", "Resource"):
            _require(statement, name)
        _check_condition(statement)
    _check_sids(document)


def _checked_statements(document: Node) -> list[Node]:
    if document.kind != "object":
        refuse(SYNTAX, document)
    _check_fields(document, TOP_ELEMENTS)
    version = document.get("Version")
    if version is not None and version.value not in VERSIONS:
        refuse(BAD_VERSION, version)
    found = statements(document)
    if not found:
        refuse(EMPTY_STATEMENT, document.get("Statement") or document)
    for statement in found:
        if statement.kind != "object":
            refuse(SYNTAX, statement)
        _check_fields(statement, STATEMENT_ELEMENTS)
    return found


def _check_fields(node: Node, allowed: frozenset[str]) -> None:
    for key, _ in node.members:
        if key.value not in allowed:
            refuse(UNKNOWN_FIELD.format(text_of(key)), key)


def _check_effect(statement: Node) -> None:
    effect = statement.get("Effect")
    if effect is None:
        refuse(MISSING_FIELD.format("Effect"), statement)
    if effect.value not in EFFECTS:
        refuse(BAD_EFFECT.format(effect.value), effect)


def _check_trust_principal(statement: Node) -> None:
    if (excepted := statement.get("NotPrincipal")) is not None:
        effect = statement.get("Effect")
        allows = effect is not None and effect.value == "Allow"
        refuse(ALLOW_NOT_PRINCIPAL if allows else TRUST_NOT_PRINCIPAL, excepted)
    principal = statement.get("Principal")
    if principal is not None and principal.kind == "string":
        refuse(PRINCIPAL_OBJECT, principal)
    _check_principal_object(statement, principal, TRUST_PRINCIPAL_TYPES)
    _check_cognito(statement, principal)


def _check_principal(statement: Node) -> None:
    """A resource policy may also say "*", and except principals from a Deny."""
    excepted, principal = statement.get("NotPrincipal"), statement.get("Principal")
    effect = statement.get("Effect")
    if excepted is not None:
        if principal is not None:
            refuse(SYNTAX, excepted)
        if effect is not None and effect.value == "Allow":
            refuse(ALLOW_NOT_PRINCIPAL, excepted)
    stated = principal or excepted
    if stated is None or stated.value != "*":
        _check_principal_object(statement, stated, PRINCIPAL_TYPES)


def _check_principal_object(statement: Node, principal: Node | None, types: tuple[str, ...]) -> None:
    if principal is None:
        refuse(MISSING_FIELD.format("Principal"), statement)
    if principal.kind != "object":
        refuse(SYNTAX, principal)
    if not principal.members:
        refuse(EMPTY_PRINCIPAL, principal)
    for key, values in principal.members:
        if key.value not in types:
            refuse(BAD_PRINCIPAL_TYPE.format(text_of(key)), key)
        _check_principal_values(text_of(key), values)


def _check_principal_values(kind: str, values: Node) -> None:
    items = values.items if values.kind == "array" else [values]
    if not items:
        refuse(NO_PRINCIPALS, values)
    for item in items:
        if item.kind != "string":
            refuse(SYNTAX, item)
        if not has_valid_form(kind, text_of(item)):
            refuse(BAD_PRINCIPAL.format(kind.upper(), text_of(item)), item)


def _check_cognito(statement: Node, principal: Node | None) -> None:
    federated = principal.get("Federated") if principal else None
    condition = statement.get("Condition")
    for value in strings(federated):
        if value.value == "cognito-identity.amazonaws.com" and not (condition and condition.members):
            refuse(COGNITO, value)


def _check_trust_actions(statement: Node) -> None:
    _require(statement, "Action")
    for action in strings(statement.get("Action") or statement.get("NotAction")):
        if not is_trust_action(text_of(action).lower()):
            refuse(NOT_STS, action)


def is_trust_action(action: str) -> bool:
    """A star at the end is fine while it stays inside the AssumeRole family."""
    if action.endswith("*"):
        stem = action[:-1]
        return stem.startswith("sts:assumerole") and any(name.startswith(stem) for name in TRUST_ACTIONS)
    return action in TRUST_ACTIONS


def _require(statement: Node, name: str) -> None:
    """The element or its Not form, as a string or a list that is not empty."""
    element = statement.get(name) or statement.get(f"Not{name}")
    if element is None:
        refuse(MISSING_FIELD.format(name), statement)
    items = element.items if element.kind == "array" else [element]
    if not items:
        refuse(MISSING_FIELD.format(f"{name} cannot be empty!"), element)
    if any(item.kind != "string" for item in items):
        refuse(SYNTAX, element)


def _check_no_resources(statement: Node) -> None:
    if (resource := statement.get("Resource")) is not None:
        refuse(PROHIBITED_RESOURCE, resource)
    if (excepted := statement.get("NotResource")) is not None:
        refuse(PROHIBITED_NOT_RESOURCE, excepted)


def _check_condition(statement: Node) -> None:
    condition = statement.get("Condition")
    for operator, block in condition.members if condition else ():
        if block.members and parse_operator(text_of(operator)) is None:
            refuse(BAD_OPERATOR.format(text_of(operator)), operator)
    check_condition(condition, SYNTAX)


def _check_sids(document: Node) -> None:
    seen: set[str] = set()
    for statement in statements(document):
        sid = statement.get("Sid")
        if sid is not None and sid.kind != "string":
            refuse(SYNTAX, sid)
        if sid is not None and sid.value:
            if text_of(sid) in seen:
                refuse(SAME_SID, sid)
            seen.add(text_of(sid))
