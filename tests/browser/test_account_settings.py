"""The password policy in a browser: edited with a dialog, and without JavaScript on a phone."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.conf import settings
from playwright.sync_api import BrowserContext, Page, expect
from pytest_django.live_server_helper import LiveServer

from accounts.caller import Caller
from tests.pages import session_key
from tests.world import World

EDIT = "/iam/account-settings/password-policy/"


@pytest.mark.console_allowed("422")
def test_a_custom_policy_is_set_by_dialog(
    page: Page, world: World, enter: Callable[[Caller], None], axe: Callable[[Page], None]
) -> None:
    enter(world.alice)
    page.goto("/iam/")
    page.get_by_role("link", name="Account settings").click()
    axe(page)
    page.get_by_role("link", name="Edit", exact=True).click()
    expect(page.get_by_label("Password minimum length")).to_be_hidden()
    page.get_by_label("Custom").check()
    page.get_by_label("Password minimum length").fill("5")
    page.get_by_role("button", name="Save changes").click()
    expect(page.locator(".field-error").first).to_be_visible()
    axe(page)
    page.get_by_label("Password minimum length").fill("14")
    page.get_by_role("button", name="Save changes").click()
    dialog = page.get_by_role("dialog")
    expect(dialog).to_contain_text("Set custom password policy?")
    axe(page)
    dialog.get_by_role("button", name="Set custom").click()
    expect(page.get_by_text("Password requirements for IAM users updated")).to_be_visible()
    expect(page.get_by_text("Password minimum length is 14 characters")).to_be_visible()


def test_a_custom_policy_is_set_without_javascript_on_a_phone(
    new_context: Callable[..., BrowserContext], live_server: LiveServer, world: World
) -> None:
    size = {"width": 390, "height": 844}
    context = new_context(base_url=live_server.url, java_script_enabled=False, viewport=size)
    cookie = {"name": settings.SESSION_COOKIE_NAME, "value": session_key(world.alice), "url": live_server.url}
    context.add_cookies([cookie])  # type: ignore[list-item]
    page = context.new_page()
    page.goto(EDIT)
    page.get_by_label("Custom").check()
    page.get_by_label("Require at least one number").check()
    page.get_by_role("button", name="Save changes").click()
    page.get_by_role("button", name="Set custom").click()
    expect(page.get_by_text("At least one number")).to_be_visible()
