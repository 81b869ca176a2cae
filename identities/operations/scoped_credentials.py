"""STS: temporary credentials narrowed further, for the same principal and at most as long.

Source: STS API reference, GetScopedCredentials.
"""

from __future__ import annotations

from dataclasses import replace

from iamconsole.operations.call import Call
from iamconsole.operations.errors import ApiError, ValidationError
from iamconsole.operations.registry import Result, operation
from identities import assuming, temporary
from identities.assuming import StsAccessDenied

MOST_SCOPES = 3


class InvalidSubjectCredentials(ApiError):
    code, status = "InvalidSubjectCredentials", 400


class InsufficientSessionLifetime(ApiError):
    code, status = "InsufficientSessionLifetime", 400


@operation("sts:GetScopedCredentials")
def get_scoped_credentials(
    call: Call,
    *,
    policy: str | None = None,
    duration_seconds: int | None = None,
    minimum_session_token_size: int = 0,
    scoped_session_description: str | None = None,
) -> Result:
    """Give the caller's session credentials that may do less, or end sooner."""
    session = call.caller.session
    if session is None:
        raise InvalidSubjectCredentials("GetScopedCredentials can be called only with temporary security credentials.")
    if policy is None and duration_seconds is None:
        raise ValidationError("At least one of Policy and DurationSeconds must be specified.")
    documents, _ = assuming.session_policies(policy, [])
    if documents and len(session.scopes) >= MOST_SCOPES:
        raise StsAccessDenied(f"A session can be scoped down {MOST_SCOPES} times.")
    ends = session.expires_at
    if duration_seconds is not None:
        ends = temporary.lasting(call.now, duration_seconds)[1]
    if ends > session.expires_at:
        raise InsufficientSessionLifetime("The calling session ends before the duration that was asked for.")
    # The time of issue stays: who revokes older sessions means these as well.
    narrowed = replace(session, expires_at=ends, scopes=(*session.scopes, *documents))
    assuming.packed_size(narrowed)
    credentials = temporary.issue(call.caller, narrowed)
    return {
        "Credentials": credentials,
        "SessionInfo": {"ScopedSessionId": call.caller.principal_id, "Arn": call.caller.arn},
        "SessionTokenSize": len(str(credentials["SessionToken"])),
        "ScopedPoliciesCount": len(narrowed.scopes),
        **({"SourceIdentity": session.source_identity} if session.source_identity else {}),
    }
