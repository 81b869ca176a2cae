"""Roles and the trust policies they stand on."""

from __future__ import annotations

import json

import pytest

from identities import quotas
from identities.models import Role
from tests.cast import ACCOUNT_ID, CHARLIE_ARN, OTHER_ACCOUNT_ID, ROOT_ARN
from tests.identities.steps import do, error, trust
from tests.world import ADMINISTRATOR_ACCESS, World

READ_ONLY = "arn:aws:iam::aws:policy/ReadOnlyAccess"
EC2 = trust(Service="ec2.amazonaws.com")
TAGS = [{"Key": "team", "Value": "blue"}]


@pytest.fixture
def worker(world: World) -> dict[str, object]:
    """A role of alice's account."""
    do(world.alice, "CreateRole", RoleName="worker", AssumeRolePolicyDocument=EC2, Description="works", Tags=TAGS)
    return {"RoleName": "worker"}


def test_it_creates_a_role_with_what_aws_answers(world: World) -> None:
    role = do(world.alice, "CreateRole", RoleName="worker", Path="/lab/", AssumeRolePolicyDocument=EC2)["Role"]
    assert set(role) == {"Path", "RoleName", "RoleId", "Arn", "CreateDate", "AssumeRolePolicyDocument"}
    assert role["Arn"] == f"arn:aws:iam::{ACCOUNT_ID}:role/lab/worker"
    assert role["RoleId"].startswith("AROA")


def test_it_shows_a_role_with_all_it_has(world: World, worker: dict[str, object]) -> None:
    do(world.alice, "PutRolePermissionsBoundary", PermissionsBoundary=READ_ONLY, **worker)
    role = do(world.alice, "GetRole", **worker)["Role"]
    assert role["MaxSessionDuration"] == 3600
    assert (role["RoleLastUsed"], role["Tags"], role["Description"]) == ({}, TAGS, "works")
    assert role["PermissionsBoundary"]["PermissionsBoundaryArn"] == READ_ONLY


def test_it_creates_a_role_within_a_boundary(world: World) -> None:
    role = do(
        world.alice,
        "CreateRole",
        RoleName="worker",
        AssumeRolePolicyDocument=EC2,
        PermissionsBoundary=READ_ONLY,
    )["Role"]
    assert role["PermissionsBoundary"]["PermissionsBoundaryArn"] == READ_ONLY


def test_it_lists_roles_without_tags_and_last_use(world: World, worker: dict[str, object]) -> None:
    (role,) = do(world.alice, "ListRoles")["Roles"]
    assert {"Tags", "RoleLastUsed"}.isdisjoint(role)
    assert (role["MaxSessionDuration"], role["AssumeRolePolicyDocument"]) == (3600, EC2)
    assert do(world.alice, "ListRoles", PathPrefix="/lab/")["Roles"] == []


def test_it_refuses_a_duplicate_role_in_any_case(world: World, worker: dict[str, object]) -> None:
    expected = ("EntityAlreadyExists", "Role with name Worker already exists.")
    assert error(world.alice, "CreateRole", RoleName="Worker", AssumeRolePolicyDocument=EC2) == expected


