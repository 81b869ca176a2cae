"""Context providers: what tokens and assertions say of the person behind a session becomes keys of the session."""

from __future__ import annotations

import hashlib
import json
from typing import Any

import jwt
import pytest
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from django.utils import timezone

from accounts.caller import Caller, anonymous_caller
from iamconsole.events.models import Event
from iamconsole.operations import door
from iamconsole.operations.errors import ApiError
from identities import temporary
from tests.cast import ACCOUNT_ID
from tests.identities import assertions, papers, tokens
from tests.identities.steps import do, error
from tests.world import World

PROVIDER = {
    "SubjectSourceKey": "email",
    "SubjectTypeValue": "user",
    "KeyDefinitionList": [{"SourceKey": "dept", "TargetKey": "department"}, {"SourceKey": "level"}],
}
NAMED = {"OpenIDConnectProviderArn": tokens.PROVIDER_ARN}


@pytest.fixture
def lab(world: World) -> World:
    """The account knows a provider that propagates identities, and a role trusts it."""
    tokens.make_provider(world.system)
    do(world.alice, "UpdateOpenIDConnectProvider", **NAMED, ContextProvider=PROVIDER)
    tokens.make_role(world.system)
    return world


def assume(name: str = "builder", **claims: object) -> dict[str, Any]:
    token = tokens.signed(timezone.now(), **{"email": "dana@school.example", "dept": ["lab"], "level": 3, **claims})
    given = {"RoleArn": f"arn:aws:iam::{ACCOUNT_ID}:role/{name}", "RoleSessionName": "build", "WebIdentityToken": token}
    return door.perform(anonymous_caller(), "sts:AssumeRoleWithWebIdentity", given)


def session(answer: dict[str, Any]) -> Caller:
    key = answer["Credentials"]
    said = temporary.read(key["SessionToken"], key["AccessKeyId"])
    assert said is not None
    return said.caller


def test_it_tells_whom_the_session_acts_for(lab: World) -> None:
    told = assume()["TrustedIdentityPropagationContext"]
    assert told == {
        "OriginIdentity": {
            "Subject": "dana@school.example",
            "SubjectType": "user",
            "Issuer": tokens.HOST,
            "FederatedProviderArn": tokens.PROVIDER_ARN,
        },
        "TransactionContext": {"IdentityProvider": {"department": "lab", "level": "3"}},
    }
    shown = do(lab.alice, "GetOpenIDConnectProvider", **NAMED)["ContextProvider"]
    assert (shown["SubjectSourceKey"], len(shown["KeyDefinitionList"])) == ("email", 2)


def test_it_lets_policies_ask_for_it(lab: World) -> None:
    for action, subject in (("iam:ListUsers", "dana@school.example"), ("iam:ListRoles", "eve@school.example")):
        condition = {"StringEquals": {"aws:OriginIdentity/Subject": subject}}
        statement = {"Effect": "Allow", "Action": action, "Resource": "*", "Condition": condition}
        document = json.dumps({"Version": "2012-10-17", "Statement": statement})
        do(lab.alice, "PutRolePolicy", RoleName="builder", PolicyName=action[4:], PolicyDocument=document)
    caller = session(assume())
    do(caller, "ListUsers")
    assert error(caller, "ListRoles")[0] == "AccessDenied"


def test_it_asks_whether_context_may_be_set(lab: World) -> None:
    statement = {
        "Effect": "Allow",
        "Principal": {"Federated": tokens.PROVIDER_ARN},
        "Action": "sts:AssumeRoleWithWebIdentity",
    }
    document = json.dumps({"Version": "2012-10-17", "Statement": statement})
    do(lab.alice, "CreateRole", RoleName="plain", AssumeRolePolicyDocument=document)
    with pytest.raises(ApiError) as raised:
        assume("plain")
    assert raised.value.code == "AccessDenied"


@pytest.mark.parametrize("email", [None, ["a", "b"], "", {"a": 1}])
def test_it_needs_one_subject(lab: World, email: object) -> None:
    with pytest.raises(ApiError) as raised:
        assume(email=email)
    assert raised.value.code == "InvalidIdentityToken"


def test_it_propagates_nothing_when_it_is_removed(lab: World) -> None:
    do(lab.alice, "UpdateOpenIDConnectProvider", **NAMED, RemoveContextProvider=True)
    assert "TrustedIdentityPropagationContext" not in assume()
    assert "ContextProvider" not in do(lab.alice, "GetOpenIDConnectProvider", **NAMED)


@pytest.mark.parametrize(
    "given",
    [
        {},
        {"ContextProvider": PROVIDER, "RemoveContextProvider": True},
        {"IdentityCenterInstanceArn": "arn:aws:sso:::instance/x"},
        {"RemoveIdentityCenterInstance": True},
        {"ContextProvider": {**PROVIDER, "SubjectTypeSourceKey": "kind"}},
        {"ContextProvider": {"SubjectSourceKey": " sub"}},
        {"ContextProvider": {"SubjectSourceKey": "a  b"}},
        {"ContextProvider": {"SubjectSourceKey": "sub", "KeyDefinitionList": [{"SourceKey": "é"}]}},
        {"ContextProvider": {"SubjectSourceKey": "sub", "KeyDefinitionList": [{"SourceKey": "a"}, {"SourceKey": "a"}]}},
    ],
    ids=range(9),
)
def test_it_refuses_what_is_no_change(lab: World, given: dict[str, object]) -> None:
    assert error(lab.alice, "UpdateOpenIDConnectProvider", **NAMED, **given)[0] == "InvalidInput"


