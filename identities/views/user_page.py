"""The page of one user: its summary and tabs. Every part is asked for with the caller's own permissions."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from django.http import HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from accounts import throttle
from accounts.http import ConsoleRequest, signed_in
from accounts.session_list import ShownSession, open_sessions
from accounts.throttle import Counted
from accounts.views.own import Owner
from accounts.views.security_credentials import ShownKey, sessions_context, shown_devices, shown_keys
from iamconsole.operations import door
from iamconsole.operations.door import Answer
from iamconsole.operations.errors import AccessDenied, NoSuchEntity
from iamconsole.ui.htmx import render_page
from identities.group_rows import USER_GROUPS, group_rows
from identities.models import Group, User
from identities.queries import maybe
from identities.views.user_password import signin_url
from identities.views.users import users_crumbs
from policies.views.permissions import permissions_context

Context = dict[str, object]


@dataclass(frozen=True)
class ConsolePassword:
    """Whether a user has a console password, as far as the caller may know."""

    created: datetime | None = None
    denied: AccessDenied | None = None


@dataclass(frozen=True)
class UserPage:
    """What every tab shows: the answers about the user, each of which can be a refusal."""

    name: str
    identity: Answer
    groups: Answer
    devices: Answer
    keys: Answer
    key_cards: list[ShownKey]
    password: ConsolePassword

    @property
    def user(self) -> Mapping[str, object]:
        found = self.identity.result.get("User", {})
        assert isinstance(found, Mapping)
        return found

    @property
    def console_access(self) -> tuple[str, str]:
        """Kind of status, and words."""
        if self.password.created is None:
            return ("stopped", "Disabled")
        if self.devices.denied:
            return ("success", "Enabled")
        if self.devices.result["MFADevices"]:
            return ("success", "Enabled with MFA")
        return ("warning", "Enabled without MFA")

    @property
    def tabs(self) -> list[tuple[str, str]]:
        groups = count(self.groups.result.get("Groups")) if self.groups else ""
        tags = count(self.user.get("Tags", [])) if self.identity else ""
        tabs = (("Permissions", "user"), (f"Groups{groups}", "user-groups"), (f"Tags{tags}", "user-tags"))
        return [
            (label, reverse(name, args=[self.name]))
            for label, name in (*tabs, ("Security credentials", "user-credentials"))
        ]


def count(items: object) -> str:
    """ " (2)"."""
    return f" ({len(items)})" if isinstance(items, list) else ""


def password_of(request: ConsoleRequest, name: str) -> ConsolePassword:
    """AWS has no other way to find out than to ask and see it missing."""
    try:
        answer = door.ask(request.caller, "iam:GetLoginProfile", {"UserName": name})
    except NoSuchEntity:
        return ConsolePassword()
    profile = answer.result.get("LoginProfile", {})
    assert isinstance(profile, Mapping)
    return ConsolePassword(profile.get("CreateDate"), answer.denied)


def read_user(request: ConsoleRequest, name: str) -> UserPage:
    """Raises NoSuchEntity where there is no such user and the caller may know it."""
    caller, given = request.caller, {"UserName": name}
    identity = door.ask(caller, "iam:GetUser", given)
    found = identity.result.get("User", {})
    assert isinstance(found, Mapping)
    keys = door.ask_all(caller, "iam:ListAccessKeys", "AccessKeyMetadata", given)
    return UserPage(
        # The name as it was given to the user: asked for in another case it is the same user.
        name=str(found.get("UserName", name)),
        identity=identity,
        groups=door.ask_all(caller, "iam:ListGroupsForUser", "Groups", given),
        devices=door.ask_all(caller, "iam:ListMFADevices", "MFADevices", given),
        keys=keys,
        key_cards=shown_keys(request, Owner(caller, name), keys),
        password=password_of(request, name),
    )


def user_context(request: ConsoleRequest, page: UserPage) -> Context:
    name = page.name
    return {
        "page": page,
        "user": page.user,
        "name": name,
        "page_title": name,
        "tabs": page.tabs,
        "current_tab": request.path,
        "breadcrumbs": users_crumbs((name, reverse("user", args=[name]))),
        "create_url": reverse("user-access-key-create", args=[name]),
    }


@require_safe
@signed_in
def user(request: ConsoleRequest, name: str) -> HttpResponse:
    """The Permissions tab."""
    page = read_user(request, name)
    permissions = permissions_context(request, "user", page.name, page.identity)
    context = user_context(request, page) | permissions
    return render_page(
        request, "identities/user_permissions.html", context, fragment=permissions["permissions"].fragment
    )


@require_safe
@signed_in
def user_groups(request: ConsoleRequest, name: str) -> HttpResponse:
    """The Groups tab."""
    page = read_user(request, name)
    context = user_context(request, page)
    if page.groups:
        found = page.groups.result["Groups"]
        assert isinstance(found, list)
        groups = Group.objects.of(request.caller.account_id).filter(pk__in=[each["GroupId"] for each in found])
        add = ("Add user to groups", reverse("user-groups-add", args=[page.name]))
        context["table"] = USER_GROUPS.bind(request, group_rows(request.caller, groups), heading=2, create=add)
    return render_page(request, "identities/user_groups.html", context, fragment=_fragment(page.groups))


def _fragment(answer: Answer) -> str | None:
    return "ui/_table.html" if answer else None


@require_safe
@signed_in
def user_tags(request: ConsoleRequest, name: str) -> HttpResponse:
    """The Tags tab."""
    page = read_user(request, name)
    tags = door.ask_all(request.caller, "iam:ListUserTags", "Tags", {"UserName": page.name})
    context = user_context(request, page) | {"tags_denied": tags.denied, "tags": tags.result.get("Tags", [])}
    return render_page(request, "identities/user_tags.html", context)


def _slowed(request: ConsoleRequest, page: UserPage) -> list[Counted]:
    """The failed sign-ins that count now, for whoever may know of the user's password."""
    if page.password.denied:
        return []
    return throttle.counted(request.caller.account_id, page.name, timezone.now())


@require_safe
@signed_in
def user_credentials(request: ConsoleRequest, name: str) -> HttpResponse:
    """The Security credentials tab."""
    page = read_user(request, name)
    devices = shown_devices(Owner(request.caller, page.name), page.devices)
    rows = [] if page.password.denied else _sessions(request, page.name)
    context = user_context(request, page) | {
        **sessions_context(Owner(request.caller, page.name), rows),
        "signin_url": signin_url(request),
        "device_rows": devices,
        "device_counter": f"({len(devices)})",
        "assign_url": reverse("user-mfa-assign", args=[page.name]),
        "key_rows": page.key_cards,
        "key_counter": f"({len(page.key_cards)})",
        "rotate_url": reverse("user-access-key-rotate", args=[page.name]),
        "slowed": _slowed(request, page),
        "unlock_url": reverse("user-unlock", args=[page.name]),
    }
    return render_page(request, "identities/user_credentials.html", context)


def _sessions(request: ConsoleRequest, name: str) -> list[ShownSession]:
    """Where the user is signed in: whoever may know of the console password may know that."""
    user = maybe(User, request.caller.account_id, name)
    return open_sessions(request.account, user, request.signed_in.row) if user else []
