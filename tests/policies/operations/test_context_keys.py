"""The condition keys that AWS gives for policy operations decide here as they do there."""

from __future__ import annotations

import json

from accounts.caller import Caller
from policies.models import InlinePolicy
from tests.policies.operations.doing import AWS_READ_ONLY, arn, do, document, make, make_policy, refused
from tests.world import World, touch


def may(caller: Caller, action: str, operator: str, key: str, value: object) -> None:
    """Give the caller one action under one condition."""
    statement = {"Effect": "Allow", "Action": action, "Resource": "*", "Condition": {operator: {key: value}}}
    InlinePolicy.objects.create(
        account_id=caller.account_id,
        user_id=caller.principal_id,
        name="conditional",
        document=json.dumps({"Version": "2012-10-17", "Statement": [statement]}),
    )
    touch(caller.account_id)


def code(caller: Caller, verb: str, **inputs: object) -> str:
    return refused(caller, verb, **inputs)[0]


def test_it_knows_the_policy_that_is_attached(world: World) -> None:
    may(world.bob, "iam:AttachUserPolicy", "ArnEquals", "iam:PolicyARN", AWS_READ_ONLY)
    who = make(world.alice, "User")
    assert do(world.bob, "AttachUserPolicy", **who, PolicyArn=AWS_READ_ONLY) == {}
    assert code(world.bob, "AttachUserPolicy", **who, PolicyArn=make_policy(world.alice)) == "AccessDenied"


def test_it_knows_the_policy_that_is_attached_to_a_group(world: World) -> None:
    may(world.bob, "iam:AttachGroupPolicy", "ArnLike", "iam:PolicyARN", "arn:aws:iam::aws:policy/*")
    who = make(world.alice, "Group")
    assert do(world.bob, "AttachGroupPolicy", **who, PolicyArn=AWS_READ_ONLY) == {}
    assert code(world.bob, "AttachGroupPolicy", **who, PolicyArn=make_policy(world.alice)) == "AccessDenied"


def test_it_knows_the_boundary_of_the_user_that_is_changed(world: World) -> None:
    boundary = make_policy(world.alice, "Limit")
    may(world.bob, "iam:PutUserPolicy", "StringEquals", "iam:PermissionsBoundary", boundary)
    put = {**make(world.alice, "User"), "PolicyName": "Own", "PolicyDocument": document()}
    assert code(world.bob, "PutUserPolicy", **put) == "AccessDenied"
    do(world.alice, "PutUserPermissionsBoundary", UserName="dana", PermissionsBoundary=boundary)
    assert do(world.bob, "PutUserPolicy", **put) == {}


def test_it_knows_the_boundary_of_the_role_that_is_changed(world: World) -> None:
    boundary = make_policy(world.alice, "Limit")
    may(world.bob, "iam:AttachRolePolicy", "StringEquals", "iam:PermissionsBoundary", boundary)
    who = make(world.alice, "Role")
    assert code(world.bob, "AttachRolePolicy", **who, PolicyArn=AWS_READ_ONLY) == "AccessDenied"
    do(world.alice, "PutRolePermissionsBoundary", **who, PermissionsBoundary=boundary)
    assert do(world.bob, "AttachRolePolicy", **who, PolicyArn=AWS_READ_ONLY) == {}


def test_it_knows_the_boundary_that_is_asked_for(world: World) -> None:
    boundary = make_policy(world.alice, "Limit")
    may(world.bob, "iam:PutUserPermissionsBoundary", "StringEquals", "iam:PermissionsBoundary", boundary)
    who = make(world.alice, "User")
    assert do(world.bob, "PutUserPermissionsBoundary", **who, PermissionsBoundary=boundary) == {}
    assert code(world.bob, "PutUserPermissionsBoundary", **who, PermissionsBoundary=AWS_READ_ONLY) == "AccessDenied"


def test_it_knows_the_boundary_that_would_be_removed(world: World) -> None:
    may(world.bob, "iam:DeleteUserPermissionsBoundary", "StringEquals", "iam:PermissionsBoundary", AWS_READ_ONLY)
    who = make(world.alice, "User")
    do(world.alice, "PutUserPermissionsBoundary", **who, PermissionsBoundary=make_policy(world.alice))
    assert code(world.bob, "DeleteUserPermissionsBoundary", **who) == "AccessDenied"
    do(world.alice, "PutUserPermissionsBoundary", **who, PermissionsBoundary=AWS_READ_ONLY)
    assert do(world.bob, "DeleteUserPermissionsBoundary", **who) == {}


def test_it_knows_the_tags_of_a_new_policy(world: World) -> None:
    may(world.bob, "iam:CreatePolicy", "StringEquals", "aws:RequestTag/team", "blue")
    wanted = {"PolicyName": "Mine", "PolicyDocument": document()}
    assert code(world.bob, "CreatePolicy", **wanted, Tags=[{"Key": "team", "Value": "red"}]) == "AccessDenied"
    assert do(world.bob, "CreatePolicy", **wanted, Tags=[{"Key": "team", "Value": "blue"}])["Policy"]


def test_it_knows_the_tags_of_a_policy_that_exists(world: World) -> None:
    may(world.bob, "iam:GetPolicy", "StringEquals", "aws:ResourceTag/team", "blue")
    make_policy(world.alice, "Blue", Tags=[{"Key": "team", "Value": "blue"}])
    make_policy(world.alice, "Red", Tags=[{"Key": "team", "Value": "red"}])
    assert do(world.bob, "GetPolicy", PolicyArn=arn("Blue"))["Policy"]["PolicyName"] == "Blue"
    assert code(world.bob, "GetPolicy", PolicyArn=arn("Red")) == "AccessDenied"


def test_it_knows_the_keys_of_tags_that_go(world: World) -> None:
    may(world.bob, "iam:UntagPolicy", "ForAllValues:StringEquals", "aws:TagKeys", ["stage"])
    policy = make_policy(world.alice, Tags=[{"Key": "stage", "Value": "test"}])
    assert do(world.bob, "UntagPolicy", PolicyArn=policy, TagKeys=["stage"]) == {}
    assert code(world.bob, "UntagPolicy", PolicyArn=policy, TagKeys=["stage", "team"]) == "AccessDenied"
