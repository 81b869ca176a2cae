"""Step 3 of creating a role: its name, a look at everything, and the calls that make it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from django.http import HttpResponse, QueryDict
from django.urls import reverse

from iamconsole.operations import door
from iamconsole.operations.errors import ApiError
from iamconsole.ui.forms import TagsEditor
from iamconsole.ui.htmx import flash, hx_redirect, redirect_with_flash
from identities.forms_groups import refused
from identities.forms_roles import SERVICE, RoleDetails
from identities.trusted import EC2, SERVICES
from identities.views.role_wizard import RoleWizard, chosen_boundary, chosen_policies
from policies.managed_rows import policy_type
from policies.views import drafts
from policies.views.tagging import checked


@dataclass(frozen=True)
class ReviewedPolicy:
    """A policy that the role will get, and as what."""

    arn: str
    attached_as: str

    @property
    def name(self) -> str:
        return self.arn.rsplit("/", 1)[-1]

    @property
    def type(self) -> str:
        return policy_type(self.arn)


def step(wizard: RoleWizard) -> HttpResponse:
    if not wizard.posted:
        sent = wizard.sent(3)
        tags = TagsEditor(list(zip(sent.getlist("tag_key"), sent.getlist("tag_value"), strict=False)))
        return _page(wizard, RoleDetails(initial=sent.dict() or _suggested(wizard.sent(1))), tags)
    posted = wizard.request.POST
    tags = TagsEditor.from_post(posted)
    if wizard.pressed == "previous":
        return wizard.go(3, 2)
    if tags.edited:
        return _page(wizard, RoleDetails(initial=posted.dict()), tags)
    form = RoleDetails(posted)
    if not form.is_valid() or not checked(tags):
        return _page(wizard, form, tags, status=422)
    try:
        _create(wizard, form, tags)
    except ApiError as error:
        return _page(wizard, form, tags, refused(form, error, "roleName"), 422)
    drafts.drop(wizard.request, wizard.token)
    return _attach(wizard, form.cleaned_data["name"])


def _suggested(trust: QueryDict) -> dict[str, str]:
    """A description for the role of a service, as long as none was written."""
    if trust.get("trusted") != SERVICE:
        return {}
    return {"description": SERVICES[trust.get("service", "")][1]}


def _create(wizard: RoleWizard, form: RoleDetails, tags: TagsEditor) -> None:
    given = {
        "RoleName": form.cleaned_data["name"],
        "AssumeRolePolicyDocument": wizard.document,
        # A browser writes line ends as CR LF, which would count as two characters.
        "Description": form.cleaned_data["description"].replace("\r\n", "\n") or None,
        "PermissionsBoundary": chosen_boundary(wizard.sent(2)) or None,
        "Tags": [{"Key": key, "Value": value} for key, value in tags.pairs] or None,
    }
    door.perform(wizard.request.caller, "iam:CreateRole", given)


def _attach(wizard: RoleWizard, name: str) -> HttpResponse:
    """The role is there; what cannot be put on it is said with AWS's text, a policy with a way to try again."""
    request, url = wizard.request, reverse("role", args=[name])
    failures = list(_failures(wizard, name))
    if not failures:
        return redirect_with_flash(request, reverse("roles"), "success", f"Role {name} created.", ("View role", url))
    flash(request, "success", f"Role {name} created.")
    again = ("Try again", reverse("attach-policies", args=["roles", name]))
    for text, error in failures:
        link = again if text.startswith("Policy") else None
        flash(request, "error", text, detail=error.message, link=link)
    return hx_redirect(request, url)


def _failures(wizard: RoleWizard, name: str) -> Iterator[tuple[str, ApiError]]:
    caller = wizard.request.caller
    for arn in chosen_policies(wizard.sent(2)):
        try:
            door.perform(caller, "iam:AttachRolePolicy", {"RoleName": name, "PolicyArn": arn})
        except ApiError as error:
            yield f"Policy {arn.rsplit('/', 1)[-1]} was not attached.", error
    trust = wizard.sent(1)
    if trust.get("trusted") != SERVICE or trust.get("service") != EC2:
        return
    # EC2 takes roles only by instance profiles; AWS's console makes one of the same name without a word.
    profile = {"InstanceProfileName": name}
    try:
        door.perform(caller, "iam:CreateInstanceProfile", profile)
        door.perform(caller, "iam:AddRoleToInstanceProfile", {**profile, "RoleName": name})
    except ApiError as error:
        yield f"The instance profile {name} is not complete.", error


def _page(
    wizard: RoleWizard,
    form: RoleDetails,
    tags: TagsEditor,
    trouble: Mapping[str, object] | None = None,
    status: int = 200,
) -> HttpResponse:
    sent = wizard.sent(2)
    policies = [ReviewedPolicy(arn, "Permissions policy") for arn in chosen_policies(sent)]
    if boundary := chosen_boundary(sent):
        policies.append(ReviewedPolicy(boundary, "Permissions boundary"))
    context = {
        "form": form,
        "tags": tags,
        "document": wizard.document,
        "policies": policies,
        "submit_text": "Create role",
        **(trouble or {}),
    }
    return wizard.page(3, "identities/role_create_review.html", context, status)
