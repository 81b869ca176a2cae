"""Instance profiles and the one role in each."""

from __future__ import annotations

import pytest

from identities.models import InstanceProfile
from identities.quotas import QUOTAS
from tests.cast import ACCOUNT_ID
from tests.identities.steps import do, error, trust
from tests.world import World, allow

WEB = {"InstanceProfileName": "web"}
WORKER = {"RoleName": "worker"}
MISSING = ("NoSuchEntity", "Instance Profile ghost cannot be found.")


@pytest.fixture
def web(world: World) -> None:
    do(world.alice, "CreateInstanceProfile", **WEB, Path="/lab/", Tags=[{"Key": "team", "Value": "blue"}])
    do(world.alice, "CreateRole", **WORKER, AssumeRolePolicyDocument=trust(Service="ec2.amazonaws.com"))


def test_it_shows_a_new_profile_as_aws_does(world: World, web: None) -> None:
    profile = do(world.alice, "GetInstanceProfile", **WEB)["InstanceProfile"]
    assert profile["Arn"] == f"arn:aws:iam::{ACCOUNT_ID}:instance-profile/lab/web"
    assert profile["InstanceProfileId"].startswith("AIPA") and len(profile["InstanceProfileId"]) == 21
    assert (profile["Roles"], profile["Tags"]) == ([], [{"Key": "team", "Value": "blue"}])


def test_it_does_not_take_a_name_twice_in_whatever_case(world: World, web: None) -> None:
    expected = ("EntityAlreadyExists", "Instance Profile WEB already exists.")
    assert error(world.alice, "CreateInstanceProfile", InstanceProfileName="WEB") == expected


@pytest.mark.parametrize(
    ("operation", "more"),
    [
        ("GetInstanceProfile", {}),
        ("DeleteInstanceProfile", {}),
        ("AddRoleToInstanceProfile", WORKER),
        ("RemoveRoleFromInstanceProfile", WORKER),
        ("TagInstanceProfile", {"Tags": []}),
        ("UntagInstanceProfile", {"TagKeys": []}),
        ("ListInstanceProfileTags", {}),
    ],
)
def test_it_misses_a_profile_that_is_not_there(world: World, operation: str, more: dict[str, object]) -> None:
    assert error(world.alice, operation, InstanceProfileName="ghost", **more) == MISSING


def test_it_holds_one_role(world: World, web: None) -> None:
    do(world.alice, "AddRoleToInstanceProfile", **WEB, **WORKER)
    (role,) = do(world.alice, "GetInstanceProfile", **WEB)["InstanceProfile"]["Roles"]
    assert set(role) == {"Path", "RoleName", "RoleId", "Arn", "CreateDate", "AssumeRolePolicyDocument"}
    expected = ("LimitExceeded", "Cannot exceed quota for InstanceSessionsPerInstanceProfile: 1")
    assert error(world.alice, "AddRoleToInstanceProfile", **WEB, **WORKER) == expected


def test_it_finds_the_profiles_of_a_role(world: World, web: None) -> None:
    do(world.alice, "CreateInstanceProfile", InstanceProfileName="other")
    do(world.alice, "AddRoleToInstanceProfile", **WEB, **WORKER)
    (found,) = do(world.alice, "ListInstanceProfilesForRole", **WORKER)["InstanceProfiles"]
    assert found["InstanceProfileName"] == "web"
    assert "Tags" not in found


def test_it_lists_profiles_under_a_path(world: World, web: None) -> None:
    do(world.alice, "CreateInstanceProfile", InstanceProfileName="other")
    names = [each["InstanceProfileName"] for each in do(world.alice, "ListInstanceProfiles")["InstanceProfiles"]]
    (under,) = do(world.alice, "ListInstanceProfiles", PathPrefix="/lab/")["InstanceProfiles"]
    assert (names, under["InstanceProfileName"]) == (["other", "web"], "web")


