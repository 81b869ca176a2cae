"""The roles somebody switched to in the console: kept for good, found again, pinned; the menu shows the first few."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import datetime

from django.db.models import QuerySet

from accounts.models import ConsoleSession, RoleHistory

IN_MENU = 5
# By the value that links carry (AWS's own), the name of the colour.
COLOURS = {"F2B0A9": "Red", "FBBF93": "Orange", "FAD791": "Yellow", "B7CA9D": "Green", "99BCE3": "Blue"}


@dataclass(frozen=True)
class RoleLink:
    """A role as the switch-role form names it; `role` has the role's path in front."""

    account: str
    role: str
    display: str
    colour: str = ""

    @property
    def arn(self) -> str:
        return f"arn:aws:iam::{self.account}:role/{self.role}"

    @property
    def css(self) -> str:
        """The class that paints the colour."""
        return f"role-{COLOURS[self.colour].lower()}" if self.colour in COLOURS else "role-plain"


def history_of(account_id: str, user_id: str) -> QuerySet[RoleHistory]:
    """A user's roles as lists show them: the pinned ones first, then the newest."""
    rows: QuerySet[RoleHistory] = RoleHistory.objects.of(account_id).filter(user_id=user_id)
    return rows.order_by("-pinned", "-used_at", "pk")


def recent(account_id: str, user_id: str) -> list[dict[str, str]]:
    """What the menu shows; kept with each session, so that a page need not ask."""
    return [asdict(link_of(row)) for row in history_of(account_id, user_id)[:IN_MENU]]


def link_of(row: RoleHistory) -> RoleLink:
    return RoleLink(row.role_account, row.role_name, row.display_name, row.colour)


def links(kept: list[dict[str, str]]) -> list[RoleLink]:
    return [RoleLink(**each) for each in kept]


def remember(account_id: str, user_id: str, link: RoleLink, now: datetime) -> None:
    """The user switched to it: by the name and colour it has this time."""
    values: Mapping[str, object] = {"display_name": link.display, "colour": link.colour, "used_at": now}
    RoleHistory.objects.update_or_create(
        account_id=account_id, user_id=user_id, role_account=link.account, role_name=link.role, defaults=values
    )
    _changed(account_id, user_id)


def pin(row: RoleHistory, pinned: bool) -> None:
    row.pinned = pinned
    row.save(update_fields=["pinned"])
    _changed(row.account_id, row.user_id)


def forget(row: RoleHistory) -> None:
    row.delete()
    _changed(row.account_id, row.user_id)


def _changed(account_id: str, user_id: str) -> None:
    menu = recent(account_id, user_id)
    ConsoleSession.objects.of(account_id).filter(user_id=user_id, ended_at=None).update(recent_roles=menu)
