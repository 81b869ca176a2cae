"""Creating and editing managed policies: editor, findings, review, versions, and edits that cross."""

from __future__ import annotations

from django.test import Client
from django.urls import reverse

from iamconsole.operations import door
from policies.models import Policy
from tests.policies.views.documents import LIST_REPORTS, READ_REPORTS, add_version, arn, make_policy, step, versions
from tests.world import World

FIRST, SECOND = (step("policy-create-step", "draft", number) for number in (1, 2))


def edit(policy: str, number: int) -> str:
    return step("policy-edit-step", policy, "draft", number)


def next_step(document: str, **more: str) -> dict[str, str]:
    return {"document": document, "wizard": "next", **more}


def test_the_wizard_begins_under_a_token_of_its_own(alice: Client) -> None:
    first, second = (alice.get(reverse("policy-create")).headers["Location"] for _ in range(2))
    assert first != second
    page = alice.get(first).content.decode()
    assert "Statement1" in page
    assert "of 6144 characters remaining" in page


def test_it_creates_a_policy_in_two_steps(alice: Client, world: World) -> None:
    sent = alice.post(FIRST, next_step(READ_REPORTS.replace("\n", "\r\n")))
    assert (sent.status_code, sent.headers["Location"]) == (303, SECOND)
    assert "Limited: Read" in alice.get(SECOND).content.decode()
    done = alice.post(
        SECOND,
        {
            "name": "ReadReports",
            "description": "For the class",
            "tag_key": ["team"],
            "tag_value": ["red"],
            "wizard": "next",
        },
        follow=True,
    )
    assert "Policy ReadReports created." in done.content.decode()
    policy = Policy.objects.get(name="ReadReports")
    assert (policy.description, policy.tags) == ("For the class", [{"Key": "team", "Value": "red"}])
    assert policy.versions.get().document == READ_REPORTS


def test_a_malformed_document_keeps_the_text_and_says_where(alice: Client) -> None:
    broken = READ_REPORTS.replace('"Allow",', '"Allow"')
    response = alice.post(FIRST, next_step(broken))
    page = response.content.decode()
    assert response.status_code == 422
    assert "Syntax errors in policy. (Ln 6, Col 13)" in page
    assert "s3:GetObject" in page


def test_findings_that_are_errors_stop_the_wizard(alice: Client) -> None:
    response = alice.post(FIRST, next_step(READ_REPORTS.replace("GetObject", "GetObjets")))
    assert response.status_code == 422
    assert "Errors: 1" in response.content.decode()


def test_warnings_do_not_stop_it(alice: Client) -> None:
    passing = '{"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "iam:PassRole", "Resource": "*"}]}'
    assert alice.post(FIRST, next_step(passing)).status_code == 303


def test_the_policy_can_be_checked_without_javascript(alice: Client) -> None:
    response = alice.post(FIRST, {"document": READ_REPORTS.replace("GetObject", "GetObjets"), "wizard": "check"})
    assert response.status_code == 200
    assert "Errors: 1" in response.content.decode()


def test_too_long_a_document_is_told_before_the_review(alice: Client) -> None:
    long = READ_REPORTS.replace("class-reports", "c" * 7000)
    assert "Cannot exceed quota for PolicySize: 6144" in alice.post(FIRST, next_step(long)).content.decode()


def test_the_review_without_a_document_goes_back(alice: Client) -> None:
    assert alice.get(SECOND).headers["Location"] == FIRST


def test_previous_keeps_what_was_typed(alice: Client) -> None:
    alice.post(FIRST, next_step(READ_REPORTS))
    back = alice.post(SECOND, {"name": "Half", "description": "so far", "wizard": "previous"})
    assert back.headers["Location"] == FIRST
    assert "class-reports" in alice.get(FIRST).content.decode()
    alice.post(FIRST, next_step(READ_REPORTS))
    page = alice.get(SECOND).content.decode()
    assert 'value="Half"' in page
    assert "so far" in page


def test_cancel_forgets_the_draft(alice: Client) -> None:
    alice.post(FIRST, next_step(READ_REPORTS))
    assert alice.post(SECOND, {"wizard": "cancel"}).headers["Location"] == reverse("policies")
    assert alice.get(SECOND).headers["Location"] == FIRST


def test_a_taken_name_keeps_the_review(alice: Client, world: World) -> None:
    make_policy(world.system)
    alice.post(FIRST, next_step(READ_REPORTS))
    response = alice.post(SECOND, {"name": "ReadReports", "description": "mine", "wizard": "next"})
    assert response.status_code == 422
    assert "A policy called ReadReports already exists. Duplicate names are not allowed." in response.content.decode()
    assert "mine" in response.content.decode()


def test_a_name_is_required_and_held_to_awss_pattern(alice: Client) -> None:
    alice.post(FIRST, next_step(READ_REPORTS))
    assert alice.post(SECOND, {"name": "", "wizard": "next"}).status_code == 422
    strange = alice.post(SECOND, {"name": "no spaces", "wizard": "next"})
    assert "The specified value for policyName is invalid." in strange.content.decode()


