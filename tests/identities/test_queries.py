"""Reads that pages share: names in any case, members counted."""

from __future__ import annotations

from identities.models import Group, User
from identities.queries import groups_overview, listed, maybe
from tests.cast import ACCOUNT_ID
from tests.identities.steps import do
from tests.world import World, make_user


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
