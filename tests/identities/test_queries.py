"""Reads that pages share: as many queries for many users as for one."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from identities.models import Group, User
from identities.queries import groups_overview, listed, login_profile_of, maybe, users_overview
from tests.cast import ACCOUNT_ID, OTHER_ACCOUNT_ID
from tests.identities.steps import PASSWORD, do
from tests.world import World, make_user

if TYPE_CHECKING:
    from pytest_django import DjangoAssertNumQueries


def everything(user: User) -> tuple[object, ...]:
    """All that a row of the users page shows."""
    lists = (user.groups.all(), user.access_keys.all(), user.mfa_devices.all())
    return (login_profile_of(user), *(list(rows) for rows in lists))


@pytest.mark.parametrize("more", [0, 30])
def test_it_reads_the_users_page_in_four_queries(
    world: World, more: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    for number in range(more):
        make_user(f"user{number}")
    with django_assert_num_queries(4):
        rows = [everything(user) for user in users_overview(ACCOUNT_ID)]
    assert len(rows) == 2 + more


def test_it_shows_what_each_user_has(world: World) -> None:
    do(world.alice, "CreateLoginProfile", UserName="bob", Password=PASSWORD)
    do(world.alice, "CreateAccessKey", UserName="bob")
    alice, bob = (everything(user) for user in users_overview(ACCOUNT_ID))
    assert (alice[0], alice[2]) == (None, [])
    assert bob[0] is not None
    assert len(list(bob[2])) == 1  # type: ignore[call-overload]


def test_it_searches_users_of_the_account_only(world: World) -> None:
    assert [user.name for user in users_overview(ACCOUNT_ID, "LI")] == ["alice"]
    assert not users_overview(OTHER_ACCOUNT_ID, "ali").exists()


def test_it_counts_the_members_of_groups(world: World) -> None:
    do(world.alice, "CreateGroup", GroupName="readers")
    do(world.alice, "CreateGroup", GroupName="writers")
    do(world.alice, "AddUserToGroup", GroupName="readers", UserName="bob")
    counts = {group.name: group.member_count for group in groups_overview(ACCOUNT_ID)}  # type: ignore[attr-defined]
    assert counts == {"readers": 1, "writers": 0}


def test_it_lists_names_without_regard_to_case(world: World) -> None:
    make_user("Alan")
    assert [user.name for user in listed(User, ACCOUNT_ID)] == ["Alan", "alice", "bob"]


def test_it_finds_a_name_in_any_case_and_only_whole(world: World) -> None:
    make_user("b_b")
    found = maybe(User, ACCOUNT_ID, "BOB")
    assert found is not None
    assert found.name == "bob"
    assert maybe(User, ACCOUNT_ID, "bo") is None
    assert maybe(User, ACCOUNT_ID, "B_B") is not None
    assert maybe(Group, ACCOUNT_ID, "bob") is None
