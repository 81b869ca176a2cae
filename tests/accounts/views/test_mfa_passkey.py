"""Signing in with a passkey, and choosing among kinds of devices."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.http import HttpResponse
from django.test import Client
from django.utils import timezone

from iamconsole.events.models import Event
from iamconsole.operations.door import perform
from iamconsole.operations.secrets import Secret
from identities import totp
from identities.models import MfaDevice, PasskeyChallenge
from identities.passkeys import Refusal
from tests.accounts.views.people import (
    HOME,
    code_of,
    enter_code,
    enter_password,
    enter_root_password,
    give_device,
    is_signed_in,
)
from tests.identities.authenticator import Authenticator
from tests.identities.passkey_steps import give_passkey
from tests.identities.steps import do
from tests.world import World

PAGE = "/signin/mfa/passkey/"
EXPIRED = "You have five minutes after the password: sign in again."


@pytest.fixture
def key() -> Authenticator:
    return Authenticator()


def options(client: Client) -> str:
    response = client.post(f"{PAGE}options/")
    assert response.status_code == 200
    return response.content.decode()


def use(client: Client, answer: str) -> HttpResponse:
    return client.post(PAGE, {"answer": answer})  # type: ignore[return-value]


def last_sign_in() -> dict[str, Any]:
    event = Event.objects.filter(name="ConsoleLogin").order_by("-id").first()
    assert event
    return dict(event.record)


def test_it_lets_a_user_in(client: Client, world: World, key: Authenticator) -> None:
    device = give_passkey(world.alice, "alice", key)
    enter_password(client, "alice")
    assert client.get("/signin/mfa/").headers["Location"] == PAGE
    assert "with your passkey or security key" in client.get(PAGE).content.decode()
    assert use(client, key.sign(options(client))).headers["Location"] == HOME
    assert is_signed_in(client)
    data = last_sign_in()["additionalEventData"]
    assert (data["MFAUsed"], data["MFAIdentifier"]) == ("Yes", device.serial)
    check = Event.objects.get(name="CheckMfa").record["additionalEventData"]
    assert check == {"MfaType": "U2F MFA"}


def test_it_lets_root_in(client: Client, world: World, key: Authenticator) -> None:
    give_passkey(world.root, key=key)
    enter_root_password(client, "root@alice.example")
    assert use(client, key.sign(options(client))).status_code == 303
    assert is_signed_in(client)


def test_it_tells_policies_that_mfa_was_used(client: Client, world: World, key: Authenticator) -> None:
    give_passkey(world.alice, "alice", key)
    statement = {
        "Effect": "Deny",
        "Action": "iam:ListAccessKeys",
        "Resource": "*",
        "Condition": {"BoolIfExists": {"aws:MultiFactorAuthPresent": "false"}},
    }
    late = {**statement, "Condition": {"NumericGreaterThan": {"aws:MultiFactorAuthAge": "3600"}}}
    text = json.dumps({"Version": "2012-10-17", "Statement": [statement, late]})
    do(world.system, "PutUserPolicy", UserName="alice", PolicyName="mfa", PolicyDocument=text)
    enter_password(client, "alice")
    now = timezone.now()
    use(client, key.sign(options(client)))
    assert "Access denied" not in client.get(HOME).content.decode()
    with time_machine.travel(now + timedelta(minutes=61)):
        assert "Access denied" in client.get(HOME).content.decode()


@pytest.mark.parametrize(
    ("spoil", "text"),
    [
        ({"origin": "http://evil.example"}, Refusal.INVALID),
        ({"id": b"somebody else's"}, Refusal.UNKNOWN),
        ({"count": -3}, Refusal.COPIED),
        ({"flags": 1}, Refusal.UNVERIFIED),
    ],
)
def test_it_says_what_to_do_after_a_refusal(
    client: Client, world: World, key: Authenticator, spoil: dict[str, Any], text: Refusal
) -> None:
    device = give_passkey(world.alice, "alice", key)
    MfaDevice.objects.filter(pk=device.pk).update(sign_count=4)
    key.count = 4
    enter_password(client, "alice")
    for name, value in spoil.items():
        setattr(key, name, value)
    key.count = max(0, key.count) if "count" in spoil else key.count
    page = use(client, key.sign(options(client))).content.decode()
    assert text.value in page and not is_signed_in(client)
    record = last_sign_in()
    assert record["responseElements"] == {"ConsoleLogin": "Failure"}
    assert ("went backwards" in record["errorMessage"]) is (text is Refusal.COPIED)


def test_it_refuses_a_replay_in_a_new_sign_in(client: Client, world: World, key: Authenticator) -> None:
    give_passkey(world.alice, "alice", key)
    enter_password(client, "alice")
    answer = key.sign(options(client))
    use(client, answer)
    again = Client()
    enter_password(again, "alice")
    assert Refusal.LATE.value in use(again, answer).content.decode()
    assert not is_signed_in(again)


def test_it_refuses_the_challenge_of_another_sign_in(client: Client, world: World, key: Authenticator) -> None:
    give_passkey(world.alice, "alice", key)
    enter_password(client, "alice")
    other = Client()
    enter_password(other, "alice")
    assert Refusal.LATE.value in use(other, key.sign(options(client))).content.decode()


def test_it_refuses_another_users_passkey(client: Client, world: World, key: Authenticator) -> None:
    give_passkey(world.alice, "alice")
    give_passkey(world.alice, "bob", key)
    enter_password(client, "alice")
    assert Refusal.UNKNOWN.value in use(client, key.sign(options(client))).content.decode()
    assert not is_signed_in(client)


def test_it_counts_wrong_answers_like_codes(client: Client, world: World, key: Authenticator) -> None:
    give_passkey(world.alice, "alice", key)
    enter_password(client, "alice")
    for _ in range(5):
        use(client, "{}")
    assert Refusal.INVALID.value in use(client, key.sign(options(client))).content.decode()
    assert not is_signed_in(client)


def test_it_says_so_when_the_step_has_expired(client: Client, world: World, key: Authenticator) -> None:
    give_passkey(world.alice, "alice", key)
    enter_password(client, "alice")
    answer = key.sign(options(client))
    with time_machine.travel(timezone.now() + timedelta(minutes=5, seconds=1)):
        response = client.post(f"{PAGE}options/")
        assert response.status_code == 403 and EXPIRED in json.loads(response.content)["problem"]
        assert use(client, answer).headers["Location"] == "/signin/"
        assert EXPIRED in client.get("/signin/").content.decode()
    assert not is_signed_in(client)


def test_it_makes_no_challenge_without_a_password(client: Client, world: World) -> None:
    assert client.post(f"{PAGE}options/").status_code == 403
    assert client.get(PAGE).headers["Location"] == "/signin/"
    assert not PasskeyChallenge.objects.exists()


@pytest.mark.parametrize("answer", ["", "{}", "[" * 30_000, "x" * 40_000, "\x00", "é"])
def test_it_says_what_to_do_when_no_answer_came(client: Client, world: World, answer: str) -> None:
    give_passkey(world.alice, "alice")
    enter_password(client, "alice")
    page = use(client, answer).content.decode()
    assert "Choose “Use passkey or security key”" in page or Refusal.LATE.value in page


def test_it_shows_no_passkey_page_to_whoever_has_none(client: Client, world: World) -> None:
    give_device(world.alice)
    enter_password(client, "alice")
    assert client.get(PAGE).headers["Location"] == "/signin/mfa/"


def three_kinds(world: World, key: Authenticator) -> None:
    give_passkey(world.alice, "alice", key)
    give_device(world.alice)
    seed = Secret("GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ")
    perform(world.alice, "iamconsole:RegisterMFAToken", {"SerialNumber": "GAHT12345678", "Seed": seed})
    MfaDevice.objects.filter(pk__endswith="GAHT12345678").update(
        user_id=world.alice.principal_id, enabled_at=timezone.now()
    )


def test_it_asks_for_the_kind_first_where_there_are_several(client: Client, world: World, key: Authenticator) -> None:
    three_kinds(world, key)
    enter_password(client, "alice")
    page = client.get("/signin/mfa/").content.decode()
    for label in ("Passkey or security key", "Authenticator app", "Hardware TOTP token"):
        assert label in page
    assert client.get("/signin/mfa/?method=passkey").headers["Location"] == PAGE
    assert "code from your authenticator app" in client.get("/signin/mfa/?method=virtual").content.decode()
    assert "code from your hardware TOTP token" in client.get("/signin/mfa/?method=hardware").content.decode()
    assert "is-invalid" in client.get("/signin/mfa/?method=abacus").content.decode()
    for address in (PAGE, "/signin/mfa/?method=virtual"):
        assert "Try another MFA method" in client.get(address).content.decode()
    assert Event.objects.get(name="CheckMfa").record["additionalEventData"] == {"MfaType": "Multiple MFA Devices"}


@pytest.mark.parametrize("kind", ["passkey", "virtual", "hardware"])
def test_it_is_content_with_any_one(client: Client, world: World, key: Authenticator, kind: str) -> None:
    three_kinds(world, key)
    enter_password(client, "alice")
    if kind == "passkey":
        use(client, key.sign(options(client)))
    else:
        device = next(each for each in MfaDevice.objects.all() if each.kind == kind)
        client.post(f"/signin/mfa/?method={kind}", {"code": code_of(device)})
    assert is_signed_in(client)


def test_it_takes_codes_beside_a_passkey_and_never_a_passkey_for_a_code(
    client: Client, world: World, key: Authenticator
) -> None:
    give_passkey(world.alice, "alice", key)
    device = give_device(world.alice)
    enter_password(client, "alice")
    assert enter_code(client, code_of(device)).headers["Location"] == HOME
    assert totp.seed_of(device)


def test_it_does_not_offer_another_method_where_there_is_one(client: Client, world: World) -> None:
    give_passkey(world.alice, "alice")
    enter_password(client, "alice")
    page = client.get(PAGE).content.decode()
    assert "Try another MFA method" not in page
    assert "An administrator of the account can remove it." in page
