"""The tables of this app's pages."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from urllib.parse import urlencode

from django.urls import reverse

from accounts.models import RoleHistory
from accounts.role_history import RoleLink, link_of
from iamconsole.ui.tables import Column, Table


@dataclass(frozen=True)
class PastRole:
    """A role of the history as its row shows it."""

    id: int
    link: RoleLink
    used_at: datetime
    pinned: bool

    @property
    def url(self) -> str:
        """The form, filled in."""
        link = self.link
        asked = {"account": link.account, "roleName": link.role, "displayName": link.display, "color": link.colour}
        return f"{reverse('switch-role')}?{urlencode(asked)}"


def past_role(row: RoleHistory) -> PastRole:
    return PastRole(row.pk, link_of(row), row.used_at, row.pinned)


ROLE_HISTORY: Table[PastRole] = Table(
    id="role-history",
    noun="role",
    nouns="roles",
    title="Role history",
    description="Every role that you switched to. The account menu has the first five: those pinned, then the newest.",
    filter_text="Find roles",
    empty_text="Roles that you switch to are listed here.",
    columns=(
        Column("name", "Display name", lambda r: r.link.display, "accounts/_role_name.html", row_header=True),
        Column("role", "Role name", lambda r: r.link.role),
        Column("account", "Account ID", lambda r: r.link.account),
        Column("used_at", "Last used", cell="accounts/_role_used.html", searchable=False),
        Column("actions", "Actions", cell="accounts/_role_actions.html", sortable=False, searchable=False),
    ),
)
