"""Putting users into a group and taking them out of it, each user by a call of its own."""

from __future__ import annotations

from collections.abc import Collection, Iterable

from django.http import HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from accounts.caller import Caller
from accounts.http import ConsoleRequest, signed_in
from iamconsole.operations import door
from iamconsole.operations.errors import AccessDenied, ApiError
from iamconsole.operations.registry import Target
from iamconsole.ui.dialogs import Confirm, confirm_page
from iamconsole.ui.htmx import flash, redirect_with_flash, render_page
from identities.tables_groups import USER_CHOICES
from identities.user_rows import UserRow, user_rows
from identities.views.deletion import chosen_names
from identities.views.group_page import read_group
from identities.views.groups import group_crumbs
from policies.views.attaching import Failure


def all_users(caller: Caller, without: Collection[str] = ()) -> tuple[list[UserRow], AccessDenied | None]:
    """The users of the account but those of these names, or the refusal of iam:ListUsers."""
    try:
        door.authorize(caller, "iam:ListUsers", Target(f"arn:aws:iam::{caller.account_id}:user/"))
    except AccessDenied as denied:
        return [], denied
    return [row for row in user_rows(caller) if row.name not in without], None


@require_http_methods(["GET", "POST"])
@signed_in
def group_users_add(request: ConsoleRequest, name: str) -> HttpResponse:
    """Choose users who are not in the group yet."""
    if request.method != "POST":
        return _add_page(request, name)
    chosen = chosen_names(request)
    if not chosen:
        return _add_page(request, name, error="Select at least one user.", status=422)
    failures = _each(request, "iam:AddUserToGroup", name, chosen)
    done = _done(chosen, failures)
    if failures:
        return _add_page(request, name, failures, f"{done} added to this group." if done else "", status=422)
    return redirect_with_flash(request, reverse("group", args=[name]), "success", f"{done} added to this group.")


def _add_page(
    request: ConsoleRequest,
    name: str,
    failures: Iterable[Failure] = (),
    done: str = "",
    error: str = "",
    status: int = 200,
) -> HttpResponse:
    rows, denied = all_users(request.caller, without=set(read_group(request, name).members))
    failures = list(failures)
    selected = [failure.what for failure in failures]
    context = {
        "page_title": f"Add users to {name}",
        "table": USER_CHOICES.bind(request, rows, form_id="add-users", heading=2, selected=selected),
        "denied": denied,
        "failures": failures,
        "done": done,
        "error": error,
        "cancel_url": reverse("group", args=[name]),
        "breadcrumbs": group_crumbs(name, ("Add users", None)),
    }
    return render_page(request, "identities/group_users_add.html", context, fragment="ui/_table.html", status=status)


@require_http_methods(["GET", "POST"])
@signed_in
def group_users_remove(request: ConsoleRequest, name: str) -> HttpResponse:
    """The dialog for the users selected in the Users tab."""
    back, chosen = reverse("group", args=[name]), chosen_names(request)
    if not chosen:
        return redirect_with_flash(request, back, "info", "Select the users to remove first.")
    dialog = _remove_dialog(name, chosen)
    if not dialog.confirmed(request):
        return confirm_page(request, dialog)
    failures = _each(request, "iam:RemoveUserFromGroup", name, chosen)
    done = _done(chosen, failures)
    if failures:
        if done:
            flash(request, "success", f"{done} removed from this group.")
        return confirm_page(request, _remove_dialog(name, [each.what for each in failures]), failures[0].error)
    return redirect_with_flash(request, back, "success", f"{done} removed from this group.")


def _remove_dialog(name: str, users: list[str]) -> Confirm:
    return Confirm(
        title=f"Remove {_counted(users)} from {name}?",
        text=f"The permissions that {', '.join(users)} had through the group {name} are lost at once.",
        button="Remove",
        cancel_url=reverse("group", args=[name]),
        action=reverse("group-users-remove", args=[name]),
        hidden=tuple(("selected", user) for user in users),
        breadcrumbs=tuple(group_crumbs(name)),
    )


def _each(request: ConsoleRequest, operation: str, name: str, users: Iterable[str]) -> list[Failure]:
    failures = []
    for user in users:
        try:
            door.perform(request.caller, operation, {"GroupName": name, "UserName": user})
        except ApiError as error:
            failures.append(Failure(user, error))
    return failures


def _done(chosen: list[str], failures: list[Failure]) -> str:
    """Who went through, in words; empty when nobody did."""
    failed = {failure.what for failure in failures}
    through = [user for user in chosen if user not in failed]
    return _counted(through) if through else ""


def _counted(users: list[str]) -> str:
    return users[0] if len(users) == 1 else f"{len(users)} users"
