"""From rows to the policies in force: all of them, at once, and in few queries."""

from __future__ import annotations

import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.caller import Caller, CallerKind
from accounts.models import Account
from iamconsole.operations import door
from iamconsole.operations.errors import AccessDenied
from identities.models import User
from policies import gather
from policies.engine import Policy, SourceKind
from tests.operations.examples_policies import TRUST
from tests.policies.operations.doing import AWS_READ_ONLY, do, document, make, make_policy
from tests.world import World


def of_bob(world: World) -> list[tuple[SourceKind, str, str]]:
    """Kind, name and way of the policies that apply to bob."""
    policies = gather.for_caller(world.bob).policies
    return sorted((shown(policy) for policy in policies.identity), key=lambda each: each[1])


def shown(policy: Policy) -> tuple[SourceKind, str, str]:
    return policy.source.kind, policy.source.name, policy.source.attached_to


def revision(world: World) -> int:
    return Account.objects.get(pk=world.bob.account_id).revision


def test_it_gathers_nothing_for_who_has_nothing(world: World) -> None:
    gathered = gather.for_caller(world.bob)
    assert (gathered.policies.identity, gathered.policies.boundary) == ((), None)
    assert gathered.principal.arn == world.bob.arn


def test_it_gathers_direct_inline_and_inherited_policies(world: World) -> None:
    do(world.alice, "AttachUserPolicy", UserName="bob", PolicyArn=AWS_READ_ONLY)
    do(world.alice, "AttachUserPolicy", UserName="bob", PolicyArn=make_policy(world.alice, "Direct"))
    do(world.alice, "PutUserPolicy", UserName="bob", PolicyName="Inline", PolicyDocument=document())
    readers = make(world.alice, "Group", "readers")
    do(world.alice, "AddUserToGroup", **readers, UserName="bob")
    do(world.alice, "AttachGroupPolicy", **readers, PolicyArn=make_policy(world.alice, "Shared"))
    do(world.alice, "PutGroupPolicy", **readers, PolicyName="GroupInline", PolicyDocument=document())
    assert of_bob(world) == [
        (SourceKind.CUSTOMER_MANAGED, "Direct", ""),
        (SourceKind.INLINE, "GroupInline", "group readers"),
        (SourceKind.INLINE, "Inline", ""),
        (SourceKind.AWS_MANAGED, "ReadOnlyAccess", ""),
        (SourceKind.CUSTOMER_MANAGED, "Shared", "group readers"),
    ]


def test_it_gathers_the_boundary_apart(world: World) -> None:
    do(world.alice, "PutUserPermissionsBoundary", UserName="bob", PermissionsBoundary=AWS_READ_ONLY)
    policies = gather.for_caller(world.bob).policies
    assert policies.boundary is not None
    assert [shown(policy) for policy in policies.boundary] == [(SourceKind.BOUNDARY, "ReadOnlyAccess", "")]
    assert policies.identity == ()


def test_it_uses_the_version_in_force(world: World) -> None:
    policy = make_policy(world.alice, "Direct")
    do(world.alice, "AttachUserPolicy", UserName="bob", PolicyArn=policy)
    text = document("s3:GetObject")
    do(world.alice, "CreatePolicyVersion", PolicyArn=policy, PolicyDocument=text, SetAsDefault=True)
    (found,) = gather.for_caller(world.bob).policies.identity
    assert found.source.version == "v2"
    assert found.document == gather.compiled(text)
    do(world.alice, "SetDefaultPolicyVersion", PolicyArn=policy, VersionId="v1")
    assert gather.for_caller(world.bob).policies.identity[0].source.version == "v1"


def test_it_forgets_a_detached_policy_at_once(world: World) -> None:
    do(world.alice, "AttachUserPolicy", UserName="bob", PolicyArn=AWS_READ_ONLY)
    assert do(world.bob, "ListUsers")["Users"]
    do(world.alice, "DetachUserPolicy", UserName="bob", PolicyArn=AWS_READ_ONLY)
    with pytest.raises(AccessDenied):
        do(world.bob, "ListUsers")


def test_it_forgets_within_one_page_too(world: World) -> None:
    do(world.alice, "AttachUserPolicy", UserName="bob", PolicyArn=AWS_READ_ONLY)
    with gather.one_look():
        assert do(world.bob, "ListUsers")["Users"]
        do(world.alice, "DetachUserPolicy", UserName="bob", PolicyArn=AWS_READ_ONLY)
        with pytest.raises(AccessDenied):
            do(world.bob, "ListUsers")


def test_it_drops_what_came_through_a_group_when_the_user_leaves(world: World) -> None:
    readers = make(world.alice, "Group", "readers")
    do(world.alice, "AttachGroupPolicy", **readers, PolicyArn=AWS_READ_ONLY)
    do(world.alice, "AddUserToGroup", **readers, UserName="bob")
    assert of_bob(world) == [(SourceKind.AWS_MANAGED, "ReadOnlyAccess", "group readers")]
    do(world.alice, "RemoveUserFromGroup", **readers, UserName="bob")
    assert of_bob(world) == []


def test_it_makes_no_new_set_where_the_write_was_about_others(world: World) -> None:
    before = gather.for_caller(world.alice)
    do(world.alice, "CreateUser", UserName="dana")
    after = gather.for_caller(world.alice)
    assert after is not before
    assert after.policies is before.policies


