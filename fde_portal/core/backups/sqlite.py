"""SQLite through its online backup: a consistent copy while the portal runs."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

from django.db import connection


def dump(path: Path) -> None:
    connection.ensure_connection()
    with closing(sqlite3.connect(path)) as copy:
        connection.connection.backup(copy)
        # The copy is one file: WAL would leave a second beside it.
        copy.execute("PRAGMA journal_mode=DELETE")


def load(path: Path) -> None:
    """Put the copy in place of everything there is, in one transaction. Raises sqlite3.Error."""
    connection.ensure_connection()
    with closing(sqlite3.connect(path)) as copy:
        copy.backup(connection.connection)
    # Statements prepared for the old tables must go.
    connection.close()
