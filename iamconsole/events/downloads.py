"""Events as files: CSV that a spreadsheet cannot be tricked with, and JSON as CloudTrail writes it."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterable, Iterator

from django.db.models import QuerySet

from iamconsole.events.models import Event
from iamconsole.events.queries import CAP

COLUMNS = (
    "at", "name", "user_name", "source", "resource_type", "resource_name", "error_code", "source_ip", "access_key_id",
    "read_only", "event_id",
)  # fmt: skip
TITLES = (
    "Event time", "Event name", "User name", "Event source", "Resource type", "Resource name", "Error code",
    "Source IP address", "AWS access key", "Read-only", "Event ID",
)  # fmt: skip
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


class _Echo:
    """A file that hands back what is written, for csv.writer."""

    def write(self, text: str) -> str:
        return text


def csv_lines(found: QuerySet[Event]) -> Iterator[str]:
    """The events as CSV, line by line, the newest first and no more than the cap."""
    writer = csv.writer(_Echo())
    yield writer.writerow(TITLES)
    for values in found.values_list(*COLUMNS)[:CAP].iterator(chunk_size=1000):
        yield writer.writerow([harmless(_text(value)) for value in values])


def json_lines(found: QuerySet[Event]) -> Iterator[str]:
    """The records in one CloudTrail document."""
    yield '{"Records": ['
    yield from _separated(json.dumps(record) for record in _records(found))
    yield "]}\n"


def harmless(text: str) -> str:
    """A cell that no spreadsheet takes for a formula."""
    return f"'{text}" if text.startswith(_FORMULA) else text


def _text(value: object) -> str:
    stamp = getattr(value, "isoformat", None)
    return str(stamp()) if stamp else str(value)


def _records(found: QuerySet[Event]) -> Iterator[dict[str, object]]:
    yield from found.values_list("record", flat=True)[:CAP].iterator(chunk_size=500)


def _separated(items: Iterable[str]) -> Iterator[str]:
    for number, item in enumerate(items):
        yield f",\n{item}" if number else f"\n{item}"
