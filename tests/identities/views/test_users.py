"""The list of users shows each fact to whom its own permission is given, in a few queries."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from identities.models import AccessKey, LoginProfile, User
from tests.identities.steps import PASSWORD, do, enable
from tests.world import World, allow, make_user

URL = "/iam/users/"
ALL_COLUMNS = "user_name.path.groups.activity.mfa.password_age.sign_in.keys.key_age.key_used.arn.created.console"


def row(page: str, name: str) -> str:
    """One row of the table, its tags and blanks taken away."""
    start = page.index(f">{name}</a></th>")
    return " ".join(page[start : page.index("</tr>", start)].replace("<", " <").split())


def page_of(client: Client, query: str = "") -> str:
    response = client.get(URL + query)
    assert response.status_code == 200
    return response.content.decode()


def choose_columns(client: Client) -> None:
    """The columns about credentials, those that are not shown by themselves as well."""
    columns = "user_name.path.groups.activity.mfa.password_age.sign_in.keys.key_age"
    client.cookies["table-users-table"] = f"size=50&columns={columns}"


def test_it_shows_what_a_user_has(alice: Client, world: World) -> None:
    choose_columns(alice)
    for number in range(3):
        do(world.system, "CreateGroup", GroupName=f"g{number}")
        do(world.system, "AddUserToGroup", GroupName=f"g{number}", UserName="bob")
    do(world.system, "CreateLoginProfile", UserName="bob", Password=PASSWORD)
    key = do(world.system, "CreateAccessKey", UserName="bob")["AccessKey"]["AccessKeyId"]
    enable(world.system, "bob")
    old = timezone.now() - timedelta(days=400)
    LoginProfile.objects.update(changed_at=old)
    AccessKey.objects.update(created_at=old + timedelta(days=300))
    shown = row(page_of(alice), "bob")
    assert "+ 1 more" in shown and "g1" in shown and "g2" not in shown
    assert "Virtual" in shown
    assert "status-err" in shown and "400 days" in shown
    assert "status-warn" in shown and "100 days" in shown
    assert f'Active - <span title="{key}">' in shown
    assert "Never" in shown  # the password was never used
    assert "None" in shown  # nor was anything else


def test_a_user_without_anything_says_so(alice: Client, world: World) -> None:
    choose_columns(alice)
    shown = row(page_of(alice), "bob")
    assert shown.count("<td>– ") == 4 and shown.count("<td>None ") == 2 and "<td>0 " in shown


def test_it_finds_users_by_name_or_access_key(alice: Client, world: World) -> None:
    key = do(world.system, "CreateAccessKey", UserName="bob")["AccessKey"]["AccessKeyId"]
    for words in ("BO", key.lower()):
        page = page_of(alice, f"?q={words}")
        assert ">bob</a>" in page and ">alice</a>" not in page and "1 match" in page


def test_a_key_is_not_found_by_who_may_not_list_keys(bob: Client, world: World) -> None:
    key = do(world.system, "CreateAccessKey", UserName="alice")["AccessKey"]["AccessKeyId"]
    allow(world.bob, "iam:ListUsers")
    assert "0 matches" in page_of(bob, f"?q={key}")


def test_columns_without_permission_are_marked(bob: Client, world: World) -> None:
    choose_columns(bob)
    allow(world.bob, "iam:ListUsers")
    assert row(page_of(bob), "alice").count("Access denied") == 7
    allow(world.bob, "iam:ListUsers", "iam:ListGroupsForUser", "iam:ListMFADevices")
    assert row(page_of(bob), "alice").count("Access denied") == 5


def test_each_row_is_decided_on_its_own(bob: Client, world: World) -> None:
    choose_columns(bob)
    allow(world.bob, "iam:ListUsers")
    allow(world.bob, "iam:List*", resource="arn:aws:iam::111122223333:user/${aws:username}", name="own")
    page = page_of(bob)
    assert row(page, "bob").count("Access denied") == 3
    assert row(page, "alice").count("Access denied") == 7


def test_who_may_not_list_users_is_told(bob: Client, world: World) -> None:
    response = bob.get(URL)
    assert response.status_code == 403
    assert "iam:ListUsers" in response.content.decode() and ">alice</a>" not in response.content.decode()


def test_it_shows_no_user_of_another_account(alice: Client, world: World) -> None:
    assert "charlie" not in page_of(alice)


def test_htmx_gets_the_table_alone(alice: Client, world: World) -> None:
    response = alice.get(URL, headers={"HX-Request": "true", "HX-Target": "users-table"})
    text = response.content.decode()
    assert "<html" not in text and ">bob</a>" in text
    assert "HX-Request" in response.headers["Vary"]


def test_every_column_can_be_chosen_and_sorted(alice: Client, world: World) -> None:
    do(world.system, "CreateAccessKey", UserName="bob")
    do(world.system, "CreateLoginProfile", UserName="bob", Password=PASSWORD)
    alice.cookies["table-users-table"] = f"size=50&columns={ALL_COLUMNS}.group_count"
    for key in f"{ALL_COLUMNS}.group_count".split("."):
        for direction in ("asc", "desc"):
            page = page_of(alice, f"?sort={key}&dir={direction}")
            assert "aria-sort" in page and "arn:aws:iam::111122223333:user/bob" in page


@pytest.mark.parametrize("more", [0, 30])
def test_more_users_cost_no_more_queries(alice: Client, world: World, more: int) -> None:
    page_of(alice)
    with CaptureQueriesContext(connection) as few:
        page_of(alice)
    for number in range(more):
        make_user(f"user{number}")
    with CaptureQueriesContext(connection) as many:
        page_of(alice)
    assert len(many) == len(few)
    assert User.objects.count() == 3 + more


def test_nobody_signed_out_sees_it(client: Client, world: World) -> None:
    assert client.get(URL).status_code == 302
