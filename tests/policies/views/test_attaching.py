"""Putting policies on users, groups and roles and taking them off, from either side."""

from __future__ import annotations

from django.test import Client
from django.urls import reverse

from iamconsole.operations import door
from tests.policies.views.documents import READ_REPORTS, attached, inline, make_policy
from tests.world import ADMINISTRATOR_ACCESS, World, allow

READ_ONLY = "arn:aws:iam::aws:policy/ReadOnlyAccess"
ATTACH = "/iam/users/bob/attach-policies/"
DETACH = "/iam/users/bob/detach-policies/"


def put_inline(world: World, name: str = "own") -> None:
    given = {"UserName": "bob", "PolicyName": name, "PolicyDocument": READ_REPORTS}
    door.perform(world.system, "iam:PutUserPolicy", given)


def test_it_attaches_what_was_chosen(alice: Client, world: World) -> None:
    policy = make_policy(world.system)
    response = alice.post(ATTACH, {"policy": [policy, READ_ONLY], "policy_picker": "1"})
    assert response.status_code == 303
    assert attached(world.system, "bob") == ["ReadOnlyAccess", "ReadReports"]


def test_it_wants_at_least_one(alice: Client) -> None:
    response = alice.post(ATTACH, {"policy_picker": "1"})
    assert response.status_code == 422
    assert "Select at least one policy." in response.content.decode()


def test_it_does_not_offer_what_is_attached(alice: Client) -> None:
    page = alice.get("/iam/users/alice/attach-policies/").content.decode()
    assert f'value="{ADMINISTRATOR_ACCESS}"' not in page


def test_turning_pages_keeps_the_choice_without_javascript(alice: Client, world: World) -> None:
    policy = make_policy(world.system)
    moved = alice.post(ATTACH, {"policy": [policy], "policy_picker": "1", "policy_page": "2"}).content.decode()
    assert f'type="hidden" name="policy" value="{policy}"' in moved
    found = alice.post(ATTACH, {"policy": [policy], "policy_q": "ReadRep", "policy_search": "1"}).content.decode()
    assert f'value="{policy}" aria-label="Select ReadReports" checked' in found
    assert attached(world.system, "bob") == []


def test_the_picker_answers_htmx_with_its_table(alice: Client) -> None:
    url = reverse("policy-picker", args=["policy", "many"])
    page = alice.post(url, {"policy": [READ_ONLY], "policy_q": "IAMFull"}).content.decode()
    assert "IAMFullAccess" in page
    assert "<html" not in page
    assert READ_ONLY in page


def test_a_picker_of_one_keeps_the_last_choice(alice: Client) -> None:
    url = reverse("policy-picker", args=["policy", "one"])
    page = alice.post(url, {"policy": [READ_ONLY, ADMINISTRATOR_ACCESS], "policy_q": "zzz"}).content.decode()
    assert "Selected: AdministratorAccess" in page


def test_who_may_not_list_policies_sees_why(bob: Client) -> None:
    assert "iam:ListPolicies" in bob.get(ATTACH).content.decode()


def test_one_refusal_leaves_the_others_done(bob: Client, world: World) -> None:
    policy = make_policy(world.system)
    allow(world.bob, "iam:ListPolicies", "iam:AttachUserPolicy")
    missing = "arn:aws:iam::111122223333:policy/Missing"
    response = bob.post(ATTACH, {"policy": [policy, missing], "policy_picker": "1"})
    page = response.content.decode()
    assert response.status_code == 422
    assert "1 policy" in page
    assert f"Policy {missing} does not exist or is not attachable." in page
    assert attached(world.system, "bob") == ["ReadReports"]


def test_attaching_to_one_who_is_not_there_is_a_404(alice: Client) -> None:
    assert alice.get("/iam/users/nobody/attach-policies/").status_code == 404


def test_it_detaches_managed_and_deletes_inline_policies_after_asking(alice: Client, world: World) -> None:
    policy = make_policy(world.system)
    door.perform(world.system, "iam:AttachUserPolicy", {"UserName": "bob", "PolicyArn": policy})
    put_inline(world)
    chosen = {"selected": [f"managed::{policy}", "inline::own"]}
    page = alice.get(DETACH, chosen).content.decode()
    assert "Inline policies are deleted permanently: own." in page
    assert alice.post(DETACH, chosen).status_code == 303
    assert (attached(world.system, "bob"), inline(world.system, "bob")) == ([], [])


def test_inherited_policies_are_not_removed_here(alice: Client, world: World) -> None:
    door.perform(world.system, "iam:CreateGroup", {"GroupName": "staff"})
    door.perform(world.system, "iam:AddUserToGroup", {"GroupName": "staff", "UserName": "bob"})
    door.perform(world.system, "iam:AttachGroupPolicy", {"GroupName": "staff", "PolicyArn": READ_ONLY})
    chosen = {"selected": [f"managed:staff:{READ_ONLY}"]}
    assert "ReadOnlyAccess (group staff)" in alice.get(DETACH, chosen).content.decode()
    assert alice.post(DETACH, chosen).status_code == 422
    listed = door.perform(world.system, "iam:ListAttachedGroupPolicies", {"GroupName": "staff"})["AttachedPolicies"]
    assert listed == [{"PolicyName": "ReadOnlyAccess", "PolicyArn": READ_ONLY}]


def test_a_refused_removal_says_why(bob: Client, world: World) -> None:
    put_inline(world)
    allow(world.bob, "iam:ListUserPolicies")
    response = bob.post(DETACH, {"selected": ["inline::own"]})
    assert response.status_code == 422
    assert "iam:DeleteUserPolicy" in response.content.decode()


def test_one_policy_is_attached_to_many(alice: Client, world: World) -> None:
    policy = make_policy(world.system)
    door.perform(world.system, "iam:CreateGroup", {"GroupName": "staff"})
    url = reverse("policy-attach", args=[policy])
    assert "staff" in alice.get(url).content.decode()
    done = alice.post(url, {"selected": ["User:bob", "Group:staff"]}, follow=True).content.decode()
    assert "Policy attached to 2 entities" in done
    assert attached(world.system, "bob") == ["ReadReports"]


def test_attaching_to_nobody_is_an_error_of_the_form(alice: Client, world: World) -> None:
    response = alice.post(reverse("policy-attach", args=[make_policy(world.system)]), {"selected": ["Robot:r2"]})
    assert response.status_code == 422
    assert "Select at least one entity." in response.content.decode()


def test_one_policy_is_detached_after_asking(alice: Client, world: World) -> None:
    policy = make_policy(world.system)
    door.perform(world.system, "iam:AttachUserPolicy", {"UserName": "bob", "PolicyArn": policy})
    url = reverse("policy-detach", args=[policy])
    assert "from user bob?" in alice.get(url, {"selected": "User:bob"}).content.decode()
    assert "Policy detached from 1 entity" in alice.post(url, {"selected": "User:bob"}, follow=True).content.decode()
    assert attached(world.system, "bob") == []


def test_each_kind_that_cannot_be_listed_is_named(bob: Client, world: World) -> None:
    policy = make_policy(world.system)
    allow(world.bob, "iam:ListUsers")
    page = bob.get(reverse("policy-attach", args=[policy])).content.decode()
    assert "iam:ListGroups" in page
    assert "iam:ListRoles" in page
    assert 'aria-label="Select alice"' in page
