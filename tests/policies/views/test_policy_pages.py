"""The list of policies and the page of one."""

from __future__ import annotations

import pytest
from django.test import Client
from django.urls import reverse

from iamconsole.operations import door
from tests.policies.views.documents import READ_REPORTS, add_version, arn, make_policy, versions
from tests.world import ADMINISTRATOR_ACCESS, World, allow

TABS = ("entities", "tags", "versions")


def test_the_list_shows_customer_and_aws_policies_with_their_use(alice: Client, world: World) -> None:
    make_policy(world.system)
    page = alice.get(reverse("policies"), {"q": "ReadReports"}).content.decode()
    assert "ReadReports" in page
    assert "1 match" in page
    administrators = alice.get(reverse("policies"), {"q": "AdministratorAccess"}).content.decode()
    assert "Permissions policy (1)" in administrators


def test_it_filters_by_type(alice: Client, world: World) -> None:
    make_policy(world.system)
    page = alice.get(reverse("policies"), {"type": "Customer managed"}).content.decode()
    assert "ReadReports" in page
    assert "AdministratorAccess" not in page


def test_htmx_gets_the_table_alone(alice: Client) -> None:
    page = alice.get(reverse("policies"), headers={"HX-Request": "true"}).content.decode()
    assert 'id="policies"' in page
    assert "<html" not in page


def test_the_list_says_access_denied_and_keeps_its_title(bob: Client) -> None:
    response = bob.get(reverse("policies"))
    page = response.content.decode()
    assert response.status_code == 200
    assert "Access denied" in page
    assert "iam:ListPolicies" in page


def test_a_chosen_row_leads_to_its_action(alice: Client, world: World) -> None:
    policy = make_policy(world.system)
    response = alice.get(reverse("policy-action", args=["delete"]), {"selected": policy})
    assert response.headers["Location"] == reverse("policy-delete", args=[policy])
    assert alice.get(reverse("policy-action", args=["paint"]), {"selected": policy}).status_code == 404


def test_no_chosen_row_goes_back_to_the_list(alice: Client) -> None:
    response = alice.get(reverse("policy-action", args=["delete"]), follow=True)
    assert "Select a policy first." in response.content.decode()


def test_it_shows_a_policy_as_summary_and_as_json(alice: Client, world: World) -> None:
    policy = make_policy(world.system)
    summary = alice.get(reverse("policy", args=[policy])).content.decode()
    assert "Allow (1 of " in summary
    assert "Limited: Read" in summary
    text = alice.get(reverse("policy", args=[policy]), {"view": "json"}).content.decode()
    assert "json-key" in text


def test_the_summary_opens_a_service_to_its_actions(alice: Client, world: World) -> None:
    policy = make_policy(world.system)
    page = alice.get(reverse("policy", args=[policy]), {"service": "s3", "effect": "allow"}).content.decode()
    assert "GetObject" in page
    assert "arn:aws:s3:::class-reports/*" in page


@pytest.mark.parametrize("tab", TABS)
def test_every_tab_opens(alice: Client, world: World, tab: str) -> None:
    response = alice.get(reverse("policy-tab", args=[tab, make_policy(world.system)]))
    assert response.status_code == 200
    assert "ReadReports" in response.content.decode()


@pytest.mark.parametrize("tab", TABS)
def test_every_tab_denies_for_itself(bob: Client, world: World, tab: str) -> None:
    page = bob.get(reverse("policy-tab", args=[tab, make_policy(world.system)])).content.decode()
    assert page.count('<h2 class="alert-title">Access denied</h2>') == 2


def test_details_may_be_denied_while_a_tab_is_shown(bob: Client, world: World) -> None:
    allow(world.bob, "iam:ListPolicyVersions")
    page = bob.get(reverse("policy-tab", args=["versions", make_policy(world.system)])).content.decode()
    assert page.count("Access denied</h2>") == 1
    assert "Policy versions" in page


def test_an_older_version_says_that_it_is_not_in_force(alice: Client, world: World) -> None:
    policy = make_policy(world.system)
    add_version(world.system, policy)
    page = alice.get(reverse("policy", args=[policy]), {"version": "v1", "view": "json"}).content.decode()
    assert "It is not the default version" in page
    assert "GetObject" in page


