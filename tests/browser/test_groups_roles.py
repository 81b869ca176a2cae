"""The pages of groups and roles in a browser: no complaint in its console, accessible, usable without script."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.conf import settings
from playwright.sync_api import BrowserContext, Page, expect
from pytest_django.live_server_helper import LiveServer

from accounts.caller import Caller
from tests.identities.steps import do, trust
from tests.pages import session_key
from tests.policies.views.documents import make_policy
from tests.world import World

Enter = Callable[[Caller], None]
Axe = Callable[[Page], None]


def test_a_group_is_created_filled_and_deleted(page: Page, world: World, enter: Enter, axe: Axe) -> None:
    make_policy(world.system)
    enter(world.alice)
    page.goto("/iam/create-group/")
    page.get_by_label("User group name").fill("Developers")
    page.get_by_label("Filter policies by name").fill("ReadRep")
    page.get_by_label("Select ReadReports").check()
    axe(page)
    page.get_by_role("button", name="Create user group").last.click()
    page.get_by_role("link", name="View group").click()
    page.get_by_role("link", name="Add users").first.click()
    page.get_by_label("Select bob").check()
    axe(page)
    page.get_by_role("button", name="Add users").click()
    expect(page.get_by_role("link", name="Users (1)")).to_be_visible()
    axe(page)
    page.goto("/iam/groups/")
    page.get_by_label("Select Developers").check()
    axe(page)
    page.get_by_role("button", name="Delete").click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_role("textbox").fill("Developers")
    dialog.get_by_role("button", name="Delete user group").click()
    expect(page.get_by_text("User group Developers deleted.")).to_be_visible()


@pytest.mark.console_allowed("422")
def test_a_role_is_created_from_a_written_trust_policy(page: Page, world: World, enter: Enter, axe: Axe) -> None:
    enter(world.alice)
    page.goto("/iam/create-role/")
    page.get_by_role("radio", name="AWS account").first.check()
    expect(page.get_by_label("Account ID", exact=True)).to_be_hidden()
    page.get_by_label("Another AWS account", exact=True).check()
    expect(page.get_by_label("Account ID", exact=True)).to_be_visible()
    axe(page)
    page.get_by_role("radio", name="Custom trust policy").check()
    editor = page.locator(".ace_editor")
    expect(editor).to_contain_text("Statement1")
    with page.expect_response(lambda response: response.status == 422):
        page.get_by_role("button", name="Next").last.click()
    expect(page.locator(".field.is-invalid")).to_be_visible()
    expect(editor).to_contain_text("Statement1")
    text = trust(Service="ec2.amazonaws.com")
    page.evaluate("text => document.querySelector('.ace_editor').env.editor.setValue(text)", text)
    expect(page.locator(".findings-tab").nth(1)).to_contain_text("Errors: 0")
    axe(page)
    page.get_by_role("button", name="Next").last.click()
    page.get_by_text("Set permissions boundary - optional").click()
    page.get_by_label("Use a permissions boundary to control the maximum role permissions").check()
    axe(page)
    page.get_by_label("Create role without a permissions boundary").check()
    page.get_by_role("button", name="Next").last.click()
    page.get_by_label("Role name").fill("Auditor")
    axe(page)
    page.get_by_role("button", name="Create role").click()
    page.get_by_role("link", name="View role").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Auditor")


def test_the_tabs_and_forms_of_a_role_are_accessible(page: Page, world: World, enter: Enter, axe: Axe) -> None:
    do(world.system, "CreateRole", RoleName="Auditor", AssumeRolePolicyDocument=trust(AWS=world.bob.account_id))
    enter(world.alice)
    for address in ("", "trust/", "tags/", "revoke-sessions/", "edit/", "trust/edit/", "tags/edit/", "delete/"):
        page.goto(f"/iam/roles/Auditor/{address}")
        axe(page)
    page.goto("/iam/roles/")
    axe(page)


def test_a_role_is_created_without_javascript(
    new_context: Callable[..., BrowserContext], live_server: LiveServer, world: World
) -> None:
    context = new_context(base_url=live_server.url, java_script_enabled=False)
    cookie = {"name": settings.SESSION_COOKIE_NAME, "value": session_key(world.alice), "url": live_server.url}
    context.add_cookies([cookie])
    page = context.new_page()
    page.goto("/iam/create-role/")
    page.get_by_label("Service or use case").select_option("EC2")
    page.get_by_role("button", name="Next").last.click()
    page.get_by_label("Filter policies by name").first.fill("IAMReadOnly")
    page.get_by_role("button", name="Search").first.click()
    page.get_by_label("Select IAMReadOnlyAccess").first.check()
    page.get_by_role("button", name="Next").last.click()
    page.get_by_label("Role name").fill("Auditor")
    page.get_by_role("button", name="Create role").click()
    expect(page.get_by_text("Role Auditor created.")).to_be_visible()
    found = do(world.system, "ListAttachedRolePolicies", RoleName="Auditor")["AttachedPolicies"]
    assert [policy["PolicyName"] for policy in found] == ["IAMReadOnlyAccess"]
