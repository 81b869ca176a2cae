"""The page of one role: its tabs, its settings, its trust policy, its tags, its sessions."""

from __future__ import annotations

import json

import pytest
from django.test import Client

from identities.models import Role
from identities.views.role_edit import version_of
from tests.cast import OTHER_ACCOUNT_ID
from tests.identities.steps import do, trust
from tests.world import World, allow

PAGE = "/iam/roles/Auditor/"
TRUST = trust(AWS=OTHER_ACCOUNT_ID)
OTHER_TRUST = trust(Service="ec2.amazonaws.com")


@pytest.fixture(autouse=True)
def auditor(world: World) -> None:
    tags = [{"Key": "team", "Value": "audit"}]
    do(
        world.system,
        "CreateRole",
        RoleName="Auditor",
        AssumeRolePolicyDocument=TRUST,
        Description="Looks",
        Tags=tags,
    )


def role(world: World) -> dict[str, object]:
    found: dict[str, object] = do(world.system, "GetRole", RoleName="Auditor")["Role"]
    return found


def test_it_shows_the_summary(alice: Client) -> None:
    page = alice.get(PAGE).content.decode()
    for text in ("Looks", "arn:aws:iam::111122223333:role/Auditor", "1 hour", "Tags (1)", "Permissions boundary"):
        assert text in page


def test_a_role_for_ec2_shows_its_instance_profile(alice: Client, bob: Client, world: World) -> None:
    do(world.system, "UpdateAssumeRolePolicy", RoleName="Auditor", PolicyDocument=OTHER_TRUST)
    assert "Instance profile ARN" in alice.get(PAGE).content.decode()
    do(world.system, "CreateInstanceProfile", InstanceProfileName="web")
    do(world.system, "AddRoleToInstanceProfile", InstanceProfileName="web", RoleName="Auditor")
    assert "arn:aws:iam::111122223333:instance-profile/web" in alice.get(PAGE).content.decode()
    allow(world.bob, "iam:GetRole")
    page = bob.get(f"{PAGE}trust/").content.decode()
    assert "Instance profile ARN" in page
    assert "instance-profile/web" not in page


def test_the_trust_tab_shows_the_document_and_whom_it_names(alice: Client) -> None:
    page = alice.get(f"{PAGE}trust/").content.decode()
    assert "Account: 444455556666" in page
    assert "sts:AssumeRole" in page


@pytest.mark.parametrize(
    ("tab", "action"),
    [
        ("", "iam:ListRolePolicies"),
        ("trust/", "iam:GetRole"),
        ("tags/", "iam:ListRoleTags"),
        ("revoke-sessions/", "iam:GetRolePolicy"),
    ],
)
def test_every_panel_says_why_it_stays_empty(bob: Client, tab: str, action: str) -> None:
    response = bob.get(PAGE + tab)
    assert response.status_code == 200
    page = response.content.decode()
    assert f"{action}</code>" in page
    assert "iam:GetRole</code>" in page
    assert "444455556666" not in page
    assert "audit" not in page


@pytest.mark.parametrize("form", ["edit/", "trust/edit/", "tags/edit/"])
def test_a_form_that_cannot_be_filled_is_refused_with_the_reason(bob: Client, form: str) -> None:
    response = bob.get(PAGE + form)
    assert response.status_code == 403
    assert "Access denied" in response.content.decode()


def test_it_changes_description_and_duration(alice: Client, world: World) -> None:
    assert 'value="3600" selected' in alice.get(f"{PAGE}edit/").content.decode()
    response = alice.post(f"{PAGE}edit/", {"description": "One\r\ntwo", "duration": "custom", "seconds": "5400"})
    assert response.status_code == 303
    assert role(world)["Description"] == "One\ntwo"
    assert role(world)["MaxSessionDuration"] == 5400
    page = alice.get(f"{PAGE}edit/").content.decode()
    assert 'value="custom" selected' in page
    assert 'value="5400"' in page
    assert "1 hour 30 minutes" in alice.get(PAGE).content.decode()


@pytest.mark.parametrize("seconds", ["", "3599", "43201", "soon"])
def test_a_duration_out_of_bounds_is_said_at_the_field(alice: Client, world: World, seconds: str) -> None:
    response = alice.post(f"{PAGE}edit/", {"description": "Kept", "duration": "custom", "seconds": seconds})
    assert response.status_code == 422
    assert "Kept" in response.content.decode()
    assert role(world)["MaxSessionDuration"] == 3600


def test_a_description_of_forbidden_characters_is_aws_s_to_refuse(alice: Client, world: World) -> None:
    response = alice.post(f"{PAGE}edit/", {"description": "a\u2013b", "duration": "3600"})
    assert response.status_code == 422
    assert "failed to satisfy constraint" in response.content.decode()
    assert role(world)["Description"] == "Looks"


def edit_trust(client: Client, document: str, base: str = TRUST, **more: str) -> tuple[int, str]:
    response = client.post(f"{PAGE}trust/edit/", {"document": document, "version": version_of(base), **more})
    return response.status_code, response.content.decode()


def test_it_replaces_the_trust_policy(alice: Client, world: World) -> None:
    assert edit_trust(alice, OTHER_TRUST)[0] == 303
    assert role(world)["AssumeRolePolicyDocument"] == OTHER_TRUST
    assert "Trust policy updated." in alice.get(f"{PAGE}trust/").content.decode()


