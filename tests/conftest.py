"""Fixtures and rules for all tests; the settings come from tests/settings.py.

Markers: `browser` opens Chromium, `postgres` and `redis` need these servers, `slow` waits for --all.
"""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path

import pytest
import redis
from django.conf import settings
from django.db import connection

from tests import prepared
from tests.servers import chromium_path, in_ci

PROJECT = Path(__file__).resolve().parent.parent
CHROMIUM_OPTIONS = [
    "--no-sandbox",
    "--disable-gpu",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
DATABASE_FIXTURES = {"db", "transactional_db", "live_server", "client", "admin_client"}

# Playwright runs an event loop in this thread, and Django refuses database calls beside one.
os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "true")


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--all", action="store_true", help="also run the tests marked slow")


def pytest_report_header(config: pytest.Config) -> str:
    servers = "PostgreSQL and Redis" if on_servers() else "SQLite and the embedded broker"
    return f"portal: {servers}; Chromium: {chromium_path() or 'none'}"


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leave out what this run is not for; bin/test says so at its end. Several processes share the rest by file."""
    kept = [item for item in items if belongs(item, config)]
    config.hook.pytest_deselected(items=[item for item in items if item not in set(kept)])
    items[:] = kept
    for item in items:
        if not has_its_ground_in_every_process(item):
            item.add_marker(pytest.mark.xdist_group(item.nodeid.partition("::")[0]))


def has_its_ground_in_every_process(item: pytest.Item) -> bool:
    """Tests that only look at the served demo are many and slow: any process may take the next one."""
    return "demo" in getattr(item, "fixturenames", ())


def belongs(item: pytest.Item, config: pytest.Config) -> bool:
    if item.get_closest_marker("slow") and not config.getoption("--all"):
        return False
    needs_servers = item.get_closest_marker("postgres") or item.get_closest_marker("redis")
    if not on_servers() or needs_servers:
        return on_servers() or not needs_servers
    return touches_database(item) and not item.get_closest_marker("browser")


def touches_database(item: pytest.Item) -> bool:
    fixtures = set(getattr(item, "fixturenames", ()))
    return bool(item.get_closest_marker("django_db") or fixtures & DATABASE_FIXTURES)


@pytest.fixture(autouse=True)
def year_of_the_tests(monkeypatch: pytest.MonkeyPatch) -> None:
    """Dates of this year are written without it; those of the tests lie in 2026, whenever they run."""
    monkeypatch.setattr("fde_portal.core.formats.this_year", lambda: 2026)


def on_servers() -> bool:
    return settings.ON_SERVERS


def pytest_runtest_setup(item: pytest.Item) -> None:
    if item.get_closest_marker("browser") and chromium_path() is None:
        absent = pytest.fail if in_ci() else pytest.skip
        absent("Chromium is missing: install it, or name it in CHROMIUM")


def pytest_sessionfinish() -> None:
    """Leave no keys of this run in a Redis that others use too."""
    if on_servers():
        client = redis.Redis.from_url(settings.REDIS_URL)
        for key in client.scan_iter(f"{settings.RUN}*"):
            client.delete(key)


@pytest.fixture(scope="session")
def django_db_modify_db_settings() -> None:
    """Begin with a migrated database, under the name that tests/settings.py chose: it differs by process already."""
    test = connection.settings_dict["TEST"]
    if on_servers():
        test["TEMPLATE"] = prepared.template()
    else:
        prepared.give_copy(test["NAME"])


@pytest.fixture(scope="session")
def django_db_keepdb() -> bool:
    """On SQLite the copy lies there already; it goes with the scratch folder."""
    return not on_servers()


@pytest.fixture(scope="session")
def chromium() -> Iterator["playwright.sync_api.Browser"]:  # noqa: F821
    """The machine's Chromium, headless, as a playwright browser. Mark the test `browser`."""
    from playwright.sync_api import sync_playwright  # takes 0.3 s, needed by few runs

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium_path(), args=CHROMIUM_OPTIONS)
        yield browser
        browser.close()


@pytest.fixture
def page(chromium: "playwright.sync_api.Browser", live_server) -> Iterator["playwright.sync_api.Page"]:  # noqa: F821
    """A page in a fresh browser profile; paths are relative to the live server."""
    context = chromium.new_context(base_url=live_server.url, viewport={"width": 1440, "height": 900})
    context.set_default_timeout(10_000)
    yield context.new_page()
    context.close()


@pytest.fixture
def process_environment(transactional_db: None) -> dict[str, str]:
    """Environment variables with which another process uses this test's database and broker."""
    return os.environ | {
        "DJANGO_SETTINGS_MODULE": "tests.settings",
        "TEST_RUN": settings.RUN,
        "TEST_SCRATCH": settings.SCRATCH,
        "TEST_DATABASE_NAME": str(connection.settings_dict["NAME"]),
    }


@pytest.fixture
def start_worker(process_environment: dict[str, str]) -> Iterator[Callable[[], subprocess.Popen]]:
    """A function that starts a real Celery worker with beat and waits for its first heartbeat."""
    started: list[subprocess.Popen] = []

    def start() -> subprocess.Popen:
        worker = subprocess.Popen(worker_command(), cwd=PROJECT, env=process_environment, start_new_session=True)
        started.append(worker)
        wait_for_heartbeat(worker)
        return worker

    yield start
    for worker in started:
        end_group(worker)


def end_group(process: subprocess.Popen) -> None:
    """Kill a process with its children, also those it left behind when it was killed itself."""
    with suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()


def worker_command() -> list[str]:
    options = ["--pool=solo", "-B", "--loglevel=WARNING", "--without-gossip", "--without-mingle"]
    return [sys.executable, "-m", "celery", "-A", "fde_portal", "worker", *options]


def wait_for_heartbeat(worker: subprocess.Popen, seconds: float = 30) -> None:
    from django.utils import timezone

    from fde_portal.core.models import Heartbeat

    begin, deadline = timezone.now(), time.monotonic() + seconds
    while not Heartbeat.objects.filter(name="worker", at__gte=begin).exists():
        assert worker.poll() is None, f"the worker ended with {worker.returncode}"
        assert time.monotonic() < deadline, "the worker gave no sign of life"
        time.sleep(0.1)