def test_a_policy_that_is_not_there_is_a_404(alice: Client) -> None:
    assert alice.get(reverse("policy", args=[arn("Nothing")])).status_code == 404


def test_another_accounts_policy_is_a_404(alice: Client) -> None:
    foreign = "arn:aws:iam::444455556666:policy/Theirs"
    assert alice.get(reverse("policy", args=[foreign])).status_code == 404
    assert alice.get(reverse("policy-delete", args=[foreign])).status_code == 404


def test_an_unknown_tab_is_a_404(alice: Client, world: World) -> None:
    assert alice.get(reverse("policy-tab", args=["colours", make_policy(world.system)])).status_code == 404


def test_aws_policies_offer_no_edit(alice: Client) -> None:
    page = alice.get(reverse("policy", args=[ADMINISTRATOR_ACCESS])).content.decode()
    assert reverse("policy-edit", args=[ADMINISTRATOR_ACCESS]) not in page
    assert reverse("policy-delete", args=[ADMINISTRATOR_ACCESS]) not in page
    assert "Full access" in page


def test_strangers_are_sent_to_sign_in(db: None) -> None:
    response = Client().get(reverse("policies"))
    assert response.status_code == 302
    assert reverse("signin") in response.headers["Location"]


def test_it_puts_another_version_in_force_after_asking(alice: Client, world: World) -> None:
    policy = make_policy(world.system)
    add_version(world.system, policy, default=False)
    url = reverse("policy-version-default", args=[policy])
    assert "Set v2 as default?" in alice.get(url, {"selected": "v2"}).content.decode()
    assert alice.post(url, {"selected": "v2"}).status_code == 303
    assert versions(world.system, policy) == ["v2*", "v1"]


def test_it_deletes_a_version_and_refuses_the_default(alice: Client, world: World) -> None:
    policy = make_policy(world.system)
    add_version(world.system, policy)
    url = reverse("policy-version-delete", args=[policy])
    refused = alice.post(url, {"selected": "v2"})
    assert refused.status_code == 422
    assert "Cannot delete the default version of a policy." in refused.content.decode()
    alice.post(url, {"selected": "v1"})
    assert versions(world.system, policy) == ["v2*"]


def test_it_saves_tags_and_keeps_what_was_typed_on_an_error(alice: Client, world: World) -> None:
    policy = make_policy(world.system)
    url = reverse("policy-tags-edit", args=[policy])
    alice.post(url, {"tag_key": ["team", "stage"], "tag_value": ["red", "test"]})
    alice.post(url, {"tag_key": ["team"], "tag_value": ["blue"]})
    tags = door.perform(world.system, "iam:ListPolicyTags", {"PolicyArn": policy})["Tags"]
    assert tags == [{"Key": "team", "Value": "blue"}]
    alice.post(url, {"tag_key": ["team", "Team"], "tag_value": ["blue", "red"]})
    tags = door.perform(world.system, "iam:ListPolicyTags", {"PolicyArn": policy})["Tags"]
    assert tags == [{"Key": "Team", "Value": "red"}, {"Key": "team", "Value": "blue"}]
    failed = alice.post(url, {"tag_key": ["aws:mine"], "tag_value": ["no"]})
    assert failed.status_code == 422
    assert 'value="aws:mine"' in failed.content.decode()


def test_adding_a_row_of_tags_saves_nothing(alice: Client, world: World) -> None:
    policy = make_policy(world.system)
    response = alice.post(
        reverse("policy-tags-edit", args=[policy]), {"tag_key": ["team"], "tag_value": ["red"], "tag_add": "1"}
    )
    assert response.status_code == 200
    assert 'value="team"' in response.content.decode()
    assert door.perform(world.system, "iam:ListPolicyTags", {"PolicyArn": policy})["Tags"] == []


def test_the_json_is_shown_as_it_was_written(alice: Client, world: World) -> None:
    policy = make_policy(world.system)
    result = door.perform(world.alice, "iam:GetPolicyVersion", {"PolicyArn": policy, "VersionId": "v1"})
    assert result["PolicyVersion"]["Document"] == READ_REPORTS  # type: ignore[index]
