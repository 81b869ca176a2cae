"""GetAccountAuthorizationDetails: everything in an account, whole or by kind, page by page."""

from __future__ import annotations

from typing import Any

import pytest

from tests.cast import ACCOUNT_ID
from tests.operations.examples_reports import CONDITIONAL, READ_ONLY, full_account
from tests.policies.operations.doing import do, refused
from tests.world import ADMINISTRATOR_ACCESS, World

LISTS = ("UserDetailList", "GroupDetailList", "RoleDetailList", "Policies")


@pytest.fixture
def full(world: World) -> World:
    full_account()
    return world


def details(world: World, *kinds: str) -> dict[str, Any]:
    return do(world.alice, "GetAccountAuthorizationDetails", **({"Filter": list(kinds)} if kinds else {}))


def names(found: dict[str, Any]) -> dict[str, list[str]]:
    members = {"UserDetailList": "UserName", "GroupDetailList": "GroupName", "RoleDetailList": "RoleName"}
    return {kind: [each[members.get(kind, "PolicyName")] for each in found[kind]] for kind in LISTS}


def test_it_shows_a_user_with_all_that_is_on_it(full: World) -> None:
    (dana,) = [each for each in details(full, "User")["UserDetailList"] if each["UserName"] == "dana"]
    assert dana["Arn"] == f"arn:aws:iam::{ACCOUNT_ID}:user/dana"
    assert (dana["GroupList"], dana["AttachedManagedPolicies"], dana["Tags"]) == (["readers"], [], [])
    assert dana["UserPolicyList"] == [{"PolicyName": "Own", "PolicyDocument": CONDITIONAL}]
    assert dana["PermissionsBoundary"]["PermissionsBoundaryArn"] == READ_ONLY


def test_it_says_nothing_of_inline_policies_that_a_user_has_not(full: World) -> None:
    (bob,) = [each for each in details(full, "User")["UserDetailList"] if each["UserName"] == "bob"]
    assert ("UserPolicyList" in bob, bob["AttachedManagedPolicies"], bob["Tags"]) == (False, [], [])


def test_it_misses_nothing_where_something_is_deleted_between_two_pages(full: World) -> None:
    everything = names(details(full))
    first = do(full.alice, "GetAccountAuthorizationDetails", MaxItems=2)
    do(full.alice, "DeleteUser", UserName="bob")
    rest = do(full.alice, "GetAccountAuthorizationDetails", Marker=first["Marker"])
    both = {kind: [*found, *names(rest)[kind]] for kind, found in names(first).items()}
    assert names(first)["UserDetailList"] == ["alice", "bob"]
    assert both == everything


def test_it_shows_a_group_with_its_policies(full: World) -> None:
    (readers,) = details(full, "Group")["GroupDetailList"]
    assert readers["GroupPolicyList"] == []
    assert readers["AttachedManagedPolicies"] == [{"PolicyName": "ReadOnlyAccess", "PolicyArn": READ_ONLY}]


def test_it_shows_a_role_with_its_instance_profile(full: World) -> None:
    (worker,) = details(full, "Role")["RoleDetailList"]
    assert [each["InstanceProfileName"] for each in worker["InstanceProfileList"]] == ["web"]
    assert [each["RoleName"] for each in worker["InstanceProfileList"][0]["Roles"]] == ["worker"]
    assert worker["RoleLastUsed"] == {}
    assert worker["Tags"] == [{"Key": "team", "Value": "blue"}]
    assert worker["AssumeRolePolicyDocument"]


def test_it_shows_policies_with_their_versions(full: World) -> None:
    (reports,) = details(full, "LocalManagedPolicy")["Policies"]
    (version,) = reports["PolicyVersionList"]
    assert (version["VersionId"], version["IsDefaultVersion"], version["Document"]) == ("v1", True, CONDITIONAL)


def test_it_shows_those_of_aws_s_policies_that_are_in_use(full: World) -> None:
    found = details(full, "AWSManagedPolicy")["Policies"]
    assert [each["Arn"] for each in found] == [ADMINISTRATOR_ACCESS, READ_ONLY]
    assert (found[1]["AttachmentCount"], found[1]["PermissionsBoundaryUsageCount"]) == (1, 1)
    assert found[0]["PolicyVersionList"][0]["Document"]


def test_it_shows_every_kind_unless_asked_for_some(full: World) -> None:
    everything = {
        "UserDetailList": ["alice", "bob", "dana"],
        "GroupDetailList": ["readers"],
        "RoleDetailList": ["worker"],
        "Policies": ["Reports", "AdministratorAccess", "ReadOnlyAccess"],
    }
    assert names(details(full)) == everything
    some = names(details(full, "Role", "AWSManagedPolicy"))
    assert some == {
        **{kind: [] for kind in LISTS},
        "RoleDetailList": ["worker"],
        "Policies": everything["Policies"][1:],
    }


def test_it_goes_through_all_kinds_page_by_page(full: World) -> None:
    seen: list[str] = []
    marker = None
    while True:
        given = {"MaxItems": 3, **({"Marker": marker} if marker else {})}
        found = do(full.alice, "GetAccountAuthorizationDetails", **given)
        page = [name for kind in LISTS for name in names(found)[kind]]
        assert len(page) <= 3
        seen += page
        marker = found.get("Marker")
        if not found["IsTruncated"]:
            break
    assert seen == [name for kind in LISTS for name in names(details(full))[kind]]


def test_it_knows_no_other_kinds(world: World) -> None:
    assert refused(world.alice, "GetAccountAuthorizationDetails", Filter=["Robot"])[0] == "ValidationError"


def test_it_shows_nothing_of_another_account(full: World) -> None:
    found = do(full.charlie, "GetAccountAuthorizationDetails")
    assert names(found)["UserDetailList"] == ["charlie"]
    assert names(found)["RoleDetailList"] == []
