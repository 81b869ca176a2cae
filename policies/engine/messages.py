"""AWS's wording of a refusal."""

from __future__ import annotations

from policies.engine.decision import Decision, Layer, Outcome

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
