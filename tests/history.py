"""What tests do to the event history behind the console's back: its own ways in refuse to change or delete."""

from __future__ import annotations

from django.db.models import QuerySet

from iamconsole.events.models import Event


def unguarded() -> QuerySet[Event]:
    """The events, without the guards."""
    return QuerySet(Event)