def test_it_gives_tokens_about_the_person_behind_the_session(lab: World) -> None:
    do(lab.alice, "EnableOutboundWebIdentityFederation")
    document = {"Version": "2012-10-17", "Statement": {"Effect": "Allow", "Action": "sts:*", "Resource": "*"}}
    do(lab.alice, "PutRolePolicy", RoleName="builder", PolicyName="sts", PolicyDocument=json.dumps(document))
    given = {"Audience": ["a"], "SigningAlgorithm": "ES384", "SubjectMode": "OriginIdentity", "Scope": "read write"}
    token = door.perform(session(assume()), "sts:GetWebIdentityToken", given)["WebIdentityToken"]
    claims = jwt.decode(token.reveal(), options={"verify_signature": False})  # type: ignore[attr-defined]
    assert (claims["sub"], claims["subject_mode"], claims["scope"]) == (
        "dana@school.example",
        "OriginIdentity",
        "read write",
    )
    with pytest.raises(ApiError) as raised:
        door.perform(session(assume()), "sts:GetWebIdentityToken", {**given, "Scope": "read read"})
    assert raised.value.code == "ValidationError"


@pytest.fixture
def school(world: World) -> World:
    """A SAML provider that propagates identities."""
    provider = {"SubjectSourceKey": "NameID", "KeyDefinitionList": [{"SourceKey": "urn:dept", "TargetKey": "dept"}]}
    key = {"AddPrivateKey": papers.private_pem("second"), "AssertionEncryptionMode": "Allowed"}
    assertions.make_provider(world.system, ContextProvider=provider, **key)
    assertions.make_role(world.system)
    return world


def assume_with_saml(text: str) -> dict[str, Any]:
    given = {"RoleArn": assertions.ROLE_ARN, "PrincipalArn": assertions.PROVIDER_ARN, "SAMLAssertion": text}
    return door.perform(anonymous_caller(), "sts:AssumeRoleWithSAML", given)


def test_it_propagates_what_assertions_say(school: World) -> None:
    answer = assume_with_saml(assertions.whole(timezone.now(), attributes={"urn:dept": ["lab"]}))
    public = papers.rsa("first").public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
    assert answer["TrustedIdentityPropagationContext"] == {
        "OriginIdentity": {
            "Subject": assertions.SUBJECT,
            "Issuer": hashlib.sha256(public).hexdigest(),
            "FederatedProviderArn": assertions.PROVIDER_ARN,
        },
        "TransactionContext": {"IdentityProvider": {"dept": "lab"}},
    }


def test_it_tells_nothing_of_an_encrypted_assertion_but_keeps_it(school: World) -> None:
    facts = assertions.Facts(timezone.now())
    inside = assertions.encrypted(assertions.signed(assertions.assertion(facts)))
    answer = assume_with_saml(assertions.encoded(assertions.response(facts, inside)))
    assert "TrustedIdentityPropagationContext" not in answer
    kept = session(answer).session
    assert kept is not None
    assert dict(kept.context)["aws:OriginIdentity/Subject"] == assertions.SUBJECT


def test_it_changes_and_removes_a_saml_providers(school: World) -> None:
    named = {"SAMLProviderArn": assertions.PROVIDER_ARN}
    do(school.alice, "UpdateSAMLProvider", **named, ContextProvider={"SubjectSourceKey": "urn:dept"})
    assert do(school.alice, "GetSAMLProvider", **named)["ContextProvider"]["SubjectSourceKey"] == "urn:dept"
    do(school.alice, "UpdateSAMLProvider", **named, RemoveContextProvider=True)
    assert "ContextProvider" not in do(school.alice, "GetSAMLProvider", **named)


def test_it_lets_policies_ask_who_enables_it(lab: World) -> None:
    condition = {"StringNotEquals": {"iam:EnableIdentityPropagation": "true"}}
    statement = {"Effect": "Allow", "Action": "iam:*OpenID*", "Resource": "*", "Condition": condition}
    document = json.dumps({"Version": "2012-10-17", "Statement": statement})
    do(lab.alice, "PutUserPolicy", UserName="bob", PolicyName="p", PolicyDocument=document)
    do(lab.bob, "UpdateOpenIDConnectProvider", **NAMED, RemoveContextProvider=True)
    assert error(lab.bob, "UpdateOpenIDConnectProvider", **NAMED, ContextProvider=PROVIDER)[0] == "AccessDenied"
    assert Event.objects.filter(name="UpdateOpenIDConnectProvider").count() == 3
