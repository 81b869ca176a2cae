"""The list of roles, and deleting roles with all that AWS wants gone first."""

from __future__ import annotations

from datetime import timedelta

from django.test import Client
from django.utils import timezone

from identities.models import Role
from identities.tables_roles import duration
from tests.cast import OTHER_ACCOUNT_ID
from tests.identities.steps import do, trust
from tests.policies.views.documents import READ_REPORTS, make_policy
from tests.world import World, allow

LIST = "/iam/roles/"


def make_role(world: World, name: str = "Auditor", **more: object) -> None:
    document = trust(AWS=OTHER_ACCOUNT_ID)
    do(world.system, "CreateRole", RoleName=name, AssumeRolePolicyDocument=document, **more)


def roles() -> list[str]:
    return list(Role.objects.order_by("name").values_list("name", flat=True))


def test_it_lists_the_roles_with_whom_they_trust(alice: Client, world: World) -> None:
    make_role(world)
    page = alice.get(LIST).content.decode()
    assert 'href="/iam/roles/Auditor/"' in page
    assert "Account: 444455556666" in page


def test_it_finds_roles_by_whom_they_trust(alice: Client, world: World) -> None:
    make_role(world)
    table = {"hx-request": "true", "hx-target": "roles-table"}
    assert "Auditor" in alice.get(LIST, {"q": "4444"}, headers=table).content.decode()
    page = alice.get(LIST, {"q": "lambda"}, headers=table).content.decode()
    assert "Auditor" not in page
    assert "<html" not in page


def test_a_role_not_used_for_long_says_so(alice: Client, world: World) -> None:
    make_role(world)
    Role.objects.update(last_used_at=timezone.now() - timedelta(days=401))
    assert "Not accessed in the tracking period" in alice.get(LIST).content.decode()


def test_it_writes_durations_out() -> None:
    assert duration(3600) == "1 hour"
    assert duration(9001) == "2 hours 30 minutes 1 second"


def test_a_role_of_another_account_is_not_there(alice: Client, world: World) -> None:
    do(world.charlie, "CreateRole", RoleName="Stranger", AssumeRolePolicyDocument=trust(AWS="111122223333"))
    assert "Stranger" not in alice.get(LIST).content.decode()
    for tab in ("", "trust/", "tags/", "revoke-sessions/", "edit/", "trust/edit/", "tags/edit/"):
        assert alice.get(f"/iam/roles/Stranger/{tab}").status_code == 404


def test_who_may_not_list_sees_why(bob: Client) -> None:
    response = bob.get(LIST)
    assert response.status_code == 403
    assert "iam:ListRoles" in response.content.decode()


def test_when_a_role_was_used_is_only_for_who_may_get_it(bob: Client, world: World) -> None:
    make_role(world)
    Role.objects.update(last_used_at=timezone.now())
    allow(world.bob, "iam:ListRoles")
    assert bob.get(LIST).content.decode().count("Access denied") == 1
    assert "last activity: unknown" in bob.get("/iam/roles/Auditor/delete/").content.decode()
    allow(world.bob, "iam:ListRoles", "iam:GetRole")
    assert "Access denied" not in bob.get(LIST).content.decode()
    assert "last activity: unknown" not in bob.get("/iam/roles/Auditor/delete/").content.decode()


def test_deleting_takes_the_policies_away_first(alice: Client, world: World) -> None:
    policy = make_policy(world.system)
    make_role(world, PermissionsBoundary=policy)
    do(world.system, "AttachRolePolicy", RoleName="Auditor", PolicyArn=policy)
    do(world.system, "PutRolePolicy", RoleName="Auditor", PolicyName="own", PolicyDocument=READ_REPORTS)
    assert "last activity: none" in alice.get("/iam/roles/Auditor/delete/").content.decode()
    assert alice.post("/iam/roles/Auditor/delete/", {"confirm": "Auditor"}).status_code == 303
    assert roles() == []
    assert "Role Auditor deleted." in alice.get(LIST).content.decode()


def test_deleting_takes_the_role_out_of_its_instance_profiles(alice: Client, world: World) -> None:
    for profile in ("Auditor", "web"):
        do(world.system, "CreateInstanceProfile", InstanceProfileName=profile)
    make_role(world)
    make_role(world, "Other")
    for profile, role in (("Auditor", "Auditor"), ("web", "Other")):
        do(world.system, "AddRoleToInstanceProfile", InstanceProfileName=profile, RoleName=role)
    chosen = {"selected": ["Auditor", "Other"], "confirm": "2 roles"}
    assert alice.post("/iam/delete-roles/", chosen).status_code == 303
    assert roles() == []
    left = do(world.system, "ListInstanceProfiles")["InstanceProfiles"]
    assert [(each["InstanceProfileName"], each["Roles"]) for each in left] == [("web", [])]


def test_a_role_of_a_service_says_so_and_is_deleted_as_one(alice: Client, world: World) -> None:
    do(world.system, "CreateServiceLinkedRole", AWSServiceName="support.amazonaws.com")
    name = "AWSServiceRoleForSupport"
    assert "AWS Service: support (Service-Linked Role)" in alice.get(LIST).content.decode()
    assert "Only the service changes its policies" in alice.get(f"/iam/roles/{name}/").content.decode()
    assert alice.post(f"/iam/roles/{name}/delete/", {"confirm": name}).status_code == 303
    assert roles() == []


def test_several_roles_are_deleted_with_the_count_typed(alice: Client, world: World) -> None:
    make_role(world, "A")
    make_role(world, "B")
    response = alice.post("/iam/delete-roles/", {"selected": ["A", "B"], "confirm": "2 roles"})
    assert response.status_code == 303
    assert roles() == []


def test_a_refused_deletion_takes_nothing_away(bob: Client, world: World) -> None:
    make_role(world)
    do(world.system, "AttachRolePolicy", RoleName="Auditor", PolicyArn=make_policy(world.system))
    allow(world.bob, "iam:List*", "iam:Detach*", "iam:Remove*")
    response = bob.post("/iam/roles/Auditor/delete/", {"confirm": "Auditor"})
    assert response.status_code == 422
    assert "iam:DeleteRole" in response.content.decode()
    assert len(do(world.system, "ListAttachedRolePolicies", RoleName="Auditor")["AttachedPolicies"]) == 1
