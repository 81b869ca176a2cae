"""Creating a group on one page: its name, its users, its policies. Each of it is a call of its own."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from django.http import HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from accounts.http import ConsoleRequest, signed_in
from iamconsole.operations import door
from iamconsole.operations.errors import ApiError
from iamconsole.ui.htmx import flash, hx_redirect, redirect_with_flash, render_page
from identities.forms_groups import GroupName, refused
from identities.tables_groups import NEW_GROUP_USERS
from identities.views.group_users import all_users
from identities.views.groups import groups_crumbs
from policies.quotas import ATTACHED
from policies.views.picker import PolicyPicker, policy_choices


@require_http_methods(["GET", "POST"])
@signed_in
def group_create(request: ConsoleRequest) -> HttpResponse:
    picker = policy_choices(request, title="Attach permissions policies - Optional")
    if request.method != "POST":
        return _page(request, GroupName(), picker)
    if picker.moved:
        return _page(request, GroupName(initial={"name": request.POST.get("name", "")}), picker)
    form = GroupName(request.POST)
    if len(picker.selected) > ATTACHED:
        picker.error = f"Cannot exceed quota for PoliciesPerGroup: {ATTACHED}"
    if not form.is_valid() or picker.error:
        return _page(request, form, picker, status=422)
    name = form.cleaned_data["name"]
    try:
        door.perform(request.caller, "iam:CreateGroup", {"GroupName": name})
    except ApiError as error:
        return _page(request, form, picker, refused(form, error, "groupName"), status=422)
    return _fill(request, name, picker)


def _fill(request: ConsoleRequest, name: str, picker: PolicyPicker) -> HttpResponse:
    """The group is there; what cannot be put into it is said with AWS's text and a way to try again."""
    failures = list(_failures(request, name, picker))
    url = reverse("group", args=[name])
    if not failures:
        view = ("View group", url)
        return redirect_with_flash(request, reverse("groups"), "success", f"{name} user group created.", view)
    flash(request, "success", f"{name} user group created.")
    for text, error, retry in failures:
        flash(request, "error", text, detail=error.message, link=("Try again", retry))
    return hx_redirect(request, url)


def _failures(request: ConsoleRequest, name: str, picker: PolicyPicker) -> Iterator[tuple[str, ApiError, str]]:
    calls = [
        *(("iam:AddUserToGroup", "UserName", user) for user in request.POST.getlist("selected")),
        *(("iam:AttachGroupPolicy", "PolicyArn", arn) for arn in picker.selected),
    ]
    again = {
        "UserName": reverse("group-users-add", args=[name]),
        "PolicyArn": reverse("attach-policies", args=["groups", name]),
    }
    for operation, member, value in calls:
        try:
            door.perform(request.caller, operation, {"GroupName": name, member: value})
        except ApiError as error:
            what = "User" if member == "UserName" else "Policy"
            yield f"{what} {value.rsplit('/', 1)[-1]} was not added to the group.", error, again[member]


def _page(
    request: ConsoleRequest,
    form: GroupName,
    picker: PolicyPicker,
    trouble: Mapping[str, object] | None = None,
    status: int = 200,
) -> HttpResponse:
    rows, users_denied = all_users(request.caller)
    chosen = request.POST.getlist("selected")
    context = {
        "page_title": "Create user group",
        "form": form,
        "table": NEW_GROUP_USERS.bind(request, rows, form_id="group-form", heading=2, selected=chosen),
        "users_denied": users_denied,
        "picker": picker,
        "cancel_url": reverse("groups"),
        "breadcrumbs": groups_crumbs(("Create user group", None)),
        **(trouble or {}),
    }
    return render_page(request, "identities/group_create.html", context, fragment="ui/_table.html", status=status)
