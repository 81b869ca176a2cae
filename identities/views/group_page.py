"""The page of one group: its users and its permissions; and giving it another name."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from django.http import HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from accounts.http import ConsoleRequest, signed_in
from iamconsole.operations import door
from iamconsole.operations.door import Answer
from iamconsole.operations.errors import ApiError
from iamconsole.ui.htmx import redirect_with_flash, render_page
from identities.forms_groups import GroupName, refused
from identities.tables_groups import GROUP_USERS
from identities.user_rows import user_rows
from identities.views.groups import group_crumbs
from policies.views.permissions import permissions_context


@dataclass(frozen=True)
class GroupPage:
    """What every tab shows: the answer about the group and its users, which can be a refusal."""

    asked: str
    answer: Answer

    @property
    def group(self) -> Mapping[str, object]:
        found = self.answer.result.get("Group", {})
        assert isinstance(found, Mapping)
        return found

    @property
    def name(self) -> str:
        """The name as the group has it: asked for in another case it is the same group."""
        return str(self.group.get("GroupName", self.asked))

    @property
    def members(self) -> list[str]:
        """The names of the users in it."""
        users = self.answer.result.get("Users", [])
        assert isinstance(users, list)
        return [str(user["UserName"]) for user in users]

    @property
    def tabs(self) -> list[tuple[str, str]]:
        count = f" ({len(self.members)})" if self.answer else ""
        tabs = ((f"Users{count}", "group"), ("Permissions", "group-permissions"))
        return [(label, reverse(route, args=[self.name])) for label, route in tabs]


def read_group(request: ConsoleRequest, name: str) -> GroupPage:
    """Raises NoSuchEntity where there is no such group and the caller may know it."""
    return GroupPage(name, door.ask_all(request.caller, "iam:GetGroup", "Users", {"GroupName": name}))


def _context(page: GroupPage) -> dict[str, object]:
    return {
        "page": page,
        "group": page.group,
        "name": page.name,
        "page_title": page.name,
        "tabs": page.tabs,
        "breadcrumbs": group_crumbs(page.name),
    }


@require_safe
@signed_in
def group(request: ConsoleRequest, name: str) -> HttpResponse:
    """The Users tab."""
    page = read_group(request, name)
    context = _context(page)
    if page.answer:
        add = ("Add users", reverse("group-users-add", args=[page.name]))
        rows = user_rows(request.caller, page.members)
        context["table"] = GROUP_USERS.bind(request, rows, heading=2, create=add)
    fragment = "ui/_table.html" if page.answer else None
    return render_page(request, "identities/group_users.html", context, fragment=fragment)


@require_safe
@signed_in
def group_permissions(request: ConsoleRequest, name: str) -> HttpResponse:
    """The Permissions tab."""
    page = read_group(request, name)
    permissions = permissions_context(request, "group", page.name)
    context = _context(page) | permissions
    fragment = permissions["permissions"].fragment
    return render_page(request, "identities/group_permissions.html", context, fragment=fragment)


@require_http_methods(["GET", "POST"])
@signed_in
def group_edit(request: ConsoleRequest, name: str) -> HttpResponse:
    """Another name; users and policies stay."""
    if request.method != "POST":
        return _edit_page(request, name, GroupName(initial={"name": name}))
    form = GroupName(request.POST)
    if not form.is_valid():
        return _edit_page(request, name, form, status=422)
    new = form.cleaned_data["name"]
    try:
        door.perform(request.caller, "iam:UpdateGroup", {"GroupName": name, "NewGroupName": new})
    except ApiError as error:
        return _edit_page(request, name, form, refused(form, error, "newGroupName"), status=422)
    return redirect_with_flash(request, reverse("group", args=[new]), "success", f"User group {new} updated.")


def _edit_page(
    request: ConsoleRequest,
    name: str,
    form: GroupName,
    trouble: Mapping[str, object] | None = None,
    status: int = 200,
) -> HttpResponse:
    context = {
        "page_title": f"Edit {name}",
        "description": "The users and policies of the group stay when its name changes. Policies that name its ARN do "
        "not follow.",
        "container_title": "User group details",
        "form": form,
        "cancel_url": reverse("group", args=[name]),
        "breadcrumbs": group_crumbs(name, ("Edit", None)),
        **(trouble or {}),
    }
    return render_page(request, "generic/form.html", context, status=status)
