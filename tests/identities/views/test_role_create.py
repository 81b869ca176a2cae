"""The wizard that creates roles, from whom they trust to the calls that make them."""

from __future__ import annotations

import json

import pytest
from django.test import Client
from django.urls import reverse

from identities.models import Role
from tests.cast import ACCOUNT_ID
from tests.identities.steps import do, trust
from tests.policies.views.documents import make_policy
from tests.world import ADMINISTRATOR_ACCESS, World, allow

OWN = {"trusted": "account", "account": "this"}
NONE = {"policy_picker": "1", "boundary_picker": "1"}


def step(number: int) -> str:
    return reverse("role-create-step", args=["token", number])


def send(client: Client, number: int, **given: object) -> tuple[int, str, str]:
    """Status, where it leads, and the page."""
    response = client.post(step(number), {"wizard": "next", **given})
    return response.status_code, response.headers.get("Location", ""), response.content.decode()


def made(world: World, name: str = "Auditor") -> dict[str, object]:
    found: dict[str, object] = do(world.system, "GetRole", RoleName=name)["Role"]
    return found


def attached(world: World) -> list[str]:
    found = do(world.system, "ListAttachedRolePolicies", RoleName="Auditor")["AttachedPolicies"]
    return [policy["PolicyName"] for policy in found]


def statement(document: object) -> dict[str, object]:
    (only,) = json.loads(str(document))["Statement"]
    assert isinstance(only, dict)
    return only


def test_every_visitor_gets_a_draft_of_its_own(alice: Client) -> None:
    first, second = (alice.get("/iam/create-role/").headers["Location"] for _ in range(2))
    assert first != second
    assert "Select trusted entity" in alice.get(first).content.decode()


def test_it_creates_a_role_with_everything(alice: Client, world: World) -> None:
    policy = make_policy(world.system)
    another = {"trusted": "account", "account": "another", "account_id": "444455556666"}
    assert send(alice, 1, **another, external="on", external_id="word", mfa="on")[1] == step(2)
    chosen = {"policy": [policy, ADMINISTRATOR_ACCESS], "bounded": "yes", "boundary": policy, **NONE}
    assert send(alice, 2, **chosen)[1] == step(3)
    review = alice.get(step(3)).content.decode()
    assert "Permissions boundary" in review
    assert "444455556666" in review
    status, to, _ = send(alice, 3, name="Auditor", description="Looks", tag_key=["team"], tag_value=["audit"])
    assert (status, to) == (303, "/iam/roles/")
    role = made(world)
    assert role["Description"] == "Looks"
    assert role["Tags"] == [{"Key": "team", "Value": "audit"}]
    assert role["PermissionsBoundary"]["PermissionsBoundaryArn"] == policy  # type: ignore[index]
    assert attached(world) == ["AdministratorAccess", "ReadReports"]
    assert statement(role["AssumeRolePolicyDocument"])["Condition"] == {
        "StringEquals": {"sts:ExternalId": "word"},
        "Bool": {"aws:MultiFactorAuthPresent": "true"},
    }
    page = alice.get("/iam/roles/").content.decode()
    assert "Role Auditor created." in page
    assert "View role" in page


def test_this_account_trusts_itself_without_conditions(alice: Client, world: World) -> None:
    send(alice, 1, **OWN)
    send(alice, 2, **NONE)
    assert send(alice, 3, name="Auditor")[0] == 303
    trusted = statement(made(world)["AssumeRolePolicyDocument"])
    assert trusted["Principal"] == {"AWS": f"arn:aws:iam::{ACCOUNT_ID}:root"}
    assert trusted["Condition"] == {}


def test_a_service_suggests_a_description(alice: Client, world: World) -> None:
    assert send(alice, 1, trusted="service", service="ec2.amazonaws.com")[1] == step(2)
    send(alice, 2, **NONE)
    assert "Lets EC2 instances call AWS services with this role." in alice.get(step(3)).content.decode()
    send(alice, 3, name="Auditor", description="")
    assert "Description" not in made(world)
    assert statement(made(world)["AssumeRolePolicyDocument"])["Principal"] == {"Service": "ec2.amazonaws.com"}


def profiles(world: World) -> list[str]:
    found = do(world.system, "ListInstanceProfilesForRole", RoleName="Auditor")["InstanceProfiles"]
    return [profile["InstanceProfileName"] for profile in found]


def test_a_role_for_ec2_comes_in_an_instance_profile_of_its_name(alice: Client, world: World) -> None:
    send(alice, 1, trusted="service", service="ec2.amazonaws.com")
    send(alice, 2, **NONE)
    assert send(alice, 3, name="Auditor")[0] == 303
    assert profiles(world) == ["Auditor"]


def test_an_instance_profile_that_could_not_be_made_is_told(bob: Client, world: World) -> None:
    allow(world.bob, "iam:CreateRole", "iam:CreateInstanceProfile", "iam:GetRole")
    send(bob, 1, trusted="service", service="ec2.amazonaws.com")
    send(bob, 2, **NONE)
    assert send(bob, 3, name="Auditor")[1] == "/iam/roles/Auditor/"
    assert profiles(world) == []
    page = bob.get("/iam/roles/Auditor/").content.decode()
    assert "The instance profile Auditor is not complete." in page
    assert "iam:AddRoleToInstanceProfile" in page


def test_a_trust_policy_written_by_hand_is_kept_as_written(alice: Client, world: World) -> None:
    document = trust(Service="lambda.amazonaws.com").replace("{", "{\n", 1)
    assert send(alice, 1, trusted="custom", document=document)[1] == step(2)
    send(alice, 2, **NONE)
    send(alice, 3, name="Auditor")
    assert made(world)["AssumeRolePolicyDocument"] == document


