"""The account's password policy: set, shown, taken away, and kept by every password that is set afterwards."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from django.utils import timezone

from accounts import sign_in
from accounts.caller import Caller, Origin
from accounts.models import Account
from accounts.sign_in import Step
from identities.models import LoginProfile
from identities.password_rules import check_for, generate_for
from tests.cast import ACCOUNT_ID
from tests.identities.steps import PASSWORD, do, error
from tests.world import World, allow

REUSED = (
    "PasswordPolicyViolation",
    "Policy constraint violation with password reuse prevention during password change.",
)
DEFAULTS = {
    "MinimumPasswordLength": 6,
    "RequireSymbols": False,
    "RequireNumbers": False,
    "RequireUppercaseCharacters": False,
    "RequireLowercaseCharacters": False,
    "AllowUsersToChangePassword": False,
    "ExpirePasswords": False,
}


@pytest.fixture
def bob(world: World) -> Caller:
    do(world.alice, "CreateLoginProfile", UserName="bob", Password=PASSWORD)
    return world.bob


def policy(world: World, **rules: object) -> None:
    do(world.alice, "UpdateAccountPasswordPolicy", **rules)


def age(days: int) -> None:
    LoginProfile.objects.update(changed_at=timezone.now() - timedelta(days=days))


def due() -> Step | None:
    return sign_in.next_step(sign_in.user_claim(ACCOUNT_ID, "bob"), None, timezone.now())


def test_it_begins_with_none(world: World) -> None:
    expected = ("NoSuchEntity", f"The Password Policy with domain name {ACCOUNT_ID} cannot be found.")
    assert error(world.alice, "GetAccountPasswordPolicy") == expected
    expected = ("NoSuchEntity", "The account policy with name PasswordPolicy cannot be found.")
    assert error(world.alice, "DeleteAccountPasswordPolicy") == expected


def test_it_has_defaults_for_all_that_is_not_given(world: World) -> None:
    policy(world)
    assert do(world.alice, "GetAccountPasswordPolicy") == {"PasswordPolicy": DEFAULTS}


def test_it_shows_all_that_was_set_and_forgets_it_at_the_next_update(world: World) -> None:
    given = {
        "MinimumPasswordLength": 14,
        "RequireSymbols": True,
        "RequireNumbers": True,
        "RequireUppercaseCharacters": True,
        "RequireLowercaseCharacters": True,
        "AllowUsersToChangePassword": True,
        "MaxPasswordAge": 90,
        "PasswordReusePrevention": 24,
        "HardExpiry": False,
    }
    policy(world, **given)
    assert do(world.alice, "GetAccountPasswordPolicy") == {"PasswordPolicy": {**given, "ExpirePasswords": True}}
    policy(world)
    assert do(world.alice, "GetAccountPasswordPolicy") == {"PasswordPolicy": DEFAULTS}


@pytest.mark.parametrize(
    "rule",
    [
        {"MinimumPasswordLength": 5},
        {"MinimumPasswordLength": 129},
        {"MaxPasswordAge": 0},
        {"MaxPasswordAge": 1096},
        {"PasswordReusePrevention": 25},
    ],
)
def test_it_refuses_rules_outside_of_aws_s_limits(world: World, rule: dict[str, int]) -> None:
    assert error(world.alice, "UpdateAccountPasswordPolicy", **rule)[0] == "ValidationError"


def test_it_is_of_one_account(world: World) -> None:
    policy(world)
    assert error(world.charlie, "GetAccountPasswordPolicy")[0] == "NoSuchEntity"


@pytest.mark.parametrize(
    ("rule", "password", "reason"),
    [
        ({"MinimumPasswordLength": 9}, "Abcdef1-", "Password should have a minimum length of 9"),
        ({"MinimumPasswordLength": 6}, "Aa1-" * 33, "1 validation error detected: "),
        ({"RequireUppercaseCharacters": True}, "abcdef1-", "Password should have at least one uppercase letter"),
        ({"RequireLowercaseCharacters": True}, "ABCDEF1-", "Password should have at least one lowercase letter"),
        ({"RequireNumbers": True}, "Abcdefg-", "Password should have at least one number"),
        ({"RequireSymbols": True}, "Abcdefg1", "Password should have at least one symbol"),
    ],
)
def test_it_refuses_passwords_against_each_rule(
    world: World, bob: Caller, rule: dict[str, object], password: str, reason: str
) -> None:
    policy(world, **rule)
    allow(bob, "iam:ChangePassword")
    for caller, operation, inputs in (
        (world.alice, "CreateLoginProfile", {"UserName": "alice", "Password": password}),
        (world.alice, "UpdateLoginProfile", {"UserName": "bob", "Password": password}),
        (bob, "ChangePassword", {"OldPassword": PASSWORD, "NewPassword": password}),
    ):
        assert error(caller, operation, **inputs)[1].startswith(reason)


def test_it_takes_what_only_the_default_rules_refuse(world: World) -> None:
    policy(world)
    do(world.alice, "CreateLoginProfile", UserName="bob", Password="simple")


def test_it_goes_back_to_the_default_rules(world: World) -> None:
    policy(world)
    do(world.alice, "DeleteAccountPasswordPolicy")
    expected = ("PasswordPolicyViolation", "Password should have a minimum length of 8")
    assert error(world.alice, "CreateLoginProfile", UserName="bob", Password="simple") == expected


def test_it_generates_passwords_that_its_rules_take(world: World) -> None:
    policy(world, MinimumPasswordLength=40, RequireSymbols=True, RequireNumbers=True)
    check_for(Account.objects.get(pk=ACCOUNT_ID), generate_for(ACCOUNT_ID))


def test_it_remembers_passwords_from_before_the_rule(world: World, bob: Caller) -> None:
    for number in range(3):
        do(world.alice, "UpdateLoginProfile", UserName="bob", Password=f"Other-horse-{number}")
    policy(world, PasswordReusePrevention=3)
    for used in ("Other-horse-2", "Other-horse-1", "Other-horse-0"):
        assert error(world.alice, "UpdateLoginProfile", UserName="bob", Password=used) == REUSED
    do(world.alice, "UpdateLoginProfile", UserName="bob", Password=PASSWORD)


def test_it_refuses_the_present_password_as_the_next(world: World, bob: Caller) -> None:
    policy(world, PasswordReusePrevention=1)
    allow(bob, "iam:ChangePassword")
    assert error(bob, "ChangePassword", OldPassword=PASSWORD, NewPassword=PASSWORD) == REUSED


def test_it_remembers_no_more_than_a_rule_can_ask_for(world: World, bob: Caller) -> None:
    LoginProfile.objects.update(former=["old"] * 24)
    do(world.alice, "UpdateLoginProfile", UserName="bob", Password="Other-horse-9")
    assert len(LoginProfile.objects.get().former) == 24


def test_it_lets_users_change_their_own_password_and_nothing_else(world: World, bob: Caller) -> None:
    change = {"OldPassword": PASSWORD, "NewPassword": "Other-horse-9"}
    assert error(bob, "ChangePassword", **change)[0] == "AccessDenied"
    policy(world, AllowUsersToChangePassword=True)
    do(bob, "ChangePassword", **change)
    assert do(bob, "GetAccountPasswordPolicy")["PasswordPolicy"]["AllowUsersToChangePassword"] is True
    assert error(bob, "GetUser")[0] == "AccessDenied"
    do(world.alice, "DeleteAccountPasswordPolicy")
    change = {"OldPassword": "Other-horse-9", "NewPassword": "Third-horse-9"}
    assert error(bob, "ChangePassword", **change)[0] == "AccessDenied"


def test_it_makes_whoever_has_too_old_a_password_choose_a_new_one(world: World, bob: Caller) -> None:
    age(90)
    assert due() is None
    policy(world, MaxPasswordAge=90)
    assert due() is Step.PASSWORD
    age(89)
    assert due() is None


def test_it_lets_a_user_replace_an_expired_password(world: World, bob: Caller) -> None:
    policy(world, MaxPasswordAge=90, AllowUsersToChangePassword=True)
    age(91)
    at_console = replace(bob, origin=Origin(via="console"))
    do(at_console, "ChangePassword", OldPassword=PASSWORD, NewPassword="Other-horse-9")
    assert due() is None


def test_it_leaves_an_expired_password_to_the_administrator_under_hard_expiry(world: World, bob: Caller) -> None:
    policy(world, MaxPasswordAge=90, AllowUsersToChangePassword=True, HardExpiry=True)
    age(91)
    at_console = replace(bob, origin=Origin(via="console"))
    change = {"OldPassword": PASSWORD, "NewPassword": "Other-horse-9"}
    expected = (
        "PasswordPolicyViolation",
        "Your password has expired. Ask your administrator to set a new one.",
    )
    assert due() is Step.PASSWORD
    assert error(at_console, "ChangePassword", **change) == expected
    do(world.alice, "UpdateLoginProfile", UserName="bob", Password="Third-horse-9")
    assert due() is None


def test_it_lets_keys_change_a_password_even_under_hard_expiry(world: World, bob: Caller) -> None:
    policy(world, MaxPasswordAge=90, AllowUsersToChangePassword=True, HardExpiry=True)
    age(91)
    with_key = replace(bob, origin=Origin(via="api"))
    do(with_key, "ChangePassword", OldPassword=PASSWORD, NewPassword="Other-horse-9")
    assert due() is None
