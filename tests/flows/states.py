"""States of a page that no address names: what happened to it since it was opened."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext

from playwright.sync_api import Page

HEADLINE, SAVE_STATE = "#week-form [name=headline]", "[data-save-state]"


@contextmanager
def offline(page: Page) -> Iterator[None]:
    """Somebody typed into the weekly log without a connection. Their words go with the page."""
    page.context.set_offline(True)
    page.locator(HEADLINE).fill("Typed on the train")
    said = page.locator(SAVE_STATE).get_attribute("data-offline")
    page.locator(SAVE_STATE).get_by_text(said).wait_for()
    yield
    page.evaluate("localStorage.clear()")
    page.close()
    page.context.set_offline(False)


@contextmanager
def conflict(page: Page) -> Iterator[None]:
    """The week was saved elsewhere after the page was opened, and both texts stand side by side. The draft goes afterwards."""
    with page.context.new_page() as other:
        other.goto(page.url)
        save_week(other, "The pilot group grew to eleven readers")
    save_week(page, "Eleven readers and a date for the second site")
    page.locator(".conflict").wait_for()
    yield
    with page.expect_navigation():
        page.locator("form[action$='/archive/']").evaluate("form => form.submit()")


def save_week(page: Page, headline: str) -> None:
    page.locator(HEADLINE).fill(headline)
    with page.expect_navigation():
        page.locator("[form=week-form][value=save]").first.click()


STATES: dict[str, Callable[[Page], AbstractContextManager[None]]] = {
    "": lambda page: nullcontext(),
    "offline": offline,
    "conflict": conflict,
}
