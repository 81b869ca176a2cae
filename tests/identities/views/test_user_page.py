"""The page of one user: its tabs, and every panel's own refusal."""

from __future__ import annotations

import pytest
from django.test import Client

from tests.identities.steps import PASSWORD, do, enable
from tests.world import World, allow

BOB = "/iam/users/bob/"
TABS = ("", "groups/", "tags/", "security-credentials/")
OTHER_PAGES = ("delete/", "groups/add/", "tags/edit/", "console-access/")


def text_of(client: Client, path: str) -> str:
    response = client.get(path)
    assert response.status_code == 200
    return response.content.decode()


@pytest.mark.parametrize("tab", TABS)
def test_it_shows_the_summary_on_every_tab(alice: Client, world: World, tab: str) -> None:
    do(world.system, "CreateLoginProfile", UserName="bob", Password=PASSWORD)
    key = do(world.system, "CreateAccessKey", UserName="bob")["AccessKey"]["AccessKeyId"]
    page = text_of(alice, BOB + tab)
    assert "arn:aws:iam::111122223333:user/bob" in page
    assert "Enabled without MFA" in page
    assert key in page and "Create access key" in page


def test_it_says_when_there_is_mfa_or_no_console_access(alice: Client, world: World) -> None:
    assert "Disabled" in text_of(alice, BOB)
    do(world.system, "CreateLoginProfile", UserName="bob", Password=PASSWORD)
    enable(world.system, "bob")
    assert "Enabled with MFA" in text_of(alice, BOB)


def test_it_counts_groups_and_tags(alice: Client, world: World) -> None:
    do(world.system, "CreateGroup", GroupName="readers")
    do(world.system, "AddUserToGroup", GroupName="readers", UserName="bob")
    do(world.system, "TagUser", UserName="bob", Tags=[{"Key": "team", "Value": "blue"}])
    page = text_of(alice, BOB)
    assert "Groups (1)" in page and "Tags (1)" in page
    assert "readers" in text_of(alice, BOB + "groups/")
    assert "blue" in text_of(alice, BOB + "tags/")


def test_it_knows_the_user_in_any_case(alice: Client, world: World) -> None:
    assert ">bob<" in text_of(alice, "/iam/users/BOB/")


@pytest.mark.parametrize("tab", TABS)
def test_who_may_nothing_sees_refusals_and_buttons(bob: Client, world: World, tab: str) -> None:
    page = text_of(bob, "/iam/users/alice/" + tab)
    assert "iam:GetUser" in page and "Access denied" in page
    assert "Delete" in page and "AdministratorAccess" not in page


@pytest.mark.parametrize(
    ("tab", "action"),
    [
        ("groups/", "iam:ListGroupsForUser"),
        ("tags/", "iam:ListUserTags"),
        ("security-credentials/", "iam:ListMFADevices"),
    ],
)
def test_each_panel_is_refused_on_its_own(bob: Client, world: World, tab: str, action: str) -> None:
    allow(world.bob, "iam:GetUser")
    page = text_of(bob, "/iam/users/alice/" + tab)
    assert f"<code>{action}</code>" in page and "<code>iam:GetUser</code>" not in page
    allow(world.bob, "iam:GetUser", action)
    assert f"<code>{action}</code>" not in text_of(bob, "/iam/users/alice/" + tab)


@pytest.mark.parametrize("path", [*TABS, *OTHER_PAGES])
@pytest.mark.parametrize("name", ["charlie", "nobody"])
def test_a_user_of_another_account_is_not_there(alice: Client, world: World, path: str, name: str) -> None:
    assert alice.get(f"/iam/users/{name}/{path}").status_code == 404


@pytest.mark.parametrize(
    "path", [*(f"{BOB}{page}" for page in OTHER_PAGES), "/iam/delete-users/", f"{BOB}groups/remove/"]
)
def test_a_post_without_its_token_is_refused(world: World, path: str) -> None:
    strict = Client(enforce_csrf_checks=True)
    assert strict.post(path, {"confirm": "bob", "selected": "bob"}).status_code == 403


@pytest.mark.parametrize("path", ["/iam/users/", *(BOB + tab for tab in TABS)])
def test_reading_takes_no_post(alice: Client, world: World, path: str) -> None:
    assert alice.post(path).status_code == 405


def test_a_user_may_be_called_like_a_page(alice: Client, world: World) -> None:
    for name in ("create", "delete", "x+=,.@_-y"):
        do(world.system, "CreateUser", UserName=name)
        page = text_of(alice, f"/iam/users/{name}/")
        assert f"user/{name}" in page and f'href="/iam/users/{name}/" aria-current="page"' in page
