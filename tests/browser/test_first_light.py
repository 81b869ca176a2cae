"""The whole story in one browser: root builds, dana is allowed and refused by exactly what root wrote, and sees why."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta

import pyotp
import pytest
import time_machine
from django.utils import timezone
from playwright.sync_api import Page, expect

from accounts.models import Account
from accounts.root_password import set_root_password
from iamconsole.events.models import Event
from iamconsole.operations.secrets import Secret
from tests.cast import ACCOUNT_ID
from tests.world import World

ROOT_PASSWORD, DANA_FIRST, DANA_OWN = "Correct-horse-battery-9", "First-time-only-1", "Danas-own-words-22"
DENIED = (
    f"User: arn:aws:iam::{ACCOUNT_ID}:user/dana is not authorized to perform: iam:CreateUser on resource: "
    f"arn:aws:iam::{ACCOUNT_ID}:user/eve because no identity-based policy allows the iam:CreateUser action"
)


MANAGE_OWN_MFA = """{
  "Version": "2012-10-17",
  "Statement": [
    {"Effect": "Allow", "Action": "iam:CreateVirtualMFADevice", "Resource": "arn:aws:iam::*:mfa/*"},
    {"Effect": "Allow", "Action": "iam:EnableMFADevice", "Resource": "arn:aws:iam::*:user/${aws:username}"}
  ]
}"""
CREATE_USERS = """{
  "Version": "2012-10-17",
  "Statement": [{"Effect": "Allow", "Action": "iam:CreateUser", "Resource": "*"}]
}"""


class Clock:
    """The server's clock, which the story moves on: an authenticator's code counts once, and half a minute is long."""

    def __init__(self, traveller: time_machine.Traveller) -> None:
        self.traveller = traveller

    def codes(self, seed: str) -> tuple[str, str]:
        """Two consecutive codes that were not used before, the second one of now."""
        self.traveller.shift(timedelta(seconds=60))
        totp, now = pyotp.TOTP(seed), timezone.now()
        return totp.at(now - timedelta(seconds=30)), totp.at(now)


@pytest.fixture
def clock() -> Iterator[Clock]:
    with time_machine.travel(datetime.now(UTC), tick=True) as traveller:
        yield Clock(traveller)


@pytest.mark.console_allowed(r"403 \(Forbidden\)|422 \(Unprocessable")
def test_root_builds_and_dana_is_allowed_and_refused_by_what_root_wrote(
    page: Page, world: World, clock: Clock, axe: Callable[[Page], None]
) -> None:
    set_root_password(ACCOUNT_ID, Secret(ROOT_PASSWORD), timezone.now())
    root_email = Account.objects.get(pk=ACCOUNT_ID).root_email

    root_signs_in(page, root_email)
    root_seed = enrol(page, clock, "root-phone")
    write_policy(page, "ManageOwnMFA", MANAGE_OWN_MFA)
    make_group(page, "Auditors", "ReadOnlyAccess", "ManageOwnMFA")
    make_user_in_group(page, "dana", "Auditors")
    sign_out(page)

    dana_signs_in(page, DANA_FIRST)
    dana_changes_her_password(page)
    dana_seed = enrol(page, clock, "dana-phone")
    sign_out(page)
    dana_signs_in(page, DANA_OWN)
    give_code(page, clock, dana_seed)
    page.goto("/iam/users/")
    expect(page.get_by_role("link", name="alice", exact=True)).to_be_visible()
    dana_is_refused_a_user(page)
    axe(page)
    assert Event.objects.filter(name="CreateUser", user_name="dana", error_message=DENIED).exists()
    page.goto("/cloudtrail/events/?read_only=false")
    expect(page.get_by_role("row", name="CreateUser").filter(has_text="dana").first).to_be_visible()
    sign_out(page)

    root_signs_in(page, root_email)
    give_code(page, clock, root_seed)
    root_simulates_for_dana(page)
    root_allows_dana(page)
    sign_out(page)

    dana_signs_in(page, DANA_OWN)
    give_code(page, clock, dana_seed)
    dana_makes_a_user(page)


def root_signs_in(page: Page, email: str) -> None:
    page.goto("/signin/root/")
    page.get_by_label("Root user email address").fill(email)
    page.get_by_role("button", name="Next").click()
    page.get_by_label("Password", exact=True).fill(ROOT_PASSWORD)
    page.get_by_role("button", name="Sign in").click()


def dana_signs_in(page: Page, password: str) -> None:
    page.goto(f"/{ACCOUNT_ID}/signin/")
    page.get_by_label("IAM username").fill("dana")
    page.get_by_label("Password", exact=True).fill(password)
    page.get_by_role("button", name="Sign in").click()


def give_code(page: Page, clock: Clock, seed: str) -> None:
    expect(page.get_by_label("MFA code")).to_be_visible()
    page.get_by_label("MFA code").fill(clock.codes(seed)[1])
    page.get_by_role("button", name="Submit").click()
    expect(page.get_by_role("navigation", name="Navigation")).to_be_visible()


def sign_out(page: Page) -> None:
    page.locator(".account-menu > summary").click()
    page.get_by_role("button", name="Sign out").click()
    expect(page).to_have_url(re.compile("/signed-out/"))


def enrol(page: Page, clock: Clock, name: str) -> str:
    """Turn on MFA for oneself; the secret key that the page shows."""
    page.goto("/iam/security-credentials/mfa/assign/")
    page.get_by_label("Device name").fill(name)
    page.get_by_label("Authenticator app").check()
    page.get_by_role("button", name="Next").last.click()
    page.get_by_text("Show secret key").click()
    seed = page.locator(".copy-text").first.inner_text().strip()
    first, second = clock.codes(seed)
    page.get_by_label("MFA code 1").fill(first)
    page.get_by_label("MFA code 2").fill(second)
    page.get_by_role("button", name="Add MFA").click()
    expect(page.locator("#flash")).to_contain_text("MFA device assigned")
    return seed


def write(page: Page, text: str) -> None:
    page.locator(".ace_editor").wait_for()
    page.evaluate("text => document.querySelector('.ace_editor').env.editor.setValue(text)", text)
    expect(page.locator(".findings-tab").nth(1)).to_contain_text("Errors: 0")


def write_policy(page: Page, name: str, text: str) -> None:
    page.goto("/iam/policies/create/")
    write(page, text)
    page.get_by_role("button", name="Next").click()
    page.get_by_label("Policy name").fill(name)
    page.get_by_role("button", name="Create policy").click()
    expect(page.locator("#flash")).to_contain_text(f"Policy {name} created.")


def make_group(page: Page, name: str, *policies: str) -> None:
    page.goto("/iam/create-group/")
    page.get_by_label("User group name").fill(name)
    for policy in policies:
        page.get_by_label("Filter policies by name").fill(policy)
        page.get_by_label(f"Select {policy}", exact=True).check()
    page.get_by_role("button", name="Create user group").last.click()
    expect(page.locator("#flash")).to_contain_text(f"{name} user group created.")


def make_user_in_group(page: Page, name: str, group: str) -> None:
    page.goto("/iam/create-user/")
    page.get_by_label("User name").fill(name)
    page.get_by_label("Provide user access to the console").check()
    page.get_by_role("radio", name="Custom password").check()
    page.get_by_label("Custom password").last.fill(DANA_FIRST)
    page.get_by_role("button", name="Next").last.click()
    page.get_by_label(f"Select {group}").check()
    page.get_by_role("button", name="Next").last.click()
    page.get_by_role("button", name="Create user").click()
    expect(page.get_by_text("User created successfully")).to_be_visible()


def dana_changes_her_password(page: Page) -> None:
    page.get_by_label("Old password").fill(DANA_FIRST)
    page.get_by_label("New password", exact=True).fill(DANA_OWN)
    page.get_by_label("Retype new password").fill(DANA_OWN)
    page.get_by_role("button", name="Confirm password change").click()
    expect(page.get_by_role("navigation", name="Navigation")).to_be_visible()


def ask_for_a_user(page: Page, name: str) -> None:
    page.goto("/iam/create-user/")
    page.get_by_label("User name").fill(name)
    page.get_by_role("button", name="Next").last.click()
    page.get_by_role("button", name="Next").last.click()
    page.get_by_role("button", name="Create user").click()


def dana_is_refused_a_user(page: Page) -> None:
    ask_for_a_user(page, "eve")
    box = page.locator(".denied").first
    expect(box).to_contain_text("no identity-based policy allows the iam:CreateUser action")
    expect(box).to_contain_text(f"arn:aws:iam::{ACCOUNT_ID}:user/eve")
    box.get_by_role("link", name="Why").first.click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Authorization details")


def root_simulates_for_dana(page: Page) -> None:
    dana = f"arn:aws:iam::{ACCOUNT_ID}:user/dana"
    page.goto(f"/iam/policy-simulator/?principal={dana}&action=iam:CreateUser&action=iam:ListUsers&run=1")
    rows = page.locator("#simulator-results tbody tr")
    expect(rows.filter(has_text="iam:CreateUser")).to_contain_text("Denied (implicit)")
    expect(rows.filter(has_text="iam:ListUsers")).to_contain_text("Allowed")


def root_allows_dana(page: Page) -> None:
    page.goto("/iam/users/dana/inline-policies/create/")
    write(page, CREATE_USERS)
    page.get_by_role("button", name="Next").click()
    page.get_by_label("Policy name").fill("create-users")
    page.get_by_role("button", name="Create policy").click()
    expect(page.get_by_role("link", name="create-users", exact=True)).to_be_visible()


def dana_makes_a_user(page: Page) -> None:
    ask_for_a_user(page, "eve")
    expect(page.locator("#flash")).to_contain_text("User eve created.")
