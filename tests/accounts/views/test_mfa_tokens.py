from __future__ import annotations

import pytest
from django.test import Client

from accounts.views import mfa_tokens
from iamconsole.operations.door import perform
from iamconsole.operations.secrets import Secret
from identities.models import MfaDevice
from tests.pages import sign_in
from tests.world import World, allow

PAGE = "/iam/account-settings/mfa-tokens/"
HEX, BASE32 = "a1b2c3d4e5f60718293a4b5c6d7e8f9001122334", "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJR"
FOUR = f'GAHT00000001, {HEX}\ngaht00000002;{BASE32}\n\nGAHT00000003\t{HEX}\n  "GAHT00000004","{BASE32}",\r\n'


def test_it_registers_tokens_line_by_line(client: Client, world: World) -> None:
    sign_in(client, world.alice)
    assert client.post(PAGE, {"tokens": FOUR}).headers["Location"] == PAGE
    page = client.get(PAGE).content.decode()
    assert "4 tokens registered." in page and "(4)" in page
    assert all(f"GAHT0000000{number}" in page for number in (1, 2, 3, 4))
    assert HEX not in page and BASE32 not in page


def test_it_keeps_the_lines_that_are_wrong_and_says_why(client: Client, world: World) -> None:
    sign_in(client, world.alice)
    lines = [f"GAHT00000001 {HEX}", "GAHT00000002", f"short {HEX}", "GAHT00000003 0189", f"GAHT00000001 {HEX}"]
    response = client.post(PAGE, {"tokens": "\n".join(lines)})
    page = response.content.decode()
    assert response.status_code == 422 and "1 token registered." in page
    for text in (
        "Line 1: Write a serial number and a seed",
        "Line 2: A serial number has 9 to 64",
        "Line 3: A seed has 16 to 128 bytes, this one has 2.",
        "Line 4: A token with serial number GAHT00000001 is registered already.",
    ):
        assert text in page
    assert "\n".join(lines[1:]) in page
    assert MfaDevice.objects.count() == 1


def test_it_takes_only_so_many_at_a_time(client: Client, world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    sign_in(client, world.alice)
    monkeypatch.setattr(mfa_tokens, "MOST", 2)
    page = client.post(PAGE, {"tokens": FOUR}).content.decode()
    assert "2 tokens registered." in page and "Line 2: Register up to 2 tokens at a time." in page


def test_it_wants_something(client: Client, world: World) -> None:
    sign_in(client, world.alice)
    for text in ("", " \n "):
        assert "This field is required." in client.post(PAGE, {"tokens": text}).content.decode()


def test_it_refuses_whoever_may_not(client: Client, world: World) -> None:
    sign_in(client, world.bob)
    page = client.post(PAGE, {"tokens": FOUR}).content.decode()
    assert page.count("Access denied") == 2 and "iam:CreateVirtualMFADevice" in page
    assert "GAHT00000001" in page  # what was pasted is still there
    assert not MfaDevice.objects.exists()


def test_it_hides_nothing_from_whoever_may_only_register(client: Client, world: World) -> None:
    allow(world.bob, "iam:CreateVirtualMFADevice")
    sign_in(client, world.bob)
    assert client.post(PAGE, {"tokens": FOUR}).status_code == 303
    assert "iam:ListVirtualMFADevices" in client.get(PAGE).content.decode()


def test_it_removes_a_token(client: Client, world: World) -> None:
    sign_in(client, world.alice)
    client.post(PAGE, {"tokens": FOUR})
    address = f"{PAGE}delete/GAHT00000001/"
    assert "Remove hardware token?" in client.get(address).content.decode()
    assert client.post(address).headers["Location"] == PAGE
    assert MfaDevice.objects.count() == 3
    assert "There is no token" in client.post(address).content.decode()


def test_it_shows_the_tokens_of_ones_own_account_only(client: Client, world: World) -> None:
    given = {"SerialNumber": "GAHT00000009", "Seed": Secret(HEX)}
    perform(world.charlie, "iamconsole:RegisterMFAToken", given)
    sign_in(client, world.alice)
    assert "GAHT00000009" not in client.get(PAGE).content.decode()
    assert client.post(f"{PAGE}delete/GAHT00000009/").status_code == 422
