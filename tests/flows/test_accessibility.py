"""Every page of the demo: nothing serious for axe, and it fits 360 px; with --all at both widths and in both schemes."""

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

from tests.flows.pages import PAGES, DemoPage
from tests.flows.states import STATES

pytestmark = pytest.mark.browser

WIDE, NARROW, NARROWEST = 1440, 390, 360
# Axe takes half of the suite's time: each page is asked in one of two looks, neighbours in different ones, and with --all in
# all four. The document is the same in each look; a scheme changes colours, and a width what has to scroll.
LOOKS_DIFFER = {"runOnly": ["color-contrast", "link-in-text-block", "scrollable-region-focusable"]}
IN_TURN = ((WIDE, "light", {}), (NARROW, "dark", {}))
ALL_LOOKS = (*IN_TURN, (WIDE, "dark", LOOKS_DIFFER), (NARROW, "light", LOOKS_DIFFER))


@pytest.mark.parametrize("place", PAGES, ids=lambda place: place.name)
def test_nothing_serious_for_axe_and_nothing_too_wide(demo, profile_of, place: DemoPage, pytestconfig):
    looks = ALL_LOOKS if pytestconfig.getoption("--all") else [IN_TURN[PAGES.index(place) % len(IN_TURN)]]
    page = profile_of(place.person).new_page()
    try:
        answer = page.goto(place.path.format(**demo.records))
        assert answer.status == place.status
        with STATES[place.state](page):
            assert [fault for look in looks for fault in serious_faults(page, *look)] == []
            assert too_wide(page) == []
    finally:
        page.close()


def serious_faults(page: Page, width: int, scheme: str, options: dict) -> list[str]:
    """What axe calls serious or critical, with the first place of each."""
    page.set_viewport_size({"width": width, "height": 900})
    page.emulate_media(color_scheme=scheme)
    found = Axe().run(page, options=options).response["violations"]
    return [
        f"{width} {scheme} {fault['id']}: {fault['nodes'][0]['html'][:200]}"
        for fault in found
        if fault["impact"] in ("serious", "critical")
    ]


def too_wide(page: Page) -> list[str]:
    """Elements that make the page scroll sideways at the narrowest width we promise."""
    page.set_viewport_size({"width": NARROWEST, "height": 800})
    return page.evaluate(
        """() => document.documentElement.scrollWidth <= innerWidth ? [] :
           [...document.querySelectorAll("main *")].filter(element => element.getBoundingClientRect().right > innerWidth + 1)
             .slice(0, 3).map(element => element.outerHTML.slice(0, 120))"""
    )
