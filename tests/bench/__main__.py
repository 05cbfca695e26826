"""Measures the portal's pages against bare Django pages of the same run and prints ratios."""

from __future__ import annotations

import argparse
import json
import os
import platform
import subprocess
import sys
import tempfile
from collections import defaultdict
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from importlib.metadata import version

import django

from tests.bench.database import bench_database, connections_opened
from tests.bench.load import Target, Window, measure
from tests.bench.report import Row, table
from tests.bench.web import WORKERS, WebServer, serve
from tests.servers import REDIS_URL, answers

NOTE_PAGE = "one note"
SMALL, LARGE = 1_000, 10_000
SECRET = "only for a measurement on loopback: 0123456789 abcdefghijklmnop"


def main() -> None:
    options = arguments()
    with ExitStack() as running:
        database, environment = running.enter_context(installation())
        command("tests.bench.baseline.fill", environment=environment)
        bare = running.enter_context(serve("tests.bench.baseline.wsgi", environment, "/q100/"))
        pages = portal_pages(environment, notes=options.notes)
        portal = running.enter_context(serve("fde_portal.wsgi", environment, "/healthz"))
        targets = [Target("q100", bare, "/q100/", {}), Target("drf100", bare, "/drf100/", {})]
        targets += [Target(name, portal, path, headers) for name, path, headers, __ in pages]
        for number in (SMALL, LARGE) if options.growth else ():
            lists, server = running.enter_context(grown(number))
            targets += [Target(name, server, path, headers) for name, path, headers, __ in lists]
            pages += lists
        before = connections_opened(database)
        windows = walk(targets, options)
        opened = connections_opened(database) - before
    print(versions())
    rows = [Row(name, yardstick_of(name), queries) for name, *__, queries in pages]
    print(table([Row("q100", "q100", 1), Row("drf100", "drf100", 1), *rows], windows))
    asked = sum(window.requests for name, measured in windows.items() if " of " not in name for window in measured)
    print(f"\n{opened} connections to PostgreSQL were opened for {asked:,} requests by {2 * WORKERS} workers.")


@contextmanager
def installation() -> Iterator[tuple[str, dict[str, str]]]:
    """A new database and the environment of a portal on it, with Redis where there is one, as in production."""
    with bench_database() as database, tempfile.TemporaryDirectory() as folder:
        yield database, {
            "DATABASE_URL": database, "DATA_DIR": folder, "SECRET_KEY": SECRET, "REDIS_URL": redis_address(),
            "BASE_URL": "http://127.0.0.1", "ALLOWED_HOSTS": "127.0.0.1", "LOG_LEVEL": "ERROR",
        }  # fmt: skip


@contextmanager
def grown(number: int) -> Iterator[tuple[list, WebServer]]:
    """Another portal with so many engagements, and its lists."""
    with installation() as (__, environment):
        lists = json.loads(command("tests.bench.growth", str(number), environment=environment))
        with serve("fde_portal.wsgi", environment, "/healthz") as server:
            yield lists, server


def command(module: str, *arguments: str, environment: dict[str, str]) -> str:
    """What `python -m module` prints."""
    settings = {"DJANGO_SETTINGS_MODULE": "fde_portal.settings"}
    run = [sys.executable, "-m", module, *arguments]
    return subprocess.run(run, env=os.environ | settings | environment, check=True, stdout=subprocess.PIPE, text=True).stdout


def redis_address() -> str:
    """A database of its own in the Redis of the tests, whose workers must not see this one's messages; "" without Redis."""
    return f"{REDIS_URL.rpartition('/')[0]}/14" if answers(REDIS_URL) else ""


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="bin/bench", description=__doc__)
    parser.add_argument("--seconds", type=float, default=4.0, help="length of one window of load")
    parser.add_argument("--walks", type=int, default=3, help="how often the whole list is walked")
    parser.add_argument("--growth", action="store_true", help=f"also the lists of {LARGE:,} engagements against those of {SMALL:,}")
    parser.add_argument("--notes", type=int, default=0, help="also search among so many notes, such as 100000")
    return parser.parse_args()


def yardstick_of(page: str) -> str:
    """What a page is compared with: searches with a page that reads one note by its primary key, long lists with short ones."""
    if page.startswith("search"):
        return NOTE_PAGE
    if " of " in page:
        return f"{page.partition(' of ')[0]} of {SMALL:,}"
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
