"""Virtual MFA devices before and after they are somebody's."""

from __future__ import annotations

import base64

import pytest

from iamconsole.events.models import Event
from identities import quotas, totp
from identities.models import MfaDevice
from tests.cast import ACCOUNT_ID, BOB_ARN
from tests.identities.steps import do, enable, error, new_device
from tests.world import World, allow

SERIAL = f"arn:aws:iam::{ACCOUNT_ID}:mfa/phone"
MISSING = ("NoSuchEntity", f"MFA Device with serial number {SERIAL} does not exist.")


def test_it_shows_the_seed_and_the_picture_of_a_new_device(world: World) -> None:
    made = do(world.alice, "CreateVirtualMFADevice", VirtualMFADeviceName="phone")["VirtualMFADevice"]
    assert set(made) == {"SerialNumber", "Base32StringSeed", "QRCodePNG"}
    assert made["SerialNumber"] == SERIAL
    assert len(base64.b32decode(made["Base32StringSeed"])) == 40
    assert made["QRCodePNG"].startswith(b"\x89PNG")


def test_it_keeps_the_seed_sealed_and_out_of_the_event_history(world: World) -> None:
    _, seed = new_device(world.alice)
    row = MfaDevice.objects.get()
    assert seed.reveal() not in row.sealed_seed
    assert totp.seed_of(row).reveal() == seed.reveal()
    assert seed.reveal() not in str(Event.objects.get(name="CreateVirtualMFADevice").record)


def test_it_puts_the_path_into_the_serial_number(world: World) -> None:
    tags = [{"Key": "team", "Value": "blue"}]
    inputs = {"VirtualMFADeviceName": "phone", "Path": "/lab/", "Tags": tags}
    made = do(world.alice, "CreateVirtualMFADevice", **inputs)["VirtualMFADevice"]
    assert made["SerialNumber"] == f"arn:aws:iam::{ACCOUNT_ID}:mfa/lab/phone"
    assert made["Tags"] == tags
    assert MfaDevice.objects.get().name == "phone"


@pytest.mark.parametrize("name", ["phone", "Phone"])
def test_it_refuses_a_duplicate_device(world: World, name: str) -> None:
    new_device(world.alice)
    expected = ("EntityAlreadyExists", "MFA device already exists.")
    assert error(world.alice, "CreateVirtualMFADevice", VirtualMFADeviceName=name) == expected


def test_it_refuses_one_device_too_many(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(quotas.QUOTAS, "MFADevicesPerAccount", 1)
    new_device(world.alice)
    expected = ("LimitExceeded", "Cannot exceed quota for MFADevicesPerAccount: 1")
    assert error(world.alice, "CreateVirtualMFADevice", VirtualMFADeviceName="second") == expected


def test_it_decides_a_new_device_on_its_name(world: World) -> None:
    allow(world.bob, "iam:CreateVirtualMFADevice", resource=f"arn:aws:iam::{ACCOUNT_ID}:mfa/${{aws:username}}")
    new_device(world.bob, "bob")
    assert error(world.bob, "CreateVirtualMFADevice", VirtualMFADeviceName="alice")[0] == "AccessDenied"


def test_it_lists_devices_by_whether_they_are_assigned(world: World) -> None:
    enable(world.alice, "bob", "bobs")
    new_device(world.alice, "spare")
    names = {}
    for status in ("Any", "Assigned", "Unassigned"):
        devices = do(world.alice, "ListVirtualMFADevices", AssignmentStatus=status)["VirtualMFADevices"]
        names[status] = [device["SerialNumber"].rsplit("/")[-1] for device in devices]
    assert names == {"Any": ["bobs", "spare"], "Assigned": ["bobs"], "Unassigned": ["spare"]}


def test_it_lists_a_device_with_its_owner_and_without_its_seed(world: World) -> None:
    enable(world.alice, "bob")
    (device,) = do(world.alice, "ListVirtualMFADevices")["VirtualMFADevices"]
    assert set(device) == {"SerialNumber", "EnableDate", "User"}
    assert device["User"]["Arn"] == BOB_ARN


def test_it_lists_roots_device_as_roots(world: World) -> None:
    enable(world.root, ACCOUNT_ID)
    (device,) = do(world.alice, "ListVirtualMFADevices")["VirtualMFADevices"]
    assert device["User"]["Arn"] == f"arn:aws:iam::{ACCOUNT_ID}:root"


def test_it_deletes_a_device_of_nobody(world: World) -> None:
    new_device(world.alice)
    do(world.alice, "DeleteVirtualMFADevice", SerialNumber=SERIAL)
    assert not MfaDevice.objects.exists()


def test_it_does_not_delete_a_device_in_use(world: World) -> None:
    enable(world.alice, "bob")
    expected = ("DeleteConflict", "MFA VirtualDevice in use. Must deactivate first.")
    assert error(world.alice, "DeleteVirtualMFADevice", SerialNumber=SERIAL) == expected


def test_it_misses_a_device_that_is_not_there(world: World) -> None:
    assert error(world.alice, "DeleteVirtualMFADevice", SerialNumber=SERIAL) == MISSING


def test_it_does_not_delete_another_accounts_device(world: World) -> None:
    new_device(world.alice)
    assert error(world.charlie, "DeleteVirtualMFADevice", SerialNumber=SERIAL) == MISSING
