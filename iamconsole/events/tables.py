"""The table of events. The database does what other tables do in memory: it holds tens of thousands of them."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

from django.db.models import QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString

from iamconsole.events.models import Event
from iamconsole.events.queries import CAP, KINDS, RANGES, count_events
from iamconsole.ui.tables import BoundTable, Column, Filter, ShownRow, Table
from iamconsole.ui.templatetags.ui import ui_date, ui_status

# Filters that stand in the form above the table.
APART = ("attribute", "value", "from", "to")


@dataclass
class EventTable(BoundTable[Event]):
    """One page of events. `total` is how many match, at most one past the cap."""

    found: QuerySet[Event]

    @cached_property
    def total(self) -> int:
        return count_events(self.found)

    @property
    def pages(self) -> int:
        return max(1, -(-min(self.total, CAP) // self.preferences.page_size))

    @cached_property
    def matching(self) -> list[Event]:
        size = self.preferences.page_size
        return list(self.found.defer("record", "decision")[(self.page - 1) * size : self.page * size])

    @cached_property
    def shown(self) -> list[ShownRow]:
        return [self._shown(event) for event in self.matching]

    @property
    def count_text(self) -> str:
        return f"{CAP:,}+" if self.total > CAP else f"{self.total:,}"

    @property
    def counter(self) -> str:
        return f"({self.count_text})"

    @property
    def narrowed(self) -> bool:
        return super().narrowed or any(self.request.GET.get(name) for name in APART)

    @property
    def matches_text(self) -> str:
        return f"{self.count_text} {'match' if self.total == 1 else 'matches'}" if self.narrowed else ""

    @property
    def clear_url(self) -> str:
        return self.request.path

    @property
    def kept_parameters(self) -> list[tuple[str, str]]:
        return [pair for pair in super().kept_parameters if pair[0] not in APART]


def bind_events(request: HttpRequest, found: QuerySet[Event]) -> EventTable:
    """The table for this request."""
    return EventTable(EVENTS, request, [], set(), "", 1, "selected", None, found)


def _name(event: Event) -> SafeString:
    return format_html('<a href="{}">{}</a>', reverse("event", args=[event.event_id]), event.name)


def _error(event: Event) -> object:
    return ui_status("error", event.error_code) if event.error_code else ""


def _plain(key: str, label: str, visible: bool = True) -> Column[Event]:
    return Column(key, label, sortable=False, default_visible=visible)


EVENTS: Table[Event] = Table(
    id="events-table",
    columns=(
        Column("name", "Event name", cell=_name, sortable=False, row_header=True),
        Column("at", "Event time", cell=lambda event: ui_date(event.at), sortable=False),
        _plain("user_name", "User name"),
        _plain("source", "Event source"),
        _plain("resource_type", "Resource type"),
        _plain("resource_name", "Resource name"),
        Column("error_code", "Error code", cell=_error, sortable=False),
        _plain("source_ip", "Source IP address", visible=False),
        _plain("access_key_id", "AWS access key", visible=False),
        Column("read_only", "Read-only", cell=lambda event: str(event.read_only).lower(), sortable=False,
               default_visible=False),
        _plain("event_id", "Event ID", visible=False),
    ),
    noun="event",
    nouns="events",
    filter_text="Find events",
    filters=(
        Filter("read_only", "Read-only", tuple(KINDS.items()), lambda event, wanted: True),
        Filter("range", "Time range", tuple(RANGES.items()), lambda event, wanted: True),
    ),
    empty_text="Nothing has happened yet.",
    page_sizes=(50, 100, 500),
)  # fmt: skip
