"""Who is in already guesses no further: old passwords and MFA codes are counted on the wire as on the pages."""

from __future__ import annotations

import pytest
from django.http import HttpResponse
from django.test import Client

from iamconsole.operations.door import perform
from identities.models import MfaDevice
from tests.accounts.views.people import (
    PASSWORD,
    code_of,
    enter_code,
    enter_password,
    give_device,
    give_password,
    is_signed_in,
)
from tests.iamconsole.api.calling import call, key_of
from tests.identities.steps import error
from tests.world import World, allow, make_world

NEW = "Other-horse-9"


@pytest.fixture
def world(db: None) -> World:
    world = make_world()
    give_password(world.bob)
    allow(world.bob, "iam:ChangePassword", "sts:*")
    return world


def change(client: Client, key: object, old: str, new: str = NEW) -> HttpResponse:
    return call(client, key, "ChangePassword", OldPassword=old, NewPassword=new)  # type: ignore[arg-type]


def test_it_counts_wrong_old_passwords_on_the_wire(client: Client, world: World) -> None:
    key = key_of(world.bob)
    for _ in range(5):
        assert b"The old password was incorrect." in change(client, key, "wrong").content
    refused = change(client, key, PASSWORD)
    assert refused.status_code == 400 and b"<Code>Throttling</Code>" in refused.content
    assert error(world.bob, "ChangePassword", OldPassword=PASSWORD, NewPassword=NEW)[0] == "Throttling"
    perform(world.system, "iamconsole:UnlockUser", {"UserName": "bob"})
    assert change(client, key, PASSWORD).status_code == 200


def test_it_forgets_them_after_a_right_one_though_the_new_one_is_refused(client: Client, world: World) -> None:
    key = key_of(world.bob)
    for _ in range(4):
        change(client, key, "wrong")
    assert b"PasswordPolicyViolation" in change(client, key, PASSWORD, "short").content
    for _ in range(5):
        assert b"AccessDenied" in change(client, key, "wrong").content


def test_it_counts_nothing_for_whoever_may_not_change_it_at_all(client: Client, world: World) -> None:
    allow(world.bob, "iam:GetUser")
    key = key_of(world.bob)
    for _ in range(7):
        assert b"not authorized to perform: iam:ChangePassword" in change(client, key, "wrong").content


def session_token(client: Client, key: object, device: MfaDevice, code: str) -> int:
    given = {"SerialNumber": device.pk, "TokenCode": code}
    return call(client, key, "GetSessionToken", service="sts", **given).status_code  # type: ignore[arg-type]


def wrong(device: MfaDevice) -> str:
    return "000000" if code_of(device) != "000000" else "111111"


def test_it_counts_codes_of_session_tokens_and_roles_with_those_of_the_console(client: Client, world: World) -> None:
    device, key = give_device(world.bob), key_of(world.bob)
    role = {"RoleArn": "arn:aws:iam::111122223333:role/none", "RoleSessionName": "bobs", "SerialNumber": device.pk}
    for _ in range(3):
        assert session_token(client, key, device, wrong(device)) == 403
    for _ in range(2):
        assert call(client, key, "AssumeRole", service="sts", TokenCode=wrong(device), **role).status_code == 403
    assert session_token(client, key, device, code_of(device)) == 403
    browser = Client()
    enter_password(browser, "bob")
    enter_code(browser, code_of(device))
    assert not is_signed_in(browser)
    perform(world.system, "iamconsole:UnlockUser", {"UserName": "bob"})
    assert session_token(client, key, device, code_of(device)) == 200


def test_it_begins_anew_after_a_right_code(client: Client, world: World) -> None:
    device, key = give_device(world.bob), key_of(world.bob)
    for _ in range(4):
        session_token(client, key, device, wrong(device))
    assert session_token(client, key, device, code_of(device)) == 200
    assert session_token(client, key, device, wrong(device)) == 403
    assert session_token(client, key, device, code_of(device, 1)) == 200
