"""STS: a role for whoever brings an assertion of a SAML provider that the account knows. Nobody signs the call.

Source: STS API reference, AssumeRoleWithSAML.
"""

from __future__ import annotations

from collections.abc import Mapping

from accounts.caller import Caller, Session, saml_caller
from iamconsole.operations.call import Call
from iamconsole.operations.errors import ValidationError
from iamconsole.operations.registry import Asked, ContextValue, Result, operation
from iamconsole.operations.secrets import Secret
from identities import assuming, propagation, saml_identity, temporary
from identities.assuming import StsAccessDenied
from identities.operations.web_identity import further_actions, said_by
from identities.web_identity_errors import ExpiredToken
from policies.context import request_tags


def bearer(asked: Asked) -> Caller:
    """Who the assertion is about, as a provider of the role's account says."""
    role_arn, provider_arn = asked.text("RoleArn"), asked.text("PrincipalArn")
    assuming.role_of(role_arn)
    account_id, text = role_arn.split(":")[4], asked.inputs["SAMLAssertion"]
    if not provider_arn.startswith("arn:aws:iam::") or ":saml-provider/" not in provider_arn:
        raise ValidationError(f"{provider_arn} is invalid")
    assert isinstance(text, Secret)
    said = saml_identity.verified(account_id, role_arn, provider_arn, text, asked.now)
    if said is None:
        raise _denied()
    return saml_caller(account_id, said, asked.caller.origin)


def context(asked: Asked) -> Mapping[str, ContextValue]:
    """What trust policies ask about, besides the assertion's own keys: session name, tags, source identity."""
    said = said_by(asked.caller)
    keys: dict[str, ContextValue] = {"sts:RoleSessionName": said.session_name}
    keys |= request_tags([{"Key": key, "Value": value} for key, value in said.tags])
    if said.transitive:
        keys["sts:TransitiveTagKeys"] = said.transitive
    if said.source_identity:
        keys["sts:SourceIdentity"] = said.source_identity
    return keys


@operation(
    "sts:AssumeRoleWithSAML",
    resource=assuming.role_target,
    context=context,
    also=further_actions,
    identify=bearer,
)
def assume_role_with_saml(
    call: Call,
    *,
    role_arn: str,
    principal_arn: str,
    saml_assertion: Secret,
    policy_arns: list[dict[str, str]] | None = None,
    policy: str | None = None,
    duration_seconds: int = 3600,
    minimum_session_token_size: int = 0,
) -> Result:
    """Give temporary credentials of a role to the bearer of a SAML assertion whose provider the role trusts."""
    said, role = said_by(call.caller), assuming.role_of(role_arn)
    if role is None:
        raise _denied()
    seconds = assuming.check_duration(duration_seconds, role.max_session_duration, chained=False)
    if said.ends_at is not None:
        # Whichever is shorter, by AWS's rule.
        seconds = min(seconds, int(said.ends_at - call.now.timestamp()))
    if seconds <= 0:
        raise ExpiredToken("The session of the SAML assertion has ended.")
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
        **assuming.opened(role, said.session_name, session),
        "Subject": said.subject,
        **({"SubjectType": said.subject_type} if said.subject_type else {}),
        "Issuer": said.issuer,
        "Audience": said.audience,
        "NameQualifier": said.name_qualifier,
        # What an encrypted assertion says is not told to whoever carries it.
        **({} if said.was_encrypted else propagation.told(said.context)),
    }


def _denied() -> StsAccessDenied:
    return StsAccessDenied("Not authorized to perform sts:AssumeRoleWithSAML")
