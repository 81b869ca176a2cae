"""A device whose clock is off is set right inside sign-in, by whoever knows the password and holds the device."""

from __future__ import annotations

from datetime import timedelta

import pytest
import time_machine
from django.http import HttpResponse
from django.test import Client
from django.utils import timezone

from accounts.sign_in import RESYNC_AFTER
from iamconsole.events.models import Event
from identities.models import MfaDevice
from tests.accounts.views.people import (
    FAILED,
    HOME,
    code_of,
    enter_code,
    enter_password,
    enter_root_password,
    give_device,
    is_signed_in,
    wrong_code,
)
from tests.world import World

PAGE, CODE_PAGE = "/signin/mfa/resync/", "/signin/mfa/"
FORTY_MINUTES = 80


def fail(client: Client, device: MfaDevice, times: int = RESYNC_AFTER) -> None:
    enter_password(client, "alice")
    for _ in range(times):
        enter_code(client, wrong_code(device))


def resync(client: Client, shown: MfaDevice, ahead: int, **more: str) -> HttpResponse:
    codes = {"code1": code_of(shown, ahead), "code2": code_of(shown, ahead + 1)}
    return client.post(PAGE, {**codes, **more})  # type: ignore[return-value]


def drift(device: MfaDevice) -> int:
    return int(MfaDevice.objects.get(pk=device.pk).drift)


@pytest.mark.parametrize("off", [FORTY_MINUTES, -FORTY_MINUTES])
def test_it_lets_a_device_in_whose_clock_was_forty_minutes_off(client: Client, world: World, off: int) -> None:
    device, now = give_device(world.alice), timezone.now()
    with time_machine.travel(now, tick=False):
        enter_password(client, "alice")
        for _ in range(RESYNC_AFTER):
            assert FAILED in enter_code(client, code_of(device, off)).content.decode()
        assert resync(client, device, off).headers["Location"] == CODE_PAGE
        assert "Device resynchronized" in client.get(CODE_PAGE).content.decode()
    with time_machine.travel(now + timedelta(seconds=30), tick=False):
        assert enter_code(client, code_of(device, off + 1)).headers["Location"] == HOME
    assert drift(device) == off + 1
    assert is_signed_in(client)


def test_it_offers_it_only_after_several_wrong_codes(client: Client, world: World) -> None:
    device = give_device(world.alice)
    fail(client, device, RESYNC_AFTER - 1)
    assert PAGE not in client.get(CODE_PAGE).content.decode()
    assert client.get(PAGE).headers["Location"] == CODE_PAGE
    assert resync(client, device, FORTY_MINUTES).headers["Location"] == CODE_PAGE
    assert drift(device) == 0
    enter_code(client, wrong_code(device))
    assert PAGE in client.get(CODE_PAGE).content.decode()


def test_it_opens_no_door_by_itself(client: Client, world: World) -> None:
    device = give_device(world.alice)
    fail(client, device)
    resync(client, device, FORTY_MINUTES)
    assert not is_signed_in(client)
    assert FAILED in enter_code(client, code_of(device, FORTY_MINUTES + 1)).content.decode()


def test_it_wants_a_right_password_first(client: Client, world: World) -> None:
    device = give_device(world.alice)
    fail(client, device)
    stranger = Client()
    assert stranger.get(PAGE).headers["Location"] == "/signin/"
    assert resync(stranger, device, FORTY_MINUTES).headers["Location"] == "/signin/"
    assert drift(device) == 0


def test_it_refuses_codes_that_do_not_follow_each_other(client: Client, world: World) -> None:
    device = give_device(world.alice)
    fail(client, device)
    codes = {"code1": code_of(device, FORTY_MINUTES), "code2": code_of(device, FORTY_MINUTES + 2)}
    assert FAILED in client.post(PAGE, codes).content.decode()
    assert drift(device) == 0


def test_it_refuses_clocks_more_than_fifty_minutes_off(client: Client, world: World) -> None:
    device = give_device(world.alice)
    fail(client, device)
    assert FAILED in resync(client, device, 110).content.decode()


def test_it_counts_its_tries_as_codes(client: Client, world: World) -> None:
    device, now = give_device(world.alice), timezone.now()
    with time_machine.travel(now, tick=False):
        fail(client, device, 5)
        assert FAILED in resync(client, device, FORTY_MINUTES).content.decode()
        assert drift(device) == 0
    with time_machine.travel(now + timedelta(seconds=61), tick=False):
        assert resync(client, device, FORTY_MINUTES).status_code == 303


def test_it_lets_one_of_several_devices_be_chosen(client: Client, world: World) -> None:
    phone, tablet = give_device(world.alice), give_device(world.alice, "tablet")
    give_device(world.root, "roots")
    fail(client, phone)
    page = client.get(PAGE).content.decode()
    assert "phone" in page
    assert "tablet" in page
    assert "roots" not in page
    assert "Choose a device." in resync(client, tablet, FORTY_MINUTES).content.decode()
    assert FAILED in resync(client, tablet, FORTY_MINUTES, device=phone.pk).content.decode()
    assert resync(client, tablet, FORTY_MINUTES, device=tablet.pk).status_code == 303
    assert (drift(phone), drift(tablet)) == (0, FORTY_MINUTES + 1)


def test_it_does_not_take_a_device_of_somebody_else(client: Client, world: World) -> None:
    phone = give_device(world.alice)
    give_device(world.alice, "tablet")
    roots = give_device(world.root, "roots")
    fail(client, phone)
    assert resync(client, roots, FORTY_MINUTES, device=roots.pk).status_code == 200
    assert drift(roots) == 0


@pytest.mark.parametrize("text", ["", "12345", "abcdef", "１２３４５６"])
def test_it_wants_six_digits_twice(client: Client, world: World, text: str) -> None:
    fail(client, give_device(world.alice))
    assert client.post(PAGE, {"code1": text, "code2": text}).content.decode().count("is-invalid") >= 2


def test_it_serves_root_too(client: Client, world: World) -> None:
    device = give_device(world.root)
    enter_root_password(client, "root@alice.example")
    for _ in range(RESYNC_AFTER):
        enter_code(client, wrong_code(device))
    assert resync(client, device, FORTY_MINUTES).status_code == 303


def test_it_records_what_was_set_right_and_what_failed(client: Client, world: World) -> None:
    device = give_device(world.alice)
    fail(client, device)
    resync(client, device, 110)
    resync(client, device, FORTY_MINUTES)
    failure, success = Event.objects.filter(source="signin.amazonaws.com").order_by("-id")[:2][::-1]
    assert (failure.name, failure.error_message) == ("ConsoleLogin", "Failed authentication")
    assert (success.name, success.user_name) == ("ResyncMFADevice", "alice")
    assert success.record["additionalEventData"] == {"MfaIdentifier": device.pk}
