"""Everything the engine says in words: AWS's texts of a refusal, and a sentence for each reason of an explanation."""

from __future__ import annotations

from policies.engine.decision import Decision, Layer, Outcome
from policies.engine.reasons import Reason

_NAMES = {
    Layer.IDENTITY: ("an", "identity-based policy"),
    Layer.RESOURCE: ("a", "resource-based policy"),
    Layer.BOUNDARY: ("a", "permissions boundary"),
    Layer.SESSION: ("a", "session policy"),
    Layer.SCP: ("a", "service control policy"),
    Layer.RCP: ("a", "resource control policy"),
    Layer.ENDPOINT: ("a", "VPC endpoint policy"),
}


def reason_text(decision: Decision, action: str) -> str:
    """Why the request was denied, as AWS names it; empty when it was allowed or no policy type is to blame."""
    named = _NAMES.get(decision.layer)
    if named is None or decision.allowed:
        return ""
    article, name = named
    if decision.outcome is Outcome.EXPLICITLY_DENIED:
        return f"an explicit deny in {article} {name}"
    return f"no {name} allows the {action} action"


def denial_message(principal_arn: str, action: str, resource_label: str, decision: Decision) -> str:
    """The whole text of an AccessDenied error; `action` is the one that lacked, as in `iam:PassRole`."""
    resource = f" on resource: {resource_label}" if resource_label else ""
    message = f"User: {principal_arn} is not authorized to perform: {action}{resource}"
    reason = reason_text(decision, action)
    if not reason or _keeps_silent(action, decision):
        return message
    joint = "with" if decision.outcome is Outcome.EXPLICITLY_DENIED else "because"
    return f"{message} {joint} {reason}"


def _keeps_silent(action: str, decision: Decision) -> bool:
    """Across accounts AssumeRole does not tell a missing role from a missing permission."""
    return decision.cross_account and action.lower().startswith("sts:assumerole")


def sentence(reason: Reason, **named: object) -> str:
    """A reason in words; `named` fills in what the sentence speaks of."""
    text = _SENTENCES[reason]
    return text.format(**named) if named else text


_SENTENCES = {
    Reason.NO_ACTION: "the statement has no Action",
    Reason.NO_RESOURCE: "the statement has no Resource",
    Reason.NO_PRINCIPAL: "the statement has no Principal",
    Reason.SHORT_ARN: "in a short ARN a `*` at the end of a part also stands for the parts that follow",
    Reason.STAR_STAYS_IN_PART: "a `*` before the fifth colon stays within its part; AWS does not rule out more",
    Reason.VALUELESS_ARN: "an ARN whose variable has no value matches no resource",
    Reason.VALUELESS_NOT_RESOURCE: (
        "an ARN whose variable has no value matches nothing, so NotResource applies; AWS does not say so"
    ),
    Reason.VALUELESS_VARIABLE: "a variable has no value",
    Reason.WILDCARD_IN_VALUE: "a wildcard in the value of a variable is plain text; AWS does not say so",
    Reason.CHAIN_LISTED_IN_PART: (
        "only part of the caller's chain is listed; AWS services differ here, the engine denies"
    ),
    Reason.BOUNDED_NOT_PRINCIPAL: "NotPrincipal with Deny always denies a caller who has a permissions boundary",
    Reason.UNKNOWN_OPERATOR: "an unknown operator never holds",
    Reason.SEVERAL_VALUES: (
        "the key has several values and the operator no ForAllValues or ForAnyValue; AWS does not define this"
    ),
    Reason.ANY_VALUE_IF_EXISTS: "the key is absent, which IfExists accepts; AWS does not say so for ForAnyValue",
    Reason.KEY_ABSENT: "the key is absent",
    Reason.FOUR_DIGITS: "four digits alone are read as a year; AWS does not say that they are no number of seconds",
    Reason.VARIABLE_IN_BOOL: "AWS's pages disagree on variables in Bool; the engine fills them in",
    Reason.NO_POLICY: "no policy of this type applies",
    Reason.NOT_COVERED_BY_RCP: "resource control policies do not cover this request",
    Reason.SERVICE_LINKED_ROLE: "service-linked roles are exempt",
    Reason.ROOT_IS_NOT_LIMITED: "it does not limit the root user",
    Reason.OUTSIDE_OF_ACCOUNTS: "this type does not exist for a caller outside of accounts",
    Reason.FEDERATED_WITHOUT_SESSION: "a federated user session without a session policy has no permissions",
    Reason.LEVEL_WITHOUT_ALLOW: "level {level} (0 is the root) has no Allow",
    Reason.ROOT_OWNS: "the root user has full access to its own account",
    Reason.NEEDS_NO_PERMISSION: "this action needs no permission and cannot be denied",
    Reason.TRUST_COMES_FIRST: "identity policies count only if the resource's own policy trusts the account",
    Reason.PUBLIC_ACCESS_BLOCKED: "the bucket policy is public, and Block Public Access voids it for strangers",
    Reason.NOT_FOR_SESSIONS: "only users and the root user can call GetSessionToken",
    Reason.TOKEN_WITHOUT_MFA: "credentials from GetSessionToken can call IAM only with MFA",
    Reason.TOKEN_LIMITED_IN_STS: (
        "credentials from GetSessionToken can call only AssumeRole, GetCallerIdentity, GetDelegatedAccessToken, "
        "GetScopedCredentials and GetWebIdentityToken"
    ),
    Reason.AWS_MANAGED_POLICY: "AWS managed policies cannot be changed",
    Reason.RESERVED_ROLE: "reserved roles cannot be changed",
    Reason.AWS_MANAGED_ALIAS: "aliases of AWS managed keys cannot be changed",
}
