"""Every code the linter can report, with its usual level and its title."""

from __future__ import annotations

from typing import Literal

Level = Literal["error", "security", "warning", "suggestion"]

_ERRORS = {
    "json-syntax": "Not valid JSON",
    "refused": "AWS refuses this policy",
    "not-an-object": "A policy is a JSON object",
    "unknown-element": "Unknown element",
    "missing-statement": "No statement",
    "missing-effect": "Missing Effect",
    "invalid-effect": "Invalid Effect",
    "missing-action": "Missing Action",
    "missing-resource": "Missing Resource",
    "missing-principal": "Missing Principal",
    "element-pair": "Two elements that exclude each other",
    "element-not-allowed": "Element not allowed in this type of policy",
    "invalid-version": "Invalid Version",
    "invalid-sid": "Invalid Sid",
    "duplicate-sid": "Sid used twice",
    "policy-size": "Policy too large",
    "invalid-action": "Invalid action",
    "unknown-service": "Unknown service",
    "unknown-action": "Unknown action",
    "invalid-arn": "Invalid ARN",
    "invalid-account": "Invalid account in ARN",
    "unknown-operator": "Unknown condition operator",
    "null-with-if-exists": "Null with IfExists",
    "unknown-global-key": "Unknown global condition key",
    "unknown-service-key": "Unknown service condition key",
    "value-type": "Value does not fit the operator",
    "missing-qualifier": "Missing ForAllValues or ForAnyValue",
    "variable-syntax": "Invalid policy variable",
    "rcp-rule": "Not allowed in a resource control policy",
    "invalid-principal": "Invalid principal",
    "trust-action": "Action not allowed in a trust policy",
    "trust-action-mismatch": "Action does not fit the principal",
}
_SECURITY = {
    "full-access": "Full access to everything",
    "pass-role-with-star": "PassRole with a star",
    "allow-not-principal": "Allow with NotPrincipal",
    "privilege-escalation": "Way to more permissions",
    "for-all-values-in-allow": "ForAllValues in an Allow",
    "for-all-values-single-key": "ForAllValues with a single-valued key",
    "mfa-bool-in-deny": "MFA check that misses access keys",
    "trust-everyone": "Everyone may assume the role",
    "public-access": "Open to everyone",
    "web-identity-without-subject": "Web identity without a subject",
    "web-identity-subject-star": "Web identity for any subject",
    "service-principal-without-source": "Service principal without its source",
}
_WARNINGS = {
    "missing-version": "Missing Version",
    "old-version": "Old Version",
    "variable-in-old-version": "Policy variable without effect",
    "allow-not-action": "Allow with NotAction",
    "wildcard-matches-nothing": "Wildcard matches no action",
    "wildcard-only-action": "Action takes no resource",
    "action-without-resource": "Action without a resource that fits",
    "resource-without-action": "Resource without an action that fits",
    "type-wildcard": "Wildcard in the resource type",
    "short-arn": "ARN with parts missing",
    "service-linked-role-star": "Service-linked role for any service",
    "key-not-for-action": "Condition key not used by the actions",
    "key-type": "Operator does not fit the key",
    "wildcard-without-like": "Wildcard that is plain text",
    "set-operator-single-key": "Set operator on a single-valued key",
    "year-or-epoch": "Year or seconds",
    "private-address": "Private IP address",
    "unknown-variable": "Unknown policy variable",
    "multivalued-variable": "Policy variable with several values",
    "variable-place": "Policy variable where it is plain text",
    "cross-account-without-external-id": "Other account without an external ID",
}
_SUGGESTIONS = {
    "empty-array": "Empty list",
    "empty-object": "Empty object",
    "redundant-action": "Action granted twice",
    "redundant-resource": "Resource named twice",
    "redundant-statement": "Statement that adds nothing",
    "redundant-principal": "Principal named twice",
    "redundant-value": "Condition value named twice",
    "negated-if-exists": "IfExists that changes nothing",
    "host-bits": "IP range with host bits",
    "every-address": "IP range of all addresses",
    "size-close-to-quota": "Policy close to its quota",
}


def _table() -> dict[str, tuple[Level, str]]:
    groups: list[tuple[Level, dict[str, str]]] = [
        ("error", _ERRORS), ("security", _SECURITY), ("warning", _WARNINGS), ("suggestion", _SUGGESTIONS),
    ]  # fmt: skip
    return {code: (level, title) for level, rules in groups for code, title in rules.items()}


RULES = _table()
