"""Why: the closed list of reasons that an explanation gives; `messages` says each of them in words."""

from __future__ import annotations

from enum import Enum


class Reason(Enum):
    """One reason; its value is the code that JSON carries beside the sentence."""

    # An element of a statement
    NO_ACTION = "no-action"
    NO_RESOURCE = "no-resource"
    NO_PRINCIPAL = "no-principal"
    SHORT_ARN = "short-arn"
    STAR_STAYS_IN_PART = "star-stays-in-part"
    VALUELESS_ARN = "valueless-arn"
    VALUELESS_NOT_RESOURCE = "valueless-not-resource"
    VALUELESS_VARIABLE = "valueless-variable"
    WILDCARD_IN_VALUE = "wildcard-in-value"
    CHAIN_LISTED_IN_PART = "chain-listed-in-part"
    BOUNDED_NOT_PRINCIPAL = "bounded-not-principal"
    UNKNOWN_OPERATOR = "unknown-operator"
    SEVERAL_VALUES = "several-values"
    ANY_VALUE_IF_EXISTS = "any-value-if-exists"
    KEY_ABSENT = "key-absent"
    FOUR_DIGITS = "four-digits"
    VARIABLE_IN_BOOL = "variable-in-bool"
    # A policy type
    NO_POLICY = "no-policy"
    NOT_COVERED_BY_RCP = "not-covered-by-rcp"
    SERVICE_LINKED_ROLE = "service-linked-role"
    ROOT_IS_NOT_LIMITED = "root-is-not-limited"
    OUTSIDE_OF_ACCOUNTS = "outside-of-accounts"
    FEDERATED_WITHOUT_SESSION = "federated-without-session"
    LEVEL_WITHOUT_ALLOW = "level-without-allow"
    # The whole decision
    ROOT_OWNS = "root-owns"
    NEEDS_NO_PERMISSION = "needs-no-permission"
    TRUST_COMES_FIRST = "trust-comes-first"
    PUBLIC_ACCESS_BLOCKED = "public-access-blocked"
    NOT_FOR_SESSIONS = "not-for-sessions"
    TOKEN_WITHOUT_MFA = "token-without-mfa"  # noqa: S105 - a reason, no secret
    TOKEN_LIMITED_IN_STS = "token-limited-in-sts"  # noqa: S105 - a reason, no secret
    AWS_MANAGED_POLICY = "aws-managed-policy"
    RESERVED_ROLE = "reserved-role"
    AWS_MANAGED_ALIAS = "aws-managed-alias"

    # Members compare by identity, so they may hash by it: the inherited hash is slow Python code.
    __hash__ = object.__hash__


# Where AWS is silent, differs between services, or surprises: what the explanation says at its top as well.
NOTEWORTHY = frozenset(
    {
        Reason.STAR_STAYS_IN_PART,
        Reason.VALUELESS_NOT_RESOURCE,
        Reason.WILDCARD_IN_VALUE,
        Reason.CHAIN_LISTED_IN_PART,
        Reason.BOUNDED_NOT_PRINCIPAL,
        Reason.SEVERAL_VALUES,
        Reason.ANY_VALUE_IF_EXISTS,
        Reason.FOUR_DIGITS,
        Reason.VARIABLE_IN_BOOL,
    }
)