@pytest.mark.parametrize(
    ("given", "text"),
    [
        ({"trusted": "service"}, "Choose the service that will use this role."),
        ({"trusted": "account", "account": "another", "account_id": "12"}, "Enter an account ID of 12 digits."),
        ({**OWN, "external": "on", "external_id": "a b"}, "Enter an external ID"),
        ({"trusted": "custom", "document": "{"}, "is-invalid"),
        ({"trusted": "custom", "document": trust(AWS=[])}, "Errors: 1"),
        ({"trusted": "nobody"}, "Select a valid choice."),
        ({}, "This field is required."),
    ],
)
def test_answers_that_do_not_do_are_said_and_kept(alice: Client, given: dict[str, str], text: str) -> None:
    status, _, page = send(alice, 1, **given)
    assert status == 422
    assert text in page
    for value in (given.get("account_id"), given.get("external_id")):
        assert not value or f'value="{value}"' in page
    assert alice.get(step(2)).headers["Location"] == step(1)


def test_findings_can_be_asked_for_without_javascript(alice: Client) -> None:
    document = trust(AWS="*")
    response = alice.post(step(1), {"wizard": "check", "trusted": "custom", "document": document})
    assert response.status_code == 200
    assert "findings-list" in response.content.decode()


def test_a_boundary_that_was_wanted_must_be_chosen(alice: Client) -> None:
    send(alice, 1, **OWN)
    status, _, page = send(alice, 2, bounded="yes", policy=ADMINISTRATOR_ACCESS, **NONE)
    assert status == 422
    assert "Select the policy that is the permissions boundary." in page
    assert "Selected: AdministratorAccess" in page


def test_more_policies_than_a_role_can_hold_are_refused_at_once(alice: Client) -> None:
    send(alice, 1, **OWN)
    many = [f"arn:aws:iam::aws:policy/P{number}" for number in range(11)]
    assert "Cannot exceed quota for PoliciesPerRole: 10" in send(alice, 2, policy=many, **NONE)[2]


def test_searching_without_javascript_keeps_both_choices(alice: Client) -> None:
    send(alice, 1, **OWN)
    chosen = {"policy": ADMINISTRATOR_ACCESS, "bounded": "yes", "boundary": ADMINISTRATOR_ACCESS, **NONE}
    status, _, page = send(alice, 2, **chosen, boundary_q="IAMFull", boundary_search="1")
    assert status == 200
    assert page.count("Selected: AdministratorAccess") == 2
    assert 'value="yes" id="id_bounded_1" checked' in page


def test_going_back_forgets_nothing(alice: Client) -> None:
    send(alice, 1, trusted="account", account="another", account_id="444455556666")
    send(alice, 2, policy=ADMINISTRATOR_ACCESS, **NONE)
    assert send(alice, 3, wizard="previous", name="Auditor", tag_key="team", tag_value="audit")[1] == step(2)
    assert "Selected: AdministratorAccess" in alice.get(step(2)).content.decode()
    assert send(alice, 2, wizard="previous", policy=ADMINISTRATOR_ACCESS, **NONE)[1] == step(1)
    assert 'value="444455556666"' in alice.get(step(1)).content.decode()
    review = alice.get(step(3)).content.decode()
    assert 'value="Auditor"' in review
    assert 'value="audit"' in review


def test_a_refused_name_is_said_at_the_field_and_everything_is_kept(alice: Client, world: World) -> None:
    do(world.system, "CreateRole", RoleName="Auditor", AssumeRolePolicyDocument=trust(AWS=ACCOUNT_ID))
    send(alice, 1, **OWN)
    send(alice, 2, **NONE)
    for name, text in {
        "auditor": "Role with name auditor already exists.",
        "a b": "The specified value for roleName is invalid.",
    }.items():
        status, _, page = send(alice, 3, name=name, description="Kept", tag_key="team", tag_value="audit")
        assert status == 422
        assert text in page
        assert "Kept" in page
        assert 'value="audit"' in page
    assert Role.objects.count() == 1


def test_adding_a_tag_row_creates_nothing(alice: Client) -> None:
    send(alice, 1, **OWN)
    send(alice, 2, **NONE)
    status, _, page = send(alice, 3, wizard="", name="Auditor", tag_add="1")
    assert status == 200
    assert 'value="Auditor"' in page
    assert 'name="tag_key"' in page
    assert Role.objects.count() == 0


def test_who_may_not_create_sees_why_on_the_last_step(bob: Client) -> None:
    send(bob, 1, **OWN)
    assert "iam:ListPolicies</code>" in bob.get(step(2)).content.decode()
    send(bob, 2, **NONE)
    status, _, page = send(bob, 3, name="Auditor")
    assert status == 422
    assert "iam:CreateRole</code>" in page


def test_a_policy_that_could_not_be_attached_is_told(bob: Client, world: World) -> None:
    allow(world.bob, "iam:CreateRole", "iam:List*", "iam:GetRole")
    send(bob, 1, **OWN)
    send(bob, 2, policy=ADMINISTRATOR_ACCESS, **NONE)
    assert send(bob, 3, name="Auditor")[1] == "/iam/roles/Auditor/"
    assert attached(world) == []
    page = bob.get("/iam/roles/Auditor/").content.decode()
    assert "Policy AdministratorAccess was not attached." in page
    assert "iam:AttachRolePolicy" in page


def test_cancelling_forgets_the_draft(alice: Client) -> None:
    send(alice, 1, **OWN)
    assert send(alice, 2, wizard="cancel")[1] == "/iam/roles/"
    assert alice.get(step(2)).headers["Location"] == step(1)


def test_there_is_no_fourth_step(alice: Client) -> None:
    assert alice.get(step(4)).status_code == 404
