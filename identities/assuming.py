"""What AssumeRole and its sisters share: the role asked for, MFA, tags, durations, session policies.

Source: STS API reference, AssumeRole; IAM user guide, id_session-tags and id_roles_use.
"""

from __future__ import annotations

import json
import re
import zlib
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import cast

from accounts import throttle
from accounts.caller import Caller, CallerKind, Session
from iamconsole.operations.errors import ApiError, MalformedPolicyDocument, ValidationError
from iamconsole.operations.registry import Asked, ContextValue, Result, Target
from identities import temporary, totp
from identities.mfa_kinds import key_of
from identities.models import MfaDevice, Role
from policies.engine.validate import DocumentKind, MalformedPolicy, policy_size, validate_document

_ROLE_ARN = re.compile(
    r"arn:aws:iam::(?P<account>[0-9]{12}):role/(?:[\x21-\x7e]*/)?(?P<name>[\w+=,.@-]{1,64})", re.ASCII
)
LONGEST_POLICY = 2_048
MOST_POLICY_ARNS = 10
CHAINED_LONGEST = 3_600
# In bytes after packing. AWS tells neither its own packing nor its room: small enough that a token fits in a header.
PACKED_ROOM = 2_048


class StsAccessDenied(ApiError):
    """Refused by STS itself, not by a policy."""

    code, status = "AccessDenied", 403


class InvalidParameterValue(ApiError):
    code, status = "InvalidParameterValue", 400


class PackedPolicyTooLarge(ApiError):
    code, status = "PackedPolicyTooLarge", 400


def role_of(arn: str) -> Role | None:
    """The role of that ARN, in whichever account. Raises ValidationError where it is no role's ARN."""
    parts = _ROLE_ARN.fullmatch(arn)
    if parts is None:
        raise ValidationError(f"{arn} is invalid")
    roles = cast("Sequence[Role]", Role.objects.of(parts["account"]).filter(name=parts["name"]))
    return next((role for role in roles if role.arn == arn), None)


def role_target(asked: Asked) -> Target:
    """The role in `RoleArn` with its trust policy; a missing role is refused like one that does not trust."""
    arn = asked.text("RoleArn")
    role = role_of(arn)
    trust = role.trust_policy if role else '{"Version": "2012-10-17", "Statement": []}'
    return Target(arn, type="AWS::IAM::Role", name=arn.rsplit("/", 1)[-1], account_id=arn.split(":")[4], policy=trust)


def further_actions(asked: Asked) -> Sequence[str]:
    """Passing tags or a source identity takes a permission of its own; an inherited source identity takes it again."""
    tags = ["sts:TagSession"] if asked.inputs.get("Tags") else []
    source = asked.text("SourceIdentity") or handed_on_identity(asked.caller)
    return [*tags, *(["sts:SetSourceIdentity"] if source else [])]


def handed_on_identity(caller: Caller) -> str:
    """The source identity that goes on from the calling session."""
    return caller.session.source_identity if caller.session else ""


def not_for_federated_users(asked: Asked) -> None:
    """Of STS, credentials from GetFederationToken reach only who they are and what narrows them further."""
    if asked.caller.kind is CallerKind.FEDERATED:
        raise StsAccessDenied("This operation cannot be called with credentials from GetFederationToken.")


def mfa_context(asked: Asked) -> Mapping[str, ContextValue]:
    """`aws:MultiFactorAuthPresent` where the caller sent a code; a wrong code ends the call."""
    if not check_mfa(asked.caller, asked.text("SerialNumber"), asked.text("TokenCode"), asked.now):
        return {}
    return {"aws:MultiFactorAuthPresent": "true", "aws:MultiFactorAuthAge": "0"}


def check_mfa(caller: Caller, serial: str, code: str, now: datetime) -> bool:
    """Whether MFA was used in this call. Each code counts once; a wrong one raises AccessDenied."""
    if not serial and not code:
        return False
    if not serial or not code:
        raise StsAccessDenied(
            "MultiFactorAuthentication failed, must provide both MFA serial number and one time pass code."
        )
    device = _device(caller, serial)
    if device is None:
        raise StsAccessDenied(
            "MultiFactorAuthentication failed, unable to validate MFA code.  "
            "Please verify your MFA serial number is valid and associated with this user."
        )
    attempt = throttle.attempt_of(caller)
    if not throttle.admit_code(attempt, now) or not totp.accept(device, code, now):
        raise StsAccessDenied("MultiFactorAuthentication failed with invalid MFA one time pass code. ")
    throttle.code_was_right(attempt)
    return True


