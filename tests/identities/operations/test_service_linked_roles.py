"""Roles of AWS services: made from AWS's templates, closed to change, deleted as a task."""

from __future__ import annotations

import json

import pytest

from identities.models import Role
from identities.quotas import QUOTAS
from identities.service_roles import TEMPLATES
from policies.catalog import managed
from tests.cast import ACCOUNT_ID
from tests.identities.steps import do, error, trust
from tests.world import World, allow

BATCH = {"AWSServiceName": "batch.amazonaws.com"}
NAME = "AWSServiceRoleForBatch"
PROTECTED = (
    "UnmodifiableEntity",
    f"Cannot perform the operation on the protected role '{NAME}' - this role is only modifiable by AWS",
)
DOCUMENT = '{"Version": "2012-10-17", "Statement": {"Effect": "Allow", "Action": "iam:GetUser", "Resource": "*"}}'
READ_ONLY = "arn:aws:iam::aws:policy/ReadOnlyAccess"


@pytest.fixture
def batch(world: World) -> None:
    do(world.alice, "CreateServiceLinkedRole", **BATCH)


def test_it_makes_the_role_with_its_trust_and_its_policy(world: World) -> None:
    role = do(world.alice, "CreateServiceLinkedRole", **BATCH, Description="runs batches")["Role"]
    assert role["Arn"] == f"arn:aws:iam::{ACCOUNT_ID}:role/aws-service-role/batch.amazonaws.com/{NAME}"
    assert role["Description"] == "runs batches"
    (statement,) = json.loads(role["AssumeRolePolicyDocument"])["Statement"]
    assert statement["Principal"] == {"Service": "batch.amazonaws.com"}
    (policy,) = do(world.alice, "ListAttachedRolePolicies", RoleName=NAME)["AttachedPolicies"]
    assert policy["PolicyArn"] == "arn:aws:iam::aws:policy/aws-service-role/BatchServiceRolePolicy"


@pytest.mark.parametrize("service", sorted(TEMPLATES))
def test_it_knows_only_policies_that_aws_has(service: str) -> None:
    assert managed.summary(TEMPLATES[service].policy_arn) is not None


def test_it_makes_a_role_once(world: World, batch: None) -> None:
    expected = (
        "InvalidInput",
        f"Service role name {NAME} has been taken in this account, please try a different suffix.",
    )
    assert error(world.alice, "CreateServiceLinkedRole", **BATCH) == expected


def test_it_takes_a_suffix_where_the_service_does(world: World) -> None:
    expected = ("InvalidInput", "Custom suffix is not allowed for batch.amazonaws.com")
    assert error(world.alice, "CreateServiceLinkedRole", **BATCH, CustomSuffix="mine") == expected
    given = {"AWSServiceName": "autoscaling.amazonaws.com", "CustomSuffix": "mine"}
    role = do(world.alice, "CreateServiceLinkedRole", **given)["Role"]
    assert role["RoleName"] == "AWSServiceRoleForAutoScaling_mine"


def test_it_refuses_a_service_without_such_a_role(world: World) -> None:
    expected = ("InvalidInput", "There is no service-linked role for coffee.amazonaws.com.")
    assert error(world.alice, "CreateServiceLinkedRole", AWSServiceName="coffee.amazonaws.com") == expected


