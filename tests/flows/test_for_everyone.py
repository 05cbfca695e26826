"""What somebody needs who sees, hears or moves differently: zoom, contrast of their own, stillness, words for changes."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page

from tests.flows.pages import ANNEKE, ANSWERED, MAYA, NOBODY, RUTH

pytestmark = pytest.mark.browser

SHARED = f"/s/fdes_demo-{ANSWERED}/"
PLACES = (
    (NOBODY, SHARED),
    (NOBODY, f"{SHARED}answer/question/0/"),
    (NOBODY, "/accounts/login/code/"),
    (ANNEKE, "/shared/"),
    (MAYA, "/my-week/"),
    (MAYA, "/weekly-log/"),
    (MAYA, f"/engagements/{ANSWERED}/answers/"),
    (RUTH, "/portfolio/"),
)
NAMES = [f"{who.split('@')[0] or 'nobody'} {path}" for who, path in PLACES]


@pytest.fixture(params=PLACES, ids=NAMES)
def page(profile_of, demo, request):
    who, path = request.param
    page = profile_of(who).new_page()
    assert page.goto(path).status == 200
    yield page
    page.close()


def test_at_400_percent_nothing_needs_scrolling_sideways(page: Page):
    # 1280 px at 400 % leave 320.
    page.set_viewport_size({"width": 320, "height": 256})
    assert page.evaluate("document.documentElement.scrollWidth") <= 320


def test_whoever_asks_for_stillness_gets_it(page: Page):
    page.emulate_media(reduced_motion="reduce")
    moving = page.evaluate(
        """() => [...document.querySelectorAll("*")].filter(element => {
             const style = getComputedStyle(element), longest = text => Math.max(...text.split(",").map(parseFloat));
             return longest(style.transitionDuration) > 0.01 || (style.animationName !== "none" && longest(style.animationDuration) > 0.01);
           }).map(element => element.outerHTML.slice(0, 80))"""
    )
    assert moving == []


def test_with_colours_of_ones_own_controls_and_marks_stay_visible(page: Page):
    page.emulate_media(forced_colors="active")
    lost = page.evaluate(
        """() => [...document.querySelectorAll(".btn:not(.quiet), .input, .seg label, .pill")].filter(element => {
             const style = getComputedStyle(element), box = element.getBoundingClientRect();
             const edges = ["Top", "Right", "Bottom", "Left"].map(side => parseFloat(style[`border${side}Width`]));
             return box.width > 0 && Math.max(...edges) === 0 && parseFloat(style.outlineWidth) === 0;
           }).map(element => element.outerHTML.slice(0, 80))"""
    )
    assert lost == []


def test_the_focus_is_seen_with_colours_of_ones_own(page: Page):
    page.emulate_media(forced_colors="active")
    page.keyboard.press("Tab")
    outline = page.evaluate("[getComputedStyle(document.activeElement).outlineStyle, parseFloat(getComputedStyle(document.activeElement).outlineWidth)]")
    assert outline[0] != "none"
    assert outline[1] >= 1


def test_every_control_has_a_name(page: Page):
    nameless = page.evaluate(
        """() => [...document.querySelectorAll("button, a[href], input:not([type=hidden]), select, textarea")].filter(element => {
             if (!element.checkVisibility()) return false;
             const labels = element.labels ? [...element.labels].map(label => label.textContent).join("") : "";
             const ids = (element.getAttribute("aria-labelledby") || "").split(" ").map(id => document.getElementById(id)?.textContent || "").join("");
             return !(labels + ids + (element.getAttribute("aria-label") || "") + element.textContent + (element.title || "")).trim();
           }).map(element => element.outerHTML.slice(0, 80))"""
    )
    assert nameless == []


def test_what_changes_is_announced(profile_of, demo):
    """A message after an act, a refusal of a form, and the state of saving stand in live regions."""
    page = profile_of(MAYA).new_page()
    page.goto("/weekly-log/")
    assert page.locator("[role=status], [aria-live=polite]").count() > 0
    page.close()
    page = profile_of(NOBODY).new_page()
    page.goto(f"{SHARED}answer/question/0/")
    page.get_by_role("button", name="Send the question").click()
    refusal = page.get_by_role("alert")
    assert refusal.count() == 1
    assert page.get_by_label("Your question").get_attribute("aria-invalid") == "true"
    page.close()


@pytest.mark.parametrize("width", [390, 1440])
def test_chinese_lines_do_not_begin_with_a_full_stop(profile_of, demo, width):
    """The browser is told to break lines as Chinese wants it, whatever the width."""
    page = profile_of(NOBODY).new_page()
    page.set_viewport_size({"width": width, "height": 900})
    page.goto(f"{SHARED}?lang=zh-hans")
    assert page.evaluate("document.documentElement.lang") == "zh-Hans"
    assert page.evaluate("getComputedStyle(document.querySelector('main')).lineBreak") == "strict"
    page.close()
