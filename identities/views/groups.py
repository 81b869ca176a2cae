"""The list of groups, and deleting them."""

from __future__ import annotations

from collections.abc import Iterator

from django.http import HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from accounts.caller import Caller
from accounts.http import ConsoleRequest, signed_in
from iamconsole.operations import door
from iamconsole.operations.errors import AccessDenied
from iamconsole.operations.registry import Target
from iamconsole.ui.htmx import redirect_with_flash, render_page
from identities.models import Group
from identities.tables_groups import GROUPS, listed_groups
from identities.views.deletion import Deletion, Part, chosen_names, delete_page, policy_parts
from policies.crumbs import Crumbs, iam_crumb
from policies.holders import Holder


def groups_crumbs(*more: tuple[str, str | None]) -> Crumbs:
    """The way to the list of groups, and on."""
    return [iam_crumb(), ("User groups", reverse("groups")), *more]


def group_crumbs(name: str, *more: tuple[str, str | None]) -> Crumbs:
    """The way to the page of one group, and on."""
    return groups_crumbs((name, reverse("group", args=[name])), *more)


@require_safe
@signed_in
def groups(request: ConsoleRequest) -> HttpResponse:
    """Every group of the account, for whoever may list them; what may be known of each is decided row by row."""
    context: dict[str, object] = {"page_title": "User groups", "breadcrumbs": groups_crumbs(), "info": "groups"}
    try:
        door.authorize(request.caller, "iam:ListGroups", Target(f"arn:aws:iam::{request.caller.account_id}:group/"))
    except AccessDenied as denied:
        return render_page(request, "identities/groups.html", context | {"denied": denied}, status=403)
    table = GROUPS.bind(request, listed_groups(request.caller), create=("Create group", reverse("group-create")))
    return render_page(request, "identities/groups.html", context | {"table": table}, fragment="ui/_table.html")


@require_http_methods(["GET", "POST"])
@signed_in
def group_delete(request: ConsoleRequest, name: str) -> HttpResponse:
    """One group, from its page."""
    return delete_page(request, _deletion([name], reverse("group", args=[name])))


@require_http_methods(["GET", "POST"])
@signed_in
def groups_delete(request: ConsoleRequest) -> HttpResponse:
    """The groups selected in the list."""
    names = chosen_names(request)
    if not names:
        return redirect_with_flash(request, reverse("groups"), "info", "Select the user groups to delete first.")
    return delete_page(request, _deletion(names, reverse("groups")))


def _deletion(names: list[str], cancel_url: str) -> Deletion:
    return Deletion(
        model=Group,
        names=names,
        text=_text,
        operation=lambda caller, name: "iam:DeleteGroup",
        parts=_parts,
        list_url=reverse("groups"),
        cancel_url=cancel_url,
        crumbs=groups_crumbs(),
    )


def _text(caller: Caller, names: list[str]) -> str:
    what = f"the user group {names[0]}" if len(names) == 1 else f"the user groups {', '.join(names)}"
    whose, it = ("Its", "it") if len(names) == 1 else ("Their", "them")
    return (
        f"Delete {what} permanently? Inline policies are deleted with {it}. {whose} users stay, "
        f"but lose the permissions they had through {it} at once. This action cannot be undone."
    )


def _parts(caller: Caller, name: str) -> Iterator[Part]:
    holder = Holder("group", name)
    answer = door.ask_all(caller, "iam:GetGroup", "Users", holder.member)
    if answer.denied:
        raise answer.denied
    users = answer.result["Users"]
    assert isinstance(users, list)
    for user in users:
        given = holder.given(UserName=user["UserName"])
        yield f"user {user['UserName']}", "iam:RemoveUserFromGroup", given
    yield from policy_parts(caller, holder)
