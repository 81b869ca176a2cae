"""One working call of what outside providers' tokens and encoded messages are about."""

from __future__ import annotations

from collections.abc import Mapping

from django.utils import timezone

from accounts.caller import system_caller
from iamconsole.events.models import Event
from iamconsole.operations import door
from identities import authorization_messages
from tests.cast import ACCOUNT_ID
from tests.identities import assertions, tokens
from tests.operations.example import Example


def provider() -> None:
    tokens.make_provider(system_caller(ACCOUNT_ID))


def token() -> Mapping[str, object]:
    provider()
    role = tokens.make_role(system_caller(ACCOUNT_ID))
    return {"RoleArn": role, "WebIdentityToken": tokens.signed(timezone.now())}


def assertion() -> Mapping[str, object]:
    system = system_caller(ACCOUNT_ID)
    assertions.make_provider(system)
    role = assertions.make_role(system)
    said = assertions.whole(timezone.now())
    return {"RoleArn": role, "PrincipalArn": assertions.PROVIDER_ARN, "SAMLAssertion": said}


def message() -> Mapping[str, object]:
    return {"EncodedMessage": authorization_messages.encode({"allowed": False}, ACCOUNT_ID)}


def event() -> Mapping[str, object]:
    door.perform(system_caller(ACCOUNT_ID), "iam:ListUsers")
    written = Event.objects.get(name="ListUsers")
    return {"EventId": str(written.event_id)}


EXAMPLES: dict[str, Example] = {
    "sts:AssumeRoleWithWebIdentity": Example({"RoleSessionName": "build"}, token),
    "sts:AssumeRoleWithSAML": Example({}, assertion),
    "sts:DecodeAuthorizationMessage": Example({}, message),
    "iamconsole:PutOpenIDConnectProviderKeys": Example(
        {"OpenIDConnectProviderArn": tokens.PROVIDER_ARN, "KeySet": tokens.key_set()}, provider
    ),
    "iamconsole:GetAuthorizationMessage": Example({}, event),
}
