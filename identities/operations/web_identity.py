"""STS: a role for whoever brings a token of an OpenID Connect provider that the account knows. Nobody signs the call.

Source: STS API reference, AssumeRoleWithWebIdentity.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from accounts.caller import Assertion, Caller, Session, web_identity_caller
from iamconsole.operations.call import Call
from iamconsole.operations.errors import ValidationError
from iamconsole.operations.registry import Asked, ContextValue, Result, operation
from iamconsole.operations.secrets import Secret
from identities import assuming, propagation, temporary, web_identity
from identities.assuming import StsAccessDenied
from policies.context import request_tags


def bearer(asked: Asked) -> Caller:
    """Who the token is about, as a provider of the role's account says."""
    assuming.role_of(asked.text("RoleArn"))
    if asked.text("ProviderId"):
        raise ValidationError("ProviderId is for OAuth 2.0 access tokens, which are not supported; leave it out.")
    account_id, token = asked.text("RoleArn").split(":")[4], asked.inputs["WebIdentityToken"]
    assert isinstance(token, Secret)
    return web_identity_caller(account_id, web_identity.verified(token, account_id, asked.now), asked.caller.origin)


def said_by(caller: Caller) -> Assertion:
    """The token's content; `bearer` has put it there."""
    assert caller.assertion is not None
    return caller.assertion


def context(asked: Asked) -> Mapping[str, ContextValue]:
    """What trust policies ask about, besides the token's own keys: session name, tags, source identity."""
    said = said_by(asked.caller)
    keys: dict[str, ContextValue] = {"sts:RoleSessionName": asked.text("RoleSessionName")}
    keys |= request_tags([{"Key": key, "Value": value} for key, value in said.tags])
    if said.transitive:
        keys["sts:TransitiveTagKeys"] = said.transitive
    if said.source_identity:
        keys["sts:SourceIdentity"] = said.source_identity
    return keys


def further_actions(asked: Asked) -> Sequence[str]:
    """Tags, a source identity and trusted context in the token take a permission of their own."""
    said = said_by(asked.caller)
    also = {
        "sts:TagSession": said.tags,
        "sts:SetSourceIdentity": said.source_identity,
        "sts:SetContext": said.context,
    }
    return [action for action, value in also.items() if value]


@operation(
    "sts:AssumeRoleWithWebIdentity",
    resource=assuming.role_target,
    context=context,
    also=further_actions,
    identify=bearer,
)
def assume_role_with_web_identity(
    call: Call,
    *,
    role_arn: str,
    role_session_name: str,
    web_identity_token: Secret,
    provider_id: str = "",
    policy_arns: list[dict[str, str]] | None = None,
    policy: str | None = None,
    duration_seconds: int = 3600,
    minimum_session_token_size: int = 0,
) -> Result:
    """Give temporary credentials of a role to the bearer of a token whose provider the role trusts."""
    said, role = said_by(call.caller), assuming.role_of(role_arn)
    if role is None:
        raise StsAccessDenied("Not authorized to perform sts:AssumeRoleWithWebIdentity")
    seconds = assuming.check_duration(duration_seconds, role.max_session_duration, chained=False)
    tags, going_on = assuming.session_tags(
        [{"Key": key, "Value": value} for key, value in said.tags], said.transitive, None
    )
    documents, arns = assuming.session_policies(policy, policy_arns or [])
    session = Session(
        *temporary.lasting(call.now, seconds),
        role_arn=role.arn,
        tags=tags,
        transitive=tuple(key for key, _ in going_on),
        source_identity=said.source_identity,
        policies=documents,
        policy_arns=arns,
        provider=said.provider,
        context=said.context,
    )
    return {
        **assuming.opened(role, role_session_name, session),
        "SubjectFromWebIdentityToken": said.subject,
        "Audience": said.audience,
        "Provider": said.provider,
        **propagation.told(said.context),
    }
