"""Queries put into SQL once: for the few lookups of every call, Django's query builder takes longer than the database.

A prepared query is written with the ORM like any other and gives the same rows; only its SQL is kept.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache, cached_property
from typing import Any, Generic, TypeVar

import django
from django.db import DEFAULT_DB_ALIAS, connection, connections
from django.db.models import (
    AutoField,
    BooleanField,
    CharField,
    DateTimeField,
    IntegerField,
    JSONField,
    Model,
    QuerySet,
    TextField,
    UUIDField,
)
from django.db.models import query as django_query
from django.db.models.base import ModelState

from iamconsole.statements import run

Row = TypeVar("Row", bound=Model)
# What both databases take as it is; every other column is turned into what they store by its field.
_AS_THEY_ARE = (CharField, TextField, BooleanField, IntegerField)


@dataclass(frozen=True)
class _Sql:
    """A query as one database system understands it; stand-ins are where the values go."""

    text: str
    parameters: tuple[object, ...]
    converters: tuple[tuple[int, Sequence[Any], Any], ...]
    compiler: Any

    @cached_property
    def quick(self) -> bool:
        """Whether no converter asks what database it is."""
        return all(each in (_utc, _json) for _, converters, _ in self.converters for each in converters)

    def run(self, values: Mapping[str, str]) -> list[Any]:
        """All rows, converted to Python values as Django does it."""
        rows = run(self.text, [values.get(each, each) for each in self.parameters])  # type: ignore[call-overload]
        if not self.converters:
            return rows
        rows = [list(row) for row in rows]
        database = None if self.quick else connections[DEFAULT_DB_ALIAS]
        for place, converters, expression in self.converters:
            for convert in converters:
                for row in rows:
                    row[place] = convert(row[place], expression, database)
        return rows


class _Kept:
    """The SQL of a query, made when it is first asked for; `build` may only filter by its (text) arguments."""

    def __init__(self, build: Callable[..., QuerySet[Any, Any]], *names: str) -> None:
        self._build, self._stand_ins = build, {name: f":{name}:" for name in names}
        self._made: _Sql | None = None

    def query(self) -> QuerySet[Any, Any]:
        return self._build(**self._stand_ins)

    def rows(self, values: Mapping[str, str]) -> list[Any]:
        return self.sql().run({self._stand_ins[name]: value for name, value in values.items()})

    def sql(self) -> _Sql:
        if self._made is None:
            compiler: Any = self.query().query.get_compiler(connection=connection)
            text, parameters = compiler.as_sql()
            fields = [each[0] for each in compiler.select[: compiler.col_count]]
            converters = tuple(
                (place, _quicker(found, expression), expression)
                for place, (found, expression) in compiler.get_converters(fields).items()
            )
            self._made = _Sql(text, tuple(parameters), converters, compiler)
        return self._made


def _quicker(converters: list[Any], expression: Any) -> list[Any]:
    """Times are UTC in our settings and in SQLite: Django's converter asks both again for every value."""
    if connection.vendor != "sqlite" or len(converters) > 1:
        return converters
    quicker = {DateTimeField: _utc, JSONField: _json}.get(type(expression.output_field))
    return [quicker] if quicker else converters


def _json(value: str | None, expression: object, database: object) -> object:
    # Tags, nearly always none.
    return [] if value == "[]" else None if value is None else json.loads(value)


def _utc(value: str | datetime | None, expression: object, database: object) -> datetime | None:
    if isinstance(value, str):
        value = datetime.fromisoformat(value)
    return value.replace(tzinfo=UTC) if value else None


@dataclass
class _Answers:
    """What `Prepared.first` found within one call, at which revision of the caller's account."""

    revision: int | None
    known: dict[Any, Any]
    changing: bool = False


_answers: ContextVar[_Answers | None] = ContextVar("answers", default=None)


@contextmanager
def same_answers(revision: int | None = None) -> Iterator[None]:
    """Within one call, until it changes something: who asks `Prepared.first` twice gets the same object.

    `revision` is the one that the caller's account had before the call, None where nobody looked.
    """
    token = _answers.set(_Answers(revision, {}))
    try:
        yield
    finally:
        _answers.reset(token)


def change_begins(account_id: str, revision: int) -> None:
    """The call changes the account from here on, as its `revision`: what is asked is asked anew.

    But where nobody else has changed the account since the call began, what is known of it is told once more.
    """
    if answers := _answers.get():
        of_it, alone = ("account_id", account_id), answers.revision == revision - 1
        answers.known = {each: found for each, found in answers.known.items() if alone and of_it in each}
        answers.changing = True


class PreparedValues:
    """The rows of a `values_list` query; `build` gets stand-ins for its arguments, once."""

    def __init__(self, build: Callable[..., QuerySet[Any, Any]], *names: str) -> None:
        self._kept = _Kept(build, *names)

    def all(self, **values: str) -> list[Any]:
        """Every row, as a sequence of its columns."""
        return self._kept.rows(values)


