"""Hardware TOTP tokens: registered, assigned by serial number, used, removed."""

from __future__ import annotations

import json
from typing import Any

import pytest
import time_machine
from django.utils import timezone

from accounts.caller import Caller
from iamconsole.events.models import Event
from iamconsole.operations.door import perform
from iamconsole.operations.errors import ApiError
from iamconsole.operations.secrets import Secret
from identities import totp
from identities.models import MfaDevice
from tests.cast import ACCOUNT_ID, OTHER_ACCOUNT_ID
from tests.identities.steps import codes, do, error
from tests.world import World, allow

SERIAL = "GAHT12345678"
SEED = Secret("GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ")


@pytest.fixture(autouse=True)
def _noon() -> object:
    with time_machine.travel("2026-11-24T12:00:00Z", tick=False) as clock:
        yield clock


def register(caller: Caller, serial: str = SERIAL, seed: Secret = SEED) -> dict[str, Any]:
    return perform(caller, "iamconsole:RegisterMFAToken", {"SerialNumber": serial, "Seed": seed})


def refused(caller: Caller, verb: str, **given: object) -> tuple[str, str]:
    with pytest.raises(ApiError) as raised:
        perform(caller, f"iamconsole:{verb}", given)
    return raised.value.code, raised.value.message


def listed(caller: Caller) -> list[dict[str, Any]]:
    return perform(caller, "iamconsole:ListMFATokens")["Tokens"]  # type: ignore[return-value]


def assign(caller: Caller, user_name: str = "bob", later: int = 0) -> None:
    do(caller, "EnableMFADevice", UserName=user_name, SerialNumber=SERIAL, **codes(SEED, later))


def test_it_registers_a_token_and_assigns_it_by_its_serial_number(world: World) -> None:
    assert register(world.alice, "gaht12345678") == {"SerialNumber": SERIAL}
    assert listed(world.alice) == [{"SerialNumber": SERIAL, "CreateDate": timezone.now()}]
    assign(world.alice)
    (device,) = do(world.alice, "ListMFADevices", UserName="bob")["MFADevices"]
    assert device["SerialNumber"] == SERIAL
    assert do(world.alice, "GetMFADevice", UserName="bob", SerialNumber=SERIAL) == device
    assert listed(world.alice)[0]["UserName"] == "bob"


def test_it_takes_the_codes_of_an_assigned_token_once(world: World) -> None:
    register(world.alice)
    assign(world.alice)
    token, next_code = MfaDevice.objects.get(), codes(SEED, 1)["AuthenticationCode2"]
    assert totp.accept(token, next_code, timezone.now())
    assert not totp.accept(token, next_code, timezone.now())


def test_it_learns_the_clock_of_a_token_that_lay_in_a_drawer(world: World) -> None:
    register(world.alice)
    assign(world.alice, later=60)
    assert MfaDevice.objects.get().drift == 60
    assert totp.accept(MfaDevice.objects.get(), codes(SEED, 61)["AuthenticationCode2"], timezone.now())


def test_it_resynchronises_a_token(world: World) -> None:
    register(world.alice)
    assign(world.alice)
    do(world.alice, "ResyncMFADevice", UserName="bob", SerialNumber=SERIAL, **codes(SEED, 80))
    assert MfaDevice.objects.get().drift == 80


def test_it_proves_mfa_to_sts(world: World) -> None:
    register(world.alice)
    assign(world.alice, "alice")
    code = codes(SEED, 1)["AuthenticationCode2"]
    assert perform(world.alice, "sts:GetSessionToken", {"SerialNumber": SERIAL, "TokenCode": code})["Credentials"]


def test_it_can_be_assigned_anew_after_it_was_removed(world: World) -> None:
    register(world.alice)
    assign(world.alice)
    do(world.alice, "DeactivateMFADevice", UserName="bob", SerialNumber=SERIAL)
    assert "UserName" not in listed(world.alice)[0]
    assign(world.alice, "alice", 1)
    assert listed(world.alice)[0]["UserName"] == "alice"


def test_it_is_no_virtual_device(world: World) -> None:
    register(world.alice)
    assert do(world.alice, "ListVirtualMFADevices")["VirtualMFADevices"] == []
    assert error(world.alice, "DeleteVirtualMFADevice", SerialNumber=SERIAL)[0] == "NoSuchEntity"


def test_it_keeps_two_accounts_with_the_same_token_apart(world: World) -> None:
    register(world.alice)
    register(world.charlie)
    assign(world.alice)
    assert "UserName" not in listed(world.charlie)[0]
    assert {device.account_id for device in MfaDevice.objects.all()} == {ACCOUNT_ID, OTHER_ACCOUNT_ID}


def test_it_refuses_a_token_twice(world: World) -> None:
    register(world.alice)
    expected = ("EntityAlreadyExists", f"A token with serial number {SERIAL} is registered already.")
    assert refused(world.alice, "RegisterMFAToken", SerialNumber=SERIAL.lower(), Seed=SEED) == expected


def test_it_refuses_to_assign_an_unknown_token(world: World) -> None:
    expected = ("NoSuchEntity", f"VirtualMFADevice with serial number {SERIAL} doesn't exist.")
    given = {"UserName": "bob", "SerialNumber": SERIAL, **codes(SEED)}
    assert error(world.alice, "EnableMFADevice", **given) == expected


def test_it_forgets_a_token_that_nobody_has(world: World) -> None:
    register(world.alice)
    assert perform(world.alice, "iamconsole:DeleteMFAToken", {"SerialNumber": SERIAL}) == {}
    assert listed(world.alice) == []
    assert refused(world.alice, "DeleteMFAToken", SerialNumber=SERIAL)[0] == "NoSuchEntity"


def test_it_does_not_forget_a_token_in_use_or_an_app(world: World) -> None:
    register(world.alice)
    assign(world.alice)
    assert refused(world.alice, "DeleteMFAToken", SerialNumber=SERIAL)[0] == "DeleteConflict"
    made = do(world.alice, "CreateVirtualMFADevice", VirtualMFADeviceName="phone")["VirtualMFADevice"]
    assert refused(world.alice, "DeleteMFAToken", SerialNumber=made["SerialNumber"])[0] == "NoSuchEntity"


def test_it_takes_the_permissions_for_virtual_devices(world: World) -> None:
    given = {"SerialNumber": SERIAL, "Seed": SEED}
    text = f"User: {world.bob.arn} is not authorized to perform: iam:CreateVirtualMFADevice on resource: "
    assert refused(world.bob, "RegisterMFAToken", **given)[1].startswith(
        f"{text}arn:aws:iam::{ACCOUNT_ID}:mfa/{SERIAL}"
    )
    allow(world.bob, "iam:CreateVirtualMFADevice", resource=f"arn:aws:iam::{ACCOUNT_ID}:mfa/GAHT*")
    register(world.bob)
    assert refused(world.bob, "ListMFATokens")[0] == "AccessDenied"
    assert refused(world.bob, "DeleteMFAToken", SerialNumber=SERIAL)[0] == "AccessDenied"


def test_it_stores_the_seed_sealed_and_tells_no_event(world: World) -> None:
    register(world.alice)
    seed = SEED.reveal()
    assert seed not in str(MfaDevice.objects.values().get())
    assert seed not in json.dumps(Event.objects.get(name="RegisterMFAToken").record)
    assert totp.seed_of(MfaDevice.objects.get()).reveal() == seed
