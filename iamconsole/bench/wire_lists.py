"""What a page of a list costs when the list is long: 50 users of 50, and the first and the last 50 of 5,000."""

from __future__ import annotations

import itertools
import re
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from functools import cache
from statistics import median

from iamconsole.bench.registry import figure
from iamconsole.bench.wire import measure
from iamconsole.bench.wire_servers import Server, ask, ours

SHORT, LONG = 50, 5_000
# In turns: the machine's own speed changes from one second to the next.
ROUNDS = 7
USER = "INSERT INTO identities_user (id, account_id, name, path, created_at, tags, credential_version)"
_MARKER = re.compile(rb"<Marker>([^<]+)</Marker>")


@cache
def measured() -> dict[str, float]:
    """The server's CPU time for each of the three pages, and the dearer long one by the short one in the same round."""
    with ours() as few, ours() as many:
        fill(few, SHORT)
        fill(many, LONG)
        pages = {"short": (few, ""), "long": (many, ""), "end": (many, last_marker(many))}
        rounds = [{name: cost(*page) for name, page in pages.items()} for _ in range(ROUNDS)]
    found = {name: min(each[name] for each in rounds) for name in pages}
    return {**found, "ratio": median(max(each["long"], each["end"]) / each["short"] for each in rounds)}


def fill(server: Server, users: int) -> None:
    """Straight into the database: the administrator is the first user."""
    rows = [(f"AIDABENCH{number:07}", server.account_id, f"user{number:05}") for number in range(1, users)]
    with closing(sqlite3.connect(server.database, timeout=20)) as database, database:
        database.executemany(f"{USER} VALUES (?, ?, ?, '/', '2026-01-01 00:00:00', '[]', 1)", rows)


def cost(server: Server, marker: str) -> float:
    given = {"MaxItems": str(SHORT), **({"Marker": marker} if marker else {})}
    return measure(server, _again(server, given), 1).cpu


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
    return measured()["short"]


@figure("wire.list.long", "ms")
def long() -> float:
    """ListUsers, the first 50 of 5,000 users: the server's CPU time."""
    return measured()["long"]


@figure("wire.list.end", "ms")
def end() -> float:
    """ListUsers, the last 50 of 5,000 users: the server's CPU time."""
    return measured()["end"]


@figure("wire.list.ratio", "times")
def ratio() -> float:
    """What the dearer page of 5,000 users costs, by the page of 50."""
    return measured()["ratio"]
