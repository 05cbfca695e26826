"""What the stories in the browser share: signing in, and a watch for faults."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from playwright.sync_api import Browser, Page

from tests.factories.people import PASSWORD
from tests.flows.entrance import sign_in


@contextmanager
def person(
    chromium: Browser, address: str, email: str = "", password: str = PASSWORD, *, scripts: bool = True
) -> Iterator[Page]:
    """A page in a browser profile of their own: signed in as `email`, or signed out; with or without scripts."""
    profile = chromium.new_context(base_url=address, viewport={"width": 1440, "height": 900}, java_script_enabled=scripts)
    profile.set_default_timeout(10_000)
    page = profile.new_page()
    with no_faults(page):
        if email:
            page.goto("/")
            sign_in(page, email, password)
        yield page
    profile.close()


@contextmanager
def no_faults(page: Page) -> Iterator[None]:
    """Fail when a script breaks, the content policy blocks something, or the server breaks."""
    faults: list[str] = []
    page.on("pageerror", lambda error: faults.append(str(error)))
    page.on("console", lambda line: "Content Security Policy" in line.text and faults.append(line.text))
    page.on("response", lambda answer: answer.status >= 500 and faults.append(f"{answer.status} {answer.url}"))
    yield
    assert faults == []


def text_of(page: Page) -> str:
    return page.locator("body").inner_text()


def write_lines(page: Page, group: str, *lines: str) -> None:
    """Fill the lines of the weekly log's group, each after Enter as people do."""
    fields = page.get_by_role("group", name=group, exact=False)
    fields.get_by_role("textbox").first.click()
    for number, line in enumerate(lines):
        if number:
            page.keyboard.press("Enter")
        page.keyboard.type(line)