class Prepared(Generic[Row]):
    """The first object of a query; `build` gets stand-ins for its arguments, once."""

    def __init__(self, build: Callable[..., QuerySet[Any, Row]], *names: str) -> None:
        self._kept = _Kept(lambda **given: build(**given)[:1], *names)
        self._shape: _Shape | None = None

    def first(self, **values: str) -> Row | None:
        """The object with what `select_related` and `annotate` add, or None."""
        answers, question = _answers.get(), (self, *values.items())
        if answers is None:
            return self._ask(values)
        if question in answers.known:
            known: Row | None = answers.known.pop(question) if answers.changing else answers.known[question]
            return known
        found = self._ask(values)
        if not answers.changing:
            answers.known[question] = found
        return found

    def _ask(self, values: Mapping[str, str]) -> Row | None:
        rows = self._kept.rows(values)
        if not rows:
            return None
        if self._shape is None:
            self._shape = _shape(self._kept.sql().compiler)
        made: Row = self._shape.object(rows[0])
        return made


@dataclass(frozen=True)
class _Shape:
    """How a row becomes an object."""

    model: type[Model]
    columns: slice
    names: list[str]
    annotations: tuple[tuple[str, int], ...]
    related: Sequence[_Related]

    def object(self, row: Sequence[Any]) -> Any:
        made = _made(self.model, self.names, row[self.columns])
        for each in self.related:
            each.fill(row, made)
        for name, place in self.annotations:
            setattr(made, name, row[place])
        return made


class _Related:
    """An object of `select_related`: what Django's own populator does."""

    def __init__(self, populator: Any) -> None:
        self._populator = populator
        self._columns = slice(populator.cols_start, populator.cols_end)
        self._related = [_Related(each) for each in populator.related_populators]

    def fill(self, row: Sequence[Any], owner: Model) -> None:
        populator, values = self._populator, row[self._columns]
        if values[populator.pk_idx] is None:
            populator.local_setter(owner, None)
            return
        made = _made(populator.model_cls, populator.init_list, values)
        for each in self._related:
            each.fill(row, made)
        populator.local_setter(owner, made)
        populator.remote_setter(made, owner)


def _made(model: type[Model], names: Sequence[str], values: Sequence[Any]) -> Any:
    """`from_db`, without the signals that nobody here listens to."""
    made = model.__new__(model)
    made.__dict__.update(zip(names, values, strict=True))
    made._state = state = ModelState()
    state.adding, state.db = False, DEFAULT_DB_ALIAS
    return made


def _shape(compiler: Any) -> _Shape:
    fields = compiler.klass_info["select_fields"]
    columns = slice(fields[0], fields[-1] + 1)
    names = [each[0].target.attname for each in compiler.select[columns]]
    annotations = tuple(compiler.annotation_col_map.items())
    related = [_Related(each) for each in _populators(compiler)]
    return _Shape(compiler.query.model, columns, names, annotations, related)


def _populators(compiler: Any) -> Any:
    """What fills in the objects of `select_related`."""
    make: Any = django_query.get_related_populators
    if django.VERSION < (6, 1):
        return make(compiler.klass_info, compiler.select, connection.alias)
    from django.db.models.fetch_modes import FETCH_ONE

    return make(compiler.klass_info, compiler.select, connection.alias, FETCH_ONE)


def new(model: type[Row], **values: object) -> Row:
    """`model(**values)` by the names of columns, with the defaults of the rest; without what Django does besides."""
    made = model.__new__(model)
    made.__dict__.update({name: default() for name, default in _defaults(model) if name not in values}, **values)
    made._state = ModelState()
    return made


@cache
def _defaults(model: type[Model]) -> list[tuple[str, Callable[[], Any]]]:
    return [(field.attname, field.get_default) for field in model._meta.concrete_fields]


def insert(row: Model) -> None:
    """`save(force_insert=True)` of an object whose key is set or not asked for; the SQL is made once a model."""
    sql, columns = _insertion(type(row))
    values = vars(row)
    run(sql, [values[name] if turn is None else turn(values[name]) for name, turn in columns])
    row._state.adding, row._state.db = False, DEFAULT_DB_ALIAS


@cache
def _insertion(model: type[Model]) -> tuple[str, list[tuple[str, Callable[[Any], Any] | None]]]:
    """The statement; and for each column the attribute, with what turns it into what the database stores."""
    fields = [each for each in model._meta.concrete_fields if not isinstance(each, AutoField)]
    names = ", ".join(f'"{each.column}"' for each in fields)
    places = ", ".join("%s" for _ in fields)
    sql = f'INSERT INTO "{model._meta.db_table}" ({names}) VALUES ({places})'  # noqa: S608 - our own names
    return sql, [(each.attname, _stored(each)) for each in fields]


def _stored(field: Any) -> Callable[[Any], Any] | None:
    if isinstance(getattr(field, "target_field", field), _AS_THEY_ARE):
        return None
    if connection.vendor == "sqlite" and type(field) in _QUICKLY_STORED:
        return _QUICKLY_STORED[type(field)]
    return lambda value: field.get_db_prep_save(value, connections[DEFAULT_DB_ALIAS])


def _naive(value: datetime | None) -> str | None:
    return None if value is None else str(value.astimezone(UTC).replace(tzinfo=None))


# What Django stores of times, which are UTC in our settings, of JSON without an encoder of its own, and of UUIDs.
_QUICKLY_STORED: dict[type[Any], Callable[[Any], Any]] = {
    DateTimeField: _naive,
    JSONField: lambda value: None if value is None else json.dumps(value),
    UUIDField: lambda value: value.hex,
}
