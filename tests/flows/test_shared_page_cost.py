"""What the customer's page costs its reader: bytes, other hosts, sheets of paper. The demo's fullest edition stands for all."""

from __future__ import annotations

import gzip
import re
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Page, Response

from tests.flows.pages import ANSWERED

pytestmark = pytest.mark.browser
MOST_BYTES = 60_000
MOST_SHEETS = 2


@pytest.fixture(params=["en", "zh-hans"])
def opened(chromium, demo, request):
    """The page as a fresh browser opens it, with everything that was loaded for it."""
    profile = chromium.new_context(base_url=demo.address, viewport={"width": 1440, "height": 900})
    page, answers = profile.new_page(), []
    page.on("response", lambda answer: answers.append(answer))
    page.goto(f"/s/fdes_demo-{ANSWERED}/?lang={request.param}", wait_until="networkidle")
    yield page, answers
    profile.close()


def compressed(answer: Response) -> int:
    return len(gzip.compress(answer.body(), 6))


def sheets(page: Page) -> int:
    """How many sheets of A4 the page prints on."""
    return len(re.findall(rb"/Type\s*/Page[^s]", page.pdf(prefer_css_page_size=True)))


def test_the_page_with_all_it_loads_stays_below_sixty_kilobytes(opened):
    _, answers = opened
    sizes = {urlsplit(answer.url).path: compressed(answer) for answer in answers}
    assert any(path.endswith("public.css") for path in sizes)
    assert any(path.endswith("print.js") for path in sizes)
    assert sum(sizes.values()) < MOST_BYTES, sizes


def test_the_page_asks_no_other_host(opened, demo):
    page, answers = opened
    named = page.evaluate("[...document.querySelectorAll('[src], link[href]')].map(element => element.src || element.href)")
    hosts = {urlsplit(url).netloc for url in [*(answer.url for answer in answers), *named]}
    assert hosts == {urlsplit(demo.address).netloc}


def test_the_page_prints_on_two_sheets_at_most(opened):
    page, _ = opened
    assert 1 <= sheets(page) <= MOST_SHEETS
