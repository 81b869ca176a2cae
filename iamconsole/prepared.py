"""Queries put into SQL once: for the few lookups of every call, Django's query builder takes longer than the database.

A prepared query is written with the ORM like any other and gives the same rows; only its SQL is kept.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

import django
from django.db import connection
from django.db.models import Model, QuerySet
from django.db.models import query as django_query

Row = TypeVar("Row", bound=Model)


@dataclass(frozen=True)
class _Sql:
    """A query as one database system understands it; stand-ins are where the values go."""

    text: str
    parameters: tuple[object, ...]
    converters: tuple[tuple[int, Sequence[Any], Any], ...]
    compiler: Any

    def run(self, values: Mapping[str, str]) -> list[list[Any]]:
        """All rows, converted to Python values as Django does it."""
        with connection.cursor() as cursor:
            cursor.execute(self.text, [values.get(each, each) for each in self.parameters])  # type: ignore[call-overload]
            rows = [list(row) for row in cursor.fetchall()]
        for place, converters, expression in self.converters:
            for row in rows:
                for convert in converters:
                    row[place] = convert(row[place], expression, connection)
        return rows


class _Kept:
    """The SQL of a query, made when it is first asked for; `build` may only filter by its (text) arguments."""

    def __init__(self, build: Callable[..., QuerySet[Any, Any]], *names: str) -> None:
        self._build, self._stand_ins = build, {name: f":{name}:" for name in names}
        self._made: dict[str, _Sql] = {}

    def query(self) -> QuerySet[Any, Any]:
        return self._build(**self._stand_ins)

    def rows(self, values: Mapping[str, str]) -> list[list[Any]]:
        return self.sql().run({self._stand_ins[name]: value for name, value in values.items()})

    def sql(self) -> _Sql:
        made = self._made.get(connection.vendor)
        if made is None:
            compiler: Any = self.query().query.get_compiler(connection=connection)
            text, parameters = compiler.as_sql()
            fields = [each[0] for each in compiler.select[: compiler.col_count]]
            converters = tuple((place, *found) for place, found in compiler.get_converters(fields).items())
            made = self._made[connection.vendor] = _Sql(text, tuple(parameters), converters, compiler)
        return made


class PreparedValues:
    """The rows of a `values_list` query; `build` gets stand-ins for its arguments, once."""

    def __init__(self, build: Callable[..., QuerySet[Any, Any]], *names: str) -> None:
        self._kept = _Kept(build, *names)

    def all(self, **values: str) -> list[list[Any]]:
        """Every row, as a list of its columns."""
        return self._kept.rows(values)


class Prepared(Generic[Row]):
    """The first object of a query; `build` gets stand-ins for its arguments, once."""

    def __init__(self, build: Callable[..., QuerySet[Any, Row]], *names: str) -> None:
        self._kept = _Kept(lambda **given: build(**given)[:1], *names)
        self._shapes: dict[str, _Shape] = {}

    def first(self, **values: str) -> Row | None:
        """The object with what `select_related` and `annotate` add, or None."""
        rows = self._kept.rows(values)
        if not rows:
            return None
        shape = self._shapes.get(connection.vendor)
        if shape is None:
            shape = self._shapes[connection.vendor] = _shape(self._kept.sql().compiler)
        made: Row = shape.object(rows[0])
        return made


@dataclass(frozen=True)
class _Shape:
    """How a row becomes an object."""

    model: type[Model]
    columns: slice
    names: list[str]
    annotations: tuple[tuple[str, int], ...]
    populators: Sequence[Any]

    def object(self, row: Sequence[Any]) -> Any:
        made = self.model.from_db(connection.alias, self.names, row[self.columns])
        for populator in self.populators:
            populator.populate(row, made)
        for name, place in self.annotations:
            setattr(made, name, row[place])
        return made


def _shape(compiler: Any) -> _Shape:
    fields = compiler.klass_info["select_fields"]
    columns = slice(fields[0], fields[-1] + 1)
    names = [each[0].target.attname for each in compiler.select[columns]]
    annotations = tuple(compiler.annotation_col_map.items())
    return _Shape(compiler.query.model, columns, names, annotations, _populators(compiler))


def _populators(compiler: Any) -> Any:
    """What fills in the objects of `select_related`."""
    make: Any = django_query.get_related_populators
    if django.VERSION < (6, 1):
        return make(compiler.klass_info, compiler.select, connection.alias)
    from django.db.models.fetch_modes import FETCH_ONE

    return make(compiler.klass_info, compiler.select, connection.alias, FETCH_ONE)
