"""Why a call was refused or allowed: for its caller always, for others by permission."""

from __future__ import annotations

from uuid import uuid4

import pytest
from django.test import Client

from iamconsole.events.models import Event
from iamconsole.operations import door
from iamconsole.operations.errors import AccessDenied
from tests.pages import sign_in
from tests.world import World, allow, as_user, make_user


def page(event: Event | str) -> str:
    return f"/iam/authorization-details/{event.event_id if isinstance(event, Event) else event}/"


def refused(world: World) -> Event:
    with pytest.raises(AccessDenied) as refusal:
        door.perform(world.bob, "iam:GetUser", {"UserName": "alice"})
    return Event.objects.get(event_id=refusal.value.event_id)


def test_it_explains_a_refusal_to_whom_it_met(bob: Client, world: World) -> None:
    allow(world.bob, "iam:GetUser", resource=world.bob.arn)
    response = bob.get(page(refused(world)))
    text = response.content.decode()
    assert response.status_code == 200
    assert "No identity-based policy allows the iam:GetUser action" in text
    assert f"Resource needs {world.bob.arn}; the request has {world.alice.arn}" in text
    assert "aws:PrincipalArn" in text
    assert "View event" in text


def test_it_explains_the_own_refusal_of_one_who_may_do_nothing(bob: Client, world: World) -> None:
    response = bob.get(page(refused(world)))
    assert "No policy applies to the principal at all." in response.content.decode()


def test_it_shows_the_call_of_another_only_with_permission(bob: Client, alice: Client, world: World) -> None:
    door.perform(world.alice, "iam:CreateUser", {"UserName": "dana"})
    event = Event.objects.get(name="CreateUser")
    denied = bob.get(page(event))
    assert denied.status_code == 403
    assert "iam:GetRequestAuthorizationDetails" in denied.content.decode()
    allow(world.bob, "iam:GetRequestAuthorizationDetails")
    assert bob.get(page(event)).status_code == 200


def test_it_explains_an_allowed_call_by_its_statement(alice: Client, world: World) -> None:
    door.perform(world.alice, "iam:CreateUser", {"UserName": "dana"})
    response = alice.get(page(Event.objects.get(name="CreateUser")))
    (shown,) = response.context["shown"]
    assert shown.deciding.source.name == "AdministratorAccess"
    assert shown.lines is not None
    assert "Identity policies — AdministratorAccess allows" in response.content.decode()


def test_it_keeps_telling_after_the_policy_changed(alice: Client, world: World) -> None:
    allow(world.bob, "iam:GetUser", effect="Deny", name="no")
    event = refused(world)
    door.perform(world.system, "iam:DeleteUserPolicy", {"UserName": "bob", "PolicyName": "no"})
    text = alice.get(page(event)).content.decode()
    assert "Explicit deny — no matched" in text
    assert "the policy is no longer there" in text


def test_it_does_not_show_a_namesake_what_was_refused_before(world: World) -> None:
    event = refused(world)
    door.perform(world.system, "iam:DeleteUser", {"UserName": "bob"})
    client = Client()
    sign_in(client, as_user(make_user("bob")))
    assert client.get(page(event)).status_code == 403


def test_it_knows_root_needs_no_policy(alice: Client, world: World) -> None:
    door.perform(world.root, "iam:CreateUser", {"UserName": "dana"})
    text = alice.get(page(Event.objects.get(name="CreateUser"))).content.decode()
    assert "Root user" in text


def test_it_has_nothing_of_other_accounts_or_of_nothing(alice: Client, world: World) -> None:
    door.perform(world.charlie, "iam:CreateUser", {"UserName": "erin"})
    door.perform(world.system, "iam:CreateUser", {"UserName": "erin"})
    for event in Event.objects.filter(name="CreateUser"):
        assert alice.get(page(event)).status_code == 404
    assert alice.get(page(str(uuid4()))).status_code == 404


def test_it_leads_to_the_same_question_in_the_simulator(alice: Client, world: World) -> None:
    address = alice.get(page(refused(world))).context["again_url"]
    outcome = alice.get(address).context["outcome"]
    assert [(row.action, row.resource, row.text) for row in outcome.table.rows] == [
        ("iam:GetUser", world.alice.arn, "Denied (implicit)")
    ]
