"""Users: made, shown, listed, renamed, deleted, with AWS's answers and errors."""

from __future__ import annotations

import json

import pytest
import time_machine

from accounts.caller import system_caller
from accounts.models import Account
from identities import quotas
from identities.models import User
from policies.models import Boundary
from tests.cast import ACCOUNT_ID, ALICE_ARN, ROOT_ARN
from tests.identities import papers
from tests.identities.steps import PASSWORD, do, enable, error, together, trust
from tests.world import ADMINISTRATOR_ACCESS, World, allow

READ_ONLY = "arn:aws:iam::aws:policy/ReadOnlyAccess"


def test_it_creates_a_user_with_just_what_aws_answers(world: World) -> None:
    user = do(world.alice, "CreateUser", UserName="dana", Path="/lab/")["User"]
    assert set(user) == {"Path", "UserName", "UserId", "Arn", "CreateDate"}
    assert user["Arn"] == f"arn:aws:iam::{ACCOUNT_ID}:user/lab/dana"
    assert user["UserId"].startswith("AIDA")
    assert len(user["UserId"]) == 21


def test_it_creates_a_user_with_tags_and_a_boundary(world: World) -> None:
    tags = [{"Key": "team", "Value": "blue"}]
    user = do(world.alice, "CreateUser", UserName="dana", Tags=tags, PermissionsBoundary=READ_ONLY)["User"]
    assert user["Tags"] == tags
    assert user["PermissionsBoundary"]["PermissionsBoundaryArn"] == READ_ONLY
    assert do(world.alice, "GetUser", UserName="dana")["User"] == user
    assert Boundary.objects.get(user__name="dana").policy_arn == READ_ONLY


def test_it_makes_no_user_where_the_boundary_does_not_exist(world: World) -> None:
    arn = f"arn:aws:iam::{ACCOUNT_ID}:policy/nowhere"
    assert error(world.alice, "CreateUser", UserName="dana", PermissionsBoundary=arn)[0] == "NoSuchEntity"
    assert not User.objects.filter(name="dana").exists()


@pytest.mark.parametrize("name", ["bob", "BOB"])
def test_it_refuses_a_duplicate_name_in_any_case(world: World, name: str) -> None:
    expected = ("EntityAlreadyExists", f"User with name {name} already exists.")
    assert error(world.alice, "CreateUser", UserName=name) == expected


def test_it_gives_another_account_the_same_name(world: World) -> None:
    assert do(world.charlie, "CreateUser", UserName="bob")["User"]["UserName"] == "bob"


