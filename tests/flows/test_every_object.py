"""Each object in the browser, one after another in one sitting: made, changed, archived, brought back."""

from __future__ import annotations

from dataclasses import dataclass, field

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from engagements.models import Engagement
from engagements.views.log_kinds import LOG_KINDS
from tests.factories.customers import CustomerFactory
from tests.factories.engagements import DeliverableFactory, EngagementFactory
from tests.factories.usage import UsageSourceFactory
from tests.flows.browser import person

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

WORK = "/engagements/customs-copilot"


@dataclass(frozen=True, slots=True)
class Thing:
    """`name` is the field with its words; `more` what else the form needs. `listed` is the page that shows it."""

    new: str
    name: str
    listed: str
    more: dict[str, str] = field(default_factory=dict)
    edit: str = ""  # the link from its own page to its form, where these are two
    words: str = "Crane schedule"


ENTRIES = [
    Thing(f"{WORK}/log/{kind.key}/new/", "text", f"{WORK}/log/?kind={kind.key}", {"theme": "Cranes"} if kind.key == "field_signal" else {})
    for kind in LOG_KINDS
]
THINGS = [
    *ENTRIES,
    Thing(f"{WORK}/milestones/new/", "title", f"{WORK}/milestones/", {"baseline_on": "2026-09-01"}),
    Thing(f"{WORK}/deliverables/new/", "name", f"{WORK}/deliverables/", edit="Edit"),
    Thing(f"{WORK}/asks/new/", "text", f"{WORK}/asks/", edit="Edit"),
    Thing(f"{WORK}/blockers/new/", "text", f"{WORK}/risks/", edit="Edit"),
    Thing(f"{WORK}/risks/new/", "text", f"{WORK}/risks/", edit="Edit"),
    Thing(f"{WORK}/notes/new/", "text", f"{WORK}/people/", edit="Edit"),
    Thing("/customers/harbourline/people/new/", "name", "/customers/harbourline/"),
]


@pytest.fixture
def engagement(transactional_db) -> Engagement:
    customer = CustomerFactory(name="Harbourline", slug="harbourline")
    engagement = EngagementFactory(customer=customer, name="Customs copilot", slug="customs-copilot", started_on=timezone.localdate())
    UsageSourceFactory(deliverable=DeliverableFactory(engagement=engagement, name="Reader"))
    return engagement


def test_each_is_made_changed_archived_and_brought_back(chromium, live_server, engagement: Engagement):
    with person(chromium, live_server.url, engagement.lead.email) as page:
        for thing in THINGS:
            make(page, thing)
            changed = f"{thing.words}, reworded"
            change(page, thing, changed)
            put_away_and_back(page, thing, changed)
            put_away(page, thing, changed)


def make(page: Page, thing: Thing) -> None:
    page.goto(thing.new)
    for name, value in ({thing.name: thing.words} | thing.more).items():
        page.locator(f"main [name={name}]").fill(value)
    save(page)
    page.goto(thing.listed)
    expect(shown(page, thing.words)).to_be_visible()


def save(page: Page) -> None:
    with page.expect_navigation():
        page.locator("main form.form .btn.primary, main form .btn.primary").last.click()
    expect(page.locator("[data-message=success]")).to_be_visible()


def shown(page: Page, words: str):
    """The words in the page itself, not in the message above it."""
    return page.locator("main :not([data-message] *)").get_by_text(words, exact=True).first


def change(page: Page, thing: Thing, words: str) -> None:
    open_form(page, thing, thing.words)
    page.locator(f"main [name={thing.name}]").fill(words)
    save(page)
    page.goto(thing.listed)
    expect(shown(page, words)).to_be_visible()


def open_page(page: Page, thing: Thing, words: str) -> None:
    page.goto(thing.listed)
    is_note = "/notes/" in thing.new  # its words are its text, and lead nowhere
    link = page.locator("main a[href^='/notes/']") if is_note else page.locator("main a", has_text=words)
    link.first.click()


def open_form(page: Page, thing: Thing, words: str) -> None:
    open_page(page, thing, words)
    if thing.edit:
        page.locator("main a.btn", has_text=thing.edit).last.click()


def put_away(page: Page, thing: Thing, words: str) -> None:
    page.goto(thing.listed)
    archive = "form[action$='/archive/'] button"
    button = page.locator("main tr, main li").filter(has_text=words).locator(archive)
    if not button.count():
        open_page(page, thing, words)
        button = page.locator(f"main {archive}")
    with page.expect_navigation():
        button.first.click()
    page.goto(thing.listed)
    expect(shown(page, words)).not_to_be_visible()


def put_away_and_back(page: Page, thing: Thing, words: str) -> None:
    """The message is gone with the next page; the way back is not."""
    put_away(page, thing, words)
    page.goto("/just-done/")
    page.locator("main").get_by_role("button", name="Undo").first.click()
    page.goto(thing.listed)
    expect(shown(page, words)).to_be_visible()
