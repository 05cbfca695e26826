"""Opens pages in Chromium, signed in as the person who comes to them, and keeps what they look like."""

from __future__ import annotations

import argparse
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import product
from pathlib import Path

from django.conf import settings
from django.test import Client
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

from fde_portal.accounts.models import User
from tests.flows.pages import MAYA, NOBODY, PAGES, RUTH, SLUG, WORK, DemoPage, add_empty_engagement, record_names
from tests.servers import chromium_path, free_port

OPTIONS = ["--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking", "--hide-scrollbars"]
HEIGHTS = {1440: 900, 390: 844}
README = (
    (DemoPage("portfolio", RUTH, "/portfolio/"), "light", "en"),
    (DemoPage("engagement", MAYA, f"{WORK}/"), "light", "en"),
    (DemoPage("weekly-log", MAYA, "/weekly-log/"), "light", "en"),
    (DemoPage("shared-page", NOBODY, f"/s/fdes_demo-{SLUG}/"), "light", "en"),
    (DemoPage("my-week-dark", MAYA, "/my-week/"), "dark", "en"),
)


def take_pictures(folder: Path, options: argparse.Namespace) -> None:
    """Picture the chosen pages whole, one file each below language, width and scheme."""
    add_empty_engagement()
    chosen = [page for page in PAGES if options.only in page.name]
    widths = [options.width] if options.width else list(HEIGHTS)
    schemes = [options.scheme] if options.scheme else ["light", "dark"]
    languages = [options.language] if options.language else ["en", "zh-hans"]
    with portal() as address, chromium() as browser:
        for language, width, scheme in product(languages, widths, schemes):
            place = folder / language / f"{width}-{scheme}"
            with studio(browser, address, width=width, scheme=scheme, language=language) as take:
                for page in chosen:
                    take(page, place / f"{page.name}.png", whole=True)


def take_readme_pictures(folder: Path) -> None:
    """The few pictures that live in the repository: the top of a page each."""
    with portal() as address, chromium() as browser:
        for page, scheme, language in README:
            with studio(browser, address, width=1440, scheme=scheme, language=language) as take:
                take(page, folder / f"{page.name}.png", whole=False)


@contextmanager
def portal() -> Iterator[str]:
    """The address of a web server on the database of this process."""
    port = free_port()
    command = [sys.executable, "-m", "gunicorn", "fde_portal.wsgi", "--bind", f"127.0.0.1:{port}"]
    command += ["--worker-class", "gthread", "--threads", "4", "--log-level", "warning", "--no-control-socket"]
    server = subprocess.Popen(command)
    try:
        wait_for(f"http://127.0.0.1:{port}/healthz")
        yield f"http://127.0.0.1:{port}"
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


@contextmanager
def chromium() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium_path(), args=OPTIONS)
        yield browser
        browser.close()


@contextmanager
def studio(browser: Browser, address: str, *, width: int, scheme: str, language: str) -> Iterator:
    """A function that takes one picture; each person keeps a browser profile of their own."""
    profiles: dict[str, BrowserContext] = {}
    records = record_names()

    def take(page: DemoPage, file: Path, *, whole: bool) -> None:
        if page.person not in profiles:
            size = {"width": width, "height": HEIGHTS[width]}
            profile = browser.new_context(base_url=address, viewport=size, color_scheme=scheme)
            profile.add_cookies(cookies(page.person, language, address))
            profiles[page.person] = profile
        tab = profiles[page.person].new_page()
        answer = tab.goto(page.path.format(**records))
        if answer.status != page.status:
            print(f"{page.name}: {answer.status} instead of {page.status}", file=sys.stderr)
        file.parent.mkdir(parents=True, exist_ok=True)
        if whole:
            grow(tab)
        tab.screenshot(path=file)
        tab.close()

    yield take
    for profile in profiles.values():
        profile.close()


def grow(tab: Page) -> None:
    """Make the window as high as its page, so that what sticks to the window's edges stands where it belongs."""
    height = tab.evaluate("document.documentElement.scrollHeight")
    tab.set_viewport_size({"width": tab.viewport_size["width"], "height": max(height, tab.viewport_size["height"])})


def cookies(person: str, language: str, address: str) -> list[dict[str, str]]:
    """The language, and a signed-in session of the person."""
    jar = {settings.LANGUAGE_COOKIE_NAME: language}
    if person != NOBODY:
        client = Client()
        client.force_login(User.objects.get(email=person))
        jar[settings.SESSION_COOKIE_NAME] = client.cookies[settings.SESSION_COOKIE_NAME].value
    return [{"name": name, "value": value, "url": address} for name, value in jar.items()]
