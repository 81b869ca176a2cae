"""The roles list. What ListRoles does not tell is shown to those who may ask for it, role by role."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cached_property

from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html, format_html_join

from accounts.caller import Caller
from iamconsole.operations import door
from iamconsole.ui.tables import Column, Table
from iamconsole.ui.templatetags.ui import ui_date, ui_status, ui_time
from identities.models import Role
from identities.queries import listed
from identities.service_roles import is_service_linked
from identities.tables_users import access_denied
from identities.tags import by_key
from identities.targets import row_target
from identities.trusted import trusted_entities

# AWS keeps 400 days of last-accessed data (IAM user guide, "access-advisor tracking period").
TRACKED = timedelta(days=400)
RECENT = timedelta(days=90)
NAMED_ENTITIES = 2


@dataclass(eq=False)
class RoleRow:
    """One role in the list."""

    caller: Caller
    role: Role

    @property
    def name(self) -> str:
        return self.role.name

    @cached_property
    def trusted(self) -> list[str]:
        suffix = " (Service-Linked Role)" if is_service_linked(self.role) else ""
        return [each + suffix for each in trusted_entities(self.role.trust_policy)]

    @cached_property
    def used_known(self) -> bool:
        """GetRole alone tells when a role was last used."""
        return self._may("iam:GetRole")

    @cached_property
    def tags_known(self) -> bool:
        return self._may("iam:ListRoleTags")

    @property
    def tags(self) -> str:
        return ", ".join(f"{tag['Key']}={tag['Value']}" for tag in by_key(self.role.tags))

    def _may(self, action: str) -> bool:
        return door.decide(self.caller, action, row_target(self.role)).allowed


def role_rows(caller: Caller) -> list[RoleRow]:
    """The roles of the caller's account, by name. Whoever calls this was allowed to list them."""
    return [RoleRow(caller, role) for role in listed(Role, caller.account_id)]


def last_activity(moment: datetime | None, never: str = "–") -> object:
    """When a role was last used, as far as it is tracked: a good sign, an old one, or none."""
    if moment is None:
        return never
    since = timezone.now() - moment
    if since > TRACKED:
        return ui_status("warning", "Not accessed in the tracking period")
    return ui_status("success" if since < RECENT else "warning", ui_time(moment))


def duration(seconds: int) -> str:
    """ "1 hour", "2 hours 30 minutes"; seconds only where there are some."""
    parts = ((seconds // 3600, "hour"), (seconds % 3600 // 60, "minute"), (seconds % 60, "second"))
    return " ".join(f"{count} {unit}{'' if count == 1 else 's'}" for count, unit in parts if count)


def _trusted_cell(row: RoleRow) -> object:
    shown = format_html_join(", ", "{}", ((each,) for each in row.trusted[:NAMED_ENTITIES]))
    more = len(row.trusted) - NAMED_ENTITIES
    return format_html("{} + {} more", shown, more) if more > 0 else shown


def _hidden(key: str, label: str, value: Callable[[RoleRow], object]) -> Column[RoleRow]:
    return Column(key, label, value=value, searchable=False, default_visible=False)


ROLES: Table[RoleRow] = Table(
    id="roles-table",
    columns=(
        Column(
            "role_name",
            "Role name",
            value=lambda row: row.name,
            cell=lambda row: format_html('<a href="{}">{}</a>', reverse("role", args=[row.name]), row.name),
            row_header=True,
        ),
        Column("trusted", "Trusted entities", value=lambda row: ", ".join(row.trusted), cell=_trusted_cell),
        Column(
            "activity",
            "Last activity",
            value=lambda row: row.role.last_used_at if row.used_known else None,
            cell=lambda row: last_activity(row.role.last_used_at) if row.used_known else access_denied(),
            searchable=False,
        ),
        _hidden("arn", "ARN", lambda row: row.role.arn),
        _hidden("path", "Path", lambda row: row.role.path),
        Column(
            "created",
            "Creation time",
            value=lambda row: row.role.created_at,
            cell=lambda row: ui_date(row.role.created_at),
            searchable=False,
            default_visible=False,
        ),
        Column(
            "duration",
            "Maximum session duration",
            value=lambda row: row.role.max_session_duration,
            cell=lambda row: duration(row.role.max_session_duration),
            searchable=False,
            default_visible=False,
        ),
        _hidden("description", "Description", lambda row: row.role.description),
        Column(
            "tags",
            "Tags",
            value=lambda row: row.tags if row.tags_known else None,
            cell=lambda row: row.tags if row.tags_known else access_denied(),
            default_visible=False,
        ),
    ),
    noun="role",
    nouns="roles",
    title="Roles",
    info="roles",
    description="An IAM role is an identity with specific permissions and credentials that are valid for short "
    "durations. Roles can be assumed by entities that you trust.",
    select="checkbox",
    sort="role_name",
    filter_text="Find roles by name or trusted entity",
    empty_text="There are no roles in this account.",
)
