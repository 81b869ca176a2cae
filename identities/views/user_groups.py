"""Putting a user into groups and taking it out of them, each group by a call of its own."""

from __future__ import annotations

from collections.abc import Iterable

from django.http import HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from accounts.http import ConsoleRequest, signed_in
from iamconsole.operations import door
from iamconsole.operations.errors import ApiError
from iamconsole.ui.dialogs import Confirm, confirm_page
from iamconsole.ui.htmx import flash, redirect_with_flash, render_page
from identities.group_rows import GROUP_CHOICES, all_groups
from identities.views.users import users_crumbs
from policies.crumbs import Crumbs
from policies.views.attaching import Failure


@require_http_methods(["GET", "POST"])
@signed_in
def user_groups_add(request: ConsoleRequest, name: str) -> HttpResponse:
    """Choose groups the user is not in yet."""
    if request.method != "POST":
        return _add_page(request, name)
    chosen = request.POST.getlist("selected")
    if not chosen:
        return _add_page(request, name, error="Select at least one group.", status=422)
    failures = _each(request, "iam:AddUserToGroup", name, chosen)
    done = [group for group in chosen if group not in {failure.what for failure in failures}]
    if failures:
        return _add_page(request, name, failures, f"User added to {_named(done)}." if done else "", status=422)
    return redirect_with_flash(
        request, reverse("user-groups", args=[name]), "success", f"User {name} added to {_named(done)}."
    )


def _add_page(
    request: ConsoleRequest,
    name: str,
    failures: Iterable[Failure] = (),
    done: str = "",
    error: str = "",
    status: int = 200,
) -> HttpResponse:
    listed = door.ask_all(request.caller, "iam:ListGroupsForUser", "Groups", {"UserName": name})
    found = listed.result.get("Groups", [])
    assert isinstance(found, list)
    present = {str(each["GroupName"]) for each in found}
    groups, denied = all_groups(request.caller)
    rows = [row for row in groups if row.name not in present]
    failures = list(failures)
    selected = [failure.what for failure in failures]
    context = {
        "page_title": "Add user to groups",
        "description": f"The groups give {name} their permissions as soon as it is in them.",
        "table": GROUP_CHOICES.bind(request, rows, form_id="add-groups", heading=2, selected=selected),
        "denied": denied,
        "failures": failures,
        "done": done,
        "error": error,
        "cancel_url": reverse("user-groups", args=[name]),
        "breadcrumbs": _crumbs(name, ("Add user to groups", None)),
    }
    return render_page(request, "identities/user_groups_add.html", context, fragment="ui/_table.html", status=status)


@require_http_methods(["GET", "POST"])
@signed_in
def user_groups_remove(request: ConsoleRequest, name: str) -> HttpResponse:
    """The dialog for the groups chosen in the Groups tab."""
    back = reverse("user-groups", args=[name])
    chosen = (request.POST if request.method == "POST" else request.GET).getlist("selected")
    if not chosen:
        return redirect_with_flash(request, back, "info", "Select the groups to remove the user from first.")
    dialog = Confirm(
        title=f"Remove {name} from {_named(chosen)}?",
        text=f"{name} loses the permissions that it has through {', '.join(chosen)} at once.",
        button="Remove",
        cancel_url=back,
        action=reverse("user-groups-remove", args=[name]),
        hidden=tuple(("selected", group) for group in chosen),
        breadcrumbs=tuple(_crumbs(name)),
    )
    if not dialog.confirmed(request):
        return confirm_page(request, dialog)
    failures = _each(request, "iam:RemoveUserFromGroup", name, chosen)
    done = [group for group in chosen if group not in {failure.what for failure in failures}]
    if failures:
        if done:
            flash(request, "success", f"User {name} removed from {_named(done)}.")
        return confirm_page(request, dialog, failures[0].error)
    return redirect_with_flash(request, back, "success", f"User {name} removed from {_named(done)}.")


def _each(request: ConsoleRequest, operation: str, name: str, groups: Iterable[str]) -> list[Failure]:
    failures = []
    for group in groups:
        try:
            door.perform(request.caller, operation, {"UserName": name, "GroupName": group})
        except ApiError as error:
            failures.append(Failure(group, error))
    return failures


def _named(groups: list[str]) -> str:
    return f"group {groups[0]}" if len(groups) == 1 else f"{len(groups)} groups"


def _crumbs(name: str, *more: tuple[str, str | None]) -> Crumbs:
    return users_crumbs((name, reverse("user", args=[name])), *more)
