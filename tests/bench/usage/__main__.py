"""Runs both measurements on a fresh PostgreSQL database and prints ratios: `bin/bench usage`."""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import tempfile

import django

from tests.bench.__main__ import SECRET, versions
from tests.bench.database import bench_database
from tests.bench.web import serve


def main() -> None:
    options = arguments()
    with bench_database() as database, tempfile.TemporaryDirectory() as folder:
        environment = {
            "DATABASE_URL": database, "DATA_DIR": folder, "SECRET_KEY": SECRET, "REDIS_URL": "",
            "BASE_URL": "http://127.0.0.1", "ALLOWED_HOSTS": "127.0.0.1", "LOG_LEVEL": "ERROR",
        }  # fmt: skip
        os.environ |= environment | {"DJANGO_SETTINGS_MODULE": "fde_portal.settings"}
        subprocess.run([sys.executable, "manage.py", "migrate", "--verbosity", "0"], check=True)
        django.setup()
        from tests.bench.usage import intake, series  # need the set-up

        with serve("fde_portal.wsgi", environment, "/healthz") as portal:
            rows = [intake.measure(kind, portal.port, table=options.rows, batches=options.batches) for kind in ("daily", "events")]
        rows += series.measure(actor_days=options.actor_days)
    print(versions())
    print("| what | ours ms | reference ms | ratio |\n|---|--:|--:|--:|")
    for name, ours, reference, ratio in rows:
        print(f"| {name} | {ours:.0f} | {reference:.0f} | {ratio:.2f} |")


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="bin/bench usage", description=__doc__)
    parser.add_argument("--rows", type=int, default=1_000_000, help="rows in the table before the batches arrive")
    parser.add_argument("--batches", type=int, default=20, help="batches of 10,000 rows")
    parser.add_argument("--actor-days", type=int, default=2_500_000)
    return parser.parse_args()


if __name__ == "__main__":
    main()
