"""Event history in a browser: found, opened, explained; filters with and without script."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from django.conf import settings
from playwright.sync_api import BrowserContext, Page, expect
from pytest_django.live_server_helper import LiveServer

from accounts.caller import Caller
from iamconsole.operations import door
from tests.pages import session_key
from tests.world import World

Enter = Callable[[Caller], None]
Axe = Callable[[Page], None]
LIST = "/cloudtrail/events/"


def make_history(world: World) -> None:
    door.perform(world.alice, "iam:CreateUser", {"UserName": "dana"})
    door.perform(world.alice, "iam:CreateGroup", {"GroupName": "readers"})


def test_an_event_is_found_opened_and_explained(page: Page, world: World, enter: Enter, axe: Axe) -> None:
    make_history(world)
    enter(world.alice)
    page.goto(LIST)
    axe(page)
    rows = page.locator("#events-table tbody tr")
    expect(rows).to_have_count(2)
    page.get_by_label("Find events").fill("createuser")
    expect(rows).to_have_count(1)
    expect(page.locator("#events-table-counter")).to_have_text("(1)")
    page.get_by_label("Read-only").select_option("Read-only: any")
    expect(page).to_have_url(re.compile("read_only=all"))
    page.get_by_role("link", name="CreateUser").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("CreateUser")
    axe(page)
    page.get_by_role("link", name="Authorization details").click()
    expect(page.locator(".json-line.is-marked").first).to_be_visible()
    axe(page)


@pytest.mark.console_allowed("403")
def test_a_page_that_bob_may_not_see_says_why(page: Page, world: World, enter: Enter, axe: Axe) -> None:
    enter(world.bob)
    page.goto(LIST)
    expect(page.get_by_text("cloudtrail:LookupEvents").first).to_be_visible()
    axe(page)


def test_filters_and_columns_work_without_javascript_on_a_phone(
    new_context: Callable[..., BrowserContext], live_server: LiveServer, world: World
) -> None:
    make_history(world)
    size = {"width": 390, "height": 844}
    context = new_context(base_url=live_server.url, java_script_enabled=False, viewport=size)
    cookie = {"name": settings.SESSION_COOKIE_NAME, "value": session_key(world.alice), "url": live_server.url}
    context.add_cookies([cookie])  # type: ignore[list-item]
    page = context.new_page()
    page.goto(LIST)
    page.get_by_text("Filter by attribute and time").click()
    page.get_by_label("Attribute").select_option("Event name")
    page.get_by_label("Value, exactly").fill("CreateGroup")
    page.get_by_role("button", name="Apply").first.click()
    expect(page.locator("#events-table tbody tr")).to_have_count(1)
    expect(page.get_by_label("Value, exactly")).to_have_value("CreateGroup")
    page.get_by_role("link", name="Preferences").click()
    page.get_by_label("Event ID").last.check()
    page.get_by_role("button", name="Confirm").click()
    expect(page.locator("th.column-event_id")).to_be_visible()
