"""The wizard's second step for passkeys and for hardware tokens."""

from __future__ import annotations

import json
import re

import pytest
from django.test import Client

from accounts.slots import cookie_name
from iamconsole.operations.door import perform
from iamconsole.operations.secrets import Secret
from identities.models import MfaDevice, PasskeyChallenge
from identities.passkeys import Refusal
from tests.accounts.views.people import HOME
from tests.accounts.views.test_mfa_assign import codes
from tests.identities.authenticator import Authenticator
from tests.identities.passkey_steps import give_passkey
from tests.pages import session_key, sign_in
from tests.world import World, allow

OWN = "/iam/security-credentials/"
SEED = Secret("GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ")


def choose(client: Client, base: str = OWN, name: str = "yubikey") -> str:
    response = client.post(f"{base}mfa/assign/", {"name": name, "kind": "passkey"})
    assert response.status_code == 303, response.content.decode()
    return str(response.headers["Location"])


def options(client: Client, page: str) -> str:
    """What the page's script fetches from the address that stands in the page."""
    found = re.search(r'data-options="([^"]+)"', client.get(page).content.decode())
    assert found
    response = client.post(found[1].replace("&amp;", "&"))
    assert response.status_code == 200, response.content.decode()
    return response.content.decode()


@pytest.mark.parametrize("name", ["alice", "root"])
def test_it_assigns_a_passkey_and_counts_the_session_as_signed_in_with_it(
    client: Client, world: World, name: str
) -> None:
    sign_in(client, getattr(world, name))
    page = choose(client)
    answer = Authenticator().make(options(client, page))
    assert client.post(page, {"wizard": "next", "answer": answer}).headers["Location"] == HOME
    device = MfaDevice.objects.get()
    assert device.for_root is (name == "root") and device.name == "yubikey"
    assert device.serial in client.get(HOME).content.decode()
    second = choose(client, name="second")
    client.post(second, {"wizard": "next", "answer": Authenticator().make(options(client, second))})
    assert MfaDevice.objects.count() == 2


def test_it_assigns_a_passkey_to_another_user(client: Client, world: World) -> None:
    sign_in(client, world.alice)
    page = choose(client, "/iam/users/bob/")
    client.post(page, {"answer": Authenticator().make(options(client, page))})
    assert MfaDevice.objects.get().user_id == world.bob.principal_id


def test_it_takes_no_answer_that_was_made_for_another_user_or_session(client: Client, world: World) -> None:
    sign_in(client, world.alice)
    answer = Authenticator().make(options(client, choose(client, "/iam/users/bob/")))
    assert Refusal.LATE.value in client.post(choose(client), {"answer": answer}).content.decode()
    other = Client()
    sign_in(other, world.alice)
    assert Refusal.LATE.value in other.post(choose(other, "/iam/users/bob/"), {"answer": answer}).content.decode()
    assert not MfaDevice.objects.exists()


@pytest.mark.parametrize("answer", ["", "{}", "[", "x" * 40_000])
def test_it_says_what_to_do_when_no_answer_came(client: Client, world: World, answer: str) -> None:
    sign_in(client, world.alice)
    page = client.post(choose(client), {"wizard": "next", "answer": answer}).content.decode()
    assert "Choose “Continue” and follow" in page or Refusal.LATE.value in page


def test_it_goes_back_with_what_was_chosen_or_away(client: Client, world: World) -> None:
    sign_in(client, world.alice)
    page = choose(client)
    back = client.post(page, {"wizard": "previous"}).headers["Location"]
    assert 'value="yubikey"' in client.get(back).content.decode()
    assert client.post(page, {"wizard": "cancel"}).headers["Location"] == HOME
    assert client.get(f"{OWN}mfa/assign/passkey/").headers["Location"] == f"{OWN}mfa/assign/"


