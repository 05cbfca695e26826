"""A reader answers where the page asks: the form opens below the item, and without scripts on a page of its own."""

import re
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import expect

from tests.flows.pages import ANNEKE, ANSWERED, NOBODY

pytestmark = pytest.mark.browser
SHARED = "/s/fdes_demo-claims-correspondence/"
ASKED = "Two handlers of the home line for the rehearsal"


def first_ask(page):
    return page.get_by_role("listitem").filter(has_text=ASKED)


def test_a_form_opens_below_the_ask_and_closes_with_what_was_typed_kept(profile_of, demo):
    page = profile_of(NOBODY).new_page()
    page.goto(SHARED)
    item = first_ask(page)
    item.get_by_role("link", name="Answer").click()
    item.get_by_label("Who will do it").fill("Grace Mensah")
    page.keyboard.press("Escape")
    expect(item.get_by_role("link", name="Answer")).to_be_focused()
    expect(item.get_by_role("form")).to_have_count(0)
    page.keyboard.press("Enter")
    expect(item.get_by_label("Who will do it")).to_have_value("Grace Mensah")
    assert page.url.endswith(SHARED)
    page.close()


def test_the_way_back_leads_to_the_page_also_in_another_tab(profile_of, demo):
    page = profile_of(NOBODY).new_page()
    page.goto(SHARED)
    first_ask(page).get_by_role("link", name="Answer").click()
    back = first_ask(page).get_by_role("link", name="Back to the page")
    assert urlsplit(back.evaluate("link => link.href")).path == SHARED
    page.close()


def test_two_forms_stand_open_and_labels_lead_to_their_own_fields(profile_of, demo):
    page = profile_of(NOBODY).new_page()
    page.goto(SHARED)
    first_ask(page).get_by_role("link", name="Answer").click()
    figure = page.get_by_role("listitem").filter(has_text="Minutes from opening the file to sending")
    figure.get_by_role("link", name="Confirm or dispute").click()
    first_ask(page).get_by_label("Your name").fill("Dev")
    figure.get_by_label("Your name").fill("Sophie")
    expect(first_ask(page).get_by_label("Your name")).to_have_value("Dev")
    ids = page.eval_on_selector_all("main [id]", "found => found.map(element => element.id)")
    assert len(ids) == len(set(ids))
    page.close()


def test_what_is_refused_comes_back_with_what_was_typed(profile_of, demo):
    page = profile_of(NOBODY).new_page()
    page.goto(SHARED)
    item = first_ask(page)
    item.get_by_role("link", name="Answer").click()
    item.get_by_label("Who will do it").fill("Grace Mensah")
    item.get_by_role("button", name="Send the answer").click()
    expect(page).to_have_url(re.compile("/answer/ask/"))
    expect(page.get_by_role("alert")).to_be_visible()
    expect(page.get_by_label("Who will do it")).to_have_value("Grace Mensah")
    page.close()


def test_where_the_form_cannot_be_fetched_the_link_leads_to_it(profile_of, demo):
    page = profile_of(NOBODY).new_page()
    page.goto(SHARED)
    page.route("**/answer/ask/**", lambda route: route.abort() if route.request.resource_type == "fetch" else route.continue_())
    first_ask(page).get_by_role("link", name="Answer").click()
    expect(page.get_by_role("heading", level=1, name=ASKED)).to_be_visible()
    page.close()


def test_a_contact_who_signed_in_answers_in_place_too(profile_of, demo):
    page = profile_of(ANNEKE).new_page()
    page.goto(f"/shared/{ANSWERED}/")
    item = page.get_by_role("listitem").filter(has_text="Name a reviewer for the security check")
    item.get_by_role("link", name="Answer").click()
    expect(item.get_by_role("button", name="Send the answer")).to_be_visible()
    page.close()
