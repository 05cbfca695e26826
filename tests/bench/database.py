"""A PostgreSQL database for one measurement, dropped afterwards."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import closing, contextmanager

import psycopg2

from tests import servers


@contextmanager
def bench_database() -> Iterator[str]:
    """The address of a new, empty database. Raises ServerMissing where there is no PostgreSQL."""
    name = f"fde_portal_bench_{os.getpid()}"
    with servers.postgres() as base:
        _execute(base, f"CREATE DATABASE {name}")
        try:
            yield f"{base.rpartition('/')[0]}/{name}"
        finally:
            _execute(base, f"DROP DATABASE {name} WITH (FORCE)")


def _execute(address: str, statement: str) -> None:
    with closing(psycopg2.connect(address)) as connection:
        connection.autocommit = True
        connection.cursor().execute(statement)
