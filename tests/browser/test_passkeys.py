"""Passkeys in a real browser, with its own virtual authenticator: made, used, cancelled, and where they cannot work."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest
from django.utils import timezone
from playwright.sync_api import CDPSession, Page, expect
from pytest_django.fixtures import Settings
from pytest_django.live_server_helper import LiveServer

from accounts.caller import Caller
from accounts.models import Account
from accounts.root_password import set_root_password
from iamconsole.operations.secrets import Secret
from identities.models import MfaDevice, User
from tests.accounts.views.people import code_of, give_device, give_password
from tests.cast import ACCOUNT_ID
from tests.world import World

PASSWORD = "correct-Horse-7"
ASSIGN = "/iam/security-credentials/mfa/assign/"


@pytest.fixture(autouse=True)
def _here(live_server: LiveServer, settings: Settings) -> None:
    settings.ORIGINS = [live_server.url]


class Keys:
    """Chromium's virtual authenticator: a security key with a PIN that its owner is there to type, or not."""

    def __init__(self, session: CDPSession) -> None:
        self.session = session
        session.send("WebAuthn.enable")
        self.id = self._plug_in()

    def _plug_in(self) -> str:
        options = {
            "protocol": "ctap2",
            "transport": "internal",
            "hasResidentKey": True,
            "hasUserVerification": True,
            "isUserVerified": True,
            "automaticPresenceSimulation": True,
        }
        return str(self.session.send("WebAuthn.addVirtualAuthenticator", {"options": options})["authenticatorId"])

    def owner_refuses(self, refuses: bool = True) -> None:
        self.session.send("WebAuthn.setUserVerified", {"authenticatorId": self.id, "isUserVerified": not refuses})

    def unplug(self) -> None:
        self.session.send("WebAuthn.removeVirtualAuthenticator", {"authenticatorId": self.id})

    @property
    def credentials(self) -> list[dict[str, Any]]:
        return list(self.session.send("WebAuthn.getCredentials", {"authenticatorId": self.id})["credentials"])


@pytest.fixture
def keys(page: Page) -> Keys:
    return Keys(page.context.new_cdp_session(page))


def assign(page: Page, name: str = "my-passkey") -> None:
    page.goto(ASSIGN)
    page.get_by_label("Device name").fill(name)
    page.get_by_role("button", name="Next").last.click()
    go_on(page, "Continue")


def go_on(page: Page, button: str) -> None:
    """No person presses a button sooner than the page's script is there; a busy machine's test can."""
    found = page.get_by_role("button", name=button)
    expect(found).to_be_visible()
    page.wait_for_load_state("load")
    found.click()


def assigned(page: Page) -> None:
    expect(page.locator("#flash")).to_contain_text("MFA device assigned")
    expect(page.get_by_role("region", name="MFA devices")).to_contain_text("Passkey / Security key")


def sign_out(page: Page) -> None:
    page.locator(".account-menu > summary").click()
    page.get_by_role("button", name="Sign out").click()
    expect(page).to_have_url(re.compile("/signed-out/"))


def sign_in(page: Page, name: str) -> None:
    page.goto(f"/{ACCOUNT_ID}/signin/")
    page.get_by_label("IAM username").fill(name)
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()


def use_passkey(page: Page) -> None:
    go_on(page, "Use passkey or security key")


def is_in(page: Page) -> None:
    expect(page.get_by_role("navigation", name="Navigation")).to_be_visible()


def test_a_user_assigns_a_passkey_and_signs_in_with_it(
    page: Page, world: World, enter: Callable[[Caller], None], keys: Keys, axe: Callable[[Page], None]
) -> None:
    give_password(world.alice, PASSWORD)
    enter(world.alice)
    page.goto(ASSIGN)
    axe(page)
    assign(page)
    assigned(page)
    device = MfaDevice.objects.get()
    assert device.user_id == world.alice.principal_id and device.verifies_user and device.name == "my-passkey"
    sign_out(page)

    sign_in(page, "alice")
    axe(page)
    use_passkey(page)
    is_in(page)
    device.refresh_from_db()
    assert device.sign_count == keys.credentials[0]["signCount"] > 0


def test_root_assigns_a_passkey_and_signs_in_with_it(
    page: Page, world: World, enter: Callable[[Caller], None], keys: Keys
) -> None:
    set_root_password(ACCOUNT_ID, Secret(PASSWORD), timezone.now())
    enter(world.root)
    assign(page)
    assigned(page)
    assert MfaDevice.objects.get().for_root
    sign_out(page)

    page.goto("/signin/root/")
    page.get_by_label("Root user email address").fill(Account.objects.get(pk=ACCOUNT_ID).root_email)
    page.get_by_role("button", name="Next").click()
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    use_passkey(page)
    is_in(page)


