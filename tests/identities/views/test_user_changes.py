"""Groups, tags and console access of a user, changed from its page."""

from __future__ import annotations

import base64
import re

import pytest
from django.test import Client

from iamconsole.operations.secrets import Secret
from identities.models import LoginProfile, User
from identities.operations.login_profiles import verify
from policies.models import Attachment
from tests.identities.steps import PASSWORD, do
from tests.world import World, allow

BOB = "/iam/users/bob/"


def groups_of(world: World) -> list[str]:
    return [group["GroupName"] for group in do(world.system, "ListGroupsForUser", UserName="bob")["Groups"]]


def make_groups(world: World, *names: str) -> None:
    for name in names:
        do(world.system, "CreateGroup", GroupName=name)


def test_it_adds_the_user_to_groups(alice: Client, world: World) -> None:
    make_groups(world, "readers", "writers")
    response = alice.post(f"{BOB}groups/add/", {"selected": ["readers", "writers"]}, follow=True)
    assert response.redirect_chain == [(f"{BOB}groups/", 303)]
    assert "User bob added to 2 groups." in response.content.decode()
    assert groups_of(world) == ["readers", "writers"]
    assert "readers" not in alice.get(f"{BOB}groups/add/").content.decode()


def test_it_says_which_group_failed(bob: Client, world: World) -> None:
    make_groups(world, "readers", "writers")
    allow(world.bob, "iam:ListGroups", "iam:ListGroupsForUser")
    allow(world.bob, "iam:AddUserToGroup", resource="arn:aws:iam::111122223333:group/readers", name="add")
    response = bob.post(f"{BOB}groups/add/", {"selected": ["readers", "writers"]})
    text = response.content.decode()
    assert response.status_code == 422
    assert "User added to group readers." in text and "iam:AddUserToGroup" in text
    assert re.search(r'value="writers"[^>]*checked', text)
    assert groups_of(world) == ["readers"]


def test_it_wants_a_group_chosen(alice: Client, world: World) -> None:
    assert alice.post(f"{BOB}groups/add/").status_code == 422


def test_it_removes_the_user_from_groups(alice: Client, world: World) -> None:
    make_groups(world, "readers", "writers")
    alice.post(f"{BOB}groups/add/", {"selected": ["readers", "writers"]})
    assert "readers, writers" in alice.get(f"{BOB}groups/remove/?selected=readers&selected=writers").content.decode()
    response = alice.post(f"{BOB}groups/remove/", {"selected": "writers"}, follow=True)
    assert "User bob removed from group writers." in response.content.decode()
    assert groups_of(world) == ["readers"]


def test_removing_is_refused_in_the_dialog(bob: Client, world: World) -> None:
    make_groups(world, "readers")
    do(world.system, "AddUserToGroup", GroupName="readers", UserName="bob")
    response = bob.post(f"{BOB}groups/remove/", {"selected": "readers"})
    assert response.status_code == 422 and "iam:RemoveUserFromGroup" in response.content.decode()
    assert groups_of(world) == ["readers"]


def tags_of(world: World) -> dict[str, str]:
    return {tag["Key"]: tag["Value"] for tag in do(world.system, "ListUserTags", UserName="bob")["Tags"]}


def test_it_saves_tags(alice: Client, world: World) -> None:
    do(world.system, "TagUser", UserName="bob", Tags=[{"Key": "team", "Value": "blue"}, {"Key": "old", "Value": ""}])
    sent = {"tag_key": ["team", "cost", ""], "tag_value": ["red", "", ""]}
    response = alice.post(f"{BOB}tags/edit/", sent)
    assert response.headers["Location"] == f"{BOB}tags/"
    assert tags_of(world) == {"team": "red", "cost": ""}


def test_it_adds_and_removes_rows_without_saving(alice: Client, world: World) -> None:
    sent = {"tag_key": ["team"], "tag_value": ["red"]}
    assert alice.post(f"{BOB}tags/edit/", {**sent, "tag_add": "1"}).content.decode().count('name="tag_key"') == 2
    assert 'value="red"' not in alice.post(f"{BOB}tags/edit/", {**sent, "tag_remove": "0"}).content.decode()
    assert tags_of(world) == {}


@pytest.mark.parametrize(
    ("keys", "values", "says"),
    [
        (["a", "A"], ["1", "2"], "You must specify a unique tag key."),
        ([""], ["1"], "You must specify a tag key."),
        (["aws:x"], ["1"], "aws: prefixed tag key names are not allowed for external use."),
        (["a;b"], ["1"], "failed to satisfy constraint"),
    ],
)
def test_it_keeps_wrong_tags_in_the_form(
    alice: Client, world: World, keys: list[str], values: list[str], says: str
) -> None:
    response = alice.post(f"{BOB}tags/edit/", {"tag_key": keys, "tag_value": values})
    text = response.content.decode()
    assert response.status_code == 422 and says in text and f'value="{values[0]}"' in text
    assert tags_of(world) == {}


