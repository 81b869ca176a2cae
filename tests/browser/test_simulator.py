"""The simulator in a browser: search, run, explain, share; and the same without script."""

from __future__ import annotations

import re
from collections.abc import Callable

from django.conf import settings
from playwright.sync_api import BrowserContext, Page, expect
from pytest_django.live_server_helper import LiveServer

from accounts.caller import Caller
from tests.cast import BOB_ARN
from tests.pages import session_key
from tests.world import World, allow

Enter = Callable[[Caller], None]
Axe = Callable[[Page], None]
PAGE = "/iam/policy-simulator/"


def test_a_question_is_put_answered_and_explained(page: Page, world: World, enter: Enter, axe: Axe) -> None:
    allow(world.bob, "s3:GetObject", resource="arn:aws:s3:::reports/*")
    enter(world.alice)
    page.goto(PAGE)
    page.get_by_label("Principal").select_option("bob")
    page.get_by_label("Actions", exact=True).fill("s3:getobject")
    page.get_by_label("s3:GetObject Read", exact=True).check()
    axe(page)
    page.get_by_role("button", name="Add selected").click()
    expect(page.locator(".token")).to_have_count(1)
    page.get_by_label("Resource ARNs").fill("arn:aws:s3:::reports/a\narn:aws:s3:::other/a")
    page.get_by_role("button", name="Run simulation").click()
    rows = page.locator("#simulator-results tbody tr")
    expect(rows.nth(0)).to_contain_text("Allowed")
    expect(rows.nth(1)).to_contain_text("Denied (implicit)")
    expect(page).to_have_url(re.compile("resource=arn.*run=1"))
    page.locator("#why-2").click()
    split = page.locator("#split")
    expect(split).to_contain_text("Resource needs arn:aws:s3:::reports/*; the request has arn:aws:s3:::other/a")
    expect(page).to_have_url(re.compile("why=2"))
    axe(page)
    page.keyboard.press("Escape")
    expect(split).to_be_empty()
    expect(page.locator("#why-2")).to_be_focused()
    page.locator("#why-1").click()
    expect(split.locator(".json-line.is-marked").first).to_be_visible()
    page.reload()
    expect(split.get_by_role("heading", level=2)).to_have_text("s3:GetObject — why was this allowed?")


def test_a_context_key_changes_the_answer(page: Page, world: World, enter: Enter, axe: Axe) -> None:
    enter(world.alice)
    page.goto(f"{PAGE}?principal={BOB_ARN}&action=s3:GetObject&context=aws:SourceIp%3D1.2.3.4")
    axe(page)
    expect(page.get_by_label("Value of aws:SourceIp")).to_have_value("1.2.3.4")
    page.get_by_label("Value of aws:MultiFactorAuthPresent").fill("true")
    page.get_by_role("button", name="Run simulation").click()
    expect(page).to_have_url(re.compile("MultiFactorAuthPresent%3Dtrue"))


def test_it_works_without_javascript_on_a_phone(
    new_context: Callable[..., BrowserContext], live_server: LiveServer, world: World
) -> None:
    size = {"width": 390, "height": 844}
    context = new_context(base_url=live_server.url, java_script_enabled=False, viewport=size)
    cookie = {"name": settings.SESSION_COOKIE_NAME, "value": session_key(world.alice), "url": live_server.url}
    context.add_cookies([cookie])  # type: ignore[list-item]
    page = context.new_page()
    page.goto(PAGE)
    page.get_by_label("Principal").select_option("bob")
    page.get_by_label("Actions", exact=True).fill("iam:createuser")
    page.get_by_role("button", name="Search").click()
    page.get_by_label("iam:CreateUser").check()
    page.get_by_role("button", name="Add selected").click()
    page.get_by_role("button", name="Run simulation").click()
    page.get_by_role("link", name="Why? iam:CreateUser").click()
    expect(page.locator("#split")).to_contain_text("Evaluation steps")
    page.get_by_role("link", name="Close").click()
    expect(page.locator("#split")).to_be_empty()
    page.get_by_role("button", name="Remove iam:CreateUser").click()
    expect(page.locator(".token")).to_have_count(0)
