"""Tokens of an OpenID Connect provider: only what the provider's keys signed, for us, now, opens a role."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import jwt
import pytest
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from django.core.management import CommandError, call_command
from django.utils import timezone

from accounts.caller import anonymous_caller
from iamconsole.events.models import Event
from iamconsole.operations import door
from iamconsole.operations.errors import ApiError
from identities import temporary
from tests.cast import ACCOUNT_ID
from tests.identities import papers, tokens
from tests.identities.steps import do
from tests.world import World

ROLE = f"arn:aws:iam::{ACCOUNT_ID}:role/builder"


@pytest.fixture
def lab(world: World) -> World:
    """The account knows the provider, and a role trusts it."""
    tokens.make_provider(world.system)
    tokens.make_role(world.system)
    return world


def assume(token: str, **other: object) -> dict[str, Any]:
    given = {"RoleArn": ROLE, "RoleSessionName": "build", "WebIdentityToken": token, **other}
    return door.perform(anonymous_caller(), "sts:AssumeRoleWithWebIdentity", given)


def refusal(token: str, **other: object) -> tuple[str, str]:
    with pytest.raises(ApiError) as raised:
        assume(token, **other)
    return raised.value.code, raised.value.message


def forged(header: dict[str, object], now: datetime, signature: bytes = b"") -> str:
    """A token with any header and signature."""
    parts = [json.dumps(header).encode(), json.dumps(tokens.claims(now)).encode(), signature]
    return ".".join(base64.urlsafe_b64encode(part).rstrip(b"=").decode() for part in parts)


@pytest.mark.parametrize(("algorithm", "kid"), [("RS256", "one"), ("ES256", "two")])
def test_it_opens_the_role_to_a_token_of_the_provider(lab: World, algorithm: str, kid: str) -> None:
    answer = assume(tokens.signed(timezone.now(), algorithm=algorithm, kid=kid))
    assert answer["AssumedRoleUser"]["Arn"] == f"arn:aws:sts::{ACCOUNT_ID}:assumed-role/builder/build"
    told = (answer["SubjectFromWebIdentityToken"], answer["Audience"], answer["Provider"])
    assert told == (tokens.SUBJECT, tokens.AUDIENCE, tokens.PROVIDER_ARN)
    key = answer["Credentials"]
    said = temporary.read(key["SessionToken"], key["AccessKeyId"])
    assert said is not None and said.caller.session is not None
    assert said.caller.session.provider == tokens.PROVIDER_ARN


def test_it_records_who_came_in_the_accounts_history(lab: World) -> None:
    assume(tokens.signed(timezone.now()))
    event = Event.objects.get(name="AssumeRoleWithWebIdentity")
    assert (event.account_id, event.principal_type) == (ACCOUNT_ID, "WebIdentityUser")
    assert event.user_name == tokens.SUBJECT
    assert "eyJ" not in json.dumps(event.record)


def test_it_takes_no_token_without_a_signature(lab: World) -> None:
    header = {"alg": "none", "kid": "one", "typ": "JWT"}
    assert refusal(forged(header, timezone.now()))[0] == "InvalidIdentityToken"


@pytest.mark.parametrize("encoding", [Encoding.PEM, Encoding.DER])
def test_it_takes_no_public_key_for_a_shared_secret(lab: World, encoding: Encoding) -> None:
    secret = papers.rsa("first").public_key().public_bytes(encoding, PublicFormat.SubjectPublicKeyInfo)
    unsigned = forged({"alg": "HS256", "kid": "one", "typ": "JWT"}, timezone.now()).rpartition(".")[0]
    signature = hmac.new(secret, unsigned.encode(), hashlib.sha256).digest()
    token = f"{unsigned}.{base64.urlsafe_b64encode(signature).rstrip(b'=').decode()}"
    assert jwt.get_unverified_header(token)["alg"] == "HS256"
    assert refusal(token)[0] == "InvalidIdentityToken"


@pytest.mark.parametrize("kid", [None, "", "three", "../../one", "/dev/null", "one\x00", "one' OR '1'='1"])
def test_it_takes_no_key_but_those_of_the_provider(lab: World, kid: str | None) -> None:
    code, message = refusal(tokens.signed(timezone.now(), kid=kid))
    assert (code, message[:40]) == ("InvalidIdentityToken", "Couldn't retrieve verification key from ")


def test_it_takes_no_token_signed_by_another_key(lab: World) -> None:
    assert "signature" in refusal(tokens.signed(timezone.now(), key=papers.rsa("second")))[1]


def test_it_takes_no_algorithm_that_the_key_is_not_for(lab: World) -> None:
    assert "algorithm" in refusal(tokens.signed(timezone.now(), algorithm="RS512"))[1]
    assert "algorithm" in refusal(tokens.signed(timezone.now(), algorithm="ES256", kid="one"))[1]


@pytest.mark.parametrize("extra", [{"crit": ["x"], "x": 1}, {"b64": False, "crit": ["b64"]}])
def test_it_takes_no_header_that_it_does_not_understand(lab: World, extra: dict[str, object]) -> None:
    assert refusal(forged({"alg": "RS256", "kid": "one", **extra}, timezone.now(), b"x"))[0] == "InvalidIdentityToken"


@pytest.mark.parametrize("place", ["header", "payload", "signature"])
def test_it_takes_no_changed_token(lab: World, place: str) -> None:
    parts = tokens.signed(timezone.now()).split(".")
    number = ["header", "payload", "signature"].index(place)
    text = parts[number]
    for at in range(0, len(text) - 1, 17):
        letter = "B" if text[at] == "A" else "A"
        parts[number] = text[:at] + letter + text[at + 1 :]
        assert refusal(".".join(parts))[0] == "InvalidIdentityToken"


@pytest.mark.parametrize(
    ("claim", "code", "message"),
    [
        ({"aud": "another"}, "InvalidIdentityToken", "Incorrect token audience"),
        ({"aud": ["sts.amazonaws.com", "another"]}, "InvalidIdentityToken", "Incorrect token audience"),
        ({"aud": None}, "InvalidIdentityToken", "Incorrect token audience"),
        ({"azp": "another"}, "InvalidIdentityToken", "Incorrect token audience"),
        ({"iss": "https://other.example.com"}, "InvalidIdentityToken", "No OpenIDConnect provider found"),
        ({"iss": f"http://{tokens.HOST}"}, "InvalidIdentityToken", "No OpenIDConnect provider found"),
        ({"iss": f"https://{tokens.HOST}/"}, "InvalidIdentityToken", "No OpenIDConnect provider found"),
        ({"iss": tokens.HOST}, "InvalidIdentityToken", "No OpenIDConnect provider found"),
        ({"iss": None}, "InvalidIdentityToken", "Missing a required claim: iss"),
        ({"sub": None}, "InvalidIdentityToken", "Missing a required claim: sub"),
        ({"exp": 1}, "ExpiredTokenException", "Token expired"),
        ({"exp": None}, "InvalidIdentityToken", "Missing or invalid claim: exp"),
        ({"exp": "tomorrow"}, "InvalidIdentityToken", "Missing or invalid claim: exp"),
        ({"exp": 1e300}, "InvalidIdentityToken", "Missing or invalid claim: exp"),
        ({"iat": None}, "InvalidIdentityToken", "Missing or invalid claim: iat"),
        ({"https://aws.amazon.com/tags": "x"}, "InvalidIdentityToken", "The session tags"),
        ({"https://aws.amazon.com/tags": {"principal_tags": {"a": [1]}}}, "InvalidIdentityToken", "The session tags"),
    ],
    ids=str,
)
def test_it_takes_no_token_for_others_or_other_times(
    lab: World, claim: dict[str, object], code: str, message: str
) -> None:
    found = refusal(tokens.signed(timezone.now(), **claim))
    assert found[0] == code and found[1].startswith(message)


def test_it_takes_no_token_before_its_time(lab: World) -> None:
    soon = int((timezone.now() + timedelta(minutes=5)).timestamp())
    assert refusal(tokens.signed(timezone.now(), nbf=soon)) == (
        "InvalidIdentityToken",
        "The ID Token is not valid yet.",
    )
    assert refusal(tokens.signed(timezone.now(), iat=soon))[1] == "The ID Token was issued in the future."


@pytest.mark.parametrize("text", ["abcd", "a.b.c", "....", "e30.e30.e30", "[" * 15_000, "Ww.Ww.Ww"])
def test_it_takes_nothing_that_is_no_token(lab: World, text: str) -> None:
    assert refusal(text)[0] == "InvalidIdentityToken"


def test_it_takes_no_bomb_of_brackets(lab: World) -> None:
    deep = base64.urlsafe_b64encode(b"[" * 7_000).decode()
    assert refusal(f"{deep}.{deep}.x")[0] == "InvalidIdentityToken"


@pytest.mark.parametrize("key", ["aud", "sub"])
def test_it_lets_the_trust_policy_ask_for_the_tokens_claims(lab: World, key: str) -> None:
    role = tokens.make_role(lab.system, "strict", StringEquals={f"{tokens.HOST}:{key}": "second"})
    said = ("AccessDenied", "Not authorized to perform sts:AssumeRoleWithWebIdentity")
    assert refusal(tokens.signed(timezone.now()), RoleArn=role) == said
    assume(tokens.signed(timezone.now(), **{key: "second"}), RoleArn=role)


def test_it_goes_by_the_authorized_party_where_one_is_named(lab: World) -> None:
    token = tokens.signed(timezone.now(), aud=["x", "y"], azp="second")
    assert assume(token)["Audience"] == "second"


def test_it_hides_whether_a_role_is_there(lab: World) -> None:
    do(lab.system, "CreateRole", RoleName="closed", AssumeRolePolicyDocument=papers_trust())
    closed, missing = (
        refusal(tokens.signed(timezone.now()), RoleArn=arn)
        for arn in (f"arn:aws:iam::{ACCOUNT_ID}:role/closed", f"arn:aws:iam::{ACCOUNT_ID}:role/missing")
    )
    assert closed == missing == ("AccessDenied", "Not authorized to perform sts:AssumeRoleWithWebIdentity")


def papers_trust() -> str:
    statement = {"Effect": "Allow", "Principal": {"AWS": ACCOUNT_ID}, "Action": "sts:AssumeRole"}
    return json.dumps({"Version": "2012-10-17", "Statement": [statement]})


def test_it_asks_the_roles_own_account_for_the_provider(lab: World) -> None:
    do(lab.charlie, "CreateRole", RoleName="builder", AssumeRolePolicyDocument=papers_trust())
    role = ROLE.replace(ACCOUNT_ID, lab.charlie.account_id)
    assert refusal(tokens.signed(timezone.now()), RoleArn=role)[1].startswith("No OpenIDConnect provider found")


def test_it_carries_the_tokens_tags_and_source_identity(lab: World) -> None:
    tags = {"principal_tags": {"team": ["blue"]}, "transitive_tag_keys": ["team"]}
    more = {"https://aws.amazon.com/tags": tags, "https://aws.amazon.com/source_identity": "dana"}
    answer = assume(tokens.signed(timezone.now(), **more))
    key = answer["Credentials"]
    said = temporary.read(key["SessionToken"], key["AccessKeyId"])
    assert said is not None and said.caller.session is not None
    assert (said.caller.session.tags, said.caller.session.transitive) == ((("team", "blue"),), ("team",))
    assert answer["SourceIdentity"] == said.caller.session.source_identity == "dana"


def test_it_asks_whether_the_token_may_pass_tags(lab: World) -> None:
    role = tokens.make_role(lab.system, "plain", StringEquals={"aws:RequestTag/team": "green"})
    more = {"https://aws.amazon.com/tags": {"principal_tags": {"team": ["blue"]}}}
    assert refusal(tokens.signed(timezone.now(), **more), RoleArn=role)[0] == "AccessDenied"


def test_it_refuses_access_tokens_of_other_kinds(lab: World) -> None:
    assert refusal(tokens.signed(timezone.now()), ProviderId="www.amazon.com")[0] == "ValidationError"


@pytest.mark.parametrize(
    "text",
    [
        "{",
        "[]",
        '{"keys": []}',
        '{"keys": [1]}',
        '{"keys": [{"kty": "oct", "kid": "a", "k": "c2VjcmV0"}]}',
        '{"keys": [{"kty": "RSA", "kid": "a"}]}',
        '{"keys": [{"kty": "EC", "crv": "P-256", "x": "AA", "y": "AA", "kid": "a"}]}',
        "[" * 20_000,
    ],
    ids=range(8),
)
def test_it_keeps_no_keys_that_verify_nothing(lab: World, text: str) -> None:
    given = {"OpenIDConnectProviderArn": tokens.PROVIDER_ARN, "KeySet": text}
    with pytest.raises(ApiError) as raised:
        door.perform(lab.system, "iamconsole:PutOpenIDConnectProviderKeys", given)
    assert raised.value.code == "InvalidInput"


def test_it_keeps_no_private_keys_short_keys_or_two_of_one_name(lab: World) -> None:
    private = jwt.algorithms.RSAAlgorithm.to_jwk(papers.rsa("first"), as_dict=True)
    short = jwt.algorithms.RSAAlgorithm.to_jwk(papers.rsa("small").public_key(), as_dict=True)
    for keys in ([{**private, "kid": "a"}], [{**short, "kid": "a"}], [*tokens.keys(), *tokens.keys()]):
        given = {"OpenIDConnectProviderArn": tokens.PROVIDER_ARN, "KeySet": json.dumps({"keys": keys})}
        with pytest.raises(ApiError):
            door.perform(lab.system, "iamconsole:PutOpenIDConnectProviderKeys", given)


def test_it_takes_keys_from_a_file(lab: World, tmp_path: Path) -> None:
    file = tmp_path / "keys.json"
    file.write_text(json.dumps({"keys": tokens.keys()[1:]}))
    call_command("oidc_keys", tokens.PROVIDER_ARN, str(file))
    assert "retrieve" in refusal(tokens.signed(timezone.now()))[1]
    assume(tokens.signed(timezone.now(), kid="two", algorithm="ES256"))


@pytest.mark.parametrize(
    ("arn", "file"), [("x", "-"), (tokens.PROVIDER_ARN + "x", __file__), (tokens.PROVIDER_ARN, "/no")]
)
def test_it_says_what_is_wrong_with_a_file_or_name(lab: World, arn: str, file: str) -> None:
    with pytest.raises(CommandError):
        call_command("oidc_keys", arn, file)
