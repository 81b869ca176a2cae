"""Which policies grant a service, and when services were last used."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.utils import timezone

from accounts.caller import Caller, CallerKind, Session
from accounts.models import AccessReport
from iamconsole.events.models import Event
from policies.engine import compile_document
from policies.service_access import reaches
from tests.cast import ACCOUNT_ID, ALICE_ARN, BOB_ARN, CHARLIE_ARN
from tests.history import unguarded
from tests.policies.operations.doing import AWS_READ_ONLY, do, document, make, make_policy, refused
from tests.world import ADMINISTRATOR_ACCESS, World, allow

GENERATE, DETAILS = "GenerateServiceLastAccessedDetails", "GetServiceLastAccessedDetails"
ENTITIES = "GetServiceLastAccessedDetailsWithEntities"


def granting(world: World, arn: str, *services: str) -> list[dict[str, Any]]:
    found = do(world.alice, "ListPoliciesGrantingServiceAccess", Arn=arn, ServiceNamespaces=list(services))
    assert found["IsTruncated"] is False
    return list(found["PoliciesGrantingServiceAccess"])


def details(world: World, arn: str, granularity: str = "SERVICE_LEVEL") -> dict[str, dict[str, Any]]:
    """The services of a new report, by prefix."""
    job = do(world.alice, GENERATE, Arn=arn, Granularity=granularity)["JobId"]
    found = do(world.alice, DETAILS, JobId=job, MaxItems=1000)
    assert (found["JobStatus"], found["JobType"]) == ("COMPLETED", granularity)
    return {each["ServiceNamespace"]: each for each in found["ServicesLastAccessed"]}


def in_role(world: World, name: str) -> Caller:
    """Somebody in a role, as temporary credentials make one."""
    role = do(world.alice, "GetRole", RoleName=name)["Role"]
    arn = f"arn:aws:sts::{ACCOUNT_ID}:assumed-role/{name}/shift"
    now = timezone.now().timestamp()
    session = Session(now, now + 3600, role_arn=role["Arn"])
    return Caller(CallerKind.ROLE_SESSION, ACCOUNT_ID, arn, f"{role['RoleId']}:shift", "shift", session=session)


@pytest.mark.parametrize(
    ("element", "patterns", "reached"),
    [
        ("Action", ["*"], True),
        ("Action", ["s3:GetObject"], True),
        ("Action", ["s3:*"], True),
        ("Action", ["s*:Get*"], True),
        ("Action", ["*:Get*"], True),
        ("Action", ["iam:*"], False),
        ("Action", ["ec*:*"], False),
        ("NotAction", ["iam:*"], True),
        ("NotAction", ["s3:Get*"], True),
        ("NotAction", ["s3:*"], False),
        ("NotAction", ["*"], False),
    ],
)
def test_it_knows_which_statements_reach_a_service(element: str, patterns: list[str], reached: bool) -> None:
    allowing = {"Effect": "Allow", element: patterns, "Resource": "*"}
    denying = {**allowing, "Effect": "Deny"}
    assert reaches(compile_document({"Version": "2012-10-17", "Statement": allowing}), "s3") is reached
    assert not reaches(compile_document({"Version": "2012-10-17", "Statement": denying}), "s3")


def test_it_lists_the_policies_that_grant_each_service(world: World) -> None:
    allow(world.bob, "s3:GetObject")
    readers = make(world.alice, "Group", "readers")
    do(world.alice, "AddUserToGroup", **readers, UserName="bob")
    do(world.alice, "PutGroupPolicy", **readers, PolicyName="Shared", PolicyDocument=document("s3:PutObject"))
    do(world.alice, "AttachUserPolicy", UserName="bob", PolicyArn=AWS_READ_ONLY)
    s3, iam, nothing = granting(world, BOB_ARN, "s3", "iam", "a4b")
    assert s3["Policies"] == [
        {"PolicyName": "ReadOnlyAccess", "PolicyType": "MANAGED", "PolicyArn": AWS_READ_ONLY},
        {"PolicyName": "Shared", "PolicyType": "INLINE", "EntityType": "GROUP", "EntityName": "readers"},
        {"PolicyName": "only-this", "PolicyType": "INLINE", "EntityType": "USER", "EntityName": "bob"},
    ]
    assert [each["PolicyName"] for each in iam["Policies"]] == ["ReadOnlyAccess"]
    assert nothing["ServiceNamespace"] == "a4b"


def test_it_lists_what_a_group_and_a_role_are_granted(world: World) -> None:
    for kind, word in (("Group", "group"), ("Role", "role")):
        who = make(world.alice, kind, "team")
        do(world.alice, f"Put{kind}Policy", **who, PolicyName="Own", PolicyDocument=document())
        (s3,) = granting(world, f"arn:aws:iam::{ACCOUNT_ID}:{word}/team", "s3")
        assert [(each["EntityType"], each["EntityName"]) for each in s3["Policies"]] == [(kind.upper(), "team")]


@pytest.mark.parametrize(
    ("arn", "service", "expected"),
    [
        (BOB_ARN, "coffee", ("InvalidInput", "Invalid service namespace: coffee.")),
        (CHARLIE_ARN, "s3", ("NoSuchEntity", "The user with name charlie cannot be found.")),
    ],
)
def test_it_refuses_what_it_does_not_know(world: World, arn: str, service: str, expected: tuple[str, str]) -> None:
    given = {"Arn": arn, "ServiceNamespaces": [service]}
    assert refused(world.alice, "ListPoliciesGrantingServiceAccess", **given) == expected


def test_it_tells_services_used_from_those_only_within_reach(world: World) -> None:
    allow(world.bob, "iam:ListUsers", "s3:*")
    do(world.bob, "ListUsers")
    found = details(world, BOB_ARN)
    assert set(found) == {"iam", "s3"}
    used = Event.objects.get(name="ListUsers")
    assert (found["iam"]["LastAuthenticated"], found["iam"]["LastAuthenticatedEntity"]) == (used.at, BOB_ARN)
    assert (found["iam"]["TotalAuthenticatedEntities"], found["iam"]["LastAuthenticatedRegion"]) == (1, "us-east-1")
    assert (found["s3"]["TotalAuthenticatedEntities"], "LastAuthenticated" in found["s3"]) == (0, False)
    assert found["s3"]["ServiceName"] == "Amazon S3"


def test_it_counts_refused_calls_too(world: World) -> None:
    allow(world.bob, "iam:ListUsers")
    refused(world.bob, "ListRoles")
    assert details(world, BOB_ARN)["iam"]["TotalAuthenticatedEntities"] == 1


def test_it_does_not_count_a_predecessor_of_the_same_name(world: World) -> None:
    do(world.alice, "CreateUser", UserName="dana")
    allow(world.bob, "iam:ListUsers")
    do(world.bob, "ListUsers")
    do(world.alice, "DeleteUserPolicy", UserName="bob", PolicyName="only-this")
    do(world.alice, "DeleteUser", UserName="bob")
    do(world.alice, "UpdateUser", UserName="dana", NewUserName="bob")
    do(world.alice, "AttachUserPolicy", UserName="bob", PolicyArn=AWS_READ_ONLY)
    assert details(world, BOB_ARN)["iam"]["TotalAuthenticatedEntities"] == 0


def test_it_forgets_what_is_older_than_aws_tracks(world: World) -> None:
    allow(world.bob, "iam:ListUsers")
    do(world.bob, "ListUsers")
    unguarded().filter(name="ListUsers").update(at=timezone.now() - timedelta(days=401))
    assert details(world, BOB_ARN)["iam"]["TotalAuthenticatedEntities"] == 0


def test_it_tells_action_by_action(world: World) -> None:
    allow(world.bob, "iam:ListUsers", "iam:ListRoles", "s3:*")
    do(world.bob, "ListUsers")
    found = details(world, BOB_ARN, "ACTION_LEVEL")
    actions = {each["ActionName"]: each for each in found["iam"]["TrackedActionsLastAccessed"]}
    assert set(actions) == {"ListUsers", "ListRoles"}
    assert actions["ListUsers"]["LastAccessedEntity"] == BOB_ARN
    assert actions["ListUsers"]["LastAccessedTime"] == found["iam"]["LastAuthenticated"]
    assert actions["ListRoles"] == {"ActionName": "ListRoles"}
    assert "TrackedActionsLastAccessed" not in found["s3"]


def test_it_counts_sessions_for_their_role(world: World) -> None:
    who = make(world.alice, "Role", "reporter")
    do(world.alice, "AttachRolePolicy", **who, PolicyArn=AWS_READ_ONLY)
    do(in_role(world, "reporter"), "ListUsers")
    arn = f"arn:aws:iam::{ACCOUNT_ID}:role/reporter"
    assert details(world, arn)["iam"]["LastAuthenticatedEntity"] == arn


def test_it_looks_at_a_group_s_members_and_a_policy_s_holders(world: World) -> None:
    policy = make_policy(world.alice, PolicyDocument=document("iam:ListUsers"))
    readers = make(world.alice, "Group", "readers")
    do(world.alice, "AddUserToGroup", **readers, UserName="bob")
    do(world.alice, "AttachGroupPolicy", **readers, PolicyArn=policy)
    do(world.alice, "AttachRolePolicy", **make(world.alice, "Role", "reporter"), PolicyArn=policy)
    do(world.bob, "ListUsers")
    for arn, names in (
        (f"arn:aws:iam::{ACCOUNT_ID}:group/readers", ["bob"]),
        (policy, ["reporter", "bob"]),
    ):
        job = do(world.alice, GENERATE, Arn=arn)["JobId"]
        found = do(world.alice, ENTITIES, JobId=job, ServiceNamespace="iam")["EntityDetailsList"]
        assert [each["EntityInfo"]["Name"] for each in found] == names
        assert ["LastAuthenticated" in each for each in found] == [name == "bob" for name in names]
        assert {each["EntityInfo"]["Type"] for each in found} <= {"USER", "ROLE"}


def test_it_keeps_a_report_as_it_was(world: World) -> None:
    allow(world.bob, "iam:ListUsers")
    job = do(world.alice, GENERATE, Arn=BOB_ARN)["JobId"]
    do(world.bob, "ListUsers")
    (iam,) = do(world.alice, DETAILS, JobId=job)["ServicesLastAccessed"]
    assert iam["TotalAuthenticatedEntities"] == 0


def test_it_pages_through_the_services(world: World) -> None:
    job = do(world.alice, GENERATE, Arn=ADMINISTRATOR_ACCESS)["JobId"]
    first = do(world.alice, DETAILS, JobId=job, MaxItems=5)
    second = do(world.alice, DETAILS, JobId=job, MaxItems=5, Marker=first["Marker"])
    names = [each["ServiceName"] for page in (first, second) for each in page["ServicesLastAccessed"]]
    assert (len(set(names)), first["IsTruncated"]) == (10, True)


def test_it_drops_reports_after_a_week(world: World) -> None:
    old = do(world.alice, GENERATE, Arn=BOB_ARN)["JobId"]
    with time_machine.travel(timezone.now() + timedelta(days=8)):
        do(world.alice, GENERATE, Arn=ALICE_ARN)
        assert refused(world.alice, DETAILS, JobId=old)[0] == "NoSuchEntity"
    assert AccessReport.objects.count() == 1


@pytest.mark.parametrize("job", ["0b7c1f0e-6a1d-4c58-9d5e-2f8b6f0e4a11", "x" * 36])
def test_it_misses_a_report_that_is_not_there(world: World, job: str) -> None:
    expected = ("NoSuchEntity", f"The job with id {job} cannot be found.")
    assert refused(world.alice, DETAILS, JobId=job) == expected
    assert refused(world.alice, ENTITIES, JobId=job, ServiceNamespace="iam") == expected


def test_it_does_not_show_another_account_s_report(world: World) -> None:
    job = do(world.alice, GENERATE, Arn=BOB_ARN)["JobId"]
    assert refused(world.charlie, DETAILS, JobId=job)[0] == "NoSuchEntity"


def test_it_knows_only_services_within_the_report(world: World) -> None:
    job = do(world.alice, GENERATE, Arn=BOB_ARN)["JobId"]
    expected = ("InvalidInput", "The service namespace s3 is not part of the report.")
    assert refused(world.alice, ENTITIES, JobId=job, ServiceNamespace="s3") == expected


@pytest.mark.parametrize(
    ("arn", "expected"),
    [
        (
            f"arn:aws:iam::{ACCOUNT_ID}:policy/ghost",
            ("NoSuchEntity", f"Policy arn:aws:iam::{ACCOUNT_ID}:policy/ghost was not found."),
        ),
        (
            f"arn:aws:iam::{ACCOUNT_ID}:root",
            (
                "InvalidInput",
                f"Invalid Entity Arn: arn:aws:iam::{ACCOUNT_ID}:root does not clearly define entity type and name.",
            ),
        ),
    ],
)
def test_it_reports_only_on_what_exists(world: World, arn: str, expected: tuple[str, str]) -> None:
    assert refused(world.alice, GENERATE, Arn=arn) == expected
