"""Deleting a policy takes everything with it that AWS wants gone first, and nothing when it cannot go."""

from __future__ import annotations

from django.test import Client
from django.urls import reverse

from iamconsole.events.models import Event
from iamconsole.operations import door
from tests.history import unguarded
from tests.pages import sign_in
from tests.policies.views.documents import add_version, attached, make_policy
from tests.world import ADMINISTRATOR_ACCESS, World, allow


def attach(world: World, policy: str, user: str = "bob") -> None:
    door.perform(world.system, "iam:AttachUserPolicy", {"UserName": user, "PolicyArn": policy})


def test_the_dialog_names_what_goes_with_it(alice: Client, world: World) -> None:
    policy = make_policy(world.system)
    add_version(world.system, policy)
    attach(world, policy)
    page = alice.get(reverse("policy-delete", args=[policy])).content.decode()
    assert "detached from user bob" in page
    assert "v1" in page


def test_it_wants_the_name_typed(alice: Client, world: World) -> None:
    policy = make_policy(world.system)
    response = alice.post(reverse("policy-delete", args=[policy]), {"confirm": "readreports"})
    assert response.status_code == 422
    assert door.perform(world.system, "iam:GetPolicy", {"PolicyArn": policy})


def test_it_makes_one_call_for_everything(alice: Client, world: World) -> None:
    policy = make_policy(world.system)
    add_version(world.system, policy)
    attach(world, policy)
    unguarded().delete()
    response = alice.post(reverse("policy-delete", args=[policy]), {"confirm": "ReadReports"}, follow=True)
    assert "Policy ReadReports deleted." in response.content.decode()
    written = Event.objects.filter(read_only=False).order_by("pk").values_list("name", flat=True)
    assert list(written) == ["DetachUserPolicy", "DeletePolicyVersion", "DeletePolicy"]
    assert attached(world.system, "bob") == []


def test_who_may_not_delete_the_policy_takes_nothing_away(bob: Client, world: World) -> None:
    policy = make_policy(world.system)
    attach(world, policy)
    allow(world.bob, "iam:DetachUserPolicy", "iam:ListEntitiesForPolicy")
    response = bob.post(reverse("policy-delete", args=[policy]), {"confirm": "ReadReports"})
    assert response.status_code == 422
    assert "iam:DeletePolicy" in response.content.decode()
    assert attached(world.system, "bob") == ["ReadReports"]


def test_an_aws_policy_stays_where_it_is(alice: Client, world: World) -> None:
    response = alice.post(reverse("policy-delete", args=[ADMINISTRATOR_ACCESS]), {"confirm": "AdministratorAccess"})
    assert response.status_code == 422
    assert "Access denied" in response.content.decode()
    assert attached(world.system, "alice") == ["AdministratorAccess"]


def test_a_boundary_is_not_taken_away(alice: Client, world: World) -> None:
    policy = make_policy(world.system)
    attach(world, policy)
    door.perform(world.system, "iam:PutUserPermissionsBoundary", {"UserName": "bob", "PermissionsBoundary": policy})
    response = alice.post(reverse("policy-delete", args=[policy]), {"confirm": "ReadReports"})
    assert "Cannot delete a policy attached to entities." in response.content.decode()
    assert attached(world.system, "bob") == ["ReadReports"]


def test_it_is_refused_without_the_token_of_the_form(world: World) -> None:
    policy = make_policy(world.system)
    strict = Client(enforce_csrf_checks=True)
    sign_in(strict, world.alice)
    assert strict.post(reverse("policy-delete", args=[policy]), {"confirm": "ReadReports"}).status_code == 403