def test_without_permission_the_review_says_why(bob: Client) -> None:
    bob.post(FIRST, next_step(READ_REPORTS))
    response = bob.post(SECOND, {"name": "Mine", "wizard": "next"})
    assert response.status_code == 422
    assert "iam:CreatePolicy" in response.content.decode()
    assert not Policy.objects.filter(name="Mine").exists()


def test_a_copy_begins_with_the_text_of_another(alice: Client, world: World) -> None:
    policy = make_policy(world.system)
    page = alice.get(reverse("policy-create"), {"from": policy}, follow=True).content.decode()
    assert "class-reports" in page


def test_an_edit_becomes_a_new_version(alice: Client, world: World) -> None:
    policy = make_policy(world.system)
    alice.post(edit(policy, 1), next_step(LIST_REPORTS, version="v1"))
    done = alice.post(edit(policy, 2), {"set_as_default": "on", "wizard": "next"}, follow=True)
    assert "Policy ReadReports updated." in done.content.decode()
    assert versions(world.system, policy) == ["v2*", "v1"]


def test_the_new_version_need_not_be_the_default(alice: Client, world: World) -> None:
    policy = make_policy(world.system)
    alice.post(edit(policy, 1), next_step(LIST_REPORTS, version="v1"))
    alice.post(edit(policy, 2), {"wizard": "next"})
    assert versions(world.system, policy) == ["v2", "v1*"]


def test_a_sixth_version_asks_which_one_gives_way(alice: Client, world: World) -> None:
    policy = make_policy(world.system)
    for _ in range(4):
        add_version(world.system, policy, default=False)
    alice.post(edit(policy, 1), next_step(LIST_REPORTS, version="v1"))
    unchosen = alice.post(edit(policy, 2), {"set_as_default": "on", "wizard": "next"})
    assert unchosen.status_code == 422
    assert "Version to delete" in unchosen.content.decode()
    alice.post(edit(policy, 2), {"delete_version": "v3", "set_as_default": "on", "wizard": "next"})
    assert versions(world.system, policy) == ["v6*", "v5", "v4", "v2", "v1"]


def test_an_edit_that_was_overtaken_shows_both_texts(alice: Client, world: World) -> None:
    policy = make_policy(world.system)
    add_version(world.system, policy, READ_REPORTS.replace("class-reports", "somebody-elses"))
    response = alice.post(edit(policy, 1), next_step(LIST_REPORTS, version="v1"))
    page = response.content.decode()
    assert response.status_code == 422
    assert "s3:ListBucket" in page
    assert "somebody-elses" in page
    assert alice.post(edit(policy, 1), next_step(LIST_REPORTS, version="v2")).status_code == 303


def test_an_edit_overtaken_during_the_review_goes_back_with_both_texts(alice: Client, world: World) -> None:
    policy = make_policy(world.system)
    alice.post(edit(policy, 1), next_step(LIST_REPORTS, version="v1"))
    add_version(world.system, policy, READ_REPORTS.replace("class-reports", "somebody-elses"))
    back = alice.post(edit(policy, 2), {"set_as_default": "on", "wizard": "next"})
    assert back.headers["Location"] == edit(policy, 1)
    page = alice.get(edit(policy, 1)).content.decode()
    assert "s3:ListBucket" in page
    assert "somebody-elses" in page
    assert versions(world.system, policy) == ["v2*", "v1"]


def test_editing_what_one_may_not_read_says_why(bob: Client, world: World) -> None:
    assert bob.get(edit(make_policy(world.system), 1)).status_code == 403


def test_findings_come_as_a_fragment(alice: Client) -> None:
    url = reverse("policy-findings", args=["identity", 6144])
    page = alice.post(url, {"document": READ_REPORTS.replace("GetObject", "GetObjets")}).content.decode()
    assert 'data-line="6"' in page
    assert "<html" not in page


def test_findings_stay_on_the_tab_that_was_open(alice: Client) -> None:
    url = reverse("policy-findings", args=["identity", 0])
    actions = '["iam:PassRole", "s3:Nope"]'
    passing = f'{{"Version": "2012-10-17", "Statement": {{"Effect": "Allow", "Action": {actions}, "Resource": "*"}}}}'
    page = alice.post(url, {"document": passing, "findings_tab": "security"}).content.decode()
    assert 'id="findings-security" checked' in page


def test_hostile_text_is_a_finding_and_no_error(alice: Client) -> None:
    url = reverse("policy-findings", args=["identity", 6144])
    for text in ("", "[" * 5000, "\ud7ff\u0000", '{"Statement": 3}', "null"):
        response = alice.post(url, {"document": text})
        assert response.status_code == 200
        assert "Errors: 0" not in response.content.decode()


def test_findings_are_not_read_by_get(alice: Client) -> None:
    assert alice.get(reverse("policy-findings", args=["identity", 0])).status_code == 405


def test_it_leaves_another_accounts_policy_alone(alice: Client, world: World) -> None:
    door.perform(world.charlie, "iam:CreatePolicy", {"PolicyName": "Theirs", "PolicyDocument": READ_REPORTS})
    foreign = arn("Theirs").replace("111122223333", "444455556666")
    assert alice.get(edit(foreign, 1)).status_code == 404
