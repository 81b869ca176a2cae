"""The dashboard in a browser: the alias by dialog, refusals that lead to their explanation, no script needed."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.conf import settings
from playwright.sync_api import BrowserContext, Page, expect
from pytest_django.live_server_helper import LiveServer

from accounts.caller import Caller
from tests.pages import session_key
from tests.world import World

Enter = Callable[[Caller], None]
Axe = Callable[[Page], None]


@pytest.mark.console_allowed("422")
def test_the_alias_is_made_changed_and_deleted(page: Page, world: World, enter: Enter, axe: Axe) -> None:
    enter(world.alice)
    page.goto("/iam/")
    axe(page)
    page.get_by_role("link", name="Create alias").click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_label("Preferred alias").fill("my--lab")
    dialog.get_by_role("button", name="Create alias").click()
    expect(dialog.locator(".field-error")).to_contain_text("accountAlias")
    axe(page)
    dialog.get_by_label("Preferred alias").fill("alices-lab")
    dialog.get_by_role("button", name="Create alias").click()
    expect(page.get_by_text("Alias alices-lab created for this account.")).to_be_visible()
    expect(page.get_by_text("/alices-lab/signin/")).to_be_visible()
    page.get_by_role("link", name="Delete alias").click()
    page.get_by_role("dialog").get_by_role("button", name="Delete alias").click()
    expect(page.get_by_text("Alias alices-lab deleted.")).to_be_visible()


def test_a_refusal_leads_to_its_explanation(page: Page, world: World, enter: Enter, axe: Axe) -> None:
    enter(world.bob)
    page.goto("/iam/")
    axe(page)
    page.get_by_role("link", name="Why?").first.click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Authorization details")
    expect(page.locator(".explanation-steps .is-lit")).to_contain_text("Identity policies")
    axe(page)


def test_the_alias_is_made_without_javascript_on_a_phone(
    new_context: Callable[..., BrowserContext], live_server: LiveServer, world: World
) -> None:
    size = {"width": 390, "height": 844}
    context = new_context(base_url=live_server.url, java_script_enabled=False, viewport=size)
    cookie = {"name": settings.SESSION_COOKIE_NAME, "value": session_key(world.alice), "url": live_server.url}
    context.add_cookies([cookie])  # type: ignore[list-item]
    page = context.new_page()
    page.goto("/iam/")
    page.get_by_role("link", name="Create alias").click()
    page.get_by_label("Preferred alias").fill("alices-lab")
    page.get_by_role("button", name="Create alias").click()
    expect(page.get_by_text("Alias alices-lab created for this account.")).to_be_visible()
