"""Sessions in a browser: ended from elsewhere, several side by side, roles of another account, the warning."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import BrowserContext, Page, expect
from pytest_django.live_server_helper import LiveServer

from accounts.caller import Caller
from accounts.models import ConsoleSession
from accounts.sessions import LIFETIME
from tests.accounts.roles import make_role
from tests.accounts.views.people import PASSWORD, give_password
from tests.browser.watch import watch
from tests.cast import ACCOUNT_ID, OTHER_ACCOUNT_ID
from tests.world import World, allow

Enter = Callable[[Caller], None]
Axe = Callable[[Page], None]
NewContext = Callable[..., BrowserContext]


def sign_in(page: Page, name: str, address: str = "/signin/?kind=user") -> None:
    page.goto(address)
    page.get_by_label("Account ID or alias").fill(ACCOUNT_ID)
    page.get_by_label("IAM username").fill(name)
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    page.get_by_role("button", name="Sign in", exact=True).click()
    expect(page.locator(".account-menu")).to_be_visible()


def open_menu(page: Page) -> None:
    page.locator(".account-menu > summary").click()


def active(page: Page) -> str:
    return page.locator(".account-name").inner_text()


def test_a_session_is_ended_from_another_browser(
    page: Page, new_context: NewContext, live_server: LiveServer, world: World, axe: Axe
) -> None:
    for caller in (world.alice, world.bob):
        give_password(caller)
    allow(world.bob, "iam:ListUsers", "iam:GetUser")
    other = new_context(base_url=live_server.url)
    complaints = watch(other)
    bobs = other.new_page()
    sign_in(bobs, "bob")
    bobs.goto("/iam/users/")
    sign_in(page, "alice")
    page.goto("/iam/users/bob/security-credentials/")
    axe(page)
    page.get_by_role("button", name=re.compile("^End session: Chrome on Linux")).click()
    expect(page.get_by_text("Session ended.")).to_be_visible()
    # A fragment of the page that bob has open leads the whole page to sign-in, and back to where he was.
    bobs.get_by_label("Find users").first.fill("ali")
    expect(bobs).to_have_url(re.compile(r"/signin/\?next=%2Fiam%2Fusers%2F"))
    assert complaints == []


def test_two_identities_live_side_by_side_in_one_browser(page: Page, world: World, axe: Axe) -> None:
    for caller in (world.alice, world.bob):
        give_password(caller)
    sign_in(page, "alice")
    open_menu(page)
    page.get_by_role("link", name="Turn on multi-session").click()
    page.get_by_role("button", name="Turn on multi-session").click()
    expect(page.get_by_text("Multi-session is on.")).to_be_visible()
    axe(page)
    # A draft of alice's, before bob comes.
    page.goto("/iam/create-user/")
    page.get_by_label("User name").fill("alices-draft")
    page.get_by_role("button", name="Next").click()
    expect(page.get_by_role("heading", name="Set permissions").first).to_be_visible()
    draft = page.url
    open_menu(page)
    with page.expect_popup() as opened:
        page.get_by_role("link", name="Add session: sign in").click()
    tab = opened.value
    sign_in(tab, "bob", tab.url)
    assert "/s/2/" in tab.url and active(tab).startswith("bob")
    assert tab.goto(draft.replace("/iam/", "/s/2/iam/")) and "alices-draft" not in tab.content()
    page.goto(draft)
    assert page.url == draft
    assert active(page).startswith("alice")
    tab.goto("/s/2/iam/security-credentials/")
    axe(tab)
    open_menu(tab)
    expect(tab.get_by_role("link", name="alice @ 1111-2222-3333")).to_be_visible()
    tab.get_by_role("button", name="Sign out", exact=True).click()
    expect(tab.get_by_text("Still signed in in this browser")).to_be_visible()
    axe(tab)
    page.reload()
    assert active(page).startswith("alice")
    tab.get_by_role("button", name="Sign out of all sessions").click()
    page.goto("/iam/")
    expect(page).to_have_url(re.compile("/signin/"))


def test_alice_works_as_a_role_of_another_account_and_comes_back(
    page: Page, world: World, enter: Enter, axe: Axe
) -> None:
    make_role("auditor", Path="/lab/")
    enter(world.charlie)
    page.goto("/iam/roles/auditor/")
    link = page.get_by_text(re.compile(r"^http://.*/switchrole\?")).inner_text()
    enter(world.alice)
    page.goto(f"{link}&displayName=Audits&color=99BCE3")
    axe(page)
    page.get_by_role("button", name="Switch Role").click()
    expect(page.locator(".account-name")).to_have_text("Audits")
    open_menu(page)
    expect(page.get_by_text("Currently active as")).to_be_visible()
    axe(page)
    page.goto("/iam/users/")
    expect(page.get_by_role("link", name="charlie", exact=True)).to_be_visible()
    assert page.get_by_role("link", name="bob", exact=True).count() == 0
    page.goto("/iam/security-credentials/")
    expect(page.get_by_text("A role has no password")).to_be_visible()
    axe(page)
    open_menu(page)
    page.get_by_role("banner").get_by_role("button", name="Switch back").click()
    expect(page.locator(".account-name")).to_have_text("alice @ 1111-2222-3333")
    open_menu(page)
    page.get_by_role("button", name="Audits").click()
    expect(page.locator(".account-name")).to_have_text("Audits")
    page.goto("/switchrole")
    page.get_by_role("button", name="Pin Audits").click()
    expect(page.get_by_text("Audits pinned.")).to_be_visible()
    axe(page)


@pytest.mark.console_allowed("403")
def test_a_refused_switch_says_what_aws_says_and_why(page: Page, world: World, enter: Enter, axe: Axe) -> None:
    make_role("closed", trusts=f"arn:aws:iam::{OTHER_ACCOUNT_ID}:user/charlie")
    enter(world.alice)
    page.goto(f"/switchrole?account={OTHER_ACCOUNT_ID}&roleName=closed")
    page.get_by_role("button", name="Switch Role").click()
    expect(page.get_by_text("Invalid information in one or more fields.")).to_be_visible()
    expect(page.get_by_label("IAM role name")).to_have_value("closed")
    axe(page)
    page.get_by_role("link", name="Why?").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Authorization details")


def test_the_end_of_a_session_is_announced_and_the_page_outlives_it(
    page: Page, context: BrowserContext, world: World, enter: Enter, axe: Axe
) -> None:
    give_password(world.alice)
    enter(world.alice)
    ConsoleSession.objects.update(since=timezone.now() - LIFETIME + timedelta(minutes=4))
    page.goto("/iam/create-group/")
    dialog = page.get_by_role("dialog", name="Your session is about to end")
    expect(dialog).to_contain_text(re.compile(r"In 3 min \d+ s you will be signed out"))
    axe(page)
    dialog.get_by_role("button", name="Close").click()
    page.get_by_label("User group name").fill("typed-before-the-end")
    # The clock of the page runs out; the server says that the session is over.
    ConsoleSession.objects.update(ended_at=timezone.now())
    page.evaluate("window.dispatchEvent(new Event('focus'))")
    over = page.get_by_role("dialog", name="Your session has ended")
    expect(over).to_be_visible()
    axe(page)
    with context.expect_page() as opened:
        over.get_by_role("link", name="Sign in again").click()
    sign_in(opened.value, "alice", opened.value.url)
    expect(opened.value).to_have_url(re.compile("/iam/create-group/"))
    page.evaluate("window.dispatchEvent(new Event('focus'))")
    expect(over).to_be_hidden()
    expect(page.get_by_label("User group name")).to_have_value("typed-before-the-end")
    page.get_by_role("button", name="Create user group").click()
    expect(page.get_by_text(re.compile("typed-before-the-end.*created"))).to_be_visible()


def test_an_idle_session_can_be_kept(page: Page, world: World, enter: Enter, settings: object) -> None:
    settings.IDLE_MINUTES = 10  # type: ignore[attr-defined]
    page.clock.install()
    enter(world.alice)
    page.goto("/iam/")
    dialog = page.get_by_role("dialog", name="Your session is about to end")
    expect(dialog).to_be_hidden()
    ConsoleSession.objects.update(last_seen=timezone.now() - timedelta(minutes=8))
    page.clock.fast_forward("05:01")
    expect(dialog).to_be_visible()
    dialog.get_by_role("button", name="Stay signed in").click()
    expect(dialog).to_be_hidden()
    assert ConsoleSession.objects.get().last_seen > timezone.now() - timedelta(minutes=1)


def test_the_pages_fit_a_phone(page: Page, world: World, enter: Enter) -> None:
    make_role()
    enter(world.alice)
    page.set_viewport_size({"width": 390, "height": 844})
    for address in ("/switchrole", "/multi-session/", "/signed-out/", "/iam/security-credentials/"):
        page.goto(address)
        assert page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth"), address
