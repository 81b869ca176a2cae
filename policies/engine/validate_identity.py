"""Identity-type documents (identity, session, SCP, RCP): the checks after the grammar, in AWS's order."""

from __future__ import annotations

import re

from policies.engine.positioned import Node
from policies.engine.validate_dates import LARGEST_EPOCH, is_policy_date
from policies.engine.validate_grammar import EFFECTS, check_grammar
from policies.engine.validate_kinds import CURRENT_VERSION, element_strings, refuse, statements, text_of
from policies.engine.validate_operators import parse_operator
from policies.engine.validate_resources import first_problem, has_legacy_form

OLD_VERSION = "Policy document must be version 2012-10-17 or greater."
LEGACY = "The policy failed legacy parsing"
NO_PRINCIPAL = "Policy document should not specify a principal."
SID_CHARACTERS = (
    "Statement IDs (SID) must be alpha-numeric. Check that your input satisfies the regular expression [0-9A-Za-z]*"
)
SAME_SID = "Statement IDs (SID) in a single policy must be unique."
NO_ACTIONS = "Policy statement must contain actions."
NO_RESOURCES = "Policy statement must contain resources."
NO_VENDOR = "Actions/Conditions must be prefaced by a vendor, e.g., iam, sdb, ec2, etc."
TWO_COLONS = "Actions/Condition can contain only one colon."
BAD_VENDOR = "Vendor {} is not valid"

_VENDOR = re.compile(r"[A-Za-z0-9.-]+")
_SID = re.compile(r"[A-Za-z0-9]*")


def check_identity(document: Node, *, strict_version: bool, principals: bool = False) -> None:
    """Refuse what AWS refuses; `strict_version` as for saved identity policies, `principals` where they are allowed."""
    check_grammar(document)
    if strict_version:
        _check_version(document)
    found = statements(document)
    for statement in found:
        _check_legacy_elements(statement)
    resource_error = _check_resources(found)
    if not principals:
        _check_no_principal(found)
    _check_sids(found)
    _check_present(found, ("Action", "NotAction"), NO_ACTIONS)
    if resource_error is not None:
        refuse(*resource_error)
    for statement in found:
        for action in element_strings(statement, "Action", "NotAction"):
            check_action(action)
    _check_present(found, ("Resource", "NotResource"), NO_RESOURCES)


def _check_version(document: Node) -> None:
    version = document.get("Version")
    if version is None or version.value != CURRENT_VERSION:
        refuse(OLD_VERSION, version or document)


def _check_legacy_elements(statement: Node) -> None:
    effect = statement.get("Effect")
    if effect is not None and effect.value not in EFFECTS:
        refuse(LEGACY, effect)
    condition = statement.get("Condition")
    for operator, block in condition.members if condition else ():
        parsed = parse_operator(text_of(operator))
        if parsed is not None and parsed.family == "Date":
            _check_dates(block)


def _check_dates(block: Node) -> None:
    for _, values in block.members:
        for value in values.items if values.kind == "array" else [values]:
            if not _is_date(value):
                refuse(LEGACY, value)


def _is_date(node: Node) -> bool:
    if isinstance(node.value, bool):
        return False
    if isinstance(node.value, int):
        return 0 <= node.value <= LARGEST_EPOCH
    return is_policy_date(text_of(node))


def _check_resources(found: list[Node]) -> tuple[str, Node] | None:
    """The first resource that is wrong in form; AWS reports it later, but no older-parser error after it."""
    for statement in found:
        resources = element_strings(statement, "Resource", "NotResource")
        problem = first_problem(resources)
        if problem:
            return problem
        for resource in resources:
            if not has_legacy_form(text_of(resource)):
                refuse(LEGACY, resource)
    return None


def _check_no_principal(found: list[Node]) -> None:
    for statement in found:
        for name in ("Principal", "NotPrincipal"):
            principal = statement.get(name)
            if principal is not None:
                refuse(NO_PRINCIPAL, principal)


def _check_sids(found: list[Node]) -> None:
    seen: set[str] = set()
    for statement in found:
        sid = statement.get("Sid")
        if sid is None or not sid.value:
            continue
        if not _SID.fullmatch(text_of(sid)):
            refuse(SID_CHARACTERS, sid)
        if text_of(sid) in seen:
            refuse(SAME_SID, sid)
        seen.add(text_of(sid))


def _check_present(found: list[Node], names: tuple[str, str], message: str) -> None:
    for statement in found:
        if not element_strings(statement, *names):
            refuse(message, statement)


def check_action(action: Node) -> None:
    """Refuse an action that is not `vendor:name` or "*"; whether the service exists is not asked."""
    vendor, *rest = text_of(action).split(":")
    if not rest and vendor != "*":
        refuse(NO_VENDOR, action)
    if len(rest) > 1:
        refuse(TWO_COLONS, action)
    if vendor != "*" and not _VENDOR.fullmatch(vendor):
        refuse(BAD_VENDOR.format(vendor), action)
