from __future__ import annotations

import pytest

from tests.policies.operations.doing import AWS_READ_ONLY, HOLDERS, arn, do, make, make_policy, refused
from tests.world import World


@pytest.fixture
def policy(world: World) -> str:
    """Attached to a user, a group and a role named dana, and the boundary of bob."""
    policy = make_policy(world.alice)
    for kind in HOLDERS:
        do(world.alice, f"Attach{kind}Policy", **make(world.alice, kind), PolicyArn=policy)
    do(world.alice, "PutUserPermissionsBoundary", UserName="bob", PermissionsBoundary=policy)
    return policy


def entities(world: World, policy: str, **inputs: object) -> dict[str, list[str]]:
    found = do(world.alice, "ListEntitiesForPolicy", PolicyArn=policy, **inputs)
    return {kind: [each[f"{kind}Name"] for each in found[f"Policy{kind}s"]] for kind in HOLDERS}


def test_it_lists_users_groups_and_roles(world: World, policy: str) -> None:
    assert entities(world, policy) == {"User": ["bob", "dana"], "Group": ["dana"], "Role": ["dana"]}


def test_it_says_that_a_policy_is_missing_as_for_attaching(world: World) -> None:
    missing = arn("Nothing")
    expected = ("NoSuchEntity", f"Policy {missing} does not exist or is not attachable.")
    assert refused(world.alice, "ListEntitiesForPolicy", PolicyArn=missing) == expected


def test_it_misses_nobody_where_one_is_detached_between_two_pages(world: World, policy: str) -> None:
    first = do(world.alice, "ListEntitiesForPolicy", PolicyArn=policy, MaxItems=2)
    do(world.alice, "DetachGroupPolicy", GroupName="dana", PolicyArn=policy)
    second = do(world.alice, "ListEntitiesForPolicy", PolicyArn=policy, MaxItems=2, Marker=first["Marker"])
    assert [each["UserName"] for page in (first, second) for each in page["PolicyUsers"]] == ["bob", "dana"]
    assert [each["RoleName"] for each in second["PolicyRoles"]] == ["dana"]


def test_it_gives_names_with_ids(world: World, policy: str) -> None:
    role = do(world.alice, "GetRole", RoleName="dana")["Role"]
    found = do(world.alice, "ListEntitiesForPolicy", PolicyArn=policy)
    assert found["PolicyRoles"] == [{"RoleName": "dana", "RoleId": role["RoleId"]}]


def test_it_lists_one_kind_only(world: World, policy: str) -> None:
    assert entities(world, policy, EntityFilter="Group") == {"User": [], "Group": ["dana"], "Role": []}


def test_it_tells_permissions_from_boundaries(world: World, policy: str) -> None:
    assert entities(world, policy, PolicyUsageFilter="PermissionsBoundary")["User"] == ["bob"]
    assert entities(world, policy, PolicyUsageFilter="PermissionsPolicy")["User"] == ["dana"]


def test_it_lists_those_under_a_path(world: World, policy: str) -> None:
    do(world.alice, "UpdateUser", UserName="dana", NewPath="/team/")
    assert entities(world, policy, PathPrefix="/team/") == {"User": ["dana"], "Group": [], "Role": []}


def test_it_lists_an_entity_once_that_uses_the_policy_both_ways(world: World, policy: str) -> None:
    do(world.alice, "AttachUserPolicy", UserName="bob", PolicyArn=policy)
    assert entities(world, policy)["User"] == ["bob", "dana"]


def test_it_pages_across_the_kinds(world: World, policy: str) -> None:
    first = do(world.alice, "ListEntitiesForPolicy", PolicyArn=policy, MaxItems=3)
    second = do(world.alice, "ListEntitiesForPolicy", PolicyArn=policy, MaxItems=3, Marker=first["Marker"])
    assert (len(first["PolicyGroups"]), len(first["PolicyUsers"]), len(first["PolicyRoles"])) == (1, 2, 0)
    assert (second["IsTruncated"], len(second["PolicyRoles"])) == (False, 1)


def test_it_lists_nobody_of_another_account(world: World) -> None:
    do(world.alice, "AttachUserPolicy", UserName="bob", PolicyArn=AWS_READ_ONLY)
    found = do(world.charlie, "ListEntitiesForPolicy", PolicyArn=AWS_READ_ONLY)
    assert found == {"PolicyGroups": [], "PolicyUsers": [], "PolicyRoles": [], "IsTruncated": False}