def _device(caller: Caller, serial: str) -> MfaDevice | None:
    key = key_of(caller.account_id, serial)
    # Not with a passkey: it signs for a browser and shows no code.
    devices = MfaDevice.objects.of(caller.account_id).filter(pk=key, enabled_at__isnull=False).exclude(sealed_seed="")
    if caller.kind is CallerKind.USER:
        return devices.filter(user_id=caller.principal_id).first()
    return devices.filter(for_root=True).first() if caller.is_root else None


def check_duration(wanted: int, longest: int, *, chained: bool) -> int:
    """The session's length in seconds. Raises ValidationError beyond the role's or chaining's limit."""
    if chained and wanted > CHAINED_LONGEST:
        raise ValidationError(
            "The requested DurationSeconds exceeds the 1 hour session limit for roles assumed by role chaining"
        )
    if wanted > longest:
        raise ValidationError("The requested DurationSeconds exceeds the MaxSessionDuration set for this role.")
    return wanted


Pairs = tuple[tuple[str, str], ...]


def session_tags(
    tags: Sequence[Mapping[str, str]], transitive: Sequence[str], of: Session | None
) -> tuple[Pairs, Pairs]:
    """All tags of the new session, and those of them that go on through chaining. Keys differ by more than case."""
    own = {tag["Key"].lower(): (tag["Key"], tag["Value"]) for tag in tags}
    if len(own) < len(tags):
        raise InvalidParameterValue("Duplicate tag keys found. Please note that Tag keys are case insensitive.")
    if any(key.startswith("aws:") for key in own):
        raise InvalidParameterValue("aws: prefixed tag key names are not allowed for external use.")
    wanted = {key.lower() for key in transitive}
    if not wanted <= own.keys():
        raise InvalidParameterValue("The specified transitive tag key must be included in the requested tags.")
    handed_on = {key.lower(): (key, value) for key, value in (of.tags if of else ()) if of and key in of.transitive}
    if handed_on.keys() & own.keys():
        raise InvalidParameterValue(
            "One of the specified transitive tag keys can't be set because it conflicts with a transitive tag key "
            "from the calling session."
        )
    going_on = [*handed_on.values(), *(pair for key, pair in own.items() if key in wanted)]
    return (*handed_on.values(), *own.values()), tuple(going_on)


def session_policies(policy: str | None, arns: Sequence[Mapping[str, str]]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The session's own policies, checked: the inline document and the ARNs of managed ones."""
    names = tuple(each.get("arn", "") for each in arns)
    if not all(names):
        raise ValidationError("Each of policyArns must have an arn.")
    if len(names) > MOST_POLICY_ARNS:
        raise ValidationError(f"Number of policyArns must not exceed {MOST_POLICY_ARNS}.")
    if policy is None:
        return (), names
    try:
        validate_document(policy, DocumentKind.SESSION)
    except MalformedPolicy as error:
        raise MalformedPolicyDocument(error.message) from error
    if policy_size(policy) + sum(map(len, names)) > LONGEST_POLICY:
        raise PackedPolicyTooLarge("Packed size of session policy is too large.")
    return (policy,), names


def opened(role: Role, name: str, session: Session) -> Result:
    """Credentials of a new session of the role under that session name, as AssumeRole and its sisters answer.

    MFA counts when the role is assumed: AWS's role sessions do not carry it on.
    """
    assumed = Caller(
        CallerKind.ROLE_SESSION,
        role.account_id,
        f"arn:aws:sts::{role.account_id}:assumed-role/{role.name}/{name}",
        f"{role.pk}:{name}",
        name=role.name,
        mfa=False,
    )
    size = packed_size(session)
    return {
        "Credentials": temporary.issue(assumed, session),
        "AssumedRoleUser": {"AssumedRoleId": assumed.principal_id, "Arn": assumed.arn},
        **({"PackedPolicySize": size} if size else {}),
        **({"SourceIdentity": session.source_identity} if session.source_identity else {}),
    }


def packed_size(session: Session) -> int:
    """How much of the room for policies and tags in a token they take up, in percent. Raises PackedPolicyTooLarge."""
    policies, tags = [*session.policies, *session.policy_arns, *session.scopes], session.tags
    if not (policies or tags):
        return 0
    size = len(zlib.compress(json.dumps([policies, tags], ensure_ascii=False).encode(), 9)) * 100 // PACKED_ROOM
    if size > 100:
        what = "policies" if not tags else "policies and tags" if policies else "tags"
        raise PackedPolicyTooLarge(f"Packed size of session {what} consumes {size}% of allotted space.")
    return max(1, size)
