"""Times as people read them: how long ago, with the exact moment at hand."""

from __future__ import annotations

from datetime import UTC, datetime

_STEPS = ((60, "second", 1), (3600, "minute", 60), (86_400, "hour", 3600), (10**12, "day", 86_400))


def ago(moment: datetime, now: datetime) -> str:
    """ "4 hours ago", "Yesterday", "12 days ago"; a moment ahead is "in 4 hours"."""
    seconds = int((now - moment).total_seconds())
    if abs(seconds) < 5:
        return "Just now"
    if 86_400 <= seconds < 2 * 86_400:
        return "Yesterday"
    size = abs(seconds)
    unit, divisor = next((unit, divisor) for below, unit, divisor in _STEPS if size < below)
    count = size // divisor
    phrase = f"{count} {unit}{'' if count == 1 else 's'}"
    return f"{phrase} ago" if seconds > 0 else f"in {phrase}"


def exact(moment: datetime) -> str:
    """ "September 04, 2025, 10:12 (UTC)", as the console writes a date."""
    return moment.astimezone(UTC).strftime("%B %d, %Y, %H:%M (UTC)")
