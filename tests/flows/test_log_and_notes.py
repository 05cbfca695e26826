"""Small records from creation to archive, and a note from anywhere that becomes one of them."""

import re

import pytest
from playwright.sync_api import Page, expect

from engagements.models import Decision, Engagement, StakeholderNote
from tests.factories.customers import CustomerFactory, StakeholderFactory
from tests.factories.engagements import EngagementFactory
from tests.flows.browser import person

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def engagement(transactional_db) -> Engagement:
    customer = CustomerFactory(name="Harbourline", slug="harbourline")
    StakeholderFactory(customer=customer, name="Anneke Visser")
    StakeholderFactory(name="Anna Elsewhere")
    return EngagementFactory(customer=customer, name="Customs copilot", slug="customs-copilot")


@pytest.fixture
def lead(chromium, live_server, engagement):
    with person(chromium, live_server.url, engagement.lead.email) as page:
        yield page


def test_an_assumption_from_the_log_to_the_archive_and_back(lead: Page, engagement: Engagement):
    lead.goto(f"/engagements/{engagement.slug}/log/")
    lead.get_by_role("navigation", name="Kinds").get_by_role("link", name="Assumptions").click()
    lead.get_by_label("What we assume").fill("Scans are sharp")
    lead.get_by_role("button", name="Save", exact=True).click()
    lead.get_by_role("link", name="Scans are sharp").click()
    lead.get_by_label("Verdict").select_option("Refuted")
    lead.get_by_role("button", name="Save", exact=True).click()
    expect(lead.get_by_role("listitem").filter(has_text="Scans are sharp")).to_contain_text("Refuted")
    lead.get_by_role("link", name="Scans are sharp").click()
    lead.get_by_role("button", name="Archive").click()
    expect(lead.get_by_role("link", name="Scans are sharp")).to_have_count(0)
    lead.get_by_role("button", name="Undo").click()
    expect(lead.get_by_role("link", name="Scans are sharp")).to_be_visible()


def test_a_note_is_written_with_one_key_and_a_selection_of_it_becomes_a_decision(lead: Page, engagement: Engagement):
    lead.goto("/portfolio/")
    lead.keyboard.press("n")
    dialog = lead.get_by_role("dialog", name="New note")
    field = dialog.get_by_label("Note", exact=True)
    expect(field).to_be_focused()
    field.press_sequentially("Met @ann")
    expect(dialog.get_by_role("listbox").get_by_role("option")).to_have_text(re.compile("Anneke Visser"))
    lead.keyboard.press("Enter")
    field.press_sequentially("about #cust")
    expect(dialog.get_by_role("listbox").get_by_role("option", name="Customs copilot")).to_be_visible()
    lead.keyboard.press("Tab")
    field.press_sequentially("today. We wait for the review.")
    expect(field).to_have_value("Met @Anneke Visser about #customs-copilot today. We wait for the review.")
    dialog.get_by_role("button", name="Save note").click()
    expect(dialog).to_be_hidden()
    lead.keyboard.press("n")
    expect(field).to_have_value("")
    lead.keyboard.press("Escape")
    lead.get_by_role("status").get_by_role("link", name="Customs copilot").click()
    note = StakeholderNote.objects.get()
    assert (note.engagement, [str(someone) for someone in note.stakeholders.all()]) == (engagement, ["Anneke Visser"])

    lead.get_by_text("We wait for the review.").first.evaluate(
        "node => { const text = node.firstChild, at = text.data.indexOf('We wait');"
        " document.getSelection().setBaseAndExtent(text, at, text, text.data.length); }"
    )
    lead.locator("[data-turn]").get_by_role("button", name="Decision").click()
    expect(lead.get_by_label("What was decided")).to_have_value("We wait for the review.")
    lead.get_by_role("button", name="Save", exact=True).click()
    came_of_it = lead.get_by_role("region", name="What came of it")
    expect(came_of_it.get_by_role("link", name="We wait for the review.")).to_be_visible()
    assert Decision.objects.get().origin_note == note


def test_without_scripts_the_same_way_is_open(chromium, live_server, engagement: Engagement):
    profile = chromium.new_context(base_url=live_server.url, java_script_enabled=False)
    page = profile.new_page()
    page.set_default_timeout(10_000)
    page.goto("/accounts/login/")
    page.get_by_label("E-mail").fill(engagement.lead.email)
    page.get_by_label("Password", exact=True).fill("correct horse battery")
    page.get_by_role("button", name="Sign in").click()
    page.get_by_role("link", name="Note").click()
    page.get_by_label("Note", exact=True).fill("Called @Anneke Visser. She signs.")
    page.get_by_label("Engagement").select_option("Customs copilot")
    page.get_by_role("button", name="Save note").click()
    page.get_by_text("Choose a sentence", exact=True).click()
    page.get_by_label("She signs.").check()
    page.get_by_role("button", name="Decision").first.click()
    page.get_by_role("button", name="Save", exact=True).click()
    assert Decision.objects.get().text == "She signs."
    profile.close()


def test_a_note_begun_in_the_dialog_is_still_there_after_a_reload(lead: Page, engagement: Engagement):
    lead.goto("/portfolio/")
    lead.keyboard.press("n")
    lead.get_by_role("dialog").get_by_label("Note", exact=True).press_sequentially("Half a thought")
    lead.wait_for_timeout(600)  # a draft is kept once the writer pauses
    lead.reload()
    lead.keyboard.press("n")
    expect(lead.get_by_role("dialog").get_by_label("Note", exact=True)).to_have_value("Half a thought")
