"""The policies pages in a browser: no complaint in its console, accessible in both modes, usable without script."""

from __future__ import annotations

from collections.abc import Callable

from django.conf import settings
from playwright.sync_api import BrowserContext, Page, expect
from pytest_django.live_server_helper import LiveServer

from accounts.caller import Caller
from iamconsole.operations import door
from tests.pages import session_key
from tests.policies.views.documents import READ_REPORTS, attached, make_policy, versions
from tests.world import World

Enter = Callable[[Caller], None]
Axe = Callable[[Page], None]


def test_a_policy_is_written_reviewed_and_deleted(page: Page, world: World, enter: Enter, axe: Axe) -> None:
    enter(world.alice)
    page.goto("/iam/policies/create/")
    page.locator(".ace_editor").wait_for()
    write(page, READ_REPORTS.replace("GetObject", "GetObjets"))
    expect(page.locator(".findings-tab").nth(1)).to_contain_text("Errors: 1")
    expect(page.locator(".ace_gutter-cell.ace_error")).to_have_count(1)
    page.get_by_role("link", name="Ln 6").click()
    expect(page.locator("[data-editor-position]")).to_contain_text("Ln 6")
    axe(page)
    write(page, READ_REPORTS)
    expect(page.locator(".findings-tab").nth(1)).to_contain_text("Errors: 0")
    page.get_by_role("button", name="Next").click()
    page.get_by_label("Policy name").fill("ReadReports")
    axe(page)
    page.get_by_role("button", name="Create policy").click()
    page.get_by_role("link", name="View policy").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("ReadReports")
    axe(page)
    page.get_by_role("link", name="Delete").click()
    dialog = page.get_by_role("dialog")
    expect(dialog.get_by_role("button", name="Delete policy")).to_be_disabled()
    dialog.get_by_role("textbox").fill("ReadReports")
    dialog.get_by_role("button", name="Delete policy").click()
    expect(page.get_by_text("Policy ReadReports deleted.")).to_be_visible()


def write(page: Page, text: str) -> None:
    page.evaluate("text => document.querySelector('.ace_editor').env.editor.setValue(text)", text)


def test_policies_are_picked_across_searches_and_pages(page: Page, world: World, enter: Enter, axe: Axe) -> None:
    make_policy(world.system)
    enter(world.alice)
    page.goto("/iam/users/bob/attach-policies/")
    search = page.get_by_label("Filter policies by name")
    search.fill("ReadRep")
    page.get_by_label("Select ReadReports").check()
    search.fill("IAMFullAccess")
    page.get_by_label("Select IAMFullAccess").check()
    search.fill("")
    page.get_by_label("Page 3").click()
    expect(page.get_by_text("Selected: ReadReports, IAMFullAccess")).to_be_visible()
    axe(page)
    page.get_by_role("button", name="Attach policies").click()
    page.wait_for_url(lambda url: "attach-policies" not in url)
    assert attached(world.system, "bob") == ["IAMFullAccess", "ReadReports"]


def test_a_users_policy_opens_to_its_document_and_is_removed(page: Page, world: World, enter: Enter, axe: Axe) -> None:
    policy = make_policy(world.system)
    door.perform(world.system, "iam:AttachUserPolicy", {"UserName": "bob", "PolicyArn": policy})
    enter(world.alice)
    page.goto("/iam/users/bob/")
    page.get_by_role("link", name="Show ReadReports").click()
    expect(page.locator(".detail-row")).to_contain_text("class-reports")
    axe(page)
    page.get_by_role("link", name="Show ReadReports").click()
    expect(page.locator(".detail-row")).to_have_count(0)
    page.get_by_label("Select ReadReports").check()
    page.get_by_role("button", name="Remove").click()
    page.get_by_role("dialog").get_by_role("button", name="Remove policy").click()
    expect(page.get_by_text("1 policy removed")).to_be_visible()
    assert attached(world.system, "bob") == []


def test_the_lists_and_tabs_are_accessible(page: Page, world: World, enter: Enter, axe: Axe) -> None:
    policy = make_policy(world.system)
    door.perform(world.system, "iam:AttachUserPolicy", {"UserName": "bob", "PolicyArn": policy})
    enter(world.alice)
    for address in (
        "/iam/policies/?type=Customer+managed",
        f"/iam/policies/details/{policy}?view=json",
        f"/iam/policies/details/entities/{policy}",
        f"/iam/policies/details/tags/{policy}",
        f"/iam/policies/details/versions/{policy}",
        f"/iam/policies/attach/{policy}",
    ):
        page.goto(address)
        expect(page.get_by_role("heading", level=1)).to_be_visible()
        axe(page)


def test_an_edit_works_without_javascript(
    new_context: Callable[..., BrowserContext], live_server: LiveServer, world: World
) -> None:
    policy = make_policy(world.system)
    context = new_context(base_url=live_server.url, java_script_enabled=False)
    cookie = {"name": settings.SESSION_COOKIE_NAME, "value": session_key(world.alice), "url": live_server.url}
    context.add_cookies([cookie])  # type: ignore[list-item]
    page = context.new_page()
    page.goto(f"/iam/policies/edit/{policy}")
    page.get_by_label("Policy document").fill(READ_REPORTS.replace("GetObject", "GetObjets"))
    page.get_by_role("button", name="Check policy").click()
    expect(page.get_by_text("Errors: 1")).to_be_visible()
    page.get_by_label("Policy document").fill(READ_REPORTS.replace("GetObject", "PutObject"))
    page.get_by_role("button", name="Next").click()
    page.get_by_role("button", name="Save changes").click()
    expect(page.get_by_text("Policy ReadReports updated.")).to_be_visible()
    assert versions(world.system, policy) == ["v2*", "v1"]
