"""Date operators: ISO 8601 as W3C writes it, or epoch seconds, compared as instants to the second."""

from __future__ import annotations

import operator
import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

from policies.engine.conditions.operator import Operator, Test, by_name, never
from policies.engine.variables import Keys, Template

_ISO = re.compile(
    r"(?P<year>[0-9]{4})(?:-(?P<month>[0-9]{2})(?:-(?P<day>[0-9]{2})"
    r"(?:T(?P<hour>[0-9]{2}):(?P<minute>[0-9]{2})(?::(?P<second>[0-9]{2})(?:\.[0-9]+)?)?"
    r"(?:Z|(?P<sign>[+-])(?P<away>[0-9]{2}:[0-9]{2}))?)?)?)?"
)
_EPOCH = re.compile(r"(?P<seconds>-?[0-9]{1,18})(?:\.[0-9]+)?")
_BEGINNING = datetime(1970, 1, 1, tzinfo=UTC)


def instant(text: str) -> int | None:
    """Seconds since 1970, fractions dropped; four digits alone are a year."""
    iso = _ISO.fullmatch(text)
    if iso is not None:
        return _iso_instant(iso)
    epoch = _EPOCH.fullmatch(text)
    return int(epoch["seconds"]) if epoch else None


def _iso_instant(found: re.Match[str]) -> int | None:
    day = (int(found["year"]), int(found["month"] or 1), int(found["day"] or 1))
    time = (int(found["hour"] or 0), int(found["minute"] or 0), int(found["second"] or 0))
    try:
        local = datetime(*day, *time, tzinfo=UTC)
    except ValueError:
        return None
    hours, minutes = (found["away"] or "00:00").split(":")
    if int(hours) > 23 or int(minutes) > 59:
        return None
    away = int(hours) * 3600 + int(minutes) * 60
    return (local - _BEGINNING) // timedelta(seconds=1) - (-away if found["sign"] == "-" else away)


def _comparing(compare: Callable[[int, int], bool]) -> Callable[[Template], Test]:
    def read(value: Template) -> Test:
        wanted = instant(value.raw)
        if wanted is None:
            return never

        def test(seen: str, keys: Keys) -> bool:
            found = instant(seen)
            return found is not None and compare(found, wanted)

        return test

    return read


OPERATORS = by_name(
    Operator("DateEquals", _comparing(operator.eq)),
    Operator("DateNotEquals", _comparing(operator.eq), negated=True),
    Operator("DateLessThan", _comparing(operator.lt)),
    Operator("DateLessThanEquals", _comparing(operator.le)),
    Operator("DateGreaterThan", _comparing(operator.gt)),
    Operator("DateGreaterThanEquals", _comparing(operator.ge)),
)
