"""Querysets whose SQL is built once in a process and asked with other values ever after.

Building the SQL of a queryset costs some seven times what running it costs (`docs/performance.md`), and a page of
twenty short statements spends most of its time on that. A function from named values to a queryset becomes a prepared
one, which is called with those values and gives the rows:

    @prepared
    def due(*, engagements: Param, until: Param) -> QuerySet[Ask]:
        return Ask.objects.open().filter(engagement__in=engagements, due_on__lte=until)

    due(engagements=[1, 2, 3], until=today)

The function runs once for all values of its `Param`s, which therefore have none yet: it may only hand them to lookups.
Parameters of another type are given as they are, and each of their values has a statement of its own; they must be
few and hashable. What the function returns must depend on nothing else that changes, such as language, time zone or
the day.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable, Collection, Iterable
from copy import copy
from datetime import date, datetime
from functools import update_wrapper
from typing import Any, Generic, NamedTuple, TypeVar

from django.core.exceptions import EmptyResultSet
from django.db import DEFAULT_DB_ALIAS, connections
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models import Expression, Model, QuerySet, prefetch_related_objects
from django.db.models.sql.compiler import SQLCompiler

Row = TypeVar("Row")


class _Place(NamedTuple):
    """Where in a statement a value goes: the value of a parameter, or one member of it."""

    parameter: str
    member: int | None


class Param(Expression):
    """Stands for a value in a queryset, or with `members` for a list of so many that goes into `__in`."""

    def __init__(self, name: str, members: int | None = None) -> None:
        super().__init__()
        self.name, self.members = name, members

    def as_sql(self, compiler: SQLCompiler, connection: BaseDatabaseWrapper) -> tuple[str, list[_Place]]:
        if self.members is None:
            return "%s", [_Place(self.name, None)]
        return f"({', '.join(['%s'] * self.members)})", [_Place(self.name, member) for member in range(self.members)]


class _Statement(NamedTuple):
    """A queryset and what became of it: "" is the SQL of one that cannot have rows."""

    queryset: QuerySet
    compiler: SQLCompiler
    sql: str
    parameters: tuple[Any, ...]
    converters: dict[int, Any]  # of columns, from what the driver gives


class Prepared(Generic[Row]):
    """A function that builds a queryset, callable with the values of its parameters."""

    def __init__(self, build: Callable[..., QuerySet[Row]]) -> None:
        self._build = build
        parameters = inspect.signature(build, eval_str=True).parameters
        self.names = parameters.keys()
        self.params = [name for name, parameter in parameters.items() if parameter.annotation is Param]
        self._statements: dict[tuple[Any, ...], _Statement] = {}
        update_wrapper(self, build)

    def __call__(self, **values: Any) -> list[Row]:
        """The rows, in one statement and those of what is prefetched.

        Records stand for their primary keys; nothing is in an empty list, so that it has no place in an `exclude`.
        Raises TypeError for names that the function does not have, and for values of other types than `_plain` knows.
        """
        if values.keys() != self.names:
            raise TypeError(f"{self._build.__name__} takes {sorted(self.names)}, not {sorted(values)}")
        connection = connections[DEFAULT_DB_ALIAS]
        given = {name: _plain(values.pop(name), connection) for name in self.params}
        statement, parameters = self.statement(connection, given, values)
        if not statement.sql:
            return []
        queryset = statement.queryset
        rows = list(queryset._iterable_class(_bound(statement, parameters, connection)))
        prefetch_related_objects(rows, *queryset._prefetch_related_lookups)
        return rows

    def statement(
        self, connection: BaseDatabaseWrapper, given: dict[str, Any], fixed: dict[str, Any]
    ) -> tuple[_Statement, tuple[Any, ...]]:
        """The statement for values that are plain (`given`) and as they are (`fixed`), and what it is executed with."""
        sizes = {name: len(given[name]) if isinstance(given[name], tuple) else None for name in self.params}
        key = (connection.vendor, *sizes.values(), *fixed.items())
        if key not in self._statements:
            queryset = self._build(**fixed, **{name: Param(name, members) for name, members in sizes.items()})
            self._statements[key] = _built(queryset, connection)
        statement = self._statements[key]
        return statement, tuple(_value_at(part, given) if isinstance(part, _Place) else part for part in statement.parameters)


prepared = Prepared


def having_rows(questions: Iterable[Prepared], values: dict[str, Any]) -> set[Prepared]:
    """Those of `questions` that have any row, in one statement. Each takes its `Param`s from `values`, and has no others."""
    connection = connections[DEFAULT_DB_ALIAS]
    given = {name: _plain(value, connection) for name, value in values.items()}
    asked = {each: each.statement(connection, given, {}) for each in questions}
    asked = {each: built for each, built in asked.items() if built[0].sql}
    if not asked:
        return set()
    sql = ", ".join(f"EXISTS ({statement.sql})" for statement, __ in asked.values())
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {sql}", [parameter for __, parameters in asked.values() for parameter in parameters])
        return {each for each, exists in zip(asked, cursor.fetchone(), strict=True) if exists}


def _built(queryset: QuerySet, connection: BaseDatabaseWrapper) -> _Statement:
    compiler = queryset.query.get_compiler(connection=connection)
    try:
        sql, parameters = compiler.as_sql()
    except EmptyResultSet:
        return _Statement(queryset, compiler, "", (), {})
    columns = [column for column, *__ in compiler.select[: compiler.col_count]]
    converters = compiler.get_converters(columns)  # hang on the settings of the database, which all threads share
    compiler.connection = None
    return _Statement(queryset, compiler, sql, parameters, converters)


def _bound(statement: _Statement, parameters: tuple[Any, ...], connection: BaseDatabaseWrapper) -> QuerySet:
    """The queryset of `statement` with a compiler that has its SQL already, and the values for it."""
    compiler, query = copy(statement.compiler), copy(statement.queryset.query)
    compiler.connection = connection  # each thread has its own
    compiler.as_sql = lambda *_, **__: (statement.sql, parameters)
    compiler.get_converters = lambda _: statement.converters
    query.get_compiler = lambda *_, **__: compiler
    bound = QuerySet(statement.queryset.model, query, DEFAULT_DB_ALIAS)
    bound._fields = statement.queryset._fields
    return bound


def _value_at(place: _Place, given: dict[str, Any]) -> Any:
    value = given[place.parameter]
    return value if place.member is None else value[place.member]


def _plain(value: Any, connection: BaseDatabaseWrapper) -> Any:
    """`value` as the database takes it; a list becomes a tuple of some standard length. Raises TypeError for other types."""
    if isinstance(value, Model):
        return value.pk
    if isinstance(value, Collection) and not isinstance(value, str | bytes):
        return _padded(tuple(_plain(member, connection) for member in value))
    if isinstance(value, datetime):
        return connection.ops.adapt_datetimefield_value(value)
    if isinstance(value, date):
        return connection.ops.adapt_datefield_value(value)
    if value is None or isinstance(value, str | int):
        return value
    raise TypeError(f"{type(value).__name__} is no value of a prepared statement yet")


def _padded(members: tuple[Any, ...]) -> tuple[Any, ...]:
    """`members` with the last one repeated up to a power of two, so that few lengths need a statement of their own.

    NULL, which nothing is equal to, where there are none.
    """
    members = members or (None,)
    missing = (1 << (len(members) - 1).bit_length()) - len(members)
    return members + members[-1:] * missing