def test_it_wants_the_permission_to_pass_the_role_to_ec2(world: World, web: None) -> None:
    allow(world.bob, "iam:AddRoleToInstanceProfile")
    code, message = error(world.bob, "AddRoleToInstanceProfile", **WEB, **WORKER)
    assert code == "AccessDenied"
    assert f"iam:PassRole on resource: arn:aws:iam::{ACCOUNT_ID}:role/worker" in message
    assert InstanceProfile.objects.get().role is None
    allow(world.bob, "iam:PassRole", name="passes")
    do(world.bob, "AddRoleToInstanceProfile", **WEB, **WORKER)


def test_it_takes_out_only_the_role_that_is_in(world: World, web: None) -> None:
    code, message = error(world.alice, "RemoveRoleFromInstanceProfile", **WEB, **WORKER)
    assert (code, message) == ("NoSuchEntity", "Role worker in Instance Profile web cannot be found.")
    do(world.alice, "AddRoleToInstanceProfile", **WEB, **WORKER)
    do(world.alice, "RemoveRoleFromInstanceProfile", **WEB, **WORKER)
    assert InstanceProfile.objects.get().role is None


def test_it_deletes_neither_profile_nor_role_while_they_are_together(world: World, web: None) -> None:
    do(world.alice, "AddRoleToInstanceProfile", **WEB, **WORKER)
    expected = ("DeleteConflict", "Cannot delete entity, must remove roles from instance profile first.")
    assert error(world.alice, "DeleteInstanceProfile", **WEB) == expected
    assert error(world.alice, "DeleteRole", **WORKER) == expected
    do(world.alice, "RemoveRoleFromInstanceProfile", **WEB, **WORKER)
    do(world.alice, "DeleteInstanceProfile", **WEB)
    do(world.alice, "DeleteRole", **WORKER)
    assert not InstanceProfile.objects.exists()


def test_it_changes_tags(world: World, web: None) -> None:
    do(world.alice, "TagInstanceProfile", **WEB, Tags=[{"Key": "TEAM", "Value": "red"}, {"Key": "stage", "Value": ""}])
    do(world.alice, "UntagInstanceProfile", **WEB, TagKeys=["stage", "Team"])
    left = [{"Key": "TEAM", "Value": "red"}, {"Key": "team", "Value": "blue"}]
    assert do(world.alice, "ListInstanceProfileTags", **WEB)["Tags"] == left


def test_it_shows_that_there_are_no_tags_only_where_one_profile_is_asked_for(world: World) -> None:
    made = do(world.alice, "CreateInstanceProfile", InstanceProfileName="plain")["InstanceProfile"]
    (listed,) = do(world.alice, "ListInstanceProfiles")["InstanceProfiles"]
    found = do(world.alice, "GetInstanceProfile", InstanceProfileName="plain")["InstanceProfile"]
    assert ("Tags" in made, "Tags" in listed, found["Tags"]) == (False, False, [])


def test_it_decides_a_list_on_the_path_it_looks_through(world: World, web: None) -> None:
    allow(world.bob, "iam:ListInstanceProfiles", resource=f"arn:aws:iam::{ACCOUNT_ID}:instance-profile/lab/*")
    assert do(world.bob, "ListInstanceProfiles", PathPrefix="/lab/")["InstanceProfiles"]
    code, message = error(world.bob, "ListInstanceProfiles")
    assert (code, f"on resource: arn:aws:iam::{ACCOUNT_ID}:instance-profile/ because" in message) == (
        "AccessDenied",
        True,
    )


def test_it_keeps_the_quota(world: World, web: None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(QUOTAS, "InstanceProfilesPerAccount", 1)
    expected = ("LimitExceeded", "Cannot exceed quota for InstanceProfilesPerAccount: 1")
    assert error(world.alice, "CreateInstanceProfile", InstanceProfileName="other") == expected


def test_it_counts_profiles_in_the_account_summary(world: World, web: None) -> None:
    summary = do(world.alice, "GetAccountSummary")["SummaryMap"]
    assert (summary["InstanceProfiles"], summary["InstanceProfilesQuota"]) == (1, 1000)
