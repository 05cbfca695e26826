"""A PostgreSQL database for one measurement, dropped afterwards."""

from __future__ import annotations

import os
import secrets
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager

import psycopg2

from tests import servers


@contextmanager
def bench_database() -> Iterator[str]:
    """The address of a new, empty database. Raises ServerMissing where there is no PostgreSQL."""
    name = f"fde_portal_bench_{os.getpid()}_{secrets.token_hex(3)}"
    with servers.postgres() as base:
        _execute(base, f"CREATE DATABASE {name}")
        try:
            yield f"{base.rpartition('/')[0]}/{name}"
        finally:
            _execute(base, f"DROP DATABASE {name} WITH (FORCE)")


def connections_opened(address: str) -> int:
    """How many connections this database has seen so far; PostgreSQL reports them a second late."""
    time.sleep(1.5)
    with closing(psycopg2.connect(address.rpartition("/")[0] + "/postgres")) as connection:
        cursor = connection.cursor()
        cursor.execute("SELECT sessions FROM pg_stat_database WHERE datname = %s", [address.rpartition("/")[2]])
        return cursor.fetchone()[0]


def _execute(address: str, statement: str) -> None:
    with closing(psycopg2.connect(address)) as connection:
        connection.autocommit = True
        connection.cursor().execute(statement)
