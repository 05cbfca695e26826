"""The demo as the ground of tests that only look: written and served once."""

from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Browser, BrowserContext

from tests.flows.demo import Demo, served_demo


@pytest.fixture(scope="session")
def demo() -> Iterator[Demo]:
    with served_demo() as demo:
        yield demo


@pytest.fixture(scope="session")
def profile_of(chromium: Browser, demo: Demo) -> Iterator[Callable[[str], BrowserContext]]:
    """A function that gives somebody's browser profile in the demo, signed in."""
    kept: dict[str, BrowserContext] = {}

    def profile_of(email: str) -> BrowserContext:
        if email not in kept:
            kept[email] = demo.profile(chromium, email)
        return kept[email]

    yield profile_of
    for profile in kept.values():
        profile.close()
