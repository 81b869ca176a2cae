"""The wizard that assigns an MFA device: authenticator apps, and what all kinds share."""

from __future__ import annotations

import re

import pytest
from django.test import Client
from django.utils import timezone

from iamconsole.operations.secrets import Secret
from identities import totp
from identities.models import MfaDevice
from tests.accounts.views.people import HOME, give_device
from tests.cast import ACCOUNT_ID
from tests.pages import sign_in
from tests.world import World

SERIAL = f"arn:aws:iam::{ACCOUNT_ID}:mfa/phone"


def name_device(client: Client, base: str = "/iam/security-credentials/", name: str = "phone") -> str:
    response = client.post(f"{base}mfa/assign/", {"name": name, "kind": "virtual"})
    assert response.status_code == 303, response.content.decode()
    return response.headers["Location"]


def two_codes(client: Client, page: str, offset: int = 0) -> dict[str, str]:
    """What an app shows that scanned the page's secret key."""
    found = re.search(r"[A-Z2-7]{64}", client.get(page).content.decode())
    assert found
    return codes(Secret(found[0]), offset)


def codes(seed: Secret, offset: int = 0) -> dict[str, str]:
    step = totp.step_at(timezone.now()) + offset
    return {"code1": totp.code_at(seed, step - 1), "code2": totp.code_at(seed, step)}


@pytest.mark.parametrize("name", ["alice", "root"])
def test_it_assigns_a_device_proven_by_two_codes(client: Client, world: World, name: str) -> None:
    sign_in(client, getattr(world, name))
    page = name_device(client)
    text = client.get(page).content.decode()
    assert "data:image/png;base64," in text
    assert client.post(page, two_codes(client, page)).headers["Location"] == HOME
    device = MfaDevice.objects.get(pk=SERIAL)
    assert device.enabled_at is not None and device.for_root is (name == "root")
    assert "MFA device assigned." in client.get(HOME).content.decode()


def test_it_counts_the_session_that_assigned_it_as_signed_in_with_it(client: Client, world: World) -> None:
    sign_in(client, world.alice)
    page = name_device(client)
    client.post(page, two_codes(client, page))
    second = name_device(client, name="tablet")
    assert client.post(second, two_codes(client, second)).headers["Location"] == HOME
    assert MfaDevice.objects.filter(user_id=world.alice.principal_id, enabled_at__isnull=False).count() == 2


@pytest.mark.parametrize("kind", ["virtual", "passkey", "hardware"])
def test_it_asks_to_sign_in_with_mfa_before_a_second_device(client: Client, world: World, kind: str) -> None:
    give_device(world.alice, "first")
    sign_in(client, world.alice)
    asked = {"name": "phone", "kind": kind}
    for page in ("/iam/security-credentials/mfa/assign/", "/iam/users/alice/mfa/assign/"):
        assert "Sign in with MFA first" in client.get(page).content.decode()
        assert "Sign out, sign in with your MFA device" in client.post(page, asked).content.decode()
    assert MfaDevice.objects.count() == 1


def test_it_refuses_a_second_device_whose_draft_is_older_than_the_first(client: Client, world: World) -> None:
    sign_in(client, world.alice)
    page = name_device(client)
    give_device(world.alice, "first")
    assert "Access denied" in client.post(page, two_codes(client, page)).content.decode()
    assert MfaDevice.objects.get(pk=SERIAL).enabled_at is None


def test_it_refuses_codes_that_are_not_consecutive(client: Client, world: World) -> None:
    sign_in(client, world.alice)
    page = name_device(client)
    swapped = dict(zip(("code2", "code1"), two_codes(client, page).values(), strict=True))
    answer = client.post(page, swapped).content.decode()
    assert "Authentication code for device is not valid" in answer and "two new codes in a row" in answer
    assert client.post(page, two_codes(client, page)).headers["Location"] == HOME


@pytest.mark.parametrize(("name", "text"), [("", "This field is required."), ("a b", "failed to satisfy constraint")])
def test_it_says_what_is_wrong_with_a_name(client: Client, world: World, name: str, text: str) -> None:
    sign_in(client, world.alice)
    for kind in ("virtual", "passkey"):
        asked = {"name": name, "kind": kind}
        page = client.post("/iam/security-credentials/mfa/assign/", asked).content.decode()
        assert text in page
        assert not name or f'value="{name}"' in page


def test_it_wants_a_kind(client: Client, world: World) -> None:
    sign_in(client, world.alice)
    for asked in ({"name": "phone"}, {"name": "phone", "kind": "abacus"}):
        assert "is-invalid" in client.post("/iam/security-credentials/mfa/assign/", asked).content.decode()


def test_it_refuses_a_name_that_is_taken(client: Client, world: World) -> None:
    give_device(world.bob)
    sign_in(client, world.alice)
    page = client.post("/iam/security-credentials/mfa/assign/", {"name": "phone", "kind": "virtual"}).content.decode()
    assert "MFA device already exists." in page


def test_it_cleans_up_after_cancel_and_after_a_new_beginning(client: Client, world: World) -> None:
    sign_in(client, world.alice)
    page = name_device(client)
    assert client.post(page, {"wizard": "cancel"}).headers["Location"] == HOME
    assert not MfaDevice.objects.exists()
    name_device(client)
    name_device(client)
    assert MfaDevice.objects.count() == 1
    assert client.get(page).status_code == 303


def test_it_keeps_the_seed_out_of_the_session_in_clear(client: Client, world: World) -> None:
    sign_in(client, world.alice)
    page = name_device(client)
    seed = re.search(r"[A-Z2-7]{64}", client.get(page).content.decode())
    assert seed and seed[0] not in str(dict(client.session))


def test_it_shows_a_draft_to_its_own_session_only(client: Client, world: World) -> None:
    sign_in(client, world.alice)
    page = name_device(client)
    other = Client()
    sign_in(other, world.alice)
    assert other.get(page).status_code == 303
    assert "That set-up is over" in other.get("/iam/security-credentials/mfa/assign/").content.decode()
    assert client.get(page.replace("security-credentials", "users/bob")).status_code == 303


def test_it_assigns_a_device_to_another_user(client: Client, world: World) -> None:
    sign_in(client, world.alice)
    page = name_device(client, "/iam/users/bob/")
    client.post(page, two_codes(client, page))
    assert MfaDevice.objects.get(pk=SERIAL).user_id == world.bob.principal_id


def test_it_explains_a_refusal(client: Client, world: World) -> None:
    sign_in(client, world.bob)
    page = client.post("/iam/security-credentials/mfa/assign/", {"name": "phone", "kind": "virtual"}).content.decode()
    assert "Access denied" in page and "iam:CreateVirtualMFADevice" in page
