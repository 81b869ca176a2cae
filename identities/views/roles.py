"""The list of roles, and deleting them."""

from __future__ import annotations

from collections.abc import Iterator

from django.http import HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from accounts.caller import Caller
from accounts.http import ConsoleRequest, signed_in
from iamconsole.operations import door
from iamconsole.operations.errors import AccessDenied
from iamconsole.operations.registry import Target
from iamconsole.ui.htmx import redirect_with_flash, render_page
from iamconsole.ui.times import ago
from identities.models import Role
from identities.queries import maybe
from identities.service_roles import is_service_linked
from identities.tables_roles import ROLES, RoleRow, role_rows
from identities.views.deletion import Deletion, Part, chosen_names, delete_page, policy_parts
from policies.crumbs import Crumbs, iam_crumb
from policies.holders import Holder

NAMED = 10


def roles_crumbs(*more: tuple[str, str | None]) -> Crumbs:
    """The way to the list of roles, and on."""
    return [iam_crumb(), ("Roles", reverse("roles")), *more]


def role_crumbs(name: str, *more: tuple[str, str | None]) -> Crumbs:
    """The way to the page of one role, and on."""
    return roles_crumbs((name, reverse("role", args=[name])), *more)


@require_safe
@signed_in
def roles(request: ConsoleRequest) -> HttpResponse:
    """Every role of the account, for whoever may list them; what may be known of each is decided row by row."""
    context: dict[str, object] = {"page_title": "Roles", "breadcrumbs": roles_crumbs(), "info": "roles"}
    try:
        door.authorize(request.caller, "iam:ListRoles", Target(f"arn:aws:iam::{request.caller.account_id}:role/"))
    except AccessDenied as denied:
        return render_page(request, "identities/roles.html", context | {"denied": denied}, status=403)
    table = ROLES.bind(request, role_rows(request.caller), create=("Create role", reverse("role-create")))
    return render_page(request, "identities/roles.html", context | {"table": table}, fragment="ui/_table.html")


@require_http_methods(["GET", "POST"])
@signed_in
def role_delete(request: ConsoleRequest, name: str) -> HttpResponse:
    """One role, from its page."""
    return delete_page(request, _deletion([name], reverse("role", args=[name])))


@require_http_methods(["GET", "POST"])
@signed_in
def roles_delete(request: ConsoleRequest) -> HttpResponse:
    """The roles selected in the list."""
    names = chosen_names(request)
    if not names:
        return redirect_with_flash(request, reverse("roles"), "info", "Select the roles to delete first.")
    return delete_page(request, _deletion(names, reverse("roles")))


def _deletion(names: list[str], cancel_url: str) -> Deletion:
    return Deletion(
        model=Role,
        names=names,
        text=_text,
        operation=_operation,
        parts=_parts,
        list_url=reverse("roles"),
        cancel_url=cancel_url,
        crumbs=roles_crumbs(),
    )


def _text(caller: Caller, names: list[str]) -> str:
    what = "the role" if len(names) == 1 else "the roles"
    used = "; ".join(f"{name} (last activity: {_activity(caller, name)})" for name in names[:NAMED])
    more = f" and {len(names) - NAMED} more" if len(names) > NAMED else ""
    return (
        f"Delete {what} {used}{more} permanently? Inline policies and an instance profile of the same name are "
        "deleted as well, and sessions lose their permissions at once. This action cannot be undone."
    )


def _activity(caller: Caller, name: str) -> str:
    """What the dialog says of a role, to those who may know."""
    role = maybe(Role, caller.account_id, name)
    if role is None or not RoleRow(caller, role).used_known:
        return "unknown"
    return ago(role.last_used_at, timezone.now()) if role.last_used_at else "none"


def _operation(caller: Caller, name: str) -> str:
    return "iam:DeleteServiceLinkedRole" if _is_service_linked(caller, name) else "iam:DeleteRole"


def _is_service_linked(caller: Caller, name: str) -> bool:
    role = maybe(Role, caller.account_id, name)
    return role is not None and is_service_linked(role)


def _parts(caller: Caller, name: str) -> Iterator[Part]:
    """Instance profiles, then policies. The boundary goes with the role, and a service's own role as it is."""
    if _is_service_linked(caller, name):
        return
    holder = Holder("role", name)
    answer = door.ask_all(caller, "iam:ListInstanceProfilesForRole", "InstanceProfiles", holder.member)
    if answer.denied:
        raise answer.denied
    profiles = answer.result["InstanceProfiles"]
    assert isinstance(profiles, list)
    for profile in profiles:
        yield from _profile_parts(str(profile["InstanceProfileName"]), name)
    yield from policy_parts(caller, holder)


def _profile_parts(profile: str, name: str) -> Iterator[Part]:
    """The role leaves the profile. One of the role's name was made by the console with the role, and goes with it."""
    given: dict[str, object] = {"InstanceProfileName": profile}
    yield f"instance profile {profile}", "iam:RemoveRoleFromInstanceProfile", {**given, "RoleName": name}
    if profile.lower() == name.lower():
        yield "the instance profile itself", "iam:DeleteInstanceProfile", given
