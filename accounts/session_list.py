"""The open console sessions of a user or of root: shown to themselves and to who administers them, and ended."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from accounts import sessions
from accounts.caller import Caller
from accounts.models import Account, ConsoleSession
from iamconsole.events.record import sign_in_event
from identities.models import User

# Looked for in this order: each of them also claims to be those after it.
BROWSERS = {"Edg": "Edge", "OPR": "Opera", "Firefox": "Firefox", "Chrome": "Chrome", "Safari": "Safari"}
SYSTEMS = {
    "Windows": "Windows",
    "Android": "Android",
    "iPhone": "iOS",
    "iPad": "iOS",
    "Mac OS X": "macOS",
    "CrOS": "ChromeOS",
    "Linux": "Linux",
}


@dataclass(frozen=True)
class ShownSession:
    """A session as its row in a list shows it."""

    id: str
    browser: str
    source_ip: str
    since: datetime
    last_seen: datetime
    mfa: bool
    role: str
    current: bool


def open_sessions(account: Account, user: User | None, here: ConsoleSession | None = None) -> list[ShownSession]:
    """The sessions that hold now, the newest first; `here` is the one that asks."""
    version = user.credential_version if user else account.root_credential_version
    rows = ConsoleSession.objects.of(account.pk).filter(user_id=user.pk if user else "", version=version, ended_at=None)
    held = [row for row in rows.order_by("-since", "pk") if sessions.seconds_left(row) > 0]
    return [_shown(row, here) for row in held]


def _shown(row: ConsoleSession, here: ConsoleSession | None) -> ShownSession:
    acting = row.role["display"] if row.role and sessions.role_seconds_left(row) else ""
    return ShownSession(
        row.pk,
        browser(row.user_agent),
        row.source_ip,
        row.since,
        row.last_seen,
        row.mfa_at is not None,
        acting,
        here is not None and row.pk == here.pk,
    )


def browser(user_agent: str) -> str:
    """ "Firefox on Linux", as far as the browser says."""
    name = next((name for mark, name in BROWSERS.items() if f"{mark}/" in user_agent), "")
    system = next((name for mark, name in SYSTEMS.items() if mark in user_agent), "")
    return " on ".join(filter(None, (name, system))) or user_agent[:60] or "Unknown"


def end(by: Caller, account_id: str, user_id: str, ids: Collection[str], now: datetime, whose: str) -> int:
    """End sessions of one person, from the next request on in every process; one event tells who did it."""
    rows = ConsoleSession.objects.of(account_id).filter(user_id=user_id, pk__in=ids, ended_at=None)
    ended = rows.update(ended_at=now)
    if ended:
        facts = {
            "requestParameters": {"userName": whose, "sessions": len(ids)},
            "responseElements": {"EndConsoleSession": "Success"},
            "additionalEventData": {"SessionIds": sorted(ids)},
        }
        sign_in_event(by, "EndConsoleSession", now, facts=facts)
    return ended
