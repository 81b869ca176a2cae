"""Tokens about this account's principals: what a service outside verifies with what it can read."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import jwt
import pytest
from django.conf import settings
from django.test import Client
from django.utils import timezone

from accounts.caller import Caller, Session
from iamconsole.events.models import Event
from iamconsole.operations import door
from iamconsole.operations.errors import ApiError
from iamconsole.operations.secrets import Secret
from identities import temporary
from identities.models import TokenKey
from tests.cast import ACCOUNT_ID
from tests.identities.steps import do, error, trust
from tests.world import World, allow

API, OWN = "https://api.example.com", "https://sts.amazonaws.com/"


@pytest.fixture
def open_lab(world: World) -> World:
    do(world.alice, "EnableOutboundWebIdentityFederation")
    return world


def ask(caller: Caller, **more: object) -> dict[str, Any]:
    given = {"Audience": [API], "SigningAlgorithm": "RS256", **more}
    return door.perform(caller, "sts:GetWebIdentityToken", given)


def refusal(caller: Caller, **more: object) -> str:
    with pytest.raises(ApiError) as raised:
        ask(caller, **more)
    return raised.value.code


def verified(client: Client, token: Secret) -> dict[str, Any]:
    """The claims, as a service outside gets to know them: issuer, discovery document, key set, signature."""
    text = token.reveal()
    issuer = jwt.decode(text, options={"verify_signature": False})["iss"]
    assert issuer.startswith(settings.ORIGINS[0])
    found = client.get(f"{issuer.removeprefix(settings.ORIGINS[0])}/.well-known/openid-configuration").json()
    assert found["issuer"] == issuer
    keys = jwt.PyJWKSet.from_dict(client.get(found["jwks_uri"].removeprefix(settings.ORIGINS[0])).json())
    key = keys[jwt.get_unverified_header(text)["kid"]]
    claims: dict[str, Any] = jwt.decode(
        text, key, algorithms=found["id_token_signing_alg_values_supported"], audience=API
    )
    return claims


@pytest.mark.parametrize("algorithm", ["RS256", "ES384"])
def test_it_gives_tokens_that_services_outside_can_verify(client: Client, open_lab: World, algorithm: str) -> None:
    answer = ask(open_lab.alice, SigningAlgorithm=algorithm, Tags=[{"Key": "job", "Value": "7"}])
    claims = verified(client, answer["WebIdentityToken"])
    assert (claims["sub"], claims["aud"], claims["exp"] - claims["iat"]) == (open_lab.alice.arn, API, 300)
    assert claims[OWN] == {
        "aws_account": ACCOUNT_ID,
        "source_region": "us-east-1",
        "principal_id": open_lab.alice.arn,
        "request_tags": {"job": "7"},
    }


def test_it_names_the_role_and_its_tags_in_a_session(client: Client, open_lab: World) -> None:
    tags = [{"Key": "team", "Value": "blue"}]
    role = do(
        open_lab.alice, "CreateRole", RoleName="job", Tags=tags, AssumeRolePolicyDocument=trust(AWS=open_lab.alice.arn)
    )["Role"]["Arn"]
    document = {"Version": "2012-10-17", "Statement": {"Effect": "Allow", "Action": "sts:*", "Resource": "*"}}
    do(open_lab.alice, "PutRolePolicy", RoleName="job", PolicyName="p", PolicyDocument=json.dumps(document))
    key = door.perform(open_lab.alice, "sts:AssumeRole", {"RoleArn": role, "RoleSessionName": "visit"})["Credentials"]
    assert isinstance(key, dict)
    said = temporary.read(key["SessionToken"], key["AccessKeyId"])
    assert said is not None
    claims = verified(client, ask(said.caller)["WebIdentityToken"])
    assert (claims["sub"], claims[OWN]["principal_tags"]) == (role, {"team": "blue"})
    assert claims[OWN]["original_session_exp"] == key["Expiration"].strftime("%Y-%m-%dT%H:%M:%SZ")


def test_it_is_off_until_it_is_turned_on(world: World) -> None:
    assert error(world.alice, "GetOutboundWebIdentityFederationInfo")[0] == "FeatureDisabled"
    assert error(world.alice, "DisableOutboundWebIdentityFederation")[0] == "FeatureDisabled"
    assert refusal(world.alice) == "OutboundWebIdentityFederationDisabledException"


def test_it_keeps_its_address_and_keys_when_turned_off_and_on(client: Client, open_lab: World) -> None:
    first = do(open_lab.alice, "GetOutboundWebIdentityFederationInfo")
    token = ask(open_lab.alice)["WebIdentityToken"]
    assert error(open_lab.alice, "EnableOutboundWebIdentityFederation")[0] == "FeatureEnabled"
    do(open_lab.alice, "DisableOutboundWebIdentityFederation")
    assert refusal(open_lab.alice) == "OutboundWebIdentityFederationDisabledException"
    assert verified(client, token)["sub"] == open_lab.alice.arn
    again = do(open_lab.alice, "EnableOutboundWebIdentityFederation")
    assert first == {"IssuerIdentifier": again["IssuerIdentifier"], "JwtVendingEnabled": True}


def test_it_keeps_keys_sealed_and_tokens_out_of_the_events(open_lab: World) -> None:
    token = ask(open_lab.alice)["WebIdentityToken"].reveal()
    assert "PRIVATE" not in "".join(TokenKey.objects.values_list("sealed_key", flat=True))
    assert TokenKey.objects.count() == 2
    assert not [event for event in Event.objects.all() if token[:40] in json.dumps(event.record)]


def test_it_gives_no_token_that_outlasts_the_session(open_lab: World) -> None:
    now = timezone.now().timestamp()
    caller = replace(open_lab.alice, session=Session(now, now + 120, role_arn="x"))
    ask(caller, DurationSeconds=60)
    assert refusal(caller, DurationSeconds=180) == "SessionDurationEscalationException"


@pytest.mark.parametrize(
    "given",
    [
        {"SigningAlgorithm": "HS256"},
        {"SigningAlgorithm": "none"},
        {"Audience": []},
        {"DurationSeconds": 59},
        {"DurationSeconds": 3_601},
        {"SubjectMode": "OriginIdentity"},
        {"Scope": "read"},
    ],
    ids=str,
)
def test_it_refuses_what_it_cannot_say(open_lab: World, given: dict[str, object]) -> None:
    assert refusal(open_lab.alice, **given) == "ValidationError"


def limited(world: World, **condition: object) -> None:
    statement = {"Effect": "Allow", "Action": "sts:GetWebIdentityToken", "Resource": "*", "Condition": condition}
    document = json.dumps({"Version": "2012-10-17", "Statement": statement})
    do(world.alice, "PutUserPolicy", UserName="bob", PolicyName="tokens", PolicyDocument=document)


def test_it_lets_policies_ask_for_audience_length_and_algorithm(open_lab: World) -> None:
    limited(
        open_lab,
        **{
            "ForAllValues:StringEquals": {"sts:IdentityTokenAudience": API},
            "NumericLessThanEquals": {"sts:DurationSeconds": "300"},
            "StringEquals": {"sts:SigningAlgorithm": "ES384"},
        },
    )
    ask(open_lab.bob, SigningAlgorithm="ES384")
    for wrong in ({"Audience": [API, "b"]}, {"DurationSeconds": 301}, {"SigningAlgorithm": "RS256"}):
        assert refusal(open_lab.bob, **{"SigningAlgorithm": "ES384", **wrong}) == "AccessDenied"


def test_it_asks_whether_tags_may_be_passed(open_lab: World) -> None:
    allow(open_lab.bob, "sts:GetWebIdentityToken")
    ask(open_lab.bob)
    assert refusal(open_lab.bob, Tags=[{"Key": "a", "Value": "b"}]) == "AccessDenied"


def test_it_shows_nothing_of_an_issuer_that_there_is_not(client: Client, world: World) -> None:
    assert client.get("/federation/nobody/.well-known/jwks.json").status_code == 404
