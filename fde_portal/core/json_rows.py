"""Rows of another table as one column, so that a record and what belongs to it are read by one statement."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models import JSONField, QuerySet, Subquery
from django.db.models.sql.compiler import SQLCompiler

# How a list of lists is built.
_BUILD = {
    "postgresql": "jsonb_agg(jsonb_build_array({cells}))",
    "sqlite": "json_group_array(json_array({cells}))",
}


class JsonRows(Subquery):
    """The `columns` of `rows` as a list of lists, in the order of `rows`; None or [] where there are none.

    Dates are texts as of ISO 8601, moments what `instant` reads.
    """

    output_field = JSONField()

    def __init__(self, rows: QuerySet, *columns: str) -> None:
        super().__init__(rows.values(*columns))
        self.columns = columns

    def as_sql(self, compiler: SQLCompiler, connection: BaseDatabaseWrapper, **options: Any) -> tuple[str, tuple[Any, ...]]:
        sql, params = super().as_sql(compiler, connection, **options)
        cells = ", ".join(f"listed.{connection.ops.quote_name(column)}" for column in self.columns)
        return f"(SELECT {_BUILD[connection.vendor].format(cells=cells)} FROM {sql} AS listed)", params


def instant(text: str) -> datetime:
    """A moment as it stands in a list; SQLite keeps it in UTC without saying so."""
    moment = datetime.fromisoformat(text)
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)