def test_it_refuses_options_without_permission_in_words(client: Client, world: World) -> None:
    sign_in(client, world.bob)
    response = client.post(f"{OWN}mfa/assign/passkey/options/?name=x")
    assert response.status_code == 403 and "iam:EnableMFADevice" in json.loads(response.content)["problem"]
    assert not PasskeyChallenge.objects.exists()
    answer = client.post(f"{OWN}mfa/assign/passkey/?name=x", {"answer": "{}"}).content.decode()
    assert "Access denied" in answer


def test_it_asks_to_sign_in_with_mfa_first(client: Client, world: World) -> None:
    give_passkey(world.alice, "alice")
    sign_in(client, world.alice)
    for page in ("mfa/assign/passkey/?name=x", "mfa/assign/hardware/"):
        assert "Sign in with MFA first" in client.get(OWN + page).content.decode()
        assert "Sign in with MFA first" in client.post(OWN + page, {"answer": "{}"}).content.decode()
    assert client.post(f"{OWN}mfa/assign/passkey/options/?name=x").status_code == 403


def test_it_tells_the_script_where_passkeys_work(client: Client, world: World) -> None:
    sign_in(client, world.alice)
    page = client.get(choose(client), headers={"host": "127.0.0.1"}).content.decode()
    assert 'data-origins="[&quot;http://localhost:8000&quot;]"' in page
    assert 'data-same-page="http://localhost:8000"' in page
    assert "127.0.0.1" not in page


def test_it_stays_in_its_slot_of_the_browser(client: Client, world: World) -> None:
    client.cookies[cookie_name(2)] = session_key(world.alice, slot=2)
    page = f"/s/2{OWN}mfa/assign/passkey/?name=yubikey"
    asked = client.post(f"/s/2{OWN}mfa/assign/", {"name": "yubikey", "kind": "passkey"})
    assert asked.headers["Location"] == page
    answer = Authenticator().make(options(client, page))
    assert client.post(page, {"answer": answer}).headers["Location"] == f"/s/2{HOME}"
    assert MfaDevice.objects.get().user_id == world.alice.principal_id


def token(world: World, serial: str = "GAHT12345678") -> None:
    perform(world.alice, "iamconsole:RegisterMFAToken", {"SerialNumber": serial, "Seed": SEED})


def test_it_assigns_a_hardware_token_by_its_serial_number(client: Client, world: World) -> None:
    token(world)
    sign_in(client, world.alice)
    page = client.post(f"{OWN}mfa/assign/", {"kind": "hardware"}).headers["Location"]
    assert client.post(page, {"serial": " gaht12345678 ", **codes(SEED)}).headers["Location"] == HOME
    shown = client.get(HOME).content.decode()
    assert "GAHT12345678" in shown and "Hardware" in shown


def test_it_says_who_registers_an_unknown_token(client: Client, world: World) -> None:
    sign_in(client, world.alice)
    page = client.post(f"{OWN}mfa/assign/hardware/", {"serial": "GAHT12345678", **codes(SEED)}).content.decode()
    assert "Is the serial number right?" in page and "/iam/account-settings/mfa-tokens/" in page
    assert 'value="GAHT12345678"' in page


def test_it_refuses_wrong_codes_of_a_token(client: Client, world: World) -> None:
    token(world)
    sign_in(client, world.alice)
    wrong = {"serial": "GAHT12345678", "code1": "000000", "code2": "000001"}
    page = client.post(f"{OWN}mfa/assign/hardware/", wrong).content.decode()
    assert "Authentication code for device is not valid" in page
    assert MfaDevice.objects.get().enabled_at is None


def test_it_leads_out_of_the_step_of_tokens(client: Client, world: World) -> None:
    allow(world.bob, "iam:ListMFADevices")
    sign_in(client, world.bob)
    page = f"{OWN}mfa/assign/hardware/"
    assert client.post(page, {"wizard": "cancel"}).headers["Location"] == HOME
    assert "kind=hardware" in client.post(page, {"wizard": "previous"}).headers["Location"]
