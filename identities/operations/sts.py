"""STS: who a key belongs to, and credentials for a while.

Source: STS API reference (AssumeRole, GetSessionToken, GetFederationToken, GetAccessKeyInfo, GetCallerIdentity).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import cast

from accounts.caller import Caller, CallerKind, Session
from accounts.models import Account
from iamconsole.operations.call import Call
from iamconsole.operations.errors import ValidationError
from iamconsole.operations.registry import Asked, ContextValue, Result, Target, operation
from identities import assuming, temporary
from identities.assuming import StsAccessDenied
from identities.models import AccessKey
from policies.context import request_tags

TAKEN_FOR_USERS, LONGEST_FOR_ROOT = 43_200, 3_600
Tags = list[dict[str, str]]


@operation("sts:GetCallerIdentity")
def get_caller_identity(call: Call) -> Result:
    """Say which account and principal a call comes from; needs no permission."""
    caller = call.caller
    return {"UserId": caller.principal_id, "Account": caller.account_id, "Arn": caller.arn}


@operation("sts:GetAccessKeyInfo", guard=assuming.not_for_federated_users)
def get_access_key_info(call: Call, *, access_key_id: str) -> Result:
    """Say which account an access key belongs to, one's own or another; ids of temporary keys say it themselves."""
    keys = AccessKey.objects.filter(pk=access_key_id).values_list("account_id", flat=True)
    # Anybody can make up the id of a temporary key.
    named = Account.objects.filter(pk=temporary.account_of(access_key_id)).values_list("pk", flat=True)
    account = keys.first() or named.first()
    if account is None:
        raise ValidationError(f"The specified value for accessKeyId is invalid: {access_key_id}")
    return {"Account": account}


def assume_role_context(asked: Asked) -> Mapping[str, ContextValue]:
    """What trust policies ask about: external id, session name, tags, source identity, MFA."""
    keys: dict[str, ContextValue] = {
        "sts:RoleSessionName": asked.text("RoleSessionName"),
        **request_tags(asked.inputs.get("Tags")),
        **assuming.mfa_context(asked),
    }
    if asked.text("ExternalId"):
        keys["sts:ExternalId"] = asked.text("ExternalId")
    if transitive := asked.inputs.get("TransitiveTagKeys"):
        keys["sts:TransitiveTagKeys"] = tuple(cast("list[str]", transitive))
    if source := asked.text("SourceIdentity") or assuming.handed_on_identity(asked.caller):
        keys["sts:SourceIdentity"] = source
    return keys


@operation(
    "sts:AssumeRole",
    resource=assuming.role_target,
    context=assume_role_context,
    also=assuming.further_actions,
    guard=assuming.not_for_federated_users,
)
def assume_role(
    call: Call,
    *,
    role_arn: str,
    role_session_name: str,
    duration_seconds: int = 3600,
    policy: str | None = None,
    policy_arns: Tags | None = None,
    tags: Tags | None = None,
    transitive_tag_keys: list[str] | None = None,
    source_identity: str = "",
    **decided_by_trust: object,
) -> Result:
    """Give temporary credentials of a role to a principal that the role trusts."""
    caller, role = call.caller, assuming.role_of(role_arn)
    if caller.is_root or role is None:
        raise StsAccessDenied("Roles may not be assumed by root accounts.")
    chained = caller.kind is CallerKind.ROLE_SESSION
    seconds = assuming.check_duration(duration_seconds, role.max_session_duration, chained=chained)
    all_tags, going_on = assuming.session_tags(tags or [], transitive_tag_keys or [], caller.session)
    documents, arns = assuming.session_policies(policy, policy_arns or [])
    source = assuming.handed_on_identity(caller) or source_identity
    if source_identity and source != source_identity:
        raise StsAccessDenied("The source identity of a chained session cannot be changed.")
    session = Session(
        *temporary.lasting(call.now, seconds),
        role_arn=role.arn,
        tags=all_tags,
        transitive=tuple(key for key, _ in going_on),
        source_identity=source,
        policies=documents,
        policy_arns=arns,
    )
    return assuming.opened(role, role_session_name, session)


@operation("sts:GetSessionToken")
def get_session_token(
    call: Call,
    *,
    duration_seconds: int = TAKEN_FOR_USERS,
    serial_number: str = "",
    token_code: str = "",
    minimum_session_token_size: int = 0,
) -> Result:
    """Give a user or root temporary credentials of its own, with MFA where a code is sent or the session had it."""
    caller = _with_long_term_key(call, "GetSessionToken")
    now_passed = assuming.check_mfa(caller, serial_number, token_code, call.now)
    times = temporary.lasting(call.now, _length(caller, duration_seconds))
    # In the console MFA was passed at sign-in, and as long ago as that; a long-term key never carries it.
    user = replace(caller, mfa=now_passed or bool(caller.mfa), mfa_time=times[0] if now_passed else caller.mfa_time)
    return {"Credentials": temporary.issue(user, Session(*times, plain=True))}


def federated_target(asked: Asked) -> Target:
    """The federated user that is about to exist."""
    return Target(federated_arn(asked.account_id, asked.text("Name")), name=asked.text("Name"))


def federation_context(asked: Asked) -> Mapping[str, ContextValue]:
    return request_tags(asked.inputs.get("Tags"))


@operation(
    "sts:GetFederationToken", resource=federated_target, context=federation_context, also=assuming.further_actions
)
def get_federation_token(
    call: Call,
    *,
    name: str,
    duration_seconds: int = TAKEN_FOR_USERS,
    policy: str | None = None,
    policy_arns: Tags | None = None,
    tags: Tags | None = None,
    minimum_session_token_size: int = 0,
) -> Result:
    """Give somebody outside temporary credentials with at most the caller's permissions."""
    caller = _with_long_term_key(call, "GetFederationToken")
    documents, arns = assuming.session_policies(policy, policy_arns or [])
    all_tags, _ = assuming.session_tags(tags or [], [], None)
    session = Session(
        *temporary.lasting(call.now, _length(caller, duration_seconds)),
        user_id="" if caller.is_root else caller.principal_id,
        tags=all_tags,
        policies=documents,
        policy_arns=arns,
    )
    arn, user_id = federated_arn(call.account_id, name), f"{call.account_id}:{name}"
    federated = Caller(CallerKind.FEDERATED, call.account_id, arn, user_id, name=name, mfa=False)
    return {
        "Credentials": temporary.issue(federated, session),
        "FederatedUser": {"FederatedUserId": user_id, "Arn": arn},
        "PackedPolicySize": assuming.packed_size(session),
    }


def federated_arn(account_id: str, name: str) -> str:
    return f"arn:aws:sts::{account_id}:federated-user/{name}"


def _with_long_term_key(call: Call, verb: str) -> Caller:
    if call.caller.session or call.caller.kind not in (CallerKind.USER, CallerKind.ROOT):
        raise StsAccessDenied(f"Cannot call {verb} with session credentials")
    return call.caller


def _length(caller: Caller, seconds: int) -> int:
    """Root's sessions last an hour at most, whatever was asked."""
    return min(seconds, LONGEST_FOR_ROOT) if caller.is_root else seconds
