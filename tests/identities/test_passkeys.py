"""What a passkey's answer must be like, with an authenticator in software that can be told to cheat."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest
import time_machine
from django.utils import timezone
from pytest_django.fixtures import Settings

from identities import challenges, passkeys
from identities.models import MfaDevice, PasskeyChallenge
from identities.passkeys import NewPasskey, Refusal
from tests.cast import ACCOUNT_ID, OTHER_ACCOUNT_ID
from tests.identities.authenticator import PRESENT, Authenticator, tampered
from tests.identities.passkey_steps import give_passkey
from tests.identities.steps import together
from tests.world import World

HERE, ELSEWHERE = "this session", "another session"


def options_to_register(bound_to: str = HERE) -> str:
    return passkeys.options_to_register(ACCOUNT_ID, None, "root", bound_to, timezone.now())


def register(answer: str, bound_to: str = HERE) -> NewPasskey | Refusal:
    return passkeys.registered(ACCOUNT_ID, answer, bound_to, timezone.now())


def options_to_sign_in(device: MfaDevice, bound_to: str = HERE) -> str:
    return passkeys.options_to_sign_in(ACCOUNT_ID, [device], bound_to, timezone.now())


def accept(device: MfaDevice, answer: str, bound_to: str = HERE) -> MfaDevice | Refusal:
    device.refresh_from_db()
    return passkeys.accept(ACCOUNT_ID, [device], answer, bound_to, timezone.now())


@pytest.fixture
def key() -> Authenticator:
    return Authenticator()


@pytest.fixture
def device(world: World, key: Authenticator) -> MfaDevice:
    return give_passkey(world.alice, "alice", key)


def test_it_asks_for_a_fresh_challenge_of_32_bytes_each_time(world: World) -> None:
    asked = [json.loads(options_to_register())["challenge"] for _ in range(3)]
    assert len(set(asked)) == 3
    assert {len(passkeys._bytes(each)) for each in asked} == {32}


def test_it_takes_a_new_passkey(world: World, key: Authenticator) -> None:
    made = register(key.make(options_to_register()))
    assert isinstance(made, NewPasskey)
    assert made.verifies_user and made.transports == ["usb"] and made.sign_count == 0


def test_it_leaves_out_the_passkeys_that_are_there(world: World, device: MfaDevice) -> None:
    from identities.models import User

    alice = User.objects.get(name="alice")
    options = json.loads(passkeys.options_to_register(ACCOUNT_ID, alice, "alice", HERE, timezone.now()))
    assert [each["id"] for each in options["excludeCredentials"]] == [device.credential_id]


def test_it_refuses_a_passkey_that_is_assigned_already(world: World, key: Authenticator, device: MfaDevice) -> None:
    assert register(key.make(options_to_register())) is Refusal.TAKEN


def test_it_takes_the_answer_to_a_challenge_once(world: World, key: Authenticator) -> None:
    answer = key.make(options_to_register())
    assert isinstance(register(answer), NewPasskey)
    assert register(answer) is Refusal.LATE


def test_it_lets_a_passkey_in(key: Authenticator, device: MfaDevice) -> None:
    assert accept(device, key.sign(options_to_sign_in(device))) == device
    device.refresh_from_db()
    assert device.sign_count == key.count == 1


def test_it_refuses_a_replay(key: Authenticator, device: MfaDevice) -> None:
    answer = key.sign(options_to_sign_in(device))
    assert accept(device, answer) == device
    assert accept(device, answer) is Refusal.LATE


def test_it_uses_a_challenge_up_also_by_a_wrong_answer(key: Authenticator, device: MfaDevice) -> None:
    options = options_to_sign_in(device)
    assert accept(device, tampered(key.sign(options), "signature")) is Refusal.INVALID
    assert accept(device, key.sign(options)) is Refusal.LATE


def test_it_refuses_the_challenge_of_another_session(key: Authenticator, device: MfaDevice) -> None:
    answer = key.sign(options_to_sign_in(device, ELSEWHERE))
    assert accept(device, answer) is Refusal.LATE
    assert accept(device, answer, ELSEWHERE) == device


def test_it_refuses_a_challenge_of_its_own_making(key: Authenticator, device: MfaDevice) -> None:
    answer = key.sign(options_to_sign_in(device), challenge="A" * 43)
    assert accept(device, answer) is Refusal.LATE


def test_it_refuses_an_answer_after_five_minutes(key: Authenticator, device: MfaDevice) -> None:
    answer = key.sign(options_to_sign_in(device))
    with time_machine.travel(timezone.now() + challenges.LIFETIME + timedelta(seconds=1)):
        assert accept(device, answer) is Refusal.LATE


@pytest.mark.parametrize(
    "change",
    [
        {"origin": "http://127.0.0.1:8000"},
        {"origin": "http://localhost:8001"},
        {"origin": "https://localhost:8000"},
        {"origin": "http://localhost.evil.example:8000"},
        {"rp_id": "evil.example"},
        {"flags": 0},
    ],
    ids=str,
)
def test_it_refuses_other_places_and_absent_owners(
    key: Authenticator, device: MfaDevice, change: dict[str, object]
) -> None:
    for name, value in change.items():
        setattr(key, name, value)
    assert accept(device, key.sign(options_to_sign_in(device))) is Refusal.INVALID
    key.id = b"another one"
    assert register(key.make(options_to_register())) is Refusal.INVALID


@pytest.mark.parametrize("member", ["clientDataJSON", "authenticatorData", "signature"])
def test_it_refuses_an_answer_with_one_byte_turned(key: Authenticator, device: MfaDevice, member: str) -> None:
    outcome = accept(device, tampered(key.sign(options_to_sign_in(device)), member))
    assert outcome in (Refusal.INVALID, Refusal.LATE)


def test_it_refuses_the_signature_of_another_key(key: Authenticator, device: MfaDevice) -> None:
    forger = Authenticator(id=key.id)
    assert accept(device, forger.sign(options_to_sign_in(device))) is Refusal.INVALID


def test_it_refuses_another_users_passkey(world: World, device: MfaDevice) -> None:
    bobs = Authenticator()
    give_passkey(world.alice, "bob", bobs)
    assert accept(device, bobs.sign(options_to_sign_in(device))) is Refusal.UNKNOWN


@pytest.mark.parametrize(("before", "after"), [(5, 5), (5, 4), (5, 0)])
def test_it_refuses_a_counter_that_did_not_grow(key: Authenticator, device: MfaDevice, before: int, after: int) -> None:
    key.count = before - 1
    assert accept(device, key.sign(options_to_sign_in(device))) == device
    key.count = after - 1
    assert accept(device, key.sign(options_to_sign_in(device))) is Refusal.COPIED
    device.refresh_from_db()
    assert device.sign_count == before


def test_it_takes_passkeys_that_do_not_count(key: Authenticator, device: MfaDevice) -> None:
    for _ in range(2):
        key.count = -1
        assert accept(device, key.sign(options_to_sign_in(device))) == device


def test_it_wants_a_pin_again_from_a_passkey_that_asked_for_one(key: Authenticator, device: MfaDevice) -> None:
    assert json.loads(options_to_sign_in(device))["userVerification"] == "required"
    key.flags = PRESENT
    assert accept(device, key.sign(options_to_sign_in(device))) is Refusal.UNVERIFIED


def test_it_is_content_with_a_touch_where_there_never_was_a_pin(world: World) -> None:
    key = Authenticator(flags=PRESENT)
    device = give_passkey(world.alice, "bob", key)
    assert json.loads(options_to_sign_in(device))["userVerification"] == "preferred"
    assert accept(device, key.sign(options_to_sign_in(device))) == device


@pytest.mark.parametrize(
    "answer",
    [
        "",
        "{}",
        "[]",
        "null",
        "[" * 30_000,
        "\x00",
        '{"response": {"clientDataJSON": "e30"}}',
        '{"response": 1, "id": 2}',
    ],
    ids=range(8),
)
def test_it_refuses_what_is_no_answer(device: MfaDevice, answer: str) -> None:
    assert accept(device, answer) is Refusal.LATE
    assert register(answer) is Refusal.LATE


@pytest.mark.parametrize("spoil", ["id", "rawId", "type", "response"])
def test_it_refuses_broken_parts_of_an_answer(key: Authenticator, device: MfaDevice, spoil: str) -> None:
    for nonsense in (None, 7, "!", {"clientDataJSON": 5}, ["x"]):
        told = json.loads(key.sign(options_to_sign_in(device)))
        told[spoil] = {**told["response"], "signature": nonsense} if spoil == "response" else nonsense
        assert isinstance(accept(device, json.dumps(told)), Refusal)


def test_it_does_not_take_a_challenge_of_another_account(key: Authenticator, device: MfaDevice) -> None:
    value = challenges.issue(OTHER_ACCOUNT_ID, HERE, timezone.now())
    assert accept(device, key.sign("{}", challenge=value)) is Refusal.LATE


def test_it_sweeps_old_challenges_out(world: World) -> None:
    with time_machine.travel(timezone.now() - timedelta(hours=1)):
        options_to_register()
    options_to_register()
    assert PasskeyChallenge.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_it_takes_an_answer_once_from_twenty_threads(world: World) -> None:
    key = Authenticator()
    device = give_passkey(world.alice, "alice", key)
    answer = key.sign(options_to_sign_in(device))
    outcomes = together(20, lambda place: passkeys.accept(ACCOUNT_ID, [device], answer, HERE, timezone.now()))
    assert sum(outcome == device for outcome in outcomes) == 1
    assert sum(outcome is Refusal.LATE for outcome in outcomes) == 19


def test_it_knows_its_host_from_the_settings(settings: Settings) -> None:
    others = ["http://localhost:8000", "https://example.org", "https://notiam.example.org"]
    settings.ORIGINS = ["http://127.0.0.1:8000", "https://iam.example.org/", "https://www.iam.example.org", *others]
    assert passkeys.origins() == ["https://iam.example.org", "https://www.iam.example.org"]
    assert passkeys.rp_id() == "iam.example.org"
    settings.ORIGINS = ["http://[::1]:8000"]
    assert (passkeys.origins(), passkeys.rp_id()) == ([], "")