def test_whoever_cancels_is_told_what_to_do_and_tries_again(
    page: Page, world: World, enter: Callable[[Caller], None], keys: Keys
) -> None:
    give_password(world.alice, PASSWORD)
    enter(world.alice)
    keys.owner_refuses()
    assign(page)
    problem = page.get_by_role("alert").filter(visible=True)
    expect(problem).to_contain_text("You cancelled the request")
    keys.owner_refuses(False)
    go_on(page, "Continue")
    assigned(page)
    sign_out(page)

    sign_in(page, "alice")
    keys.owner_refuses()
    use_passkey(page)
    expect(problem).to_contain_text("You cancelled the request")
    keys.owner_refuses(False)
    use_passkey(page)
    is_in(page)


def test_the_same_passkey_is_not_assigned_twice(
    page: Page, world: World, enter: Callable[[Caller], None], keys: Keys
) -> None:
    enter(world.alice)
    assign(page)
    assigned(page)
    assign(page, "again")
    expect(page.get_by_role("alert").filter(visible=True)).to_contain_text("assigned already")
    assert MfaDevice.objects.count() == 1


def test_an_old_copy_of_a_passkey_is_refused(
    page: Page, world: World, enter: Callable[[Caller], None], keys: Keys
) -> None:
    give_password(world.alice, PASSWORD)
    enter(world.alice)
    assign(page)
    assigned(page)
    MfaDevice.objects.update(sign_count=1_000)
    sign_out(page)
    sign_in(page, "alice")
    use_passkey(page)
    expect(page.get_by_role("alert").filter(visible=True)).to_contain_text("went backwards")


def test_a_lost_passkey_gives_way_to_an_app(
    page: Page, world: World, enter: Callable[[Caller], None], keys: Keys
) -> None:
    give_password(world.alice, PASSWORD)
    enter(world.alice)
    assign(page)
    assigned(page)
    phone = give_device(world.alice)
    sign_out(page)
    keys.unplug()

    sign_in(page, "alice")
    page.get_by_label("Passkey or security key").check()
    page.get_by_role("button", name="Next").click()
    page.get_by_role("link", name="Try another MFA method").click()
    page.get_by_label("Authenticator app").check()
    page.get_by_role("button", name="Next").click()
    page.get_by_label("MFA code").fill(code_of(phone))
    page.get_by_role("button", name="Submit").click()
    is_in(page)


@pytest.mark.parametrize("origins", [["https://iam.example.org"], ["http://127.0.0.1:8000"]])
def test_it_says_where_passkeys_work(
    page: Page, world: World, enter: Callable[[Caller], None], settings: Settings, origins: list[str]
) -> None:
    settings.ORIGINS = origins
    enter(world.alice)
    assign(page)
    problem = page.get_by_role("alert").filter(visible=True)
    expect(problem).to_contain_text("Passkeys do not work at this address")
    if "example" in origins[0]:
        link = problem.get_by_role("link", name=origins[0])
        expect(link).to_have_attribute("href", f"{origins[0]}{ASSIGN}passkey/?name=my-passkey")
    else:
        expect(problem).to_contain_text("IAMCONSOLE_ORIGINS")


def test_it_says_so_where_the_browser_knows_no_passkeys(
    page: Page, world: World, enter: Callable[[Caller], None]
) -> None:
    page.add_init_script("delete window.PublicKeyCredential")
    enter(world.alice)
    assign(page)
    expect(page.get_by_role("alert").filter(visible=True)).to_contain_text("This browser cannot use passkeys")


@pytest.mark.console_allowed("403")
def test_it_shows_what_the_server_refuses(page: Page, world: World, enter: Callable[[Caller], None]) -> None:
    assert User.objects.filter(name="bob").exists()
    enter(world.bob)
    assign(page)
    expect(page.get_by_role("alert").filter(visible=True)).to_contain_text("iam:EnableMFADevice")


def test_without_javascript_a_sentence_says_what_to_do(
    new_context: Callable[..., Any],
    live_server: LiveServer,
    world: World,
    context: Any,
    enter: Callable[[Caller], None],
) -> None:
    enter(world.alice)
    plain = new_context(base_url=live_server.url, java_script_enabled=False)
    plain.add_cookies(context.cookies())
    page = plain.new_page()
    assign(page)
    # Playwright calls nothing inside <noscript> visible, whatever is drawn.
    box = page.locator("noscript .alert").bounding_box()
    assert box and box["height"] > 0
    expect(page.get_by_text("No answer of a passkey arrived")).to_be_visible()
