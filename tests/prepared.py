"""A database in which the migrations ran once: test runs begin with a copy of it, which saves each some ten seconds.

It is named by what the migrations and pins say, so a changed one makes another. SQLite keeps it in var/tests,
PostgreSQL beside the databases of the runs.
"""

import fcntl
import hashlib
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg2

from tests.servers import DATABASE_URL

PROJECT = Path(__file__).resolve().parent.parent
FOLDER = PROJECT / "var" / "tests"
# Checkouts beside each other, perhaps on different branches, keep theirs apart.
PREFIX = f"fde_portal_prepared_{hashlib.sha256(str(PROJECT).encode()).hexdigest()[:8]}"


def give_copy(to: str) -> None:
    """Put a copy at the path `to`."""
    with alone():
        path = FOLDER / f"{name()}.sqlite3"
        if not path.exists():
            for old in FOLDER.glob("*.sqlite3"):
                old.unlink()
            unfinished = path.with_suffix(".new")
            unfinished.unlink(missing_ok=True)
            migrate(str(unfinished))
            unfinished.rename(path)
    shutil.copy(path, to)


def template() -> str:
    """The name of the database on PostgreSQL, to create others from."""
    with alone(), maintenance() as cursor:
        cursor.execute("SELECT datname FROM pg_database WHERE starts_with(datname, %s)", [PREFIX])
        existing = {row[0] for row in cursor.fetchall()}
        if name() not in existing:
            for old in existing:
                cursor.execute(f'DROP DATABASE "{old}"')
            unfinished = f"{name()}_new"
            cursor.execute(f'CREATE DATABASE "{unfinished}"')
            migrate(unfinished)
            cursor.execute(f'ALTER DATABASE "{unfinished}" RENAME TO "{name()}"')
    return name()


def name() -> str:
    content = hashlib.sha256((PROJECT / "requirements" / "base.txt").read_bytes())
    for package in ("fde_portal", "customers", "engagements"):
        for path in sorted((PROJECT / package).rglob("migrations/*.py")):
            content.update(path.name.encode() + path.read_bytes())
    return f"{PREFIX}_{content.hexdigest()[:12]}"


def migrate(database: str) -> None:
    environment = os.environ | {"DJANGO_SETTINGS_MODULE": "tests.settings", "TEST_DATABASE_NAME": database}
    subprocess.run([sys.executable, "manage.py", "migrate", "--verbosity=0"], cwd=PROJECT, env=environment, check=True)


@contextmanager
def alone() -> Iterator[None]:
    """Processes that begin at once wait for the first to migrate."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    with (FOLDER / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


@contextmanager
def maintenance() -> Iterator[psycopg2.extensions.cursor]:
    """A cursor in the server's own database, outside transactions: databases are made and dropped there."""
    connection = psycopg2.connect(DATABASE_URL)
    try:
        connection.autocommit = True
        with connection.cursor() as cursor:
            yield cursor
    finally:
        connection.close()
