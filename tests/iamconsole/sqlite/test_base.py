"""One writer after the other: the next begins when the one before it is done, in whatever way that was."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Event, Thread
from typing import Any

import pytest
from django.db import OperationalError, connections

from iamconsole.sqlite.base import DatabaseWrapper, _turns

OPTIONS = {"transaction_mode": "IMMEDIATE", "timeout": 1}


@pytest.fixture
def file(db: None, tmp_path: Path) -> Path:
    made = tmp_path / "a.sqlite3"
    with sqlite3.connect(made) as database:
        database.execute("PRAGMA journal_mode=WAL")
        database.execute("CREATE TABLE t (n INTEGER)")
    database.close()
    return made


@contextmanager
def connected(file: Path, **options: Any) -> Iterator[Any]:
    given = {**connections["default"].settings_dict, "NAME": str(file), "OPTIONS": OPTIONS | options}
    made = DatabaseWrapper(given, "default")
    made.inc_thread_sharing()
    made.ensure_connection()
    yield made
    made.close()


def begin(connection: Any, number: int = 1) -> None:
    connection.set_autocommit(False, force_begin_transaction_with_broken_autocommit=True)
    connection.connection.execute("INSERT INTO t VALUES (?)", [number])


def rows(file: Path) -> list[int]:
    with sqlite3.connect(file, timeout=0) as database:
        found = [row[0] for row in database.execute("SELECT n FROM t ORDER BY n")]
    database.close()
    return found


def test_it_lets_the_next_writer_in_when_one_commits(file: Path) -> None:
    with connected(file, timeout=20) as first, connected(file, timeout=20) as second:
        begin(first, 1)
        began = Event()

        def write() -> None:
            begin(second, 2)
            began.set()
            second.commit()

        thread = Thread(target=write)
        thread.start()
        assert not began.wait(0.05)
        first.commit()
        thread.join(20)
    assert rows(file) == [1, 2]


@pytest.mark.parametrize("end", ["commit", "rollback", "close"])
def test_it_gives_the_turn_back_however_a_transaction_ends(file: Path, end: str) -> None:
    with connected(file) as first:
        begin(first)
        assert _turns[str(file)].locked()
        getattr(first, end)()
        assert not _turns[str(file)].locked()
    assert rows(file) == ([1] if end == "commit" else [])


@pytest.mark.parametrize("process", ["this", "another"])
def test_it_says_that_the_database_is_locked_when_a_writer_never_ends(file: Path, process: str) -> None:
    other = sqlite3.connect(file, isolation_level=None)
    with connected(file) as first, connected(file, timeout=0.1) as second:
        if process == "this":
            begin(first)
        else:
            other.execute("BEGIN IMMEDIATE")
        with pytest.raises(OperationalError, match="database is locked"):
            begin(second)
        other.close()
        first.close()
        assert not _turns[str(file)].locked()
        second.close()
        begin(second)
        second.commit()


def test_it_waits_for_a_writer_of_another_process(file: Path) -> None:
    other = sqlite3.connect(file, isolation_level=None, check_same_thread=False)
    with connected(file, timeout=20) as first:
        other.execute("BEGIN IMMEDIATE")

        def write() -> None:
            begin(first)
            first.commit()

        thread = Thread(target=write)
        thread.start()
        thread.join(0.05)
        assert thread.is_alive()
        other.execute("ROLLBACK")
        other.close()
        thread.join(20)
    assert rows(file) == [1]


def test_it_leaves_the_time_that_other_statements_wait(file: Path) -> None:
    with connected(file) as first:
        begin(first)
        first.commit()
        assert first.connection.execute("PRAGMA busy_timeout").fetchone() == (1000,)
