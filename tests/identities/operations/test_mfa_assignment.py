"""Whose an MFA device is: enabling, resynchronising, deactivating, and who may."""

from __future__ import annotations

from datetime import timedelta

import pytest
import time_machine
from django.utils import timezone

from accounts.caller import root_caller
from accounts.models import Account
from identities import totp
from identities.models import MfaDevice, User
from tests.cast import ACCOUNT_ID
from tests.identities.steps import codes, do, enable, error, new_device, together
from tests.world import World, allow, as_user

SERIAL = f"arn:aws:iam::{ACCOUNT_ID}:mfa/phone"
BOBS = {"UserName": "bob", "SerialNumber": SERIAL}
INVALID_CODE = ("InvalidAuthenticationCode", "Authentication code for device is not valid")
NOT_BOBS = ("NoSuchEntity", "MFA Device invalid for user.")


@pytest.fixture(autouse=True)
def _noon() -> object:
    """Codes are of one moment, however slow the machine is."""
    with time_machine.travel("2026-11-24T12:00:00Z", tick=False) as clock:
        yield clock


def test_it_assigns_a_device(world: World) -> None:
    enable(world.alice, "bob")
    (device,) = do(world.alice, "ListMFADevices", UserName="bob")["MFADevices"]
    assert (device["UserName"], device["SerialNumber"]) == ("bob", SERIAL)
    assert set(device) == {"UserName", "SerialNumber", "EnableDate"}
    assert do(world.alice, "GetMFADevice", **BOBS) == device


def test_it_assigns_a_device_to_root(world: World) -> None:
    enable(world.root, ACCOUNT_ID)
    (device,) = do(world.root, "ListMFADevices")["MFADevices"]
    assert (device["UserName"], device["SerialNumber"]) == (ACCOUNT_ID, SERIAL)
    assert MfaDevice.objects.get().for_root


def test_it_takes_the_account_id_for_root_from_root_only(world: World) -> None:
    serial, seed = new_device(world.alice)
    expected = ("NoSuchEntity", f"The user with name {ACCOUNT_ID} cannot be found.")
    assert error(world.alice, "EnableMFADevice", UserName=ACCOUNT_ID, SerialNumber=serial, **codes(seed)) == expected


@pytest.mark.parametrize("late", [-2, -1, 1, 2])
def test_it_gives_time_to_type_two_codes(world: World, late: int) -> None:
    _, seed = new_device(world.alice)
    do(world.alice, "EnableMFADevice", **BOBS, **codes(seed, late))
    assert MfaDevice.objects.get().enabled_at is not None


@pytest.mark.parametrize("late", [-3, 3])
def test_it_refuses_codes_of_another_time(world: World, late: int) -> None:
    _, seed = new_device(world.alice)
    assert error(world.alice, "EnableMFADevice", **BOBS, **codes(seed, late)) == INVALID_CODE


def test_it_refuses_codes_in_the_wrong_order(world: World) -> None:
    _, seed = new_device(world.alice)
    right = codes(seed)
    turned = {
        "AuthenticationCode1": right["AuthenticationCode2"],
        "AuthenticationCode2": right["AuthenticationCode1"],
    }
    assert error(world.alice, "EnableMFADevice", **BOBS, **turned) == INVALID_CODE


def test_it_uses_up_the_codes_of_enrolment(world: World) -> None:
    _, seed = enable(world.alice, "bob")
    device = MfaDevice.objects.get()
    assert not totp.accept(device, codes(seed)["AuthenticationCode2"], timezone.now())
    assert totp.accept(device, codes(seed, 1)["AuthenticationCode2"], timezone.now())


def test_it_refuses_a_device_in_use(world: World) -> None:
    serial, seed = enable(world.alice, "bob")
    inputs = {"UserName": "alice", "SerialNumber": serial, **codes(seed, 1)}
    assert error(world.alice, "EnableMFADevice", **inputs) == ("EntityAlreadyExists", "MFA Device is already in use.")


def test_it_misses_an_unknown_user_or_device(world: World) -> None:
    _, seed = new_device(world.alice)
    inputs = {"UserName": "dana", "SerialNumber": SERIAL, **codes(seed)}
    missing_user = ("NoSuchEntity", "The user with name dana cannot be found.")
    assert error(world.alice, "EnableMFADevice", **inputs) == missing_user
    missing_device = ("NoSuchEntity", f"VirtualMFADevice with serial number {SERIAL}2 doesn't exist.")
    assert error(world.alice, "EnableMFADevice", UserName="bob", SerialNumber=f"{SERIAL}2", **codes(seed)) == (
        missing_device
    )


def test_it_tells_a_device_that_is_not_there_from_one_of_somebody_else(world: World) -> None:
    serial, _ = enable(world.alice, "bob")
    unknown = ("NoSuchEntity", f"MFA Device with serial number {serial}2 does not exist.")
    assert error(world.alice, "DeactivateMFADevice", UserName="bob", SerialNumber=f"{serial}2") == unknown
    not_hers = ("NoSuchEntity", "MFA Device invalid for user.")
    assert error(world.alice, "DeactivateMFADevice", UserName="alice", SerialNumber=serial) == not_hers


def test_it_does_not_assign_another_accounts_device(world: World) -> None:
    serial, seed = new_device(world.alice)
    inputs = {"UserName": "charlie", "SerialNumber": serial, **codes(seed)}
    assert error(world.charlie, "EnableMFADevice", **inputs)[0] == "NoSuchEntity"


