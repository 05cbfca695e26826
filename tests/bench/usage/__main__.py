"""Runs all measurements of usage on a fresh database and prints ratios: `bin/bench usage`."""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import AbstractContextManager, nullcontext
from importlib.metadata import version

import django
from django.db import connection

from tests.bench.__main__ import SECRET, versions
from tests.bench.database import bench_database
from tests.bench.web import serve

HEADING = "\n| what | ours ms | reference ms | ratio |\n|---|--:|--:|--:|"
# The nightly run first: the others leave engagements of their own behind.
PARTS = ("nightly", "upload", "intake", "series")


def main() -> None:
    options = arguments()
    with tempfile.TemporaryDirectory() as folder, database_of(options.database, folder) as database:
        environment = {
            "DATABASE_URL": database, "DATA_DIR": folder, "SECRET_KEY": SECRET, "REDIS_URL": "",
            "BASE_URL": "http://127.0.0.1", "ALLOWED_HOSTS": "127.0.0.1", "LOG_LEVEL": "ERROR",
        }  # fmt: skip
        os.environ |= environment | {"DJANGO_SETTINGS_MODULE": "fde_portal.settings"}
        subprocess.run([sys.executable, "manage.py", "migrate", "--verbosity", "0"], check=True)
        django.setup()
        server = ".".join(map(str, connection.get_database_version()))
        print(f"{versions().strip()}; {connection.display_name} {server}, DuckDB {version('duckdb')}", flush=True)
        for line in measured(options, environment):
            print(line, flush=True)


def database_of(kind: str, folder: str) -> AbstractContextManager[str]:
    """The address of a fresh database, as long as it is needed."""
    return bench_database() if kind == "postgresql" else nullcontext(f"sqlite:///{folder}/db.sqlite3")


def measured(options: argparse.Namespace, environment: dict[str, str]) -> Iterator[str]:
    """What was seen, as it is seen: sentences, and lines of a table."""
    from tests.bench.usage import intake, nightly, series, upload  # need the set-up

    if "nightly" in options.parts:
        yield from nightly.measure(environment, engagements=options.engagements)
    with serve("fde_portal.wsgi", environment, "/healthz") as portal:
        if "upload" in options.parts:
            yield from upload.measure(portal, environment, rows=options.rows)
        if {"intake", "series"} & set(options.parts):
            yield HEADING
        if "intake" in options.parts:
            for kind in ("daily", "events"):
                yield row(*intake.measure(kind, portal.port, table=options.rows, batches=options.batches))
    if "series" in options.parts:
        yield from (row(*found) for found in series.measure(actor_days=options.actor_days))


def row(name: str, ours: float, reference: float, ratio: float) -> str:
    return f"| {name} | {ours:.0f} | {reference:.0f} | {ratio:.2f} |"


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="bin/bench usage", description=__doc__)
    parser.add_argument("--database", choices=("postgresql", "sqlite"), default="postgresql")
    parser.add_argument("--parts", nargs="+", choices=PARTS, default=PARTS, help="what is measured; everything takes half an hour")
    parser.add_argument("--rows", type=int, default=1_000_000, help="rows in the table before the batches arrive, and of the upload")
    parser.add_argument("--batches", type=int, default=20, help="batches of 10,000 rows")
    parser.add_argument("--actor-days", type=int, default=2_500_000)
    parser.add_argument("--engagements", type=int, default=2_000, help="engagements of the nightly run")
    return parser.parse_args()


if __name__ == "__main__":
    main()
