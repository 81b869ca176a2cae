"""The event history as it is looked up: by account, newest first, narrowed by filters. Counting stops at a cap."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from uuid import UUID

from django.db.models import Q, QuerySet
from django.http import QueryDict

from accounts.caller import Caller
from iamconsole.events.models import Event

CAP = 10_000
ATTRIBUTES = {
    "name": "Event name",
    "user_name": "User name",
    "resource_name": "Resource name",
    "resource_type": "Resource type",
    "source": "Event source",
    "event_id": "Event ID",
    "access_key_id": "AWS access key",
    "error_code": "Error code",
}
KINDS = {"": "Read-only: false", "true": "Read-only: true", "all": "Read-only: any"}
RANGES = {"": "All time", "30m": "Last 30 minutes", "1h": "Last hour", "12h": "Last 12 hours", "1d": "Last day"}
_SPANS = {"30m": timedelta(minutes=30), "1h": timedelta(hours=1), "12h": timedelta(hours=12), "1d": timedelta(days=1)}
_SEARCHED = ("name", "user_name", "resource_name", "resource_type", "source", "error_code", "source_ip")


@dataclass(frozen=True)
class EventFilter:
    """What the list is narrowed to; every part is optional. `problem` says which part cannot be understood."""

    kind: str = ""
    attribute: str = ""
    value: str = ""
    range: str = ""
    since: datetime | None = None
    until: datetime | None = None
    words: str = ""
    problem: str = ""

    @property
    def narrowed(self) -> bool:
        return any((self.kind, self.value, self.range, self.since, self.until, self.words))

    @property
    def detailed(self) -> bool:
        """Whether one of the filters is in use that stand apart from the table."""
        return any((self.value, self.since, self.until, self.problem))


def read_filter(asked: QueryDict) -> EventFilter:
    """The filter in an address; an unknown word counts as no filter."""
    attribute, value = asked.get("attribute", ""), asked.get("value", "").strip()
    since, until = _moment(asked.get("from", "")), _moment(asked.get("to", ""))
    unread = [name for name, found in (("from", since), ("to", until)) if asked.get(name) and found is None]
    problem = "Enter times as year-month-day and hour:minute, in UTC." if unread else ""
    if attribute == "event_id" and value and _uuid(value) is None:
        problem = "That is not an event ID."
    return EventFilter(
        kind=_one_of(asked.get("read_only", ""), KINDS),
        attribute=_one_of(attribute, ATTRIBUTES),
        value=value if attribute in ATTRIBUTES else "",
        range=_one_of(asked.get("range", ""), RANGES),
        since=since,
        until=until,
        words=asked.get("q", "").strip()[:200],
        problem=problem,
    )


def find_events(account_id: str, wanted: EventFilter, now: datetime) -> QuerySet[Event]:
    """The account's events that pass the filter, newest first."""
    found = Event.objects.filter(account_id=account_id).order_by("-id")
    # Whoever names one event means it, whatever it did.
    if wanted.kind != "all" and not (wanted.value and wanted.attribute == "event_id"):
        found = found.filter(read_only=wanted.kind == "true")
    if wanted.value:
        found = found.filter(**{wanted.attribute: wanted.value}) if not wanted.problem else found.none()
    if wanted.range:
        found = found.filter(at__gte=now - _SPANS[wanted.range])
    if wanted.since:
        found = found.filter(at__gte=wanted.since)
    if wanted.until:
        found = found.filter(at__lte=wanted.until)
    if wanted.words:
        found = found.filter(_any_contains(wanted.words))
    return found


def count_events(found: QuerySet[Event]) -> int:
    """How many there are, but no more than one past the cap."""
    return found.order_by()[: CAP + 1].count()


def event_of_account(account_id: str, event_id: UUID) -> Event | None:
    return Event.objects.filter(account_id=account_id, event_id=event_id).first()


def is_own(event: Event, caller: Caller) -> bool:
    """Whether the caller itself made this call; an id, unlike a name, is never given to somebody else."""
    identity = event.record.get("userIdentity")
    principal_id = identity.get("principalId") if isinstance(identity, dict) else None
    return event.account_id == caller.account_id and principal_id == caller.principal_id


def recent_denials(account_id: str, count: int) -> list[Event]:
    """The newest refused calls."""
    return list(Event.objects.filter(account_id=account_id, error_code="AccessDenied").order_by("-id")[:count])


def recent_changes(account_id: str, count: int) -> list[Event]:
    """The newest changes that were made."""
    found = Event.objects.filter(account_id=account_id, read_only=False, error_code="", source="iam.amazonaws.com")
    return list(found.order_by("-id")[:count])


def _any_contains(words: str) -> Q:
    either = Q()
    for field in _SEARCHED:
        either |= Q(**{f"{field}__icontains": words})
    return either


def _one_of(word: str, known: dict[str, str]) -> str:
    return word if word in known else ""


def _moment(text: str) -> datetime | None:
    """A time as a browser's date field sends it, taken as UTC."""
    try:
        found = datetime.fromisoformat(text) if text else None
    except ValueError:
        return None
    return found.replace(tzinfo=UTC) if found and found.tzinfo is None else found


def _uuid(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None
