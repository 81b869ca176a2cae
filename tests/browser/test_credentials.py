"""Passwords with their rules ticked, root's way back in, the rotation of a key, and what an administrator unlocks."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta

import pytest
from django.conf import settings
from django.core import mail
from django.utils import timezone
from playwright.sync_api import BrowserContext, Page, expect
from pytest_django.live_server_helper import LiveServer

from accounts import throttle
from accounts.caller import Caller
from accounts.throttle import Attempt
from iamconsole.operations.door import perform
from identities.models import AccessKey, LoginProfile
from tests.accounts.views.people import PASSWORD, give_password
from tests.cast import ACCOUNT_ID
from tests.pages import session_key
from tests.world import World, allow

Enter, Axe = Callable[[Caller], None], Callable[[Page], None]
OWN = "/iam/security-credentials/"


def rules(world: World, **policy: object) -> None:
    perform(world.system, "iam:UpdateAccountPasswordPolicy", {"MinimumPasswordLength": 10, **policy})


def test_the_rules_are_ticked_while_a_password_is_typed(page: Page, world: World, enter: Enter, axe: Axe) -> None:
    rules(world, RequireNumbers=True, RequireUppercaseCharacters=True, MaxPasswordAge=90, PasswordReusePrevention=3)
    give_password(world.bob)
    long_ago = timezone.now() - timedelta(days=80)
    LoginProfile.objects.update(changed_at=long_ago)
    allow(world.bob, "iam:ChangePassword")
    enter(world.bob)
    page.goto(f"{OWN}password/")
    expect(page.get_by_text("Your password expires in 9 days.")).to_be_visible()
    axe(page)
    rule = page.locator("[data-password-rules] li")
    expect(rule).to_have_text(
        [re.compile(text) for text in ("10 to 128", "one uppercase", "one number", "last 3 passwords")]
    )
    page.get_by_label("New password", exact=True).fill("lower-case")
    expect(page.locator(".is-met")).to_have_text([re.compile(r"10 to 128 characters \(met\)")])
    expect(page.locator(".is-unmet")).to_have_count(2)
    axe(page)
    page.get_by_label("New password", exact=True).fill("Upper-case-7")
    expect(page.locator(".is-met")).to_have_count(3)
    page.get_by_label("New password", exact=True).fill("")
    expect(page.locator(".is-met, .is-unmet")).to_have_count(0)
    page.get_by_label("Current password").fill(PASSWORD)
    page.get_by_label("New password", exact=True).fill("Upper-case-7")
    page.get_by_label("Confirm new password").fill("Upper-case-7")
    page.get_by_role("button", name="Change password").click()
    expect(page.get_by_text("Password updated.")).to_be_visible()
    expect(page.get_by_text("Your password expires")).to_have_count(0)


def test_the_rules_read_well_without_javascript(
    new_context: Callable[..., BrowserContext], live_server: LiveServer, world: World
) -> None:
    context = new_context(base_url=live_server.url, java_script_enabled=False)
    key = session_key(world.alice)
    context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": key, "url": live_server.url}])
    page = context.new_page()
    for address in (f"{OWN}password/", "/iam/users/bob/console-access/"):
        page.goto(address)
        if "console-access" in address:
            page.get_by_text("Custom password", exact=True).first.click()
        expect(page.get_by_text("The password needs:")).to_be_visible()
        expect(page.get_by_text("8 to 128 characters")).to_be_visible()


def test_root_comes_back_by_a_mail(page: Page, world: World, live_server: LiveServer, axe: Axe) -> None:
    page.goto("/signin/root/")
    page.get_by_label("Root user email address").fill("root@alice.example")
    page.get_by_role("button", name="Next").click()
    page.get_by_role("link", name="Forgot password?").click()
    axe(page)
    page.get_by_label("Root user email address").fill("root@alice.example")
    page.get_by_role("button", name="Send email").click()
    expect(page.get_by_role("heading", name="Check your email")).to_be_visible()
    axe(page)
    link = re.search(r"http\S+/signin/root/reset/\S+", str(mail.outbox[-1].body))
    assert link and link[0].startswith(live_server.url)
    page.goto(link[0])
    axe(page)
    page.get_by_label("New password", exact=True).fill("Password1")
    page.get_by_label("Confirm new password").fill("Password1")
    page.get_by_role("button", name="Reset password").click()
    expect(page.get_by_role("alert")).to_contain_text("one of the most common")
    page.get_by_label("New password", exact=True).fill("brand-New-Word-8")
    expect(page.locator(".is-met")).to_have_count(3)
    page.get_by_label("Confirm new password").fill("brand-New-Word-8")
    page.get_by_role("button", name="Reset password").click()
    expect(page.get_by_text("Your password was changed.")).to_be_visible()
    page.get_by_label("Root user email address").fill("root@alice.example")
    page.get_by_role("button", name="Next").click()
    page.get_by_label("Password", exact=True).fill("brand-New-Word-8")
    page.get_by_role("button", name="Sign in", exact=True).click()
    expect(page).to_have_url(re.compile("/iam/"))
    page.goto(link[0])
    expect(page.get_by_role("heading", name="This link does not work")).to_be_visible()
    axe(page)


def test_a_key_is_rotated_step_by_step(page: Page, world: World, enter: Enter, axe: Axe) -> None:
    made = perform(world.system, "iam:CreateAccessKey", {"UserName": "bob"})["AccessKey"]
    assert isinstance(made, dict)
    old = str(made["AccessKeyId"])
    AccessKey.objects.update(created_at=timezone.now() - timedelta(days=100))
    enter(world.alice)
    page.goto("/iam/users/bob/security-credentials/")
    expect(page.get_by_text("Older than 90 days")).to_be_visible()
    page.get_by_role("link", name="Rotate access keys").click()
    axe(page)
    page.get_by_role("link", name="Create access key").click()
    page.get_by_role("radio", name="Command Line Interface (CLI)").check()
    expect(page.locator(".alternative-cli")).to_be_visible()
    expect(page.locator(".alternative-compute")).to_be_hidden()
    page.get_by_role("radio", name="Other", exact=False).last.check()
    expect(page.locator(".key-understood")).to_be_hidden()
    axe(page)
    page.get_by_role("button", name="Next").last.click()
    page.get_by_role("button", name="Create access key").click()
    page.get_by_role("link", name="Done").click()
    expect(page.get_by_text("The new key was not used yet.")).to_be_visible()
    axe(page)
    AccessKey.objects.exclude(pk=old).update(last_used_at=timezone.now(), last_used_service="iam")
    page.get_by_role("link", name="Refresh").click()
    expect(page.get_by_text("Everything seems to have moved")).to_be_visible()
    page.get_by_role("link", name="Deactivate old key").click()
    page.get_by_role("dialog").get_by_role("button", name="Deactivate").click()
    expect(page.get_by_text("The old key is inactive.")).to_be_visible()
    axe(page)
    page.get_by_role("link", name="Delete old key").click()
    page.get_by_role("dialog").get_by_role("textbox").fill(old)
    page.get_by_role("dialog").get_by_role("button", name="Delete").click()
    expect(page.get_by_text("Access key deleted.")).to_be_visible()
    assert not AccessKey.objects.filter(pk=old).exists()


def test_temporary_credentials_are_shown_once(page: Page, world: World, enter: Enter, axe: Axe) -> None:
    enter(world.bob)
    page.goto(OWN)
    page.get_by_role("link", name="Get temporary credentials").click()
    axe(page)
    page.get_by_label("Valid for").select_option("4 hours")
    page.get_by_role("button", name="Get credentials").click()
    expect(page.locator("#credentials-bash")).to_contain_text("export AWS_SESSION_TOKEN=")
    axe(page)
    page.goto(f"{OWN}temporary/")
    expect(page.locator("#credentials-bash")).to_have_count(0)


def test_an_administrator_unlocks_who_is_held_up(page: Page, world: World, enter: Enter, axe: Axe) -> None:
    give_password(world.bob)
    for _ in range(6):
        throttle.admit_password(Attempt(ACCOUNT_ID, "user/bob", "192.0.2.7"), timezone.now())
    enter(world.alice)
    page.goto("/iam/users/bob/security-credentials/")
    expect(page.get_by_role("row", name=re.compile("192.0.2.7"))).to_contain_text("Waits")
    axe(page)
    page.get_by_role("link", name="Unlock").click()
    page.get_by_role("dialog").get_by_role("button", name="Unlock").click()
    expect(page.get_by_text("bob can try to sign in again.")).to_be_visible()
    expect(page.get_by_text("Failed sign-ins")).to_have_count(0)


@pytest.mark.console_allowed(r"422 \(Unprocessable")
def test_root_edits_its_account(page: Page, world: World, enter: Enter, axe: Axe) -> None:
    give_password(world.root)
    enter(world.root)
    page.goto(OWN)
    page.get_by_role("link", name="Edit account name, email, and password").click()
    axe(page)
    page.get_by_label("Account name").fill("The better lab")
    page.get_by_label("Root user email address").fill("new@alice.example")
    page.get_by_role("button", name="Save changes").click()
    expect(page.get_by_text("Enter your password to change the email address.").first).to_be_visible()
    axe(page)
    page.get_by_label("Current password").fill(PASSWORD)
    page.get_by_role("button", name="Save changes").click()
    expect(page.get_by_text("Account updated.")).to_be_visible()
    expect(page.get_by_text("new@alice.example")).to_be_visible()


@pytest.mark.console_allowed("404")
def test_the_mailbox_is_for_demos_alone(page: Page, world: World) -> None:
    page.goto("/mailbox/")
    expect(page.get_by_text("Mailbox of this demo")).to_have_count(0)
