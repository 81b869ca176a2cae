"""Statements that go straight to SQLite give and refuse what Django's cursor does."""

from __future__ import annotations

import pytest
from django.db import DatabaseError, IntegrityError, connection, transaction
from django.db.transaction import TransactionManagementError
from django.test.utils import CaptureQueriesContext

from accounts.models import Account
from iamconsole import statements
from iamconsole.statements import one_connection, run
from tests.cast import ACCOUNT_ID
from tests.world import World

NAMES = "SELECT name FROM identities_user WHERE account_id = %s AND name LIKE 'b%%' ORDER BY name"


def test_it_gives_rows(world: World) -> None:
    assert [tuple(row) for row in run(NAMES, [ACCOUNT_ID])] == [("bob",)]


def test_it_gives_nothing_where_there_is_nothing_to_give(world: World) -> None:
    assert run("UPDATE accounts_account SET revision = 77 WHERE id = %s", [ACCOUNT_ID]) == []
    assert Account.objects.get(pk=ACCOUNT_ID).revision == 77


def test_it_is_seen_by_those_who_count_queries(world: World) -> None:
    with CaptureQueriesContext(connection) as queries:
        assert [tuple(row) for row in run(NAMES, [ACCOUNT_ID])] == [("bob",)]
    assert len(queries) == 1


def test_it_can_be_kept_from_the_database(world: World) -> None:
    def refuse(*args: object) -> None:
        raise RuntimeError("no queries here")

    with connection.execute_wrapper(refuse), pytest.raises(RuntimeError, match="no queries here"):
        run(NAMES, [ACCOUNT_ID])


def test_it_raises_errors_of_djangos_kinds(world: World) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        run("INSERT INTO events_chain (account_id, digest) VALUES (%s, '')", [ACCOUNT_ID])
        run("INSERT INTO events_chain (account_id, digest) VALUES (%s, '')", [ACCOUNT_ID])
    with pytest.raises(DatabaseError), transaction.atomic():
        run("SELECT nothing FROM nowhere")


def test_it_does_nothing_in_a_transaction_that_is_broken(world: World) -> None:
    with transaction.atomic():
        transaction.set_rollback(True)
        with pytest.raises(TransactionManagementError):
            run(NAMES, [ACCOUNT_ID])


def test_it_looks_up_the_connection_once_within_a_call(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    with one_connection():
        monkeypatch.setattr(statements, "connections", {})
        assert [tuple(row) for row in run(NAMES, [ACCOUNT_ID])] == [("bob",)]
    with pytest.raises(KeyError):
        run(NAMES, [ACCOUNT_ID])
