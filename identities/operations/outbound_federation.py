"""Outbound identity federation: the account as an issuer of tokens that services outside can verify.

Source: IAM API reference, EnableOutboundWebIdentityFederation; STS API reference, GetWebIdentityToken.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from accounts.caller import Caller
from accounts.models import Account
from iamconsole.operations.call import Call
from iamconsole.operations.errors import ApiError, ValidationError
from iamconsole.operations.registry import Asked, ContextValue, Result, operation
from identities import outbound, propagation, temporary
from identities.assuming import not_for_federated_users
from identities.models import Tags, TokenIssuer
from identities.tags import as_mapping, checked
from policies.context import request_tags

TAKEN = 300


class FeatureEnabled(ApiError):
    code, status = "FeatureEnabled", 409


class FeatureDisabled(ApiError):
    code, status = "FeatureDisabled", 404


class OutboundFederationDisabled(ApiError):
    code, status = "OutboundWebIdentityFederationDisabledException", 403


class SessionDurationEscalation(ApiError):
    code, status = "SessionDurationEscalationException", 403


@operation("iam:EnableOutboundWebIdentityFederation")
def enable_outbound_web_identity_federation(call: Call) -> Result:
    """Let the principals of the account get tokens about themselves; an issuer once made keeps its address."""
    issuer = TokenIssuer.objects.of(call.account_id).first()
    if issuer is not None and issuer.enabled:
        raise FeatureEnabled("Outbound web identity federation is already enabled for this account.")
    if issuer is None:
        issuer = outbound.make(Account.objects.get(pk=call.account_id), call.now)
    issuer.enabled = True
    issuer.save(update_fields=["enabled"])
    return {"IssuerIdentifier": outbound.url_of(issuer)}


@operation("iam:DisableOutboundWebIdentityFederation")
def disable_outbound_web_identity_federation(call: Call) -> Result:
    """Issue no more tokens; those issued before stay good until they expire."""
    issuer = _enabled(call)
    issuer.enabled = False
    issuer.save(update_fields=["enabled"])
    return {}


@operation("iam:GetOutboundWebIdentityFederationInfo")
def get_outbound_web_identity_federation_info(call: Call) -> Result:
    """Show the account's issuer."""
    return {"IssuerIdentifier": outbound.url_of(_enabled(call)), "JwtVendingEnabled": True}


def _enabled(call: Call) -> TokenIssuer:
    issuer = outbound.of(call.account_id)
    if issuer is None:
        raise FeatureDisabled("Outbound web identity federation is not enabled for this account.")
    return issuer


def token_context(asked: Asked) -> Mapping[str, ContextValue]:
    """For whom, for how long and by which algorithm; and the tags."""
    audience, seconds = asked.inputs.get("Audience"), asked.inputs.get("DurationSeconds", TAKEN)
    return {
        "sts:IdentityTokenAudience": tuple(audience) if isinstance(audience, list | tuple) else (),
        "sts:DurationSeconds": str(seconds),
        "sts:SigningAlgorithm": asked.text("SigningAlgorithm"),
        **request_tags(asked.inputs.get("Tags")),
    }


def further_actions(asked: Asked) -> Sequence[str]:
    """Passing tags takes a permission of its own."""
    return ["sts:TagGetWebIdentityToken"] if asked.inputs.get("Tags") else []


@operation("sts:GetWebIdentityToken", context=token_context, also=further_actions, guard=not_for_federated_users)
def get_web_identity_token(
    call: Call,
    *,
    audience: Sequence[str],
    signing_algorithm: str,
    duration_seconds: int = TAKEN,
    tags: Tags | None = None,
    scope: str | None = None,
    subject_mode: str = "AWSIdentity",
) -> Result:
    """Give the caller a signed token that says who it is, for services outside."""
    issuer, session = outbound.of(call.account_id), call.caller.session
    if issuer is None:
        raise OutboundFederationDisabled("Outbound web identity federation is not enabled for this account.")
    if signing_algorithm not in outbound.ALGORITHMS:
        raise ValidationError(f"The signing algorithm must be one of: {', '.join(outbound.ALGORITHMS)}.")
    origin = _origin(call.caller, subject_mode, scope)
    issued, expires = temporary.lasting(call.now, duration_seconds)
    if session and expires > session.expires_at:
        raise SessionDurationEscalation("The token would be valid for longer than the session that asks for it.")
    said = outbound.claims(call.caller, issuer, audience, as_mapping(checked(tags)), issued, expires) | origin
    return {
        "WebIdentityToken": outbound.token(issuer, signing_algorithm, said),
        "Expiration": temporary.moment(expires),
    }


def _origin(caller: Caller, mode: str, scope: str | None) -> dict[str, str]:
    """The claims of a token that is about the person behind the session instead of the principal."""
    if mode != "OriginIdentity":
        if scope is not None:
            raise ValidationError("Scope can be specified only when SubjectMode is OriginIdentity.")
        return {}
    subject = dict(caller.session.context if caller.session else ()).get(f"{propagation.ORIGIN}Subject")
    if not subject:
        raise ValidationError("The calling session has no trusted identity propagation context.")
    scopes = scope.split(" ") if scope else []
    if len(set(scopes)) < len(scopes):
        raise ValidationError("A scope value cannot be repeated.")
    return {"sub": subject, "subject_mode": mode, **({"scope": scope} if scope else {})}