def test_it_refuses_one_user_too_many(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(quotas.QUOTAS, "UsersPerAccount", 2)
    assert error(world.alice, "CreateUser", UserName="dana") == (
        "LimitExceeded",
        "Cannot exceed quota for UsersPerAccount: 2",
    )


def test_it_knows_the_quotas_of_aws() -> None:
    assert (quotas.QUOTAS["UsersPerAccount"], quotas.QUOTAS["GroupsPerAccount"]) == (5000, 300)
    assert (quotas.QUOTAS["RolesPerAccount"], quotas.QUOTAS["MFADevicesPerUser"]) == (1000, 8)


def test_it_shows_the_caller_where_no_name_is_given(world: World) -> None:
    assert do(world.alice, "GetUser")["User"]["Arn"] == ALICE_ARN


def test_it_shows_root_to_root(world: World) -> None:
    Account.objects.filter(pk=ACCOUNT_ID).update(alias="alices-lab")
    user = do(world.root, "GetUser")["User"]
    assert (user["Arn"], user["UserId"], user["UserName"]) == (ROOT_ARN, ACCOUNT_ID, "alices-lab")


def test_it_asks_callers_who_are_no_users_for_a_name(world: World) -> None:
    expected = ("ValidationError", "Must specify userName when calling with non-User credentials")
    assert error(system_caller(ACCOUNT_ID), "GetUser") == expected


@pytest.mark.parametrize("operation", ["GetUser", "DeleteUser", "UpdateUser", "ListGroupsForUser", "ListUserTags"])
def test_it_misses_a_user_that_is_not_there(world: World, operation: str) -> None:
    expected = ("NoSuchEntity", "The user with name dana cannot be found.")
    assert error(world.alice, operation, UserName="dana") == expected


def test_it_does_not_show_another_accounts_user(world: World) -> None:
    assert error(world.charlie, "GetUser", UserName="bob") == (
        "NoSuchEntity",
        "The user with name bob cannot be found.",
    )


def test_it_names_a_user_by_name_in_a_refusal_whether_there_is_one_or_not(world: World) -> None:
    for name in ("dana", "alice"):
        code, message = error(world.bob, "GetUser", UserName=name)
        assert code == "AccessDenied"
        assert f"iam:GetUser on resource: user {name} because no identity-based policy allows" in message


def test_it_names_every_kind_of_name_so_in_a_refusal(world: World) -> None:
    do(world.alice, "CreateGroup", GroupName="team", Path="/lab/")
    do(world.alice, "CreateInstanceProfile", InstanceProfileName="box")
    do(world.alice, "CreateRole", RoleName="worker", AssumeRolePolicyDocument=trust(AWS=ROOT_ARN))
    assert " on resource: group team because " in error(world.bob, "GetGroup", GroupName="team")[1]
    assert " on resource: role worker because " in error(world.bob, "ListRoleTags", RoleName="worker")[1]
    message = error(world.bob, "DeleteInstanceProfile", InstanceProfileName="box")[1]
    assert " on resource: instance profile box because " in message
    assert " on resource: user bob because " in error(world.bob, "ListAccessKeys")[1]


def test_it_lists_users_by_name_without_tags(world: World) -> None:
    do(world.alice, "CreateUser", UserName="Alan", Tags=[{"Key": "team", "Value": "blue"}])
    answer = do(world.alice, "ListUsers")
    assert [user["UserName"] for user in answer["Users"]] == ["Alan", "alice", "bob"]
    assert answer["IsTruncated"] is False
    assert "Marker" not in answer
    assert "Tags" not in answer["Users"][0]


def test_it_lists_users_page_by_page(world: World) -> None:
    first = do(world.alice, "ListUsers", MaxItems=1)
    assert ([user["UserName"] for user in first["Users"]], first["IsTruncated"]) == (["alice"], True)
    second = do(world.alice, "ListUsers", MaxItems=1, Marker=first["Marker"])
    assert ([user["UserName"] for user in second["Users"]], second["IsTruncated"]) == (["bob"], False)
    assert error(world.charlie, "ListUsers", Marker=first["Marker"])[0] == "ValidationError"


def test_it_lists_the_users_under_a_path_in_its_case(world: World) -> None:
    do(world.alice, "CreateUser", UserName="dana", Path="/Lab/one/")
    assert [user["UserName"] for user in do(world.alice, "ListUsers", PathPrefix="/Lab/")["Users"]] == ["dana"]
    assert do(world.alice, "ListUsers", PathPrefix="/lab/")["Users"] == []


def test_it_decides_lists_on_the_path_asked_for(world: World) -> None:
    allow(world.bob, "iam:ListUsers", resource=f"arn:aws:iam::{ACCOUNT_ID}:user/lab/*")
    assert do(world.bob, "ListUsers", PathPrefix="/lab/")["Users"] == []
    message = error(world.bob, "ListUsers")[1]
    assert f"iam:ListUsers on resource: arn:aws:iam::{ACCOUNT_ID}:user/ because" in message


def test_it_keeps_the_id_of_a_renamed_user(world: World) -> None:
    before = do(world.alice, "CreateUser", UserName="dana")["User"]
    do(world.alice, "UpdateUser", UserName="dana", NewUserName="dora", NewPath="/lab/")
    after = do(world.alice, "GetUser", UserName="dora")["User"]
    assert after["UserId"] == before["UserId"]
    assert after["Arn"] == f"arn:aws:iam::{ACCOUNT_ID}:user/lab/dora"


def test_it_lets_a_user_change_the_case_of_its_name(world: World) -> None:
    do(world.alice, "UpdateUser", UserName="bob", NewUserName="Bob")
    assert do(world.alice, "GetUser", UserName="bob")["User"]["UserName"] == "Bob"


def test_it_refuses_to_rename_to_a_name_in_use(world: World) -> None:
    expected = ("EntityAlreadyExists", "User with name Alice already exists.")
    assert error(world.alice, "UpdateUser", UserName="bob", NewUserName="Alice") == expected


def test_it_needs_the_permission_on_the_new_name_too(world: World) -> None:
    do(world.alice, "CreateUser", UserName="dana", Path="/lab/")
    allow(world.bob, "iam:UpdateUser", resource=f"arn:aws:iam::{ACCOUNT_ID}:user/lab/*")
    code, message = error(world.bob, "UpdateUser", UserName="dana", NewPath="/boss/")
    assert code == "AccessDenied"
    assert f"on resource: arn:aws:iam::{ACCOUNT_ID}:user/boss/dana because" in message
    do(world.bob, "UpdateUser", UserName="dana", NewPath="/lab/two/")
    assert User.objects.get(name="dana").path == "/lab/two/"


def test_it_is_followed_by_the_trust_of_roles_when_it_moves(world: World) -> None:
    do(world.charlie, "CreateRole", RoleName="guest", AssumeRolePolicyDocument=trust(AWS=world.bob.arn))
    do(world.alice, "UpdateUser", UserName="bob", NewUserName="rob")
    document = do(world.charlie, "GetRole", RoleName="guest")["Role"]["AssumeRolePolicyDocument"]
    assert json.loads(document)["Statement"][0]["Principal"] == {"AWS": f"arn:aws:iam::{ACCOUNT_ID}:user/rob"}


def test_it_is_no_longer_trusted_under_its_name_once_deleted(world: World) -> None:
    do(world.charlie, "CreateRole", RoleName="guest", AssumeRolePolicyDocument=trust(AWS=[world.bob.arn, ROOT_ARN]))
    do(world.alice, "DeleteUser", UserName="bob")
    document = do(world.charlie, "GetRole", RoleName="guest")["Role"]["AssumeRolePolicyDocument"]
    assert json.loads(document)["Statement"][0]["Principal"] == {"AWS": [world.bob.principal_id, ROOT_ARN]}


def test_it_deletes_a_user(world: World) -> None:
    do(world.alice, "DeleteUser", UserName="bob")
    assert not User.objects.filter(name="bob").exists()


def test_it_deletes_a_user_with_its_boundary(world: World) -> None:
    do(world.alice, "PutUserPermissionsBoundary", UserName="bob", PermissionsBoundary=READ_ONLY)
    do(world.alice, "DeleteUser", UserName="bob")
    assert not Boundary.objects.exists()


@time_machine.travel("2026-11-24T12:00:00Z", tick=False)
def test_it_says_what_must_go_before_a_user_in_awss_order(world: World) -> None:
    alice, bob = world.alice, {"UserName": "bob"}
    do(alice, "CreateGroup", GroupName="readers")
    do(alice, "AddUserToGroup", GroupName="readers", **bob)
    do(alice, "AttachUserPolicy", PolicyArn=ADMINISTRATOR_ACCESS, **bob)
    allow(world.bob, "iam:GetUser", name="own")
    do(alice, "CreateLoginProfile", Password=PASSWORD, **bob)
    key = do(alice, "CreateAccessKey", **bob)["AccessKey"]["AccessKeyId"]
    serial, _ = enable(alice, "bob")
    certificate, ssh_key, credential = papers.give_all(alice, "bob")
    steps: list[tuple[str, str, dict[str, object]]] = [
        ("must delete login profile first.", "DeleteLoginProfile", {}),
        ("must delete access keys first.", "DeleteAccessKey", {"AccessKeyId": key}),
        ("must delete MFA device first.", "DeactivateMFADevice", {"SerialNumber": serial}),
        ("must delete signing certificates first.", "DeleteSigningCertificate", {"CertificateId": certificate}),
        ("must remove referenced objects first.", "DeleteSSHPublicKey", {"SSHPublicKeyId": ssh_key}),
        (
            "must remove referenced objects first.",
            "DeleteServiceSpecificCredential",
            {"ServiceSpecificCredentialId": credential},
        ),
        ("must delete policies first.", "DeleteUserPolicy", {"PolicyName": "own"}),
        ("must detach all policies first.", "DetachUserPolicy", {"PolicyArn": ADMINISTRATOR_ACCESS}),
        ("must remove users from group first.", "RemoveUserFromGroup", {"GroupName": "readers"}),
    ]
    for text, remedy, inputs in steps:
        assert error(alice, "DeleteUser", **bob) == ("DeleteConflict", f"Cannot delete entity, {text}")
        do(alice, remedy, **bob, **inputs)
    do(alice, "DeleteUser", **bob)


@pytest.mark.django_db(transaction=True)
def test_it_makes_one_of_eight_users_of_one_name(world: World) -> None:
    together(8, lambda place: do(world.alice, "CreateUser", UserName="dana" if place % 2 else "DANA"))
    assert User.objects.filter(name__iexact="dana").count() == 1


def test_it_lists_on_after_the_last_user_shown_whatever_is_deleted_meanwhile(world: World) -> None:
    for name in ("Dana", "dan", "eve"):
        do(world.alice, "CreateUser", UserName=name)
    first = do(world.alice, "ListUsers", MaxItems=3)
    assert [user["UserName"] for user in first["Users"]] == ["alice", "bob", "dan"]
    do(world.alice, "DeleteUser", UserName="dan")
    second = do(world.alice, "ListUsers", MaxItems=3, Marker=first["Marker"])
    assert [user["UserName"] for user in second["Users"]] == ["Dana", "eve"]
    assert second["IsTruncated"] is False
