"""What a page of a list costs when the list is long: 50 users of 50, and the first and the last 50 of 5,000."""

from __future__ import annotations

import itertools
import re
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from functools import cache

from iamconsole.bench.registry import figure
from iamconsole.bench.wire import measure
from iamconsole.bench.wire_servers import Server, ask, ours

SHORT, LONG = 50, 5_000
ROUNDS = 3
USER = "INSERT INTO identities_user (id, account_id, name, path, created_at, tags, credential_version)"
_MARKER = re.compile(rb"<Marker>([^<]+)</Marker>")


@cache
def milliseconds() -> dict[str, float]:
    """The server's CPU time for each of the three pages."""
    with ours() as server:
        fill(server, 1, SHORT)
        found = {"short": cost(server)}
        fill(server, SHORT, LONG)
        found["long"] = cost(server)
        found["end"] = cost(server, last_marker(server))
    return found


def fill(server: Server, start: int, end: int) -> None:
    """Straight into the database: the administrator is the first user."""
    rows = [(f"AIDABENCH{number:07}", server.account_id, f"user{number:05}") for number in range(start, end)]
    with closing(sqlite3.connect(server.database, timeout=20)) as database, database:
        database.executemany(f"{USER} VALUES (?, ?, ?, '/', '2026-01-01 00:00:00', '[]', 1)", rows)


def cost(server: Server, marker: str = "") -> float:
    given = {"MaxItems": str(SHORT), **({"Marker": marker} if marker else {})}
    return min(measure(server, _again(server, given), 1).cpu for _ in range(ROUNDS))


def _again(server: Server, given: dict[str, str]) -> Iterator[bytes]:
    return itertools.repeat(server.ready("ListUsers", **given))


def last_marker(server: Server) -> str:
    """What leads to the last fifty users."""
    given: dict[str, str] = {}
    for size in ("950", "1000", "1000", "1000", "1000"):
        found = _MARKER.search(ask(server.port, *server.signed("ListUsers", MaxItems=size, **given)))
        if found is None:
            raise RuntimeError("the list ended early")
        given = {"Marker": found[1].decode()}
    return given["Marker"]


@figure("wire.list.short", "ms")
def short() -> float:
    """ListUsers, 50 of 50 users: the server's CPU time."""
    return milliseconds()["short"]


@figure("wire.list.long", "ms")
def long() -> float:
    """ListUsers, the first 50 of 5,000 users: the server's CPU time."""
    return milliseconds()["long"]


@figure("wire.list.end", "ms")
def end() -> float:
    """ListUsers, the last 50 of 5,000 users: the server's CPU time."""
    return milliseconds()["end"]


@figure("wire.list.ratio", "times")
def ratio() -> float:
    """What the dearer page of 5,000 users costs, by the page of 50."""
    return max(long(), end()) / short()
