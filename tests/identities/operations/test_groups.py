"""Groups and who is in them."""

from __future__ import annotations

import pytest

from identities import quotas
from identities.models import Group, Membership
from tests.cast import ACCOUNT_ID
from tests.identities.steps import do, error, together
from tests.world import ADMINISTRATOR_ACCESS, World


@pytest.fixture
def readers(world: World) -> dict[str, object]:
    """A group of alice's account."""
    do(world.alice, "CreateGroup", GroupName="readers", Path="/lab/")
    return {"GroupName": "readers"}


def test_it_creates_a_group(world: World) -> None:
    group = do(world.alice, "CreateGroup", GroupName="readers", Path="/lab/")["Group"]
    assert set(group) == {"Path", "GroupName", "GroupId", "Arn", "CreateDate"}
    assert group["Arn"] == f"arn:aws:iam::{ACCOUNT_ID}:group/lab/readers"
    assert group["GroupId"].startswith("AGPA")


def test_it_refuses_a_duplicate_group_in_any_case(world: World, readers: dict[str, object]) -> None:
    expected = ("EntityAlreadyExists", "Group with name Readers already exists.")
    assert error(world.alice, "CreateGroup", GroupName="Readers") == expected


def test_it_refuses_one_group_too_many(
    world: World, readers: dict[str, object], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(quotas.QUOTAS, "GroupsPerAccount", 1)
    expected = ("LimitExceeded", "Cannot exceed quota for GroupsPerAccount: 1")
    assert error(world.alice, "CreateGroup", GroupName="writers") == expected


@pytest.mark.parametrize("operation", ["GetGroup", "DeleteGroup", "UpdateGroup"])
def test_it_misses_a_group_that_is_not_there(world: World, operation: str) -> None:
    expected = ("NoSuchEntity", "The group with name ghosts cannot be found.")
    assert error(world.alice, operation, GroupName="ghosts") == expected


def test_it_does_not_show_another_accounts_group(world: World, readers: dict[str, object]) -> None:
    assert error(world.charlie, "GetGroup", **readers)[0] == "NoSuchEntity"


def test_it_shows_a_group_and_its_users_page_by_page(world: World, readers: dict[str, object]) -> None:
    for name in ("alice", "bob"):
        do(world.alice, "AddUserToGroup", UserName=name, **readers)
    first = do(world.alice, "GetGroup", MaxItems=1, **readers)
    second = do(world.alice, "GetGroup", MaxItems=1, Marker=first["Marker"], **readers)
    assert first["Group"] == second["Group"]
    assert [answer["Users"][0]["UserName"] for answer in (first, second)] == ["alice", "bob"]
    assert second["IsTruncated"] is False


def test_it_lists_groups_under_a_path(world: World, readers: dict[str, object]) -> None:
    do(world.alice, "CreateGroup", GroupName="admins")
    names = [group["GroupName"] for group in do(world.alice, "ListGroups")["Groups"]]
    assert names == ["admins", "readers"]
    assert len(do(world.alice, "ListGroups", PathPrefix="/lab/")["Groups"]) == 1


def test_it_keeps_members_of_a_renamed_group(world: World, readers: dict[str, object]) -> None:
    do(world.alice, "AddUserToGroup", UserName="bob", **readers)
    do(world.alice, "UpdateGroup", NewGroupName="writers", NewPath="/", **readers)
    renamed = do(world.alice, "GetGroup", GroupName="writers")
    assert renamed["Group"]["Arn"] == f"arn:aws:iam::{ACCOUNT_ID}:group/writers"
    assert renamed["Users"][0]["UserName"] == "bob"


def test_it_refuses_to_rename_a_group_to_a_name_in_use(world: World, readers: dict[str, object]) -> None:
    do(world.alice, "CreateGroup", GroupName="writers")
    expected = ("EntityAlreadyExists", "Group with name writers already exists.")
    assert error(world.alice, "UpdateGroup", NewGroupName="writers", **readers) == expected


def test_it_says_what_must_go_before_a_group(world: World, readers: dict[str, object]) -> None:
    alice = world.alice
    document = '{"Version": "2012-10-17", "Statement": {"Effect": "Allow", "Action": "iam:GetUser", "Resource": "*"}}'
    do(alice, "AddUserToGroup", UserName="bob", **readers)
    do(alice, "AttachGroupPolicy", PolicyArn=ADMINISTRATOR_ACCESS, **readers)
    do(alice, "PutGroupPolicy", PolicyName="own", PolicyDocument=document, **readers)
    steps: list[tuple[str, str, dict[str, object]]] = [
        ("must remove users from group first.", "RemoveUserFromGroup", {"UserName": "bob"}),
        ("must detach all policies first.", "DetachGroupPolicy", {"PolicyArn": ADMINISTRATOR_ACCESS}),
        ("must delete policies first.", "DeleteGroupPolicy", {"PolicyName": "own"}),
    ]
    for text, remedy, inputs in steps:
        assert error(alice, "DeleteGroup", **readers) == ("DeleteConflict", f"Cannot delete entity, {text}")
        do(alice, remedy, **readers, **inputs)
    do(alice, "DeleteGroup", **readers)
    assert not Group.objects.exists()


def test_it_takes_a_member_twice_as_once(world: World, readers: dict[str, object]) -> None:
    do(world.alice, "AddUserToGroup", UserName="bob", **readers)
    do(world.alice, "AddUserToGroup", UserName="bob", **readers)
    assert Membership.objects.count() == 1


def test_it_gives_what_the_group_gives_at_once_and_takes_it_back(world: World, readers: dict[str, object]) -> None:
    do(world.alice, "AttachGroupPolicy", PolicyArn=ADMINISTRATOR_ACCESS, **readers)
    do(world.alice, "AddUserToGroup", UserName="bob", **readers)
    assert do(world.bob, "ListGroups")["Groups"]
    do(world.alice, "RemoveUserFromGroup", UserName="bob", **readers)
    assert error(world.bob, "ListGroups")[0] == "AccessDenied"


@pytest.mark.parametrize("operation", ["AddUserToGroup", "RemoveUserFromGroup"])
def test_it_misses_the_user_or_the_group_of_a_membership(
    world: World, readers: dict[str, object], operation: str
) -> None:
    missing_user = ("NoSuchEntity", "The user with name dana cannot be found.")
    assert error(world.alice, operation, UserName="dana", **readers) == missing_user
    missing_group = ("NoSuchEntity", "The group with name ghosts cannot be found.")
    assert error(world.alice, operation, UserName="bob", GroupName="ghosts") == missing_group


def test_it_does_not_mind_taking_out_who_is_not_in(world: World, readers: dict[str, object]) -> None:
    do(world.alice, "AddUserToGroup", UserName="alice", **readers)
    assert do(world.alice, "RemoveUserFromGroup", UserName="bob", **readers) == {}
    assert [user["UserName"] for user in do(world.alice, "GetGroup", **readers)["Users"]] == ["alice"]


def test_it_looks_for_the_user_before_the_group_it_is_taken_out_of(world: World) -> None:
    missing_user = ("NoSuchEntity", "The user with name nobody cannot be found.")
    assert error(world.alice, "RemoveUserFromGroup", UserName="nobody", GroupName="none") == missing_user
    missing_group = ("NoSuchEntity", "The group with name none cannot be found.")
    assert error(world.alice, "RemoveUserFromGroup", UserName="bob", GroupName="none") == missing_group


def test_it_misses_no_group_where_one_is_deleted_between_two_pages(world: World) -> None:
    for name in ("Beta", "alpha", "gamma", "delta"):
        do(world.alice, "CreateGroup", GroupName=name)
    first = do(world.alice, "ListGroups", MaxItems=2)
    for group in first["Groups"]:
        do(world.alice, "DeleteGroup", GroupName=group["GroupName"])
    second = do(world.alice, "ListGroups", MaxItems=2, Marker=first["Marker"])
    names = [[group["GroupName"] for group in page["Groups"]] for page in (first, second)]
    assert names == [["alpha", "Beta"], ["delta", "gamma"]]
    assert (second["IsTruncated"], "Marker" in second) == (False, False)


def test_it_lists_the_groups_of_a_user(world: World, readers: dict[str, object]) -> None:
    do(world.alice, "CreateGroup", GroupName="admins")
    do(world.alice, "AddUserToGroup", UserName="bob", **readers)
    groups = do(world.alice, "ListGroupsForUser", UserName="bob")["Groups"]
    assert [group["GroupName"] for group in groups] == ["readers"]


def test_it_refuses_the_eleventh_group_of_a_user(world: World) -> None:
    for number in range(11):
        do(world.alice, "CreateGroup", GroupName=f"group{number}")
    for number in range(10):
        do(world.alice, "AddUserToGroup", UserName="bob", GroupName=f"group{number}")
    expected = ("LimitExceeded", "Cannot exceed quota for GroupsPerUser: 10")
    assert error(world.alice, "AddUserToGroup", UserName="bob", GroupName="group10") == expected


@pytest.mark.django_db(transaction=True)
def test_it_holds_the_quota_of_groups_against_many_threads(world: World) -> None:
    for number in range(14):
        do(world.alice, "CreateGroup", GroupName=f"group{number}")
    together(14, lambda place: do(world.alice, "AddUserToGroup", UserName="bob", GroupName=f"group{place}"))
    assert Membership.objects.count() == 10
