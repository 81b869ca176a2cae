"""One SQL statement, run with as little around it as the database allows; for what every call of the AWS endpoint does.

Between a Django cursor and SQLite lie translations and checks that take several times as long as SQLite itself.
Whoever watches queries (tests that count them, DEBUG) gets Django's cursor.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from functools import lru_cache
from typing import Any

from django.conf import settings
from django.db import DEFAULT_DB_ALIAS, connections

LOGGED = bool(settings.DEBUG)
_connection: ContextVar[Any] = ContextVar("connection", default=None)


@contextmanager
def one_connection() -> Iterator[None]:
    """Within one call the thread's connection is looked up once: a look takes a tenth of a statement's time."""
    token = _connection.set(connections[DEFAULT_DB_ALIAS])
    try:
        yield
    finally:
        _connection.reset(token)


def run(sql: str, parameters: Sequence[Any] = ()) -> list[Any]:
    """The rows of a statement, none for one that gives none; placeholders are `%s`."""
    connection: Any = _connection.get() or connections[DEFAULT_DB_ALIAS]
    if connection.vendor != "sqlite" or _is_watched(connection):
        with connection.cursor() as cursor:
            cursor.execute(sql, parameters)
            return list(cursor.fetchall()) if cursor.description else []
    if connection.connection is None:
        connection.ensure_connection()
    with connection.wrap_database_errors:
        rows: list[Any] = connection.connection.execute(_in_sqlite(sql), parameters).fetchall()
        return rows


def _is_watched(connection: Any) -> bool:
    # Also where a transaction is broken already: Django says so.
    return bool(LOGGED or connection.execute_wrappers or connection.needs_rollback or connection.force_debug_cursor)


@lru_cache(maxsize=256)
def _in_sqlite(sql: str) -> str:
    """SQLite's placeholders; our own SQL has no `%` in a text."""
    return sql.replace("%%", "\0").replace("%s", "?").replace("\0", "%")
