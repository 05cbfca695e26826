"""Measures the portal's pages against bare Django pages of the same run and prints ratios."""

from __future__ import annotations

import argparse
import os
import platform
import subprocess
import sys
import tempfile
from collections import defaultdict
from importlib.metadata import version

import django

from tests.bench.database import bench_database
from tests.bench.load import Target, Window, measure
from tests.bench.report import Row, table
from tests.bench.web import WORKERS, serve

NOTE_PAGE = "one note"
SECRET = "only for a measurement on loopback: 0123456789 abcdefghijklmnop"


def main() -> None:
    options = arguments()
    with bench_database() as database, tempfile.TemporaryDirectory() as folder:
        environment = {
            "DATABASE_URL": database, "DATA_DIR": folder, "SECRET_KEY": SECRET, "REDIS_URL": "",
            "BASE_URL": "http://127.0.0.1", "ALLOWED_HOSTS": "127.0.0.1", "LOG_LEVEL": "ERROR",
        }  # fmt: skip
        subprocess.run([sys.executable, "-m", "tests.bench.baseline.fill"], env=os.environ | environment, check=True)
        pages = portal_pages(environment, notes=options.notes)
        with serve("tests.bench.baseline.wsgi", environment, "/q100/") as bare, serve(
            "fde_portal.wsgi", environment, "/healthz"
        ) as portal:
            targets = [Target("q100", bare, "/q100/", {}), Target("drf100", bare, "/drf100/", {})]
            targets += [Target(name, portal, path, headers) for name, path, headers, *__ in pages]
            windows = walk(targets, options)
    print(versions())
    rows = [Row(name, yardstick_of(name), queries) for name, __, ___, queries in pages]
    print(table([Row("q100", "q100", 1), Row("drf100", "drf100", 1), *rows], windows))


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="bin/bench", description=__doc__)
    parser.add_argument("--seconds", type=float, default=4.0, help="length of one window of load")
    parser.add_argument("--walks", type=int, default=3, help="how often the whole list is walked")
    parser.add_argument("--notes", type=int, default=0, help="also search among so many notes, such as 100000")
    return parser.parse_args()


def yardstick_of(page: str) -> str:
    """What a page is compared with: searches with a page that reads one note by its primary key."""
    if page.startswith("search"):
        return NOTE_PAGE
    return "drf100" if "API" in page else "q100"


def portal_pages(environment: dict[str, str], *, notes: int) -> list[tuple[str, str, dict[str, str], int]]:
    """Migrate and fill the portal's database. Gives name, path, headers and number of queries of each page."""
    os.environ |= environment | {"DJANGO_SETTINGS_MODULE": "fde_portal.settings"}
    django.setup()
    from tests.bench import pages  # needs the set-up

    return pages.prepare(notes=notes)


def walk(targets: list[Target], options: argparse.Namespace) -> dict[str, list[Window]]:
    """Measure every target in turn, several times over, so that noise meets all alike."""
    windows: dict[str, list[Window]] = defaultdict(list)
    for number in range(options.walks):
        for target in targets:
            windows[target.name].append(measure(target, options.seconds))
            print(f"walk {number + 1}: {target.name}", file=sys.stderr)
    return windows


def versions() -> str:
    names = ("Django", "djangorestframework", "psycopg2-binary", "gunicorn")
    packages = ", ".join(f"{name} {version(name)}" for name in names)
    return f"Python {platform.python_version()}, {packages}; {WORKERS} sync workers, {os.cpu_count()} cores\n"


if __name__ == "__main__":
    main()
