"""What commands about stored things have in common: the tables are there and as this program wants them."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

WHAT_TO_DO = "run `make run` once, or `python manage.py migrate`."


class StoredCommand(BaseCommand):
    """A command that says what to do where the tables are missing or old, before it does anything."""

    def execute(self, *args: Any, **options: Any) -> str | None:
        need_tables()
        return super().execute(*args, **options)


def need_tables() -> None:
    """Raises CommandError."""
    executor = MigrationExecutor(connection)
    if not executor.loader.applied_migrations:
        raise CommandError(f"The database has no tables yet: {WHAT_TO_DO}")
    if executor.migration_plan(executor.loader.graph.leaf_nodes()):
        raise CommandError(f"The database was made for an earlier version: {WHAT_TO_DO}")