@pytest.mark.parametrize("document", ["{", "", '{"Version": "2012-10-17", "Statement": []}', TRUST.replace("sts", "x")])
def test_a_broken_trust_policy_stays_in_the_editor(alice: Client, world: World, document: str) -> None:
    status, page = edit_trust(alice, document)
    assert status == 422
    assert "is-invalid" in page or "Errors: 1" in page
    assert role(world)["AssumeRolePolicyDocument"] == TRUST


def test_a_principal_that_does_not_exist_is_aws_s_to_refuse(alice: Client) -> None:
    status, page = edit_trust(alice, trust(AWS="arn:aws:iam::111122223333:user/nobody"))
    assert status == 422
    assert "Invalid principal in policy" in page
    assert "user/nobody" in page


def test_an_edit_that_somebody_else_came_before_shows_both_texts(alice: Client, world: World) -> None:
    own = trust(Service="lambda.amazonaws.com")
    do(world.system, "UpdateAssumeRolePolicy", RoleName="Auditor", PolicyDocument=OTHER_TRUST)
    status, page = edit_trust(alice, own)
    assert status == 422
    assert "The trust policy was changed in the meantime" in page
    assert "lambda.amazonaws.com" in page
    assert "ec2.amazonaws.com" in page
    assert role(world)["AssumeRolePolicyDocument"] == OTHER_TRUST
    assert edit_trust(alice, own, base=OTHER_TRUST)[0] == 303


def test_findings_can_be_asked_for_without_javascript(alice: Client, world: World) -> None:
    status, page = edit_trust(alice, trust(AWS="*"), wizard="check")
    assert status == 200
    assert "findings-list" in page
    assert role(world)["AssumeRolePolicyDocument"] == TRUST


def test_who_may_read_but_not_write_sees_why(bob: Client, world: World) -> None:
    allow(world.bob, "iam:GetRole")
    status, page = edit_trust(bob, OTHER_TRUST)
    assert status == 422
    assert "iam:UpdateAssumeRolePolicy</code>" in page
    assert "ec2.amazonaws.com" in page


def test_it_changes_the_tags(alice: Client, world: World) -> None:
    assert 'value="team"' in alice.get(f"{PAGE}tags/edit/").content.decode()
    response = alice.post(f"{PAGE}tags/edit/", {"tag_key": ["cost"], "tag_value": ["9"]})
    assert response.status_code == 303
    assert role(world)["Tags"] == [{"Key": "cost", "Value": "9"}]
    assert "cost" in alice.get(f"{PAGE}tags/").content.decode()


def test_tags_that_cannot_be_kept_stay_in_the_form(alice: Client, world: World) -> None:
    for key, text in {"aws:team": "aws:", "": "You must specify a tag key."}.items():
        response = alice.post(f"{PAGE}tags/edit/", {"tag_key": [key], "tag_value": ["kept"]})
        assert response.status_code == 422
        assert text in response.content.decode()
        # The old tag is gone from the form, but not from the role: all is saved or nothing.
        assert 'value="kept"' in response.content.decode()
    assert role(world)["Tags"] == [{"Key": "team", "Value": "audit"}]


def test_revoking_needs_the_acknowledgement(alice: Client, world: World) -> None:
    assert alice.post(f"{PAGE}revoke-sessions/").status_code == 422
    assert do(world.system, "ListRolePolicies", RoleName="Auditor")["PolicyNames"] == []


def test_revoking_denies_everything_to_older_sessions(alice: Client, world: World) -> None:
    assert alice.post(f"{PAGE}revoke-sessions/", {"sure": "on"}).status_code == 303
    given = {"RoleName": "Auditor", "PolicyName": "AWSRevokeOlderSessions"}
    document = json.loads(do(world.system, "GetRolePolicy", **given)["PolicyDocument"])
    (statement,) = document["Statement"]
    assert statement["Effect"] == "Deny"
    assert list(statement["Condition"]) == ["DateLessThan"]
    assert "Sessions revoked before" in alice.get(f"{PAGE}revoke-sessions/").content.decode()
    assert alice.post(f"{PAGE}revoke-sessions/", {"sure": "on"}).status_code == 303


def test_who_may_not_revoke_sees_why(bob: Client) -> None:
    response = bob.post(f"{PAGE}revoke-sessions/", {"sure": "on"})
    assert response.status_code == 422
    assert "iam:PutRolePolicy</code>" in response.content.decode()


def test_a_role_may_be_called_like_any_page(alice: Client, world: World) -> None:
    for name in ("create", "delete", "edit"):
        do(world.system, "CreateRole", RoleName=name, AssumeRolePolicyDocument=TRUST)
        assert f":role/{name}" in alice.get(f"/iam/roles/{name}/").content.decode()
    assert Role.objects.count() == 4


def test_tags_that_may_be_removed_but_not_added_stay_as_they_were(bob: Client, world: World) -> None:
    allow(world.bob, "iam:ListRoleTags", "iam:UntagRole")
    response = bob.post(f"{PAGE}tags/edit/", {"tag_key": ["cost"], "tag_value": ["9"]})
    assert response.status_code == 422
    assert "iam:TagRole</code>" in response.content.decode()
    assert role(world)["Tags"] == [{"Key": "team", "Value": "audit"}]


def test_a_tag_key_gets_another_spelling(alice: Client, world: World) -> None:
    alice.post(f"{PAGE}tags/edit/", {"tag_key": ["Team"], "tag_value": ["audit"]})
    assert role(world)["Tags"] == [{"Key": "Team", "Value": "audit"}]
