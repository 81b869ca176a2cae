"""The page of one role: its summary and tabs. Every part is asked for with the caller's own permissions."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from django.http import HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_safe

from accounts.http import ConsoleRequest, signed_in
from accounts.views.switch_role import role_link
from iamconsole.operations import door
from iamconsole.operations.door import Answer
from iamconsole.ui.htmx import render_page
from identities.service_roles import PATH as SERVICE_LINKED
from identities.tables_roles import duration, last_activity
from identities.trusted import EC2, trusted_entities
from identities.views.roles import role_crumbs
from policies.engine.validate import trust_principals
from policies.views.permissions import permissions_context


@dataclass(frozen=True)
class RolePage:
    """What every tab shows: the answer about the role, which can be a refusal."""

    asked: str
    answer: Answer
    # Asked only for roles that EC2 can assume.
    profiles: Answer | None = None

    @property
    def role(self) -> Mapping[str, object]:
        found = self.answer.result.get("Role", {})
        assert isinstance(found, Mapping)
        return found

    @property
    def name(self) -> str:
        """The name as the role has it: asked for in another case it is the same role."""
        return str(self.role.get("RoleName", self.asked))

    @property
    def trust(self) -> str:
        return str(self.role.get("AssumeRolePolicyDocument", ""))

    @property
    def trusted(self) -> list[str]:
        return trusted_entities(self.trust) if self.trust else []

    @property
    def service_linked(self) -> bool:
        return str(self.role.get("Path", "")).startswith(SERVICE_LINKED)

    @property
    def profile_arns(self) -> list[str]:
        found = self.profiles.result.get("InstanceProfiles", []) if self.profiles else []
        assert isinstance(found, list)
        return [str(profile["Arn"]) for profile in found]

    @property
    def seconds(self) -> int:
        seconds = self.role["MaxSessionDuration"]
        assert isinstance(seconds, int)
        return seconds

    @property
    def longest_session(self) -> str:
        return duration(self.seconds)

    @property
    def last_activity(self) -> object:
        used = self.role.get("RoleLastUsed")
        moment = used.get("LastUsedDate") if isinstance(used, Mapping) else None
        return last_activity(moment if isinstance(moment, datetime) else None, never="None")

    @property
    def tabs(self) -> list[tuple[str, str]]:
        tags = self.role.get("Tags", [])
        count = f" ({len(tags)})" if self.answer and isinstance(tags, list) else ""
        tabs = (
            ("Permissions", "role"),
            ("Trust relationships", "role-trust"),
            (f"Tags{count}", "role-tags"),
            ("Revoke sessions", "role-revoke"),
        )
        return [(label, reverse(route, args=[self.name])) for label, route in tabs]


def read_role(request: ConsoleRequest, name: str) -> RolePage:
    """Raises NoSuchEntity where there is no such role and the caller may know it."""
    page = RolePage(name, door.ask(request.caller, "iam:GetRole", {"RoleName": name}))
    if not page.trust or EC2 not in {principal.value for principal in trust_principals(page.trust)}:
        return page
    listing = "iam:ListInstanceProfilesForRole"
    return replace(page, profiles=door.ask_all(request.caller, listing, "InstanceProfiles", {"RoleName": page.name}))


def role_context(request: ConsoleRequest, page: RolePage) -> dict[str, object]:
    return {
        "page": page,
        "role": page.role,
        "name": page.name,
        "page_title": page.name,
        "description": page.role.get("Description", ""),
        "tabs": page.tabs,
        "breadcrumbs": role_crumbs(page.name),
        "switch_url": _switch_url(request, page),
    }


def _switch_url(request: ConsoleRequest, page: RolePage) -> str:
    """The link for users who may switch to it; a role of a service is none of them."""
    if not page.role or page.service_linked:
        return ""
    named = f"{page.role['Path']}{page.name}".lstrip("/")
    return role_link(request, request.account.alias or request.account.pk, named)


@require_safe
@signed_in
def role(request: ConsoleRequest, name: str) -> HttpResponse:
    """The Permissions tab."""
    page = read_role(request, name)
    permissions = permissions_context(request, "role", page.name, page.answer)
    context = role_context(request, page) | permissions
    fragment = permissions["permissions"].fragment
    return render_page(request, "identities/role_permissions.html", context, fragment=fragment)


@require_safe
@signed_in
def role_trust(request: ConsoleRequest, name: str) -> HttpResponse:
    """The Trust relationships tab."""
    return render_page(request, "identities/role_trust.html", role_context(request, read_role(request, name)))


@require_safe
@signed_in
def role_tags(request: ConsoleRequest, name: str) -> HttpResponse:
    """The Tags tab."""
    page = read_role(request, name)
    tags = door.ask_all(request.caller, "iam:ListRoleTags", "Tags", {"RoleName": page.name})
    context = role_context(request, page) | {"tags_denied": tags.denied, "tags": tags.result.get("Tags", [])}
    return render_page(request, "identities/role_tags.html", context)
