from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta

import pytest
from django.http import HttpResponse
from django.test import Client
from django.utils import timezone

from accounts.models import Account
from accounts.views import password
from iamconsole.events.models import Event
from iamconsole.operations import door
from iamconsole.operations.door import perform
from identities.models import LoginProfile
from tests.accounts.views.people import (
    HOME,
    PASSWORD,
    code_of,
    enter_code,
    enter_password,
    enter_root_password,
    give_device,
    is_signed_in,
)
from tests.cast import ACCOUNT_ID
from tests.world import World, allow

NEW = "brand-New-Word-8"
FORCED, OWN = "/signin/change-password/", "/iam/security-credentials/password/"


def change(client: Client, page: str, **fields: str) -> HttpResponse:
    posted: Mapping[str, str] = {"old": PASSWORD, "new": NEW, "again": NEW, **fields}
    return client.post(page, posted)  # type: ignore[return-value]


@pytest.fixture
def reset(world: World) -> World:
    """bob's password was set by somebody else; he may change it."""
    LoginProfile.objects.filter(user_id=world.bob.principal_id).update(reset_required=True)
    allow(world.bob, "iam:ChangePassword")
    return world


def test_it_demands_a_new_password_before_the_console_opens(client: Client, reset: World) -> None:
    assert enter_password(client, "bob").headers["Location"] == FORCED
    assert not is_signed_in(client)
    page = client.get(FORCED).content.decode()
    assert "You must change your password to continue" in page and "bob" in page and ACCOUNT_ID in page
    assert change(client, FORCED).headers["Location"] == HOME
    assert is_signed_in(client)
    other = Client()
    assert enter_password(other, "bob").status_code == 200
    assert enter_password(other, "bob", NEW).headers["Location"] == HOME


def test_it_demands_the_code_before_the_new_password(client: Client, reset: World) -> None:
    device = give_device(reset.bob)
    assert enter_password(client, "bob").headers["Location"] == "/signin/mfa/"
    assert enter_code(client, code_of(device)).headers["Location"] == FORCED
    assert change(client, FORCED).headers["Location"] == HOME
    success = Event.objects.filter(name="ConsoleLogin").latest("id")
    assert success.record["additionalEventData"]["MFAUsed"] == "Yes"


def test_it_records_the_forced_change(client: Client, reset: World) -> None:
    enter_password(client, "bob")
    change(client, FORCED)
    names = list(Event.objects.order_by("id").values_list("name", flat=True))
    assert names == ["ChangePassword", "PasswordUpdated", "ConsoleLogin"]
    assert NEW not in str(list(Event.objects.values_list("record", flat=True)))


def test_it_explains_the_dead_end_of_a_user_who_may_not_change_it(client: Client, reset: World) -> None:
    allow(reset.bob, "iam:GetUser")
    enter_password(client, "bob")
    page = change(client, FORCED).content.decode()
    assert "iam:ChangePassword" in page and "ask an administrator" in page.lower()
    assert not is_signed_in(client)


@pytest.mark.parametrize(
    ("fields", "text"),
    [
        ({"again": "something-Else-9"}, "The passwords do not match."),
        ({"new": "short", "again": "short"}, "Password should have a minimum length of 8"),
        ({"old": "wrong"}, "The old password was incorrect."),
        ({"new": ""}, "This field is required."),
    ],
)
@pytest.mark.parametrize("name", ["bob", "root"])
def test_it_says_what_is_wrong_with_a_new_password(
    client: Client, world: World, name: str, fields: dict[str, str], text: str
) -> None:
    allow(world.bob, "iam:ChangePassword")
    _enter(client, name)
    assert text in change(client, OWN, **fields).content.decode()
    assert not Event.objects.filter(name="PasswordUpdated").exists()


@pytest.mark.parametrize("name", ["bob", "root"])
def test_it_changes_ones_own_password_and_ends_every_other_session(client: Client, world: World, name: str) -> None:
    allow(world.bob, "iam:ChangePassword")
    other = Client()
    for browser in (client, other):
        _enter(browser, name)
    before = client.session.session_key
    assert change(client, OWN).headers["Location"] == HOME
    assert "Password updated." in client.get(HOME).content.decode()
    assert client.session.session_key != before
    assert not is_signed_in(other)


def test_it_records_roots_change_and_when(client: Client, world: World) -> None:
    enter_root_password(client, "root@alice.example")
    change(client, OWN)
    event = Event.objects.get(name="PasswordUpdated")
    assert event.record["userIdentity"]["type"] == "Root"
    assert Account.objects.get(pk=ACCOUNT_ID).root_password_changed_at == event.at


def test_it_does_not_take_roots_email_for_a_password(client: Client, world: World) -> None:
    Account.objects.filter(pk=ACCOUNT_ID).update(root_email="Root1@alice.example")
    enter_root_password(client, "root1@alice.example")
    text = "rOOt1@alice.example"
    assert "does not conform" in change(client, OWN, new=text, again=text).content.decode()


def test_it_shows_why_the_own_password_may_not_be_changed(client: Client, world: World) -> None:
    enter_password(client, "bob")
    page = change(client, OWN).content.decode()
    assert "Access denied" in page and "iam:ChangePassword" in page
    assert is_signed_in(client)


def test_it_slows_down_guessing_the_old_password(client: Client, world: World) -> None:
    allow(world.bob, "iam:ChangePassword")
    enter_password(client, "bob")
    for _ in range(5):
        change(client, OWN, old="wrong")
    assert "Too many tries" in change(client, OWN).content.decode()


