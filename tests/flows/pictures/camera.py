"""Opens pages in Chromium, signed in as the person who comes to them, and keeps what they look like."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from itertools import product
from pathlib import Path

from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

from tests.flows.demo import Demo, served_demo
from tests.flows.pages import MAYA, NOBODY, PAGES, PRIYA, RUTH, DemoPage
from tests.flows.states import STATES
from tests.servers import chromium_path

OPTIONS = ["--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking", "--hide-scrollbars"]
HEIGHTS = {1440: 900, 768: 1024, 390: 844}
# Sheets of A4 at 96 dots an inch, for the pages that customers print.
SHEET = {"width": 794, "height": 1123}
PRINTED = ("shared-page", "contact-page")
README = (
    (DemoPage("portfolio", RUTH, "/portfolio/"), "light"),
    (DemoPage("engagement", MAYA, "/engagements/customs-declaration-copilot/"), "light"),
    (DemoPage("weekly-log", PRIYA, "/weekly-log/?engagement=planning-case-intake"), "light"),
    (DemoPage("shared-page", NOBODY, "/s/fdes_demo-customs-declaration-copilot/"), "light"),
    (DemoPage("my-week-dark", MAYA, "/my-week/"), "dark"),
)
# For docs/usage.md, from top to bottom.
USAGE = (
    (DemoPage("adoption", RUTH, "/engagements/deviation-report-drafting/adoption/"), "light"),
    (DemoPage("adoption-stopped", RUTH, "/engagements/protocol-library-search/adoption/"), "dark"),
)

Take = Callable[..., None]
Size = dict[str, int]


def take_pictures(folder: Path, options: argparse.Namespace) -> None:
    """Picture the chosen pages whole, one file each below language, width and scheme."""
    chosen = [page for page in PAGES if options.only in page.name]
    widths = [options.width] if options.width else list(HEIGHTS)
    schemes = [options.scheme] if options.scheme else ["light", "dark"]
    languages = [options.language] if options.language else ["en", "zh-hans"]
    with served_demo() as demo, chromium() as browser:
        for language, width, scheme in product(languages, widths, schemes):
            with studio(browser, demo, size=size_of(width), scheme=scheme, language=language) as take:
                for page in chosen:
                    take(page, folder / language / f"{width}-{scheme}" / f"{page.name}.png", whole=True)
        if not (options.width or options.scheme):
            take_prints(folder, demo, browser, languages, [page for page in chosen if page.name.startswith(PRINTED)])


def take_prints(folder: Path, demo: Demo, browser: Browser, languages: Iterable[str], pages: Iterable[DemoPage]) -> None:
    """As they come out of a printer, on one long sheet."""
    for language in languages:
        with studio(browser, demo, size=SHEET, scheme="light", language=language, media="print") as take:
            for page in pages:
                take(page, folder / language / "print" / f"{page.name}.png", whole=True)


def take_readme_pictures(folder: Path, options: argparse.Namespace) -> None:
    """The few pictures that live in the repository: the top of a page each, or the whole one."""
    with served_demo(untouched=True) as demo, chromium() as browser:
        for page, scheme in (*README, *USAGE):
            if options.only in page.name:
                with studio(browser, demo, size=size_of(1440), scheme=scheme, language="en") as take:
                    take(page, folder / f"{page.name}.png", whole=(page, scheme) in USAGE)


@contextmanager
def chromium() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium_path(), args=OPTIONS)
        yield browser
        browser.close()


def size_of(width: int) -> Size:
    return {"width": width, "height": HEIGHTS[width]}


@contextmanager
def studio(
    browser: Browser, demo: Demo, *, size: Size, scheme: str, language: str, media: str = "screen"
) -> Iterator[Take]:
    """A function that takes one picture; each person keeps a browser profile of their own."""
    profiles: dict[str, BrowserContext] = {}

    def take(place: DemoPage, file: Path, *, whole: bool) -> None:
        if place.person not in profiles:
            profiles[place.person] = demo.profile(browser, place.person, viewport=size, color_scheme=scheme)
            profiles[place.person].add_cookies([{"name": "django_language", "value": language, "url": demo.address}])
        page = profiles[place.person].new_page()
        page.emulate_media(media=media)
        answer = page.goto(place.path.format(**demo.records))
        if answer.status != place.status:
            print(f"{place.name}: {answer.status} instead of {place.status}", file=sys.stderr)
        with STATES[place.state](page):
            if whole:
                grow(page)
            file.parent.mkdir(parents=True, exist_ok=True)
            page.screenshot(path=file)
        page.close()

    yield take
    for profile in profiles.values():
        profile.close()


def grow(page: Page) -> None:
    """Make the window as high as its page, so that what sticks to the window's edges stands where it belongs."""
    width, least = page.viewport_size["width"], page.viewport_size["height"]
    height = page.evaluate("document.documentElement.scrollHeight")
    page.set_viewport_size({"width": width, "height": max(height, least)})