def password_in(page: str) -> str:
    found = re.search(r"data:text/csv;base64,([A-Za-z0-9+/=]+)", page)
    assert found
    header, row = base64.b64decode(found[1]).decode().splitlines()
    assert header == "User name,Password,Console sign-in URL"
    assert row.startswith("bob,") and row.endswith("/111122223333/signin/")
    return row.split(",")[1]


def set_password(client: Client, **sent: object) -> str:
    """Sent, and the page that shows the password."""
    response = client.post(f"{BOB}console-access/", sent)
    assert response.status_code == 303, response.content.decode()
    assert response.headers["Location"] == f"{BOB}console-password/"
    shown = client.get(response.headers["Location"])
    assert "no-store" in shown.headers["Cache-Control"]
    return shown.content.decode()


def test_it_enables_console_access_and_shows_the_password_once(alice: Client, world: World) -> None:
    page = set_password(alice, action="enable", kind="auto", reset="on")
    profile = LoginProfile.objects.get()
    password = password_in(page)
    assert verify(Secret(password), profile.password) and profile.reset_required
    assert "Console access enabled." in page
    assert Attachment.objects.filter(user__name="bob", policy_arn__endswith="IAMUserChangePassword").exists()
    again = alice.get(f"{BOB}console-password/").content.decode()
    assert "no password to show" in again and password not in again
    assert password not in str(dict(alice.session))


def test_it_resets_to_a_custom_password(alice: Client, world: World) -> None:
    do(world.system, "CreateLoginProfile", UserName="bob", Password=PASSWORD)
    page = set_password(alice, action="reset", kind="custom", password="Other-horse-10")
    assert password_in(page) == "Other-horse-10" and "Password updated." in page
    assert not LoginProfile.objects.get().reset_required
    assert not Attachment.objects.filter(user__name="bob").exists()


@pytest.mark.parametrize(("password", "says"), [("", "Enter a password."), ("short", "minimum length of 8")])
def test_it_refuses_a_weak_password(alice: Client, world: World, password: str, says: str) -> None:
    sent = {"action": "enable", "kind": "custom", "password": password}
    response = alice.post(f"{BOB}console-access/", sent)
    text = response.content.decode()
    assert response.status_code == 422 and says in text
    assert not password or f'value="{password}"' not in text
    assert not LoginProfile.objects.exists()


def test_it_disables_console_access(alice: Client, world: World) -> None:
    do(world.system, "CreateLoginProfile", UserName="bob", Password=PASSWORD)
    before = User.objects.get(name="bob").credential_version
    response = alice.post(f"{BOB}console-access/", {"action": "disable"}, follow=True)
    assert "Console access of bob disabled." in response.content.decode()
    assert not LoginProfile.objects.exists()
    assert User.objects.get(name="bob").credential_version > before


def test_a_change_of_ones_own_password_keeps_the_session(alice: Client, world: World) -> None:
    response = alice.post("/iam/users/alice/console-access/", {"action": "enable", "kind": "auto"}, follow=True)
    assert "Retrieve password" in response.content.decode()


def test_who_may_not_know_is_offered_everything_and_told_why_not(bob: Client, world: World) -> None:
    page = bob.get("/iam/users/alice/console-access/").content.decode()
    assert "iam:GetLoginProfile" in page
    assert all(f'value="{action}"' in page for action in ("enable", "reset", "disable"))
    response = bob.post("/iam/users/alice/console-access/", {"action": "enable", "kind": "auto"})
    assert response.status_code == 422 and "iam:CreateLoginProfile" in response.content.decode()


def test_the_password_stands_when_the_policy_is_refused(bob: Client, world: World) -> None:
    allow(world.bob, "iam:GetUser", "iam:GetLoginProfile", "iam:CreateLoginProfile")
    do(world.system, "CreateUser", UserName="dana")
    response = bob.post(
        "/iam/users/dana/console-access/", {"action": "enable", "kind": "auto", "reset": "on"}, follow=True
    )
    text = response.content.decode()
    assert "IAMUserChangePassword was not attached" in text and "data:text/csv" in text


def test_it_tells_the_accounts_own_password_rules(alice: Client, world: World) -> None:
    assert "At least three of: uppercase letters" in alice.get(f"{BOB}console-access/").content.decode()
    do(world.system, "UpdateAccountPasswordPolicy", MinimumPasswordLength=14, RequireNumbers=True, RequireSymbols=True)
    page = alice.get(f"{BOB}console-access/").content.decode()
    assert "14 to 128 characters" in page and "At least one number" in page and "At least one symbol" in page
    response = alice.post(f"{BOB}console-access/", {"action": "enable", "kind": "custom", "password": "Short-horse-9"})
    assert response.status_code == 422 and "minimum length of 14" in response.content.decode()