def test_it_does_not_count_a_right_old_password_with_a_weak_new_one(client: Client, world: World) -> None:
    allow(world.bob, "iam:ChangePassword")
    enter_password(client, "bob")
    for _ in range(7):
        change(client, OWN, new="short", again="short")
    assert change(client, OWN).headers["Location"] == HOME


@pytest.fixture
def old_password(world: World) -> World:
    """bob's password is ten days old; he may change it."""
    ten_days_ago = timezone.now() - timedelta(days=10)
    LoginProfile.objects.filter(user_id=world.bob.principal_id).update(changed_at=ten_days_ago)
    allow(world.bob, "iam:ChangePassword")
    return world


def rules(world: World, **policy: object) -> None:
    perform(world.system, "iam:UpdateAccountPasswordPolicy", policy)


@pytest.mark.parametrize("page", [FORCED, OWN])
def test_it_shows_the_accounts_own_rules(client: Client, reset: World, page: str) -> None:
    rules(reset, MinimumPasswordLength=17, RequireSymbols=True)
    if page == OWN:
        LoginProfile.objects.update(reset_required=False)
    enter_password(client, "bob")
    shown = client.get(page).content.decode()
    assert "17 to 128 characters" in shown and "At least one symbol" in shown and "At least three of" not in shown
    assert 'data-rule="length" data-value="[17, 128]"' in shown and 'aria-describedby="id_new_rules"' in shown


def test_it_shows_root_the_rules_of_root(client: Client, world: World) -> None:
    rules(world, MinimumPasswordLength=17)
    enter_root_password(client, "root@alice.example")
    assert "8 to 128 characters" in client.get(OWN).content.decode()


@pytest.mark.parametrize(
    ("age", "text"),
    [(90, ""), (26, ""), (25, "in 14 days"), (12, "in 1 day."), (11, "in less than a day")],
)
def test_it_warns_in_the_last_fifteen_days(client: Client, old_password: World, age: int, text: str) -> None:
    rules(old_password, MaxPasswordAge=age)
    enter_password(client, "bob")
    page = client.get(HOME).content.decode()
    assert ("Your password expires" in page) is bool(text)
    assert f"Your password expires {text}" in page or not text


def test_it_warns_nobody_else(client: Client, old_password: World) -> None:
    rules(old_password, MaxPasswordAge=12)
    enter_root_password(client, "root@alice.example")
    assert "Your password expires" not in client.get(HOME).content.decode()


def test_it_demands_a_new_password_for_an_expired_one(client: Client, old_password: World) -> None:
    rules(old_password, MaxPasswordAge=10)
    assert enter_password(client, "bob").headers["Location"] == FORCED
    assert "older than your account" in client.get(FORCED).content.decode()
    assert change(client, FORCED).headers["Location"] == HOME


def test_it_lets_no_one_replace_an_expired_password_under_hard_expiry(client: Client, old_password: World) -> None:
    rules(old_password, MaxPasswordAge=10, HardExpiry=True)
    enter_password(client, "bob")
    page = client.get(FORCED).content.decode()
    assert "Your password has expired" in page and "Ask an administrator" in page and 'name="new"' not in page
    assert "Your password has expired" in change(client, FORCED).content.decode()
    assert not is_signed_in(client)


def test_it_does_not_outlive_a_reset_in_the_same_moment(
    client: Client, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """An administrator resets the password just after its user changed it: that session ends as every other."""
    allow(world.bob, "iam:ChangePassword")
    enter_password(client, "bob")
    monkeypatch.setattr(password, "perform", lambda *given: (door.perform(*given), reset_bob(world)))
    change(client, OWN)
    assert not is_signed_in(client)


def test_a_forced_change_does_not_outrun_a_reset(client: Client, reset: World, monkeypatch: pytest.MonkeyPatch) -> None:
    enter_password(client, "bob")
    monkeypatch.setattr(password, "perform", lambda *given: (door.perform(*given), reset_bob(reset)))
    assert change(client, FORCED).headers["Location"] == "/signin/"
    assert not is_signed_in(client)


def reset_bob(world: World) -> object:
    return door.perform(world.alice, "iam:UpdateLoginProfile", {"UserName": "bob", "Password": "given-by-Alice-1"})


def test_it_refuses_root_the_commonest_passwords(client: Client, world: World) -> None:
    enter_root_password(client, "root@alice.example")
    page = change(client, OWN, new="Password1", again="Password1").content.decode()
    assert "This password is one of the most common ones" in page
    assert not Event.objects.filter(name="PasswordUpdated").exists()


def test_it_only_warns_a_user_of_them_as_aws_takes_them(client: Client, world: World) -> None:
    allow(world.bob, "iam:ChangePassword")
    enter_password(client, "bob")
    assert change(client, OWN, new="Password1", again="Password1").headers["Location"] == HOME
    assert "one of the most common" in client.get(HOME).content.decode()


def test_it_warns_of_them_after_a_forced_change_too(client: Client, reset: World) -> None:
    enter_password(client, "bob")
    assert change(client, FORCED, new="Password1", again="Password1").headers["Location"] == HOME
    assert "one of the most common" in client.get(HOME).content.decode()


def _enter(client: Client, name: str) -> None:
    enter_root_password(client, "root@alice.example") if name == "root" else enter_password(client, name)