def test_it_refuses_one_role_too_many(world: World, worker: dict[str, object], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(quotas.QUOTAS, "RolesPerAccount", 1)
    expected = ("LimitExceeded", "Cannot exceed quota for RolesPerAccount: 1")
    assert error(world.alice, "CreateRole", RoleName="second", AssumeRolePolicyDocument=EC2) == expected


@pytest.mark.parametrize("operation", ["GetRole", "DeleteRole", "UpdateRole", "ListRoleTags"])
def test_it_misses_a_role_that_is_not_there(world: World, operation: str) -> None:
    expected = ("NoSuchEntity", "The role with name ghost cannot be found.")
    assert error(world.alice, operation, RoleName="ghost") == expected


def test_it_does_not_show_another_accounts_role(world: World, worker: dict[str, object]) -> None:
    assert error(world.charlie, "GetRole", **worker)[0] == "NoSuchEntity"


def test_it_changes_description_and_duration_apart(world: World, worker: dict[str, object]) -> None:
    do(world.alice, "UpdateRole", MaxSessionDuration=7200, **worker)
    role = do(world.alice, "GetRole", **worker)["Role"]
    assert (role["MaxSessionDuration"], role["Description"]) == (7200, "works")
    do(world.alice, "UpdateRole", Description="", **worker)
    assert "Description" not in do(world.alice, "GetRole", **worker)["Role"]


def test_it_answers_a_changed_description_with_the_role(world: World, worker: dict[str, object]) -> None:
    assert do(world.alice, "UpdateRoleDescription", Description="rests", **worker)["Role"]["Description"] == "rests"


def test_it_refuses_a_limit_it_would_not_keep(world: World, worker: dict[str, object]) -> None:
    expected = ("InvalidInput", "MaxSigninSessionDuration is not supported.")
    assert error(world.alice, "UpdateRole", MaxSigninSessionDuration=3600, **worker) == expected


def test_it_replaces_the_trust_policy(world: World, worker: dict[str, object]) -> None:
    document = trust(AWS=CHARLIE_ARN)
    do(world.alice, "UpdateAssumeRolePolicy", PolicyDocument=document, **worker)
    assert do(world.alice, "GetRole", **worker)["Role"]["AssumeRolePolicyDocument"] == document


@pytest.mark.parametrize(
    "principal",
    [
        {"AWS": ROOT_ARN},
        {"AWS": OTHER_ACCOUNT_ID},
        {"AWS": "*"},
        {"AWS": [CHARLIE_ARN, ROOT_ARN]},
        {"Federated": "accounts.google.com"},
    ],
)
def test_it_trusts_principals_that_exist(world: World, worker: dict[str, object], principal: dict[str, str]) -> None:
    do(world.alice, "UpdateAssumeRolePolicy", PolicyDocument=trust(**principal), **worker)
    assert json.loads(Role.objects.get().trust_policy)["Statement"][0]["Principal"] == principal


@pytest.mark.parametrize(
    "arn",
    [
        f"arn:aws:iam::{ACCOUNT_ID}:user/ghost",
        f"arn:aws:iam::{ACCOUNT_ID}:role/ghost",
        f"arn:aws:iam::{ACCOUNT_ID}:user/lab/bob",
        f"arn:aws:iam::{OTHER_ACCOUNT_ID}:user/bob",
        "AIDAAAAAAAAAAAAAAAAAA",
    ],
)
def test_it_refuses_to_trust_who_does_not_exist(world: World, worker: dict[str, object], arn: str) -> None:
    expected = ("MalformedPolicyDocument", f'Invalid principal in policy: "AWS":"{arn}"')
    assert error(world.alice, "UpdateAssumeRolePolicy", PolicyDocument=trust(AWS=arn), **worker) == expected


def test_it_does_not_take_broken_json_for_trust(world: World) -> None:
    expected = ("MalformedPolicyDocument", "This policy contains invalid Json")
    assert error(world.alice, "CreateRole", RoleName="worker", AssumeRolePolicyDocument='{"a": 1,}') == expected


def test_it_refuses_resources_in_trust(world: World) -> None:
    document = json.loads(EC2)
    document["Statement"][0]["Resource"] = "*"
    code, message = error(world.alice, "CreateRole", RoleName="worker", AssumeRolePolicyDocument=json.dumps(document))
    assert (code, message) == ("MalformedPolicyDocument", "Has prohibited field Resource")


def test_it_refuses_a_trust_policy_over_its_size(world: World) -> None:
    document = trust(Service=[f"service{number}.amazonaws.com" for number in range(100)])
    expected = ("LimitExceeded", "Cannot exceed quota for ACLSizePerRole: 2048")
    assert error(world.alice, "CreateRole", RoleName="worker", AssumeRolePolicyDocument=document) == expected


def test_it_rewrites_principals_only_where_they_are_principals(world: World, worker: dict[str, object]) -> None:
    statement = json.loads(trust(AWS=world.bob.arn))["Statement"][0]
    statement["Condition"] = {"StringEquals": {"aws:PrincipalArn": world.bob.arn}}
    document = json.dumps({"Version": "2012-10-17", "Statement": [statement]}, indent=2)
    do(world.alice, "UpdateAssumeRolePolicy", PolicyDocument=document, **worker)
    do(world.alice, "DeleteUser", UserName="bob")
    changed = json.loads(Role.objects.get().trust_policy)["Statement"][0]
    assert changed["Principal"] == {"AWS": world.bob.principal_id}
    assert changed["Condition"] == statement["Condition"]


@pytest.mark.parametrize(
    ("name", "more"),
    [
        ("GetRole", {}),
        ("UpdateRole", {"MaxSessionDuration": 7200}),
        ("UpdateRoleDescription", {"Description": "new"}),
        ("UpdateAssumeRolePolicy", {"PolicyDocument": trust(Service="ec2.amazonaws.com")}),
        ("DeleteRole", {}),
    ],
)
def test_it_decides_by_the_boundary_that_a_role_has(
    world: World, worker: dict[str, object], name: str, more: dict[str, object]
) -> None:
    condition = {"StringEquals": {"iam:PermissionsBoundary": ADMINISTRATOR_ACCESS}}
    statement = {"Effect": "Allow", "Action": f"iam:{name}", "Resource": "*", "Condition": condition}
    document = json.dumps({"Version": "2012-10-17", "Statement": [statement]})
    do(world.alice, "PutUserPolicy", UserName="bob", PolicyName="bounded", PolicyDocument=document)
    assert error(world.bob, name, **worker, **more)[0] == "AccessDenied"
    do(world.alice, "PutRolePermissionsBoundary", PermissionsBoundary=ADMINISTRATOR_ACCESS, **worker)
    do(world.bob, name, **worker, **more)


def test_it_answers_a_new_description_with_the_role_as_it_was_made(world: World, worker: dict[str, object]) -> None:
    found = do(world.alice, "UpdateRoleDescription", Description="new", **worker)["Role"]
    assert (found["Description"], {"MaxSessionDuration", "RoleLastUsed"} & set(found)) == ("new", set())


def test_it_says_what_must_go_before_a_role(world: World, worker: dict[str, object]) -> None:
    document = '{"Version": "2012-10-17", "Statement": {"Effect": "Allow", "Action": "iam:GetUser", "Resource": "*"}}'
    do(world.alice, "AttachRolePolicy", PolicyArn=ADMINISTRATOR_ACCESS, **worker)
    do(world.alice, "PutRolePolicy", PolicyName="own", PolicyDocument=document, **worker)
    steps = [
        ("must detach all policies first.", "DetachRolePolicy", {"PolicyArn": ADMINISTRATOR_ACCESS}),
        ("must delete policies first.", "DeleteRolePolicy", {"PolicyName": "own"}),
    ]
    for text, remedy, inputs in steps:
        assert error(world.alice, "DeleteRole", **worker) == ("DeleteConflict", f"Cannot delete entity, {text}")
        do(world.alice, remedy, **worker, **inputs)
    do(world.alice, "DeleteRole", **worker)
    assert not Role.objects.exists()
