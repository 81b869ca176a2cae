"""The context keys AWS fills in by itself: from the caller, the request and the resource. Pure.

Source: IAM user guide, "AWS global condition context keys" (reference_policies_condition-keys).
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime

from accounts.caller import Caller, CallerKind, Session
from iamconsole.operations.registry import ContextValue, Target
from iamconsole.times import to_the_second

PRINCIPAL_TYPES = {
    CallerKind.ROOT: "Account",
    CallerKind.USER: "User",
    CallerKind.ROLE_SESSION: "AssumedRole",
    CallerKind.FEDERATED: "FederatedUser",
    CallerKind.ANONYMOUS: "Anonymous",
}


def request_context(
    caller: Caller,
    principal_tags: Mapping[str, str],
    target: Target,
    now: datetime,
    given: Mapping[str, ContextValue],
) -> dict[str, ContextValue]:
    """Everything known about a request, by context key; `given` is what the operation itself adds."""
    context: dict[str, ContextValue] = {
        "aws:CurrentTime": to_the_second(now),
        "aws:EpochTime": str(int(now.timestamp())),
        "aws:SecureTransport": "true" if caller.origin.secure_transport else "false",
        "aws:SourceIp": caller.origin.source_ip,
        "aws:RequestedRegion": "us-east-1",
        "aws:PrincipalType": PRINCIPAL_TYPES.get(caller.kind, "Anonymous"),
        "aws:PrincipalIsAWSService": "false",
        "aws:ViaAWSService": "false",
        "aws:ResourceAccount": target.account_id or caller.account_id,
    }
    if caller.origin.user_agent:
        context["aws:UserAgent"] = caller.origin.user_agent
    if caller.kind not in (CallerKind.ANONYMOUS, CallerKind.WEB_IDENTITY, CallerKind.SAML_IDENTITY):
        context |= _principal_keys(caller)
    context |= {f"aws:PrincipalTag/{key}": value for key, value in principal_tags.items()}
    context |= {f"aws:ResourceTag/{key}": value for key, value in target.tags.items()}
    context |= {f"iam:ResourceTag/{key}": value for key, value in target.tags.items()}
    if caller.mfa is not None:
        context["aws:MultiFactorAuthPresent"] = "true" if caller.mfa else "false"
    if caller.mfa and caller.mfa_time is not None:
        context["aws:MultiFactorAuthAge"] = str(max(0, int(now.timestamp() - caller.mfa_time)))
    if caller.assertion is not None:
        context |= {"aws:FederatedProvider": caller.assertion.provider, **dict(caller.assertion.keys)}
    return {**context, **given}


def _principal_keys(caller: Caller) -> dict[str, ContextValue]:
    keys: dict[str, ContextValue] = {
        "aws:PrincipalAccount": caller.account_id,
        "aws:PrincipalArn": caller.arn,
        "aws:userid": caller.principal_id,
    }
    if caller.kind is CallerKind.USER:
        keys["aws:username"] = caller.name
    if caller.is_root and caller.session and caller.session.policy_arns:
        keys["aws:AssumedRoot"] = "true"
    return keys | _session_keys(caller.session) if caller.session else keys


def _session_keys(session: Session) -> dict[str, ContextValue]:
    """What temporary credentials add; a role's session is known by the role's ARN."""
    issued = datetime.fromtimestamp(session.issued_at, UTC)
    keys: dict[str, ContextValue] = {"aws:TokenIssueTime": to_the_second(issued)}
    if session.role_arn:
        keys["aws:PrincipalArn"] = session.role_arn
    if session.provider:
        keys["aws:FederatedProvider"] = session.provider
    if session.source_identity:
        keys["aws:SourceIdentity"] = session.source_identity
    keys |= dict(session.context)
    return keys


def request_tags(tags: object) -> dict[str, ContextValue]:
    """`aws:RequestTag/…` and `aws:TagKeys` of a request that carries tags; nothing when it carries none."""
    if not isinstance(tags, list | tuple) or not tags:
        return {}
    keys: dict[str, ContextValue] = {f"aws:RequestTag/{tag['Key']}": tag["Value"] for tag in tags}
    return {**keys, "aws:TagKeys": tuple(tag["Key"] for tag in tags)}
