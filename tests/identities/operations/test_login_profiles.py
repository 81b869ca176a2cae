"""Console passwords of users, and what each change does to the sessions of before."""

from __future__ import annotations

import pytest

from accounts.models import Account
from iamconsole.events.models import Event
from iamconsole.operations.secrets import Secret
from identities import passwords
from identities.models import LoginProfile, User
from tests.cast import ACCOUNT_ID
from tests.identities.steps import PASSWORD, do, error
from tests.world import World, allow

NEW = "Other-horse-9"
NO_PROFILE = ("NoSuchEntity", "Login Profile for User bob cannot be found.")


@pytest.fixture
def bobs_password(world: World) -> None:
    do(world.alice, "CreateLoginProfile", UserName="bob", Password=PASSWORD)


TWO_MORE = (
    "Password should meet 2 more of the following requirements: Password should have at least one uppercase letter, "
    "Password should have at least one number, Password should have at least one symbol"
)


def version() -> int:
    """What bob's console sessions are compared with."""
    return User.objects.get(name="bob").credential_version


def accepted(text: str) -> bool:
    return passwords.verify(Secret(text), LoginProfile.objects.get(user__name="bob").password)


def test_it_gives_a_password(world: World) -> None:
    answer = do(world.alice, "CreateLoginProfile", UserName="bob", Password=PASSWORD, PasswordResetRequired=True)
    assert set(answer["LoginProfile"]) == {"UserName", "CreateDate", "PasswordResetRequired"}
    assert answer["LoginProfile"]["PasswordResetRequired"] is True
    assert do(world.alice, "GetLoginProfile", UserName="bob") == answer
    assert accepted(PASSWORD)


def test_it_keeps_the_password_out_of_the_event_history(world: World, bobs_password: None) -> None:
    event = Event.objects.get(name="CreateLoginProfile")
    assert PASSWORD not in str(event.record)
    assert event.record["requestParameters"]["password"] == "HIDDEN_DUE_TO_SECURITY_REASONS"


def test_it_refuses_a_second_password(world: World, bobs_password: None) -> None:
    expected = ("EntityAlreadyExists", "Login Profile for user bob already exists.")
    assert error(world.alice, "CreateLoginProfile", UserName="bob", Password=NEW) == expected


def test_it_asks_for_a_password(world: World) -> None:
    code, message = error(world.alice, "CreateLoginProfile", UserName="bob")
    assert code == "ValidationError"
    assert "Value at 'password' failed to satisfy constraint: Member must not be null" in message


@pytest.mark.parametrize("operation", ["GetLoginProfile", "UpdateLoginProfile", "DeleteLoginProfile"])
def test_it_misses_a_password_that_is_not_there(world: World, operation: str) -> None:
    assert error(world.alice, operation, UserName="bob") == NO_PROFILE
    expected = ("NoSuchEntity", "The user with name dana cannot be found.")
    assert error(world.alice, operation, UserName="dana") == expected


def test_it_does_not_touch_another_accounts_password(world: World, bobs_password: None) -> None:
    assert error(world.charlie, "UpdateLoginProfile", UserName="bob", Password=NEW)[0] == "NoSuchEntity"
    assert accepted(PASSWORD)


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("Short-1", "Password should have a minimum length of 8"),
        ("lowercase", TWO_MORE),
        ("Lab-account-1", "Password does not conform to the account password policy."),
    ],
)
def test_it_refuses_weak_passwords_wherever_they_are_set(
    world: World, bobs_password: None, text: str, reason: str
) -> None:
    Account.objects.filter(pk=ACCOUNT_ID).update(name="lab-account-1")
    allow(world.bob, "iam:ChangePassword")
    expected = ("PasswordPolicyViolation", reason)
    assert error(world.alice, "CreateLoginProfile", UserName="alice", Password=text) == expected
    assert error(world.alice, "UpdateLoginProfile", UserName="bob", Password=text) == expected
    assert error(world.bob, "ChangePassword", OldPassword=PASSWORD, NewPassword=text) == expected
    assert accepted(PASSWORD)


def test_it_refuses_characters_aws_refuses(world: World) -> None:
    code, message = error(world.alice, "CreateLoginProfile", UserName="bob", Password="Pässword-→-1")
    assert code == "ValidationError"
    assert "→" not in message


def test_it_replaces_a_password_and_ends_the_sessions(world: World, bobs_password: None) -> None:
    before = version()
    do(world.alice, "UpdateLoginProfile", UserName="bob", Password=NEW)
    assert (accepted(NEW), accepted(PASSWORD), version()) == (True, False, before + 1)


def test_it_asks_for_a_new_password_without_ending_sessions(world: World, bobs_password: None) -> None:
    before = version()
    do(world.alice, "UpdateLoginProfile", UserName="bob", PasswordResetRequired=True)
    profile = LoginProfile.objects.get(user__name="bob")
    assert (profile.reset_required, accepted(PASSWORD), version()) == (True, True, before)


def test_it_takes_a_password_away_and_ends_the_sessions(world: World, bobs_password: None) -> None:
    before = version()
    do(world.alice, "DeleteLoginProfile", UserName="bob")
    assert error(world.alice, "GetLoginProfile", UserName="bob") == NO_PROFILE
    assert version() == before + 1


def test_it_lets_a_user_change_its_own_password(world: World) -> None:
    do(world.alice, "CreateLoginProfile", UserName="bob", Password=PASSWORD, PasswordResetRequired=True)
    allow(world.bob, "iam:ChangePassword", resource=world.bob.arn)
    before = version()
    do(world.bob, "ChangePassword", OldPassword=PASSWORD, NewPassword=NEW)
    profile = LoginProfile.objects.get(user__name="bob")
    assert (accepted(NEW), profile.reset_required, version()) == (True, False, before + 1)


def test_it_refuses_a_wrong_old_password(world: World, bobs_password: None) -> None:
    allow(world.bob, "iam:ChangePassword")
    expected = ("AccessDenied", "The old password was incorrect.")
    assert error(world.bob, "ChangePassword", OldPassword=NEW, NewPassword=NEW) == expected
    assert accepted(PASSWORD)


def test_it_cannot_change_a_password_that_is_not_there(world: World) -> None:
    allow(world.bob, "iam:ChangePassword")
    assert error(world.bob, "ChangePassword", OldPassword=PASSWORD, NewPassword=NEW) == NO_PROFILE


def test_it_changes_passwords_of_users_only(world: World) -> None:
    expected = ("InvalidUserType", "Only IAM Users can change their own password")
    assert error(world.root, "ChangePassword", OldPassword=PASSWORD, NewPassword=NEW) == expected


def test_it_asks_root_for_a_name(world: World) -> None:
    expected = ("ValidationError", "Must specify userName when calling with non-User credentials")
    assert error(world.root, "GetLoginProfile") == expected


def test_it_refuses_a_limit_of_sign_in_sessions_it_would_not_keep(world: World) -> None:
    inputs = {"UserName": "bob", "Password": PASSWORD, "MaxSigninSessionDuration": 3600}
    assert error(world.alice, "CreateLoginProfile", **inputs)[0] == "InvalidInput"