def test_it_keeps_the_quota_of_roles(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(QUOTAS, "RolesPerAccount", 0)
    expected = ("LimitExceeded", "Cannot exceed quota for RolesPerAccount: 0")
    assert error(world.alice, "CreateServiceLinkedRole", **BATCH) == expected


@pytest.mark.parametrize(
    ("operation", "more"),
    [
        ("DeleteRole", {}),
        ("UpdateRole", {"MaxSessionDuration": 7200}),
        ("UpdateAssumeRolePolicy", {"PolicyDocument": trust(Service="ec2.amazonaws.com")}),
        ("AttachRolePolicy", {"PolicyArn": READ_ONLY}),
        ("DetachRolePolicy", {"PolicyArn": "arn:aws:iam::aws:policy/aws-service-role/BatchServiceRolePolicy"}),
        ("PutRolePolicy", {"PolicyName": "own", "PolicyDocument": DOCUMENT}),
        ("DeleteRolePolicy", {"PolicyName": "own"}),
        ("PutRolePermissionsBoundary", {"PermissionsBoundary": READ_ONLY}),
        ("DeleteRolePermissionsBoundary", {}),
    ],
)
def test_it_lets_nobody_change_the_role(world: World, batch: None, operation: str, more: dict[str, object]) -> None:
    before = Role.objects.values().get()
    assert error(world.alice, operation, RoleName=NAME, **more) == PROTECTED
    assert Role.objects.values().get() == before


def test_it_does_not_go_into_an_instance_profile(world: World, batch: None) -> None:
    do(world.alice, "CreateInstanceProfile", InstanceProfileName="web")
    assert error(world.alice, "AddRoleToInstanceProfile", InstanceProfileName="web", RoleName=NAME) == PROTECTED


def test_it_takes_another_description_and_tags(world: World, batch: None) -> None:
    do(world.alice, "UpdateRole", RoleName=NAME, Description="ours")
    do(world.alice, "TagRole", RoleName=NAME, Tags=[{"Key": "team", "Value": "blue"}])
    role = do(world.alice, "GetRole", RoleName=NAME)["Role"]
    assert (role["Description"], role["Tags"]) == ("ours", [{"Key": "team", "Value": "blue"}])


def test_it_keeps_the_path_to_itself(world: World) -> None:
    given = {"RoleName": "mine", "Path": "/aws-service-role/batch.amazonaws.com/"}
    document = trust(Service="batch.amazonaws.com")
    expected = ("InvalidInput", "Roles under /aws-service-role/ are made by CreateServiceLinkedRole only.")
    assert error(world.alice, "CreateRole", AssumeRolePolicyDocument=document, **given) == expected


def test_it_is_deleted_as_a_task(world: World, batch: None) -> None:
    task = do(world.alice, "DeleteServiceLinkedRole", RoleName=NAME)["DeletionTaskId"]
    assert task.startswith(f"task/aws-service-role/batch.amazonaws.com/{NAME}/")
    assert not Role.objects.exists()
    do(world.alice, "CreateServiceLinkedRole", **BATCH)
    assert do(world.alice, "GetServiceLinkedRoleDeletionStatus", DeletionTaskId=task) == {"Status": "SUCCEEDED"}


def test_it_deletes_no_role_of_another_kind(world: World) -> None:
    do(world.alice, "CreateRole", RoleName="worker", AssumeRolePolicyDocument=trust(Service="ec2.amazonaws.com"))
    expected = ("NoSuchEntity", "The role with name worker is not a service-linked role.")
    assert error(world.alice, "DeleteServiceLinkedRole", RoleName="worker") == expected


@pytest.mark.parametrize("task", ["task/a/b/c", "x", f"task/aws-service-role/batch.amazonaws.com/{NAME}/1:2:3"])
def test_it_knows_its_own_tasks(world: World, task: str) -> None:
    expected = ("InvalidInput", f"{task} is not a deletion task id.")
    assert error(world.alice, "GetServiceLinkedRoleDeletionStatus", DeletionTaskId=task) == expected


def test_it_does_not_tell_another_account_of_a_task(world: World, batch: None) -> None:
    task = do(world.alice, "DeleteServiceLinkedRole", RoleName=NAME)["DeletionTaskId"]
    expected = ("NoSuchEntity", f"The deletion task with id {task} cannot be found.")
    assert error(world.charlie, "GetServiceLinkedRoleDeletionStatus", DeletionTaskId=task) == expected


def test_it_decides_on_the_role_that_would_be_made(world: World) -> None:
    allow(world.bob, "iam:CreateServiceLinkedRole", resource="arn:aws:iam::*:role/aws-service-role/ecs.amazonaws.com/*")
    assert do(world.bob, "CreateServiceLinkedRole", AWSServiceName="ecs.amazonaws.com")["Role"]
    assert error(world.bob, "CreateServiceLinkedRole", **BATCH)[0] == "AccessDenied"
