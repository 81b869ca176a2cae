"""Which texts AWS takes as a date when it saves a policy."""

from __future__ import annotations

import re

LARGEST_EPOCH = 2**63 - 1
YEARS = range(-292_275_054, 292_278_993 + 1)

_ISO = re.compile(
    r"(?P<year>-?\d{1,9})(?:-(?P<month>\d{1,2})(?:-(?P<day>\d{1,2}))?)?"
    r"(?:T(?:(?P<hour>\d{1,2})(?::(?P<minute>\d{1,2})(?::(?P<second>\d{1,2})(?:\.\d{1,9})?)?)?"
    r"(?:Z|[+-](?P<zone_hour>\d{2})(?::?(?P<zone_minute>\d{2}))?)?)?)?",
    re.ASCII | re.IGNORECASE,
)
_RANGES = {
    "year": YEARS,
    "month": range(1, 13),
    "day": range(1, 32),
    "hour": range(24),
    "minute": range(60),
    "second": range(60),
    "zone_hour": range(24),
    "zone_minute": range(60),
}


def is_policy_date(text: str) -> bool:
    """Whether the text is an ISO 8601 date of any precision, or seconds since 1970."""
    if text.isascii() and text.isdigit():
        return len(text) <= 19 and int(text) <= LARGEST_EPOCH
    found = _ISO.fullmatch(text)
    return found is not None and all(int(part) in _RANGES[name] for name, part in found.groupdict().items() if part)
