"""Times as AWS writes them."""

from __future__ import annotations

from datetime import datetime


def to_the_second(moment: datetime) -> str:
    """`2026-01-31T12:00:00Z`, of a time in UTC. Not strftime, which is slow for what every call asks."""
    return f"{moment.isoformat()[:19]}Z"
