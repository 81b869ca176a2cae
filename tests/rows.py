"""What stands in the tables, as the database has it: for tests that nothing was written."""

from __future__ import annotations

from typing import Any

from django.apps import apps
from django.contrib.sessions.models import Session
from django.db import connection
from django.db.models import Model

from accounts.models import ConsoleSession
from iamconsole.events.models import Chain, Event

# Grows with every call, whatever it is.
HISTORY = {Event, Chain, Session}
# So does a page, which also notes that its session was used.
USE = {*HISTORY, ConsoleSession}
Row = dict[str, Any]


def rows(account_id: str = "", *, without: set[type[Model]] = HISTORY) -> dict[str, list[Row]]:
    """Every row by the name of its model; of one account, where one is named and the table tells them apart."""
    # Plain SQL: for fifty tables a test, Django's query builder takes ten times as long as the database.
    return {each.__name__: _rows(each, account_id) for each in apps.get_models() if each not in without}


def has_account(model: type[Model]) -> bool:
    """Whether a table tells accounts apart."""
    return any(field.name == "account" for field in model._meta.fields)


def _rows(model: type[Model], account_id: str) -> list[Row]:
    meta = model._meta
    scoped = account_id and has_account(model)
    assert meta.pk is not None
    sql = f'SELECT * FROM "{meta.db_table}" {"WHERE account_id = %s" if scoped else ""} ORDER BY "{meta.pk.column}"'  # noqa: S608
    with connection.cursor() as cursor:
        cursor.execute(sql, [account_id] if scoped else [])
        names = [column[0] for column in cursor.description]
        return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]
