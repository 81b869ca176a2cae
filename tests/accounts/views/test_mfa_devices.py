"""Removing and resynchronising MFA devices in the console."""

from __future__ import annotations

from django.http import HttpResponse
from django.test import Client

from identities import totp
from identities.models import MfaDevice
from tests.accounts.views.people import HOME, give_device, is_signed_in
from tests.accounts.views.test_mfa_assign import codes
from tests.cast import ACCOUNT_ID
from tests.identities.passkey_steps import give_passkey
from tests.pages import sign_in
from tests.world import World, allow

SERIAL = f"arn:aws:iam::{ACCOUNT_ID}:mfa/phone"


def remove(client: Client, base: str, serial: str = SERIAL) -> HttpResponse:
    return client.post(f"{base}mfa/remove/{serial}/")  # type: ignore[return-value]


def test_it_removes_ones_own_device_and_stays_signed_in(client: Client, world: World) -> None:
    give_device(world.alice)
    sign_in(client, world.alice, mfa=True)
    assert "Remove MFA device?" in client.get(f"/iam/security-credentials/mfa/remove/{SERIAL}/").content.decode()
    assert remove(client, "/iam/security-credentials/").headers["Location"] == HOME
    assert not MfaDevice.objects.exists()
    assert is_signed_in(client)


def test_it_removes_roots_device(client: Client, world: World) -> None:
    give_device(world.root)
    sign_in(client, world.root, mfa=True)
    assert remove(client, "/iam/security-credentials/").headers["Location"] == HOME
    assert not MfaDevice.objects.exists() and is_signed_in(client)


def test_it_removes_another_users_device(client: Client, world: World) -> None:
    give_device(world.bob)
    sign_in(client, world.alice)
    assert remove(client, "/iam/users/bob/").status_code == 303
    assert not MfaDevice.objects.exists() and is_signed_in(client)


def test_it_removes_no_device_of_another_account(client: Client, world: World) -> None:
    device = give_device(world.charlie)
    sign_in(client, world.alice)
    assert remove(client, "/iam/users/bob/", device.pk).status_code == 422
    assert MfaDevice.objects.get(pk=device.pk).enabled_at is not None


def test_it_says_when_the_device_could_only_be_taken_off(client: Client, world: World) -> None:
    give_device(world.bob)
    allow(world.bob, "iam:DeactivateMFADevice")
    sign_in(client, world.bob, mfa=True)
    remove(client, "/iam/security-credentials/")
    assert MfaDevice.objects.get(pk=SERIAL).enabled_at is None
    assert "stays in the account unassigned" in client.get(HOME).content.decode()


def test_it_resynchronises_a_device_that_is_off(client: Client, world: World) -> None:
    device = give_device(world.bob)
    sign_in(client, world.alice)
    page = f"/iam/users/bob/mfa/resync/{SERIAL}/"
    assert client.post(page, codes(totp.seed_of(device), offset=80)).status_code == 303
    assert abs(MfaDevice.objects.get(pk=SERIAL).drift - 80) <= 1
    assert "not valid" in client.post(page, codes(totp.seed_of(device), offset=200)).content.decode()


def test_it_asks_to_sign_in_with_mfa_before_ones_own_device_is_changed(client: Client, world: World) -> None:
    device = give_device(world.alice)
    sign_in(client, world.alice)
    page = f"/iam/security-credentials/mfa/resync/{SERIAL}/"
    for answer in (remove(client, "/iam/security-credentials/"), client.post(page, codes(totp.seed_of(device), 80))):
        assert "only after signing in with the one already assigned" in answer.content.decode()
    assert MfaDevice.objects.get(pk=SERIAL).enabled_at is not None


def test_it_removes_a_passkey_and_offers_no_resync(client: Client, world: World) -> None:
    passkey = give_passkey(world.alice, "bob")
    sign_in(client, world.alice)
    page = client.get("/iam/users/bob/security-credentials/").content.decode()
    assert passkey.serial in page and "Passkey / Security key" in page and "mfa/resync" not in page
    assert remove(client, "/iam/users/bob/", passkey.serial).status_code == 303
    assert not MfaDevice.objects.exists()
    assert "MFA device removed." in client.get("/iam/users/").content.decode()
