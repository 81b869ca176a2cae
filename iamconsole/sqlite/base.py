"""Django's SQLite backend, but a writer's turn comes as soon as the one before it is done.

SQLite lets a writer who finds the database locked sleep, and each time longer: one of four writers slept twenty-five
milliseconds for a transaction of one. Here the threads of a process queue for a lock of the process, and the one in
front asks SQLite again every fraction of a millisecond.

Source: sqlite.org, "Set A Busy Timeout" (c3ref/busy_timeout.html) and "PRAGMA busy_timeout".
"""

from __future__ import annotations

import threading
import time
from collections import defaultdict
from typing import Any

from django.db import OperationalError
from django.db.backends.sqlite3 import base

# Seconds between two attempts of the writer in front; only other processes can be in its way.
AGAIN = 0.0003
_turns: defaultdict[str, threading.Lock] = defaultdict(threading.Lock)


class DatabaseWrapper(base.DatabaseWrapper):
    """A connection."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._turn: threading.Lock | None = None

    def _start_transaction_under_autocommit(self) -> None:
        timeout = float(self.settings_dict["OPTIONS"].get("timeout", 5))
        end = time.monotonic() + timeout
        turn = _turns[str(self.settings_dict["NAME"])]
        if turn.acquire(timeout=timeout):
            self._turn = turn
        try:
            self._begin(end, round(timeout * 1_000))
        except BaseException:
            self._done()
            raise

    def _begin(self, end: float, milliseconds: int) -> None:
        """Ask until the database is free; who asks too long is told that it is locked."""
        self.connection.execute("PRAGMA busy_timeout = 0")
        try:
            while True:
                try:
                    return super()._start_transaction_under_autocommit()  # type: ignore[misc]
                except OperationalError as error:
                    if "locked" not in str(error) or time.monotonic() > end:
                        raise
                time.sleep(AGAIN)
        finally:
            self.connection.execute(f"PRAGMA busy_timeout = {milliseconds}")

    def _commit(self) -> None:
        super()._commit()  # type: ignore[misc]
        # A commit that failed still holds the database; Django rolls it back.
        self._done()

    def _rollback(self) -> None:
        try:
            super()._rollback()  # type: ignore[misc]
        finally:
            self._done()

    def _close(self) -> None:
        try:
            super()._close()  # type: ignore[misc]
        finally:
            self._done()

    def _done(self) -> None:
        if self._turn is not None:
            self._turn.release()
            self._turn = None