def test_it_raises_the_revision_with_every_write_and_no_read(world: World) -> None:
    before = revision(world)
    make_policy(world.alice)
    do(world.alice, "ListPolicies", Scope="Local")
    do(world.alice, "AttachUserPolicy", UserName="bob", PolicyArn=AWS_READ_ONLY)
    assert revision(world) == before + 2


def test_it_leaves_the_revision_when_a_write_fails(world: World) -> None:
    before = revision(world)
    with pytest.raises(AccessDenied):
        do(world.bob, "CreateGroup", GroupName="mine")
    assert revision(world) == before


def test_it_leaves_the_other_account_s_revision_alone(world: World) -> None:
    before = revision(world)
    make_policy(world.charlie)
    assert revision(world) == before


def test_it_needs_three_queries_cold_and_one_warm(world: World) -> None:
    do(world.alice, "AttachUserPolicy", UserName="bob", PolicyArn=AWS_READ_ONLY)
    with CaptureQueriesContext(connection) as cold:
        gather.for_caller(world.bob)
    with CaptureQueriesContext(connection) as warm:
        gather.for_caller(world.bob)
    assert (len(cold), len(warm)) == (3, 1)


@pytest.mark.skipif(connection.vendor != "sqlite", reason="the words of SQLite's planner")
def test_it_reads_no_more_when_others_have_many_policies(world: World) -> None:
    with CaptureQueriesContext(connection) as queries:
        gather.for_caller(world.bob)
    statement = next(each["sql"] for each in queries if "UNION ALL" in each["sql"])
    with connection.cursor() as cursor:
        cursor.execute(f"EXPLAIN QUERY PLAN {statement}")
        plan = [step[-1] for step in cursor.fetchall()]
    searched = [step for step in plan if re.search("policies_(attachment|boundary|inlinepolicy)", step)]
    assert len(searched) == 5
    assert [step for step in searched if not re.search(r"_once_per_(user|group) \((user|group)_id=\?", step)] == []


def test_it_asks_for_the_revision_once_within_one_page(world: World) -> None:
    gather.for_caller(world.bob)
    with gather.one_look(), CaptureQueriesContext(connection) as queries:
        for _ in range(3):
            gather.for_caller(world.bob)
    assert len(queries) == 1


@pytest.mark.parametrize(("late", "queries"), [(0, 1), (1, 2)])
def test_it_takes_a_user_that_was_read_along_with_the_revision(world: World, late: int, queries: int) -> None:
    do(world.alice, "UpdateAccountPasswordPolicy", AllowUsersToChangePassword=True)
    do(world.alice, "TagUser", UserName="bob", Tags=[{"Key": "team", "Value": "blue"}])
    bob, now = User.objects.get(name="bob"), revision(world)
    with gather.one_look(), CaptureQueriesContext(connection) as asked:
        gather.know_revision(world.bob.account_id, now)
        gather.know_user(bob, now - late, may_change_password=True)
        gathered = gather.for_caller(world.bob)
    assert len(asked) == queries
    assert (gathered.tags, gathered.principal.arn) == ({"team": "blue"}, world.bob.arn)
    assert [policy.source.attached_to for policy in gathered.policies.identity] == ["account password policy"]


def test_it_gathers_for_sessions_of_a_role(world: World) -> None:
    role = do(world.alice, "CreateRole", RoleName="reporter", AssumeRolePolicyDocument=TRUST)["Role"]
    do(world.alice, "TagRole", RoleName="reporter", Tags=[{"Key": "team", "Value": "blue"}])
    do(world.alice, "AttachRolePolicy", RoleName="reporter", PolicyArn=AWS_READ_ONLY)
    session = f"arn:aws:sts::{world.bob.account_id}:assumed-role/reporter/bob"
    caller = Caller(CallerKind.ROLE_SESSION, world.bob.account_id, session, f"{role['RoleId']}:bob")
    gathered = gather.for_caller(caller)
    assert [policy.source.name for policy in gathered.policies.identity] == ["ReadOnlyAccess"]
    assert gathered.principal.role_arn == role["Arn"]
    assert gathered.tags == {"team": "blue"}


def test_it_gathers_what_a_group_gives(world: World) -> None:
    readers = make(world.alice, "Group", "readers")
    do(world.alice, "AttachGroupPolicy", **readers, PolicyArn=AWS_READ_ONLY)
    group = do(world.alice, "GetGroup", **readers)["Group"]
    policies = gather.for_group(world.bob.account_id, group["GroupId"])
    assert [shown(policy) for policy in policies.identity] == [
        (SourceKind.AWS_MANAGED, "ReadOnlyAccess", "group readers")
    ]


def test_it_limits_a_user_to_the_boundary(world: World) -> None:
    do(world.alice, "AttachUserPolicy", UserName="bob", PolicyArn="arn:aws:iam::aws:policy/AdministratorAccess")
    do(world.alice, "PutUserPermissionsBoundary", UserName="bob", PermissionsBoundary=AWS_READ_ONLY)
    assert do(world.bob, "ListUsers")["Users"]
    with pytest.raises(AccessDenied) as refusal:
        do(world.bob, "CreateGroup", GroupName="mine")
    assert refusal.value.message.endswith("because no permissions boundary allows the iam:CreateGroup action")


def test_it_allows_root_everything_without_a_policy(world: World) -> None:
    gathered = gather.for_caller(world.root)
    assert gathered.policies.identity == ()
    assert door.decide(world.root, "iam:CreateUser", door.Target("*")).allowed
