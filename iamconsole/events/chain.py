"""Events as a chain: each carries a digest of itself and of the one before it, account by account.

Whoever changes, removes, adds or reorders rows behind the console's back leaves a break, and `manage.py verify_events`
names it. Whoever may write to the database *and* computes all later digests anew leaves none: note the last digest,
which the command prints, somewhere else.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC
from itertools import groupby

from django.db import connection, models, transaction

from iamconsole.events.models import Chain, Event
from iamconsole.prepared import insert
from iamconsole.statements import run

# Before the first event.
START = "0" * 64
CHUNK = 2_000
# Plain SQL: every call passes here, and the query builder would take ten times as long as the database.
# SQLite needs no lock of a row: its transactions begin as the only writer.
READ_END = "SELECT digest FROM events_chain WHERE account_id = %s"
LOCK_END = READ_END + " FOR UPDATE"
MOVE_END = "UPDATE events_chain SET digest = %s WHERE account_id = %s"
_SORTED = json.JSONEncoder(sort_keys=True, separators=(",", ":"))


def append(events: Sequence[Event]) -> None:
    """Write events, each after the newest of its account, in the transaction of what they tell."""
    if connection.in_atomic_block:
        _append(events)
    else:
        with transaction.atomic():
            _append(events)


def _append(events: Sequence[Event]) -> None:
    # Accounts in one order, so that two who write to the same two never wait for each other.
    for account_id, group in groupby(sorted(events, key=_account), key=_account):
        end = _locked_end(account_id)
        for event in group:
            end = event.digest = digest_of(end, event)
            insert(event)
        _set_end(account_id, end)


def begin_again(account_id: str, keep: models.Q) -> None:
    """Forget the history of an account but for the events in `keep`, which become the start of a new chain."""
    with transaction.atomic():
        _locked_end(account_id)
        # A query set without our guards: this is the one place where history is forgotten.
        rows: models.QuerySet[Event] = models.QuerySet(Event).filter(account_id=account_id)
        rows.exclude(keep).delete()
        end = START
        for event in rows.order_by("id"):
            end = digest_of(end, event)
            rows.filter(pk=event.pk).update(digest=end)
        _set_end(account_id, end)


def digest_of(before: str, event: Event) -> str:
    """The digest of an event that follows the digest `before`; the same before and after the row was stored."""
    row = [
        before,
        str(event.event_id),
        event.account_id,
        event.at.astimezone(UTC).isoformat(timespec="microseconds"),
        event.name,
        event.source,
        event.read_only,
        event.principal_arn,
        event.principal_type,
        event.user_name,
        event.access_key_id,
        event.source_ip,
        event.resource_name,
        event.resource_type,
        event.error_code,
        event.error_message,
        event.record,
        event.decision,
    ]
    # Keys sorted: PostgreSQL keeps objects, not the order of their keys.
    return hashlib.sha256(_SORTED.encode(row).encode()).hexdigest()


@dataclass(frozen=True)
class Progress:
    """How far a check came: so many events follow each other, up to `digest`; `broken` says where they do not."""

    events: int
    digest: str
    broken: str = ""


def verify(account_id: str) -> Iterator[Progress]:
    """Walk the history of an account; progress on the way, and the outcome last."""
    # The end first: events that come while we walk are further links, not a break.
    end = Chain.objects.filter(pk=account_id).values_list("digest", flat=True).first() or START
    at, count, met = START, 0, end == START
    for event in Event.objects.filter(account_id=account_id).order_by("id").iterator(CHUNK):
        if digest_of(at, event) != event.digest:
            yield Progress(count, at, f"{event.name}, event ID {event.event_id}, row {event.pk}")
            return
        at, count = event.digest, count + 1
        met = met or at == end
        if count % (5 * CHUNK) == 0:
            yield Progress(count, at)
    yield Progress(count, at, "" if met else "the newest events are missing")


def accounts() -> list[str]:
    """Every account that has a history, or had one."""
    listed = Event.objects.order_by().values_list("account_id", flat=True).distinct()
    return sorted({*listed, *Chain.objects.values_list("pk", flat=True)})


def _account(event: Event) -> str:
    return event.account_id


def _locked_end(account_id: str) -> str:
    """The digest of the newest event; until the transaction ends, nobody else adds one."""
    rows = run(LOCK_END if connection.features.has_select_for_update else READ_END, [account_id])
    if rows:
        return str(rows[0][0])
    Chain.objects.bulk_create([Chain(pk=account_id, digest=START)], ignore_conflicts=True)
    return _locked_end(account_id)


def _set_end(account_id: str, digest: str) -> None:
    run(MOVE_END, [digest, account_id])
