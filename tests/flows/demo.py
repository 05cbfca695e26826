"""The demo, written into a temporary folder and served by a process of its own: nothing else is touched."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from playwright.sync_api import Browser, BrowserContext

from engagements.demo.people import PASSWORD
from tests.flows.entrance import sign_in
from tests.servers import free_port

PROJECT = Path(__file__).resolve().parents[2]


@dataclass(frozen=True, slots=True)
class Demo:
    """`records` is what the braces in the paths of pages.py stand for."""

    address: str
    records: dict[str, str | int]

    def profile(self, browser: Browser, email: str, **options: object) -> BrowserContext:
        """A browser profile of somebody, signed in unless `email` is empty."""
        profile = browser.new_context(base_url=self.address, **options)
        if email:
            page = profile.new_page()
            page.goto("/")
            sign_in(page, email, PASSWORD)
            page.close()
        return profile


@contextmanager
def served_demo(*, untouched: bool = False) -> Iterator[Demo]:
    """Write the demo (takes some ten seconds) and serve it until the block ends.

    Unless `untouched`, it gets an engagement without records, and the names of records are known.
    """
    with tempfile.TemporaryDirectory(prefix="fde-portal-demo-") as folder:
        port = free_port()
        environment = demo_environment(folder, port)
        for command in ("migrate", "seed_demo"):
            run("manage.py", command, "--verbosity=0", environment=environment)
        records = {} if untouched else json.loads(run("-m", "tests.flows.records", environment=environment))
        with web_server(port, environment):
            yield Demo(f"http://127.0.0.1:{port}", records)


def demo_environment(folder: str, port: int) -> dict[str, str]:
    return os.environ | {
        "DJANGO_SETTINGS_MODULE": "fde_portal.settings",
        "DATA_DIR": folder,
        "DATABASE_URL": f"sqlite:///{folder}/demo.sqlite3",
        "REDIS_URL": "",
        "BASE_URL": f"http://127.0.0.1:{port}",
        "DEMO": "true",
        "LOG_LEVEL": "ERROR",
    }


def run(*arguments: str, environment: dict[str, str]) -> str:
    """What a Python program prints. Raises CalledProcessError when it fails."""
    command = [sys.executable, *arguments]
    return subprocess.run(command, cwd=PROJECT, env=environment, check=True, stdout=subprocess.PIPE, text=True).stdout


@contextmanager
def web_server(port: int, environment: dict[str, str]) -> Iterator[None]:
    command = [sys.executable, "-m", "gunicorn", "fde_portal.wsgi", "--bind", f"127.0.0.1:{port}"]
    command += ["--worker-class", "gthread", "--threads", "4", "--log-level", "warning", "--no-control-socket"]
    server = subprocess.Popen(command, cwd=PROJECT, env=environment)
    try:
        wait_for(f"http://127.0.0.1:{port}/healthz")
        yield
    finally:
        server.terminate()
        server.wait(timeout=20)


def wait_for(url: str, seconds: float = 30) -> None:
    deadline = time.monotonic() + seconds
    while True:
        try:
            urllib.request.urlopen(url, timeout=2).close()
        except OSError:
            if time.monotonic() > deadline:
                raise
            time.sleep(0.2)
        else:
            return
