"""Authenticator codes: computed as RFC 6238 says, accepted once, learnt from."""

from __future__ import annotations

import base64
from datetime import UTC, datetime, timedelta
from urllib.parse import parse_qs, urlsplit

import pytest

from iamconsole.operations.secrets import Secret
from iamconsole.sealing import SealBroken
from identities import totp
from identities.models import MfaDevice
from tests.cast import ACCOUNT_ID
from tests.identities.steps import together
from tests.world import World, make_user

NOW = datetime(2026, 11, 24, 12, 0, 15, tzinfo=UTC)
STEP = totp.step_at(NOW)
SERIAL = f"arn:aws:iam::{ACCOUNT_ID}:mfa/phone"


def device(*, drift: int = 0, enabled: bool = True) -> tuple[MfaDevice, Secret]:
    seed = totp.new_seed()
    made = MfaDevice.objects.create(
        pk=SERIAL,
        account_id=ACCOUNT_ID,
        user=make_user("dana"),
        sealed_seed=totp.sealed(seed, SERIAL, ACCOUNT_ID),
        enabled_at=NOW if enabled else None,
        created_at=NOW,
        drift=drift,
    )
    return made, seed


@pytest.mark.parametrize(
    ("moment", "code"), [(59, "287082"), (1111111109, "081804"), (1234567890, "005924"), (20000000000, "353130")]
)
def test_it_computes_the_codes_of_rfc_6238(moment: int, code: str) -> None:
    seed = Secret(base64.b32encode(b"12345678901234567890").decode())
    assert totp.code_at(seed, totp.step_at(datetime.fromtimestamp(moment, UTC))) == code


@pytest.mark.parametrize("late", [-1, 0, 1])
def test_it_accepts_a_code_one_step_off(world: World, late: int) -> None:
    phone, seed = device()
    assert totp.accept(phone, totp.code_at(seed, STEP + late), NOW)


@pytest.mark.parametrize("late", [-2, 2])
def test_it_refuses_a_code_two_steps_off(world: World, late: int) -> None:
    phone, seed = device()
    assert not totp.accept(phone, totp.code_at(seed, STEP + late), NOW)


@pytest.mark.parametrize("code", ["", "abcdef", "12345", "1234567", "é23456"])
def test_it_refuses_what_is_no_code(world: World, code: str) -> None:
    phone, _ = device()
    assert not totp.accept(phone, code, NOW)


def test_it_accepts_a_code_once(world: World) -> None:
    phone, seed = device()
    code = totp.code_at(seed, STEP)
    assert totp.accept(phone, code, NOW)
    assert not totp.accept(phone, code, NOW)


def test_it_refuses_an_older_code_after_a_newer_one(world: World) -> None:
    phone, seed = device()
    assert totp.accept(phone, totp.code_at(seed, STEP), NOW)
    assert not totp.accept(phone, totp.code_at(seed, STEP - 1), NOW)
    assert totp.accept(phone, totp.code_at(seed, STEP + 1), NOW)


def test_it_refuses_a_device_that_is_not_enabled(world: World) -> None:
    phone, seed = device(enabled=False)
    assert not totp.accept(phone, totp.code_at(seed, STEP), NOW)


def test_it_reckons_with_the_drift_of_the_device(world: World) -> None:
    phone, seed = device(drift=80)
    assert not totp.accept(phone, totp.code_at(seed, STEP), NOW)
    assert totp.accept(phone, totp.code_at(seed, STEP + 80), NOW)


@pytest.mark.django_db(transaction=True)
def test_it_accepts_a_code_once_from_twenty_threads(world: World) -> None:
    phone, seed = device()
    code = totp.code_at(seed, STEP)
    tries = together(20, lambda place: totp.accept(phone, code, NOW))
    assert sorted(map(bool, tries)) == [False] * 19 + [True]


def test_it_finds_two_consecutive_codes_within_reach() -> None:
    seed = totp.new_seed()
    first, second = totp.code_at(seed, STEP + 99), totp.code_at(seed, STEP + 100)
    assert totp.consecutive(seed, first, second, NOW, 100) == STEP + 100
    assert totp.consecutive(seed, first, second, NOW, 99) is None


def test_it_wants_the_codes_in_their_order() -> None:
    seed = totp.new_seed()
    first, second = totp.code_at(seed, STEP), totp.code_at(seed, STEP + 1)
    assert totp.consecutive(seed, second, first, NOW, 2) is None
    assert totp.consecutive(seed, first, first, NOW, 2) is None


@pytest.mark.parametrize(("ahead", "drift"), [(0, 0), (1, 0), (-1, 0), (2, 2), (-80, -80)])
def test_it_learns_drift_beyond_slow_typing(ahead: int, drift: int) -> None:
    assert totp.drift(STEP + ahead, NOW) == drift


def test_it_does_not_open_a_seed_moved_to_another_device(world: World) -> None:
    phone, _ = device()
    phone.serial_number = SERIAL + "2"
    with pytest.raises(SealBroken):
        totp.seed_of(phone)


def test_it_names_the_device_and_account_to_the_app() -> None:
    seed = totp.new_seed()
    parts = urlsplit(totp.uri(seed, "my phone", "lab").reveal())
    assert (parts.scheme, parts.netloc, parts.path) == ("otpauth", "totp", "/iamconsole:my%20phone@lab")
    assert parse_qs(parts.query) == {"secret": [seed.reveal()], "issuer": ["iamconsole"]}


def test_it_draws_a_png() -> None:
    assert totp.qr_png(Secret("otpauth://totp/x")).startswith(b"\x89PNG\r\n")


def test_it_counts_steps_of_thirty_seconds() -> None:
    assert totp.step_at(NOW + timedelta(seconds=15)) == STEP + 1
