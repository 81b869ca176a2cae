from __future__ import annotations

from datetime import timedelta

import pytest
import time_machine
from django.test import Client
from django.utils import timezone

from accounts.models import Account
from iamconsole.operations.door import perform
from identities.models import User
from tests.accounts.views.people import (
    HOME,
    code_of,
    enter_code,
    enter_password,
    enter_root_password,
    give_device,
    is_signed_in,
)
from tests.cast import ACCOUNT_ID
from tests.pages import sign_in
from tests.world import World


def test_it_ends_after_twelve_hours(client: Client, world: World) -> None:
    now = timezone.now()
    with time_machine.travel(now, tick=False):
        enter_password(client, "alice")
    with time_machine.travel(now + timedelta(hours=11, minutes=59), tick=False):
        assert is_signed_in(client)
    with time_machine.travel(now + timedelta(hours=12, minutes=1), tick=False):
        assert not is_signed_in(client)


@pytest.mark.parametrize(
    ("operation", "given"),
    [
        ("iam:UpdateLoginProfile", {"UserName": "bob", "Password": "another-Word-5"}),
        ("iam:DeleteLoginProfile", {"UserName": "bob"}),
    ],
)
def test_it_ends_at_once_when_the_password_changes_or_goes(
    client: Client, world: World, operation: str, given: dict[str, object]
) -> None:
    enter_password(client, "bob")
    assert is_signed_in(client)
    perform(world.alice, operation, given)
    assert not is_signed_in(client)


def test_it_ends_at_once_when_the_user_is_deleted(client: Client, world: World) -> None:
    enter_password(client, "bob")
    User.objects.get(pk=world.bob.principal_id).delete()
    assert not is_signed_in(client)


def test_it_ends_at_once_when_an_mfa_device_is_taken_away(client: Client, world: World) -> None:
    device = give_device(world.bob)
    enter_password(client, "bob")
    enter_code(client, code_of(device))
    perform(world.alice, "iam:DeactivateMFADevice", {"UserName": "bob", "SerialNumber": device.pk})
    assert not is_signed_in(client)


def test_it_ends_at_once_for_root_too(client: Client, world: World) -> None:
    enter_root_password(client, "root@alice.example")
    Account.objects.filter(pk=ACCOUNT_ID).update(root_credential_version=2)
    assert not is_signed_in(client)


def test_it_signs_out_and_the_old_key_is_worth_nothing(client: Client, world: World) -> None:
    enter_password(client, "alice")
    stale = Client()
    stale.cookies["session"] = client.session.session_key
    response = client.post("/signout/")
    assert response.headers["Location"] == "/signed-out/"
    assert "Sign in again" in client.get("/signed-out/").content.decode()
    assert not is_signed_in(client) and not is_signed_in(stale)


def test_it_signs_out_by_post_only(client: Client, world: World) -> None:
    enter_password(client, "alice")
    assert client.get("/signout/").status_code == 405
    assert is_signed_in(client)


def test_it_signs_nobody_out_without_the_forms_token(world: World) -> None:
    strict = Client(enforce_csrf_checks=True)
    sign_in(strict, world.alice)
    assert strict.post("/signout/").status_code == 403
    assert is_signed_in(strict)


def test_it_leads_from_the_bare_address_to_sign_in_or_inside(client: Client, world: World) -> None:
    assert client.get("/").headers["Location"] == "/signin/"
    enter_password(client, "alice")
    assert client.get("/").headers["Location"].startswith("/iam/")


def test_it_sends_a_fragment_of_an_ended_session_to_sign_in_as_a_page(client: Client, world: World) -> None:
    response = client.get(HOME, headers={"HX-Request": "true"})
    assert response.headers["HX-Redirect"] == "/signin/"


def test_it_tells_a_known_browser_by_a_signed_cookie_only(client: Client, world: World) -> None:
    enter_password(client, "alice")
    name = next(name for name in client.cookies if name.startswith("device_"))
    forged = Client()
    forged.cookies[name] = client.cookies[name].value.replace(":", "0:", 1)
    client.post("/signout/")
    for _ in range(6):
        enter_password(Client(), "alice", "wrong")
    assert enter_password(Client(), "alice").status_code == 200
    assert enter_password(forged, "alice").status_code == 200
    assert enter_password(client, "alice").status_code == 303


@pytest.mark.parametrize("value", ["", "x", "a:b", "a:b:c:d", "é", ":::", "0" * 5000])
def test_it_survives_any_cookie(client: Client, world: World, value: str) -> None:
    enter_password(client, "alice")
    for name in [*client.cookies, "signin_kind", "signin_account", "mode"]:
        broken = Client()
        broken.cookies[name] = value
        assert broken.get("/signin/").status_code in (200, 303)
        assert broken.get(HOME).status_code == 302
        assert enter_password(broken, "alice").status_code == 303
