"""PostgreSQL through its own programs pg_dump and psql, as a script of SQL."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from pathlib import Path

from django.db import connection

from fde_portal.core.backups.archive import BackupFault

# One transaction: a script that fails leaves what was there.
EMPTY = """
DO $$ DECLARE name text; BEGIN
  FOR name IN SELECT tablename FROM pg_tables WHERE schemaname = current_schema() LOOP
    EXECUTE format('DROP TABLE %I CASCADE', name);
  END LOOP;
END $$;
"""


def fits() -> bool:
    """Whether a pg_dump is there that is not older than the server."""
    if not shutil.which("pg_dump") or not shutil.which("psql"):
        return False
    version = subprocess.run(["pg_dump", "--version"], capture_output=True, text=True, check=False).stdout
    found = re.search(r"(\d+)", version)
    connection.ensure_connection()
    return bool(found) and int(found[1]) >= connection.pg_version // 10000


def dump(path: Path) -> None:
    """Raises BackupFault with the program's own words."""
    run(["pg_dump", "--no-owner", "--no-privileges", "--file", str(path)])


def load(path: Path) -> None:
    """Drop all tables and carry out the script, both or neither. Raises BackupFault."""
    emptying = path.with_name("empty.sql")
    emptying.write_text(EMPTY)
    connection.close()
    options = ["--quiet", "--no-psqlrc", "--single-transaction", "--set", "ON_ERROR_STOP=1", "--output", os.devnull]
    run(["psql", *options, "--file", str(emptying), "--file", str(path)])


def run(command: list[str]) -> None:
    done = subprocess.run(command, env=environment(), capture_output=True, text=True, check=False)
    if done.returncode:
        raise BackupFault(f"{command[0]} failed: {done.stderr.strip()}")


def environment() -> dict[str, str]:
    """The connection as libpq reads it: a password on a command line shows in the list of processes."""
    options = connection.get_connection_params()
    names = {"dbname": "PGDATABASE", "user": "PGUSER", "password": "PGPASSWORD", "host": "PGHOST", "port": "PGPORT"}
    names |= {"sslmode": "PGSSLMODE", "sslrootcert": "PGSSLROOTCERT"}
    return dict(os.environ) | {names[key]: str(value) for key, value in options.items() if key in names and value}
