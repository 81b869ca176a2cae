"""Creating a managed policy, and editing one, which is adding a version."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial

from django import forms
from django.http import HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from accounts.http import ConsoleRequest, signed_in
from iamconsole.operations import door
from iamconsole.operations.errors import NoSuchEntity
from iamconsole.ui.forms import TagsEditor
from iamconsole.ui.htmx import redirect_with_flash
from policies.crumbs import policy_crumbs
from policies.forms import STARTER, NewPolicyForm, NewVersionForm
from policies.quotas import POLICY_SIZE, VERSIONS
from policies.views import editing
from policies.views.documents import default_document
from policies.views.editing import Task


@signed_in
def policy_create(request: ConsoleRequest) -> HttpResponse:
    """The way into the wizard; `?from=<ARN>` begins with a copy of that policy."""
    return editing.start(request, "policy-create-step")


@require_http_methods(["GET", "POST"])
@signed_in
def policy_create_step(request: ConsoleRequest, token: str, step: int) -> HttpResponse:
    task = Task(
        title="Create policy",
        review_title="Review and create",
        submit="Create policy",
        step_url=lambda number: reverse("policy-create-step", args=[token, number]),
        cancel_url=reverse("policies"),
        crumbs=policy_crumbs(),
        review_form=NewPolicyForm,
        finish=_create,
        document=_copied(request),
        quota=POLICY_SIZE,
        has_tags=True,
    )
    return editing.write_policy(request, task, token, step)


def _copied(request: ConsoleRequest) -> str:
    arn = request.GET.get("from", "")
    if not arn:
        return STARTER
    document, denied = default_document(request.caller, arn)
    if denied:
        raise denied
    return document


def _create(request: ConsoleRequest, document: str, form: forms.Form, tags: TagsEditor) -> HttpResponse:
    name = form.cleaned_data["name"]
    result = door.perform(
        request.caller,
        "iam:CreatePolicy",
        {
            "PolicyName": name,
            "PolicyDocument": document,
            "Description": form.cleaned_data["description"] or None,
            "Tags": [{"Key": key, "Value": value} for key, value in tags.pairs] or None,
        },
    )
    policy = result["Policy"]
    assert isinstance(policy, Mapping)
    view = ("View policy", reverse("policy", args=[policy["Arn"]]))
    return redirect_with_flash(request, reverse("policies"), "success", f"Policy {name} created.", view)


@signed_in
def policy_edit(request: ConsoleRequest, arn: str) -> HttpResponse:
    """The way into the wizard for a new version."""
    return editing.start(request, "policy-edit-step", arn)


@require_http_methods(["GET", "POST"])
@signed_in
def policy_edit_step(request: ConsoleRequest, arn: str, token: str, step: int) -> HttpResponse:
    policy = door.perform(request.caller, "iam:GetPolicy", {"PolicyArn": arn})["Policy"]
    assert isinstance(policy, Mapping)
    document, denied = default_document(request.caller, arn)
    if denied:
        raise denied
    name, url = str(policy["PolicyName"]), reverse("policy", args=[arn])
    task = Task(
        title="Edit policy",
        editor_title=f"Modify permissions in {name}",
        review_title="Review and save",
        submit="Save changes",
        step_url=lambda number: reverse("policy-edit-step", args=[arn, token, number]),
        cancel_url=url,
        crumbs=policy_crumbs(arn),
        review_form=partial(NewVersionForm, deletable=_deletable(request, arn)),
        finish=partial(_save, arn=arn),
        document=document,
        quota=POLICY_SIZE,
        version=str(policy["DefaultVersionId"]),
        facts=(("Policy name", name), ("ARN", arn)),
    )
    return editing.write_policy(request, task, token, step)


def _deletable(request: ConsoleRequest, arn: str) -> list[tuple[str, str]]:
    """The versions of which one must go; none while there is room. Without the right to list, AWS's error says it."""
    answer = door.ask_all(request.caller, "iam:ListPolicyVersions", "Versions", {"PolicyArn": arn})
    versions = answer.result.get("Versions", [])
    assert isinstance(versions, list)
    if len(versions) < VERSIONS:
        return []
    others = [each for each in versions if not each["IsDefaultVersion"]]
    return [(str(each["VersionId"]), _version_text(each)) for each in reversed(others)]


def _version_text(version: Mapping[str, object]) -> str:
    return f"{version['VersionId']}, created {version['CreateDate']:%B %d, %Y, %H:%M} (UTC)"


def _save(request: ConsoleRequest, document: str, form: forms.Form, tags: TagsEditor, *, arn: str) -> HttpResponse:
    give_way = form.cleaned_data.get("delete_version")
    if give_way:
        try:
            door.perform(request.caller, "iam:DeletePolicyVersion", {"PolicyArn": arn, "VersionId": give_way})
        except NoSuchEntity:
            pass  # gone already: somebody else deleted it, or an earlier try of this form did
    door.perform(
        request.caller,
        "iam:CreatePolicyVersion",
        {"PolicyArn": arn, "PolicyDocument": document, "SetAsDefault": form.cleaned_data["set_as_default"]},
    )
    name = arn.rsplit("/", 1)[-1]
    return redirect_with_flash(request, reverse("policy", args=[arn]), "success", f"Policy {name} updated.")