def test_it_refuses_the_ninth_device(world: World) -> None:
    for number in range(8):
        enable(world.alice, "bob", f"phone{number}")
    _, seed = new_device(world.alice)
    expected = ("LimitExceeded", "Cannot exceed quota for MFADevicesPerUser: 8")
    assert error(world.alice, "EnableMFADevice", **BOBS, **codes(seed)) == expected


def test_it_puts_a_clock_off_by_forty_minutes_right(world: World) -> None:
    _, seed = enable(world.alice, "bob")
    ahead = timezone.now() + timedelta(minutes=40)
    first = codes(seed, now=ahead)
    assert not totp.accept(MfaDevice.objects.get(), first["AuthenticationCode2"], timezone.now())
    do(world.alice, "ResyncMFADevice", **BOBS, **first)
    device = MfaDevice.objects.get()
    assert device.drift == 80
    assert totp.accept(device, codes(seed, 1, now=ahead)["AuthenticationCode2"], timezone.now())


@pytest.mark.parametrize("later", [101, -101])
def test_it_does_not_resync_beyond_a_hundred_steps(world: World, later: int) -> None:
    _, seed = enable(world.alice, "bob")
    assert error(world.alice, "ResyncMFADevice", **BOBS, **codes(seed, later)) == INVALID_CODE


def test_it_does_not_resync_twice_with_the_same_codes(world: World) -> None:
    _, seed = enable(world.alice, "bob")
    do(world.alice, "ResyncMFADevice", **BOBS, **codes(seed, 5))
    assert error(world.alice, "ResyncMFADevice", **BOBS, **codes(seed, 5)) == INVALID_CODE


@pytest.mark.parametrize("operation", ["ResyncMFADevice", "DeactivateMFADevice", "GetMFADevice"])
def test_it_misses_a_device_that_is_not_the_users(world: World, operation: str) -> None:
    _, seed = enable(world.alice, "bob")
    more = codes(seed, 1) if operation == "ResyncMFADevice" else {}
    assert error(world.alice, operation, UserName="alice", SerialNumber=SERIAL, **more) == NOT_BOBS


def test_it_takes_a_device_away_and_ends_the_sessions(world: World) -> None:
    enable(world.alice, "bob")
    before = User.objects.get(name="bob").credential_version
    do(world.alice, "DeactivateMFADevice", **BOBS)
    assert do(world.alice, "ListMFADevices", UserName="bob")["MFADevices"] == []
    assert User.objects.get(name="bob").credential_version == before + 1
    assert error(world.alice, "DeactivateMFADevice", **BOBS) == NOT_BOBS


def test_it_takes_roots_device_away_and_ends_its_sessions(world: World) -> None:
    enable(world.root, ACCOUNT_ID)
    before = Account.objects.get(pk=ACCOUNT_ID).root_credential_version
    do(root_caller(ACCOUNT_ID, mfa=True), "DeactivateMFADevice", SerialNumber=SERIAL)
    assert Account.objects.get(pk=ACCOUNT_ID).root_credential_version == before + 1
    assert not MfaDevice.objects.get().for_root


def test_it_does_not_assign_a_deactivated_device_with_old_codes(world: World) -> None:
    _, seed = enable(world.alice, "bob")
    do(world.alice, "DeactivateMFADevice", **BOBS)
    assert error(world.alice, "EnableMFADevice", **BOBS, **codes(seed)) == INVALID_CODE
    do(world.alice, "EnableMFADevice", **BOBS, **codes(seed, 1))


@pytest.mark.parametrize("mfa", [None, False])
def test_it_lets_nobody_past_their_own_device_without_it(world: World, mfa: bool | None) -> None:
    _, first = enable(world.alice, "bob")
    allow(world.bob, "iam:*")
    bob = as_user(User.objects.get(name="bob"), mfa=mfa)
    serial, seed = new_device(world.alice, "second")
    text = f"User: {bob.arn} is not authorized to perform: iam:"
    for operation, inputs in (
        ("EnableMFADevice", {"SerialNumber": serial, **codes(seed)}),
        ("DeactivateMFADevice", {"SerialNumber": SERIAL}),
        ("ResyncMFADevice", {"SerialNumber": SERIAL, **codes(first, 5)}),
    ):
        code, message = error(bob, operation, UserName="bob", **inputs)
        assert code == "AccessDenied"
        assert message.startswith(text + operation)
    assert MfaDevice.objects.filter(user__name="bob").count() == 1


def test_it_lets_a_user_who_signed_in_with_mfa_change_it(world: World) -> None:
    enable(world.alice, "bob")
    allow(world.bob, "iam:*")
    bob = as_user(User.objects.get(name="bob"), mfa=True)
    enable(bob, "bob", "second")
    do(bob, "DeactivateMFADevice", SerialNumber=SERIAL)
    assert MfaDevice.objects.get(user__name="bob").name == "second"


def test_it_lets_a_user_without_a_device_assign_the_first(world: World) -> None:
    allow(world.bob, "iam:*")
    enable(world.bob, "bob")
    assert MfaDevice.objects.get().user is not None


def test_it_holds_root_to_its_own_device(world: World) -> None:
    enable(world.root, ACCOUNT_ID)
    assert error(world.root, "DeactivateMFADevice", SerialNumber=SERIAL)[0] == "AccessDenied"


@pytest.mark.django_db(transaction=True)
def test_it_assigns_a_device_once_from_many_threads(world: World) -> None:
    _, seed = new_device(world.alice)
    tries = together(10, lambda place: do(world.alice, "EnableMFADevice", **BOBS, **codes(seed)))
    assert sum(answer == {} for answer in tries) == 1
