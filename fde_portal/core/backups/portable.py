"""A dump that restores into either database: one line of JSON per row, `["app.Model", [values]]`.

Values are in the order of the model's columns; times and decimals are texts, bytes are base64. A line
`["app.Model", null]` opens each table. Needs a database with exactly the migrations it was made with.
"""

from __future__ import annotations

import base64
import json
from collections.abc import Iterable, Iterator
from datetime import date, datetime, time
from decimal import Decimal
from itertools import groupby, islice
from operator import itemgetter
from pathlib import Path
from typing import Any

from django.apps import apps
from django.core.management.color import no_style
from django.db import connection, models, transaction

from fde_portal.core.models import SearchEntry

ROWS_AT_ONCE = 500

Row = tuple[str, list | None]


def tables() -> list[type[models.Model]]:
    """Every model with a table of its own, those of many-to-many relations included.

    Not the search index: a restore builds it anew.
    """
    every = apps.get_models(include_auto_created=True)
    return [model for model in every if model._meta.managed and not model._meta.proxy and model is not SearchEntry]


def columns(model: type[models.Model]) -> list[models.Field]:
    return list(model._meta.local_concrete_fields)


def dump(path: Path) -> None:
    """Write all rows as they are at one instant."""
    with path.open("w", encoding="utf-8") as out, transaction.atomic(durable=True):
        if connection.vendor == "postgresql":
            connection.cursor().execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
        for row in rows():
            out.write(json.dumps(row, default=plain, ensure_ascii=False) + "\n")


def rows() -> Iterator[Row]:
    for model in tables():
        yield model._meta.label, None
        names = [field.attname for field in columns(model)]
        for values in model._base_manager.order_by("pk").values_list(*names).iterator(ROWS_AT_ONCE):
            yield model._meta.label, list(values)


def plain(value: Any) -> str:
    """The text of a value that JSON has no shape for. Raises TypeError for one nobody thought of."""
    if isinstance(value, datetime | date | time):
        return value.isoformat()
    if isinstance(value, Decimal):
        return str(value)
    if isinstance(value, bytes | memoryview):
        return base64.b64encode(bytes(value)).decode()
    raise TypeError(f"A backup cannot hold a {type(value).__name__} yet.")


def load(path: Path) -> None:
    """Replace all rows by those of the dump, in one transaction. Raises ValueError and LookupError."""
    with connection.constraint_checks_disabled(), transaction.atomic(durable=True):
        for model in tables():
            connection.cursor().execute(f"DELETE FROM {quoted(model._meta.db_table)}")
        with path.open(encoding="utf-8") as lines:
            for label, group in groupby(map(json.loads, lines), key=itemgetter(0)):
                insert(apps.get_model(label), (values for _, values in group if values is not None))
        connection.check_constraints()
        for statement in connection.ops.sequence_reset_sql(no_style(), tables()):
            connection.cursor().execute(statement)


def insert(model: type[models.Model], rows: Iterable[list]) -> None:
    """Write rows past the models' own `save`, so that no time stamp is renewed and no rule of today refuses them."""
    fields = columns(model)
    names = ", ".join(quoted(field.column) for field in fields)
    marks = ", ".join(["%s"] * len(fields))
    statement = f"INSERT INTO {quoted(model._meta.db_table)} ({names}) VALUES ({marks})"
    prepared = ([stored(field, value) for field, value in zip(fields, row, strict=True)] for row in rows)
    with connection.cursor() as cursor:
        while portion := list(islice(prepared, ROWS_AT_ONCE)):
            cursor.executemany(statement, portion)


def stored(field: models.Field, value: Any) -> Any:
    return field.get_db_prep_save(field.to_python(value), connection)


def quoted(name: str) -> str:
    return connection.ops.quote_name(name)
