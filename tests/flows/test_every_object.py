"""Each object in the browser, one after another in one sitting: made, changed, archived, brought back."""

from __future__ import annotations

from dataclasses import dataclass, field

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from engagements.models import Engagement
from engagements.views.log_kinds import LOG_KINDS
from tests.factories.customers import CustomerFactory
from tests.factories.engagements import DeliverableFactory, EngagementFactory, MilestoneFactory
from tests.factories.people import ContactFactory
from tests.factories.usage import UsageSourceFactory
from tests.flows.browser import person

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

WORK = "/engagements/customs-copilot"


@dataclass(frozen=True, slots=True)
class Thing:
    """`name` is the field with its words; `more` what else the form needs. `listed` is the page that shows it.

    Words of a name are the link to it; where they are not, `way` leads there. `seen` is how the list tells them.
    """

    new: str
    name: str
    listed: str
    more: dict[str, str] = field(default_factory=dict)
    edit: str = ""  # the link from its own page to its form, where these are two
    words: str = "Crane schedule"
    reworded: str = "Crane schedule, reworded"
    seen: str = "{}"
    way: str = ""


ENTRIES = [
    Thing(f"{WORK}/log/{kind.key}/new/", "text", f"{WORK}/log/?kind={kind.key}", {"theme": "Cranes"} if kind.key == "field_signal" else {})
    for kind in LOG_KINDS
]
THINGS = [
    *ENTRIES,
    Thing(f"{WORK}/milestones/new/", "title", f"{WORK}/milestones/", {"baseline_on": "2026-09-01"}),
    Thing(f"{WORK}/deliverables/new/", "name", f"{WORK}/deliverables/", edit="Edit"),
    Thing(f"{WORK}/blockers/new/", "text", f"{WORK}/risks/", edit="Edit"),
    Thing(f"{WORK}/risks/new/", "text", f"{WORK}/risks/", edit="Edit"),
    Thing(f"{WORK}/notes/new/", "text", f"{WORK}/people/", edit="Edit", way="main a[href^='/notes/']"),  # its words are its text
    Thing("/customers/harbourline/people/new/", "name", "/customers/harbourline/"),
    Thing("/customers/new/", "name", "/customers/", edit="Edit"),
    Thing("/engagements/new/", "name", "/portfolio/", {"customer": "Harbourline"}, edit="Edit", way="main a[href='/engagements/crane-schedule/']"),
    Thing(
        f"{WORK}/value/new/", "title", f"{WORK}/value/", {"lines-0-name": "Hours", "lines-0-year_0": "1,000"},
        way="main .story-head a[href$='/edit/']",
    ),
    Thing(f"{WORK}/data/sources/new/", "name", f"{WORK}/data/", edit="Edit"),
    Thing(f"{WORK}/data/targets/new/", "licences", f"{WORK}/data/", words="120", reworded="140", seen="{} people"),
    Thing(
        f"{WORK}/log/training/new/", "feedback", f"{WORK}/log/?kind=training", {"text": "Yard course"},
        seen="Feedback {}", way="main .log-text a",
    ),
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
            change(page, thing)
            put_away_and_back(page, thing)
            put_away(page, thing)


def test_a_link_is_made_opened_and_revoked(chromium, live_server, engagement: Engagement):
    """It ends for good: whoever was told that it opens nothing must be able to rely on that."""
    with person(chromium, live_server.url, engagement.lead.email) as page:
        page.goto(f"{WORK}/sharing/")
        page.get_by_role("button", name="Publish page now").click()
        page.get_by_role("link", name="New link").first.click()
        page.get_by_label("For whom").fill("Steering committee")
        page.get_by_label("Whoever has the link").check()
        page.get_by_role("button", name="Create link").click()
        link = page.locator("#share-link").input_value()
        page.get_by_role("link", name="Done").click()
        expect(page.locator("main li", has_text="Steering committee")).to_contain_text("never opened")
        with person(chromium, live_server.url) as reader:
            assert reader.goto(link).status == 200
            page.reload()
            expect(page.locator("main li", has_text="Steering committee")).to_contain_text("opened once")
            page.locator("main li", has_text="Steering committee").get_by_role("button", name="Revoke").click()
            page.get_by_role("dialog").get_by_role("button", name="Revoke").click()
            expect(page.locator("main li", has_text="Steering committee")).to_contain_text("revoked on")
            assert reader.goto(link).status == 404


def test_a_contact_is_let_in_shut_out_and_let_in_again(chromium, live_server, engagement: Engagement):
    contact = ContactFactory(name="Anneke Visser")
    with person(chromium, live_server.url, engagement.lead.email) as page:
        page.goto("/customers/harbourline/contacts/new/")
        page.locator("main [name=name]").fill(contact.name)
        page.locator("main [name=email]").fill(contact.email)
        save(page)
        expect(shown(page, contact.email)).to_be_visible()
        page.locator("main form[action*='/contacts/'][action$='/remove/'] button").click()
        page.get_by_role("dialog").get_by_role("button", name="Remove").click()
        expect(shown(page, contact.email)).not_to_be_visible()
        take_back(page)
        expect(shown(page, contact.email)).to_be_visible()


def test_an_edit_is_taken_back(chromium, live_server, engagement: Engagement):
    """From the message at once, and pages later; after a colleague's edit the page says that nothing was taken back."""
    milestone = MilestoneFactory(engagement=engagement, title="Go-live")
    address = f"{WORK}/milestones/{milestone.pk}/edit/"
    with person(chromium, live_server.url, engagement.lead.email) as page:
        rename(page, address, "Go live")
        page.locator("[data-message=success]").get_by_role("button", name="Undo").click()
        expect(shown(page, "Go-live")).to_be_visible()
        rename(page, address, "First port")
        rename(page, address, "Second port")
        page.goto("/just-done/")
        expect(page.locator("main li")).to_have_count(2)
        page.locator("main li").last.get_by_role("button", name="Undo").click()
        expect(page.get_by_role("alert")).to_contain_text("it was changed since")
        take_back(page)
        page.goto(f"{WORK}/milestones/")
        expect(shown(page, "First port")).to_be_visible()


def rename(page: Page, address: str, title: str) -> None:
    page.goto(address)
    page.locator("main [name=title]").fill(title)
    save(page)


def take_back(page: Page) -> None:
    """The message is gone with the next page; the way back is not."""
    page.goto("/just-done/")
    page.locator("main").get_by_role("button", name="Undo").first.click()


def make(page: Page, thing: Thing) -> None:
    page.goto(thing.new)
    for name, value in ({thing.name: thing.words} | thing.more).items():
        field = page.locator(f"main [name={name}]")
        is_choice = field.evaluate("field => field.tagName") == "SELECT"
        field.select_option(label=value) if is_choice else field.fill(value)
    save(page)
    page.goto(thing.listed)
    expect(shown(page, thing.seen.format(thing.words))).to_be_visible()


def save(page: Page) -> None:
    with page.expect_navigation():
        page.locator("main form.form .btn.primary, main form .btn.primary").last.click()
    expect(page.locator("[data-message=success]")).to_be_visible()


def shown(page: Page, words: str):
    """The words in the page itself, not in the message above it."""
    return page.locator("main :not([data-message] *)").get_by_text(words, exact=True).first


def change(page: Page, thing: Thing) -> None:
    open_form(page, thing, thing.words)
    page.locator(f"main [name={thing.name}]").fill(thing.reworded)
    save(page)
    page.goto(thing.listed)
    expect(shown(page, thing.seen.format(thing.reworded))).to_be_visible()


def open_page(page: Page, thing: Thing, words: str) -> None:
    page.goto(thing.listed)
    link = page.locator(thing.way) if thing.way else page.locator("main a", has_text=words)
    with page.expect_navigation():
        link.first.click()


def open_form(page: Page, thing: Thing, words: str) -> None:
    open_page(page, thing, words)
    if thing.edit:
        with page.expect_navigation():
            page.locator("main a.btn", has_text=thing.edit).last.click()


def put_away(page: Page, thing: Thing) -> None:
    """Archive stands in the list, on its page, or below its form."""
    archive = "form[action$='/archive/'] button"
    page.goto(thing.listed)
    button = page.locator("main tr, main li").filter(has_text=thing.reworded).locator(archive)
    for look in (open_page, open_form):
        if not button.count():
            look(page, thing, thing.reworded)
            button = page.locator(f"main {archive}")
    with page.expect_navigation():
        button.first.click()
    page.goto(thing.listed)
    expect(shown(page, thing.seen.format(thing.reworded))).not_to_be_visible()


def put_away_and_back(page: Page, thing: Thing) -> None:
    put_away(page, thing)
    take_back(page)
    page.goto(thing.listed)
    expect(shown(page, thing.seen.format(thing.reworded))).to_be_visible()
