"""A blocker, a risk, a deliverable and a check-in in the browser, from creation to archive."""

import pytest
from playwright.sync_api import Page

from engagements.models import Blocker, CheckIn, Deliverable, Incident, Release, Risk
from tests.factories.engagements import DeliverableFactory, EngagementFactory
from tests.factories.people import ManagerFactory, UserFactory
from tests.flows.browser import person, text_of

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def engagement(transactional_db):
    return EngagementFactory(lead=UserFactory(manager=ManagerFactory()), name="Customs copilot")


@pytest.fixture
def browser_page(chromium, live_server, engagement):
    with person(chromium, live_server.url, engagement.lead.email) as page:
        yield page


def open_tab(page: Page, engagement, tab: str) -> None:
    page.goto(f"/engagements/{engagement.slug}/")
    page.get_by_label("Parts of this engagement").get_by_role("link", name=tab).click()


def test_a_blocker_from_one_line_to_the_archive(browser_page, engagement):
    page = browser_page
    open_tab(page, engagement, "Risks")
    page.get_by_label("What holds us up").fill("No reviewer is named")
    page.get_by_role("button", name="Add blocker").click()
    page.get_by_role("link", name="No reviewer is named").wait_for()
    assert page.get_by_label("What holds us up").input_value() == ""
    page.get_by_role("button", name="Escalate").click()
    page.get_by_text("Escalated: No reviewer is named").wait_for()
    page.get_by_role("button", name="Clear", exact=True).click()
    page.get_by_role("button", name="Undo").click()
    page.get_by_role("link", name="No reviewer is named").click()
    assert [change.state for change in Blocker.objects.get().changes.all()] == ["open", "escalated", "cleared", "escalated"]
    page.get_by_role("link", name="Edit").last.click()
    page.get_by_label("Their wording").fill("The review has no reviewer yet")
    page.get_by_role("button", name="Save").click()
    page.get_by_text("Customer sees").wait_for()
    page.get_by_role("button", name="Archive").click()
    page.get_by_text("Archived blockers and risks").click()
    page.get_by_role("button", name="Restore").click()
    page.get_by_role("link", name="No reviewer is named").wait_for()


def test_a_risk_from_one_line_to_the_archive(browser_page, engagement):
    page = browser_page
    open_tab(page, engagement, "Risks")
    page.get_by_label("What may happen").fill("Scans get worse")
    page.get_by_role("button", name="Add risk").click()
    page.get_by_role("link", name="Scans get worse").click()
    page.get_by_role("link", name="Edit").last.click()
    page.get_by_text("More details").click()
    page.get_by_label("Alert when").select_option("no_update")
    page.get_by_role("button", name="Save").click()
    page.get_by_text("Say from which number on").first.wait_for()
    page.get_by_label("Number").fill("9")
    page.get_by_role("button", name="Save").click()
    page.get_by_text("Alert after 9 d without an update").wait_for()
    page.get_by_role("button", name="Archive").click()
    page.get_by_role("button", name="Undo").click()
    page.get_by_role("link", name="Scans get worse").wait_for()
    assert Risk.objects.get().threshold == 9


def test_a_deliverable_lives_and_is_released(browser_page, engagement):
    page = browser_page
    DeliverableFactory(engagement=engagement, name="Copilot")
    open_tab(page, engagement, "Deliverables")
    page.get_by_role("link", name="Copilot", exact=True).click()
    for step in ("Begin", "Submit"):
        page.get_by_role("button", name=step).click()
    page.get_by_label("Why it is rejected").fill("Nine minutes instead of six")
    page.get_by_role("button", name="Reject").click()
    page.get_by_text("Nine minutes instead of six").wait_for()
    page.get_by_role("link", name="New release").click()
    page.get_by_label("Version or model").fill("1.1")
    page.get_by_role("button", name="Save").click()
    page.get_by_role("link", name="New incident").click()
    page.get_by_label("What happened").fill("Pages were cut")
    page.get_by_label("Started").fill("2026-03-01T08:00")
    page.get_by_role("button", name="Save").click()
    page.get_by_role("link", name="Pages were cut").wait_for()
    page.get_by_role("listitem").filter(has_text="1.1").get_by_role("button", name="Archive").click()
    page.get_by_role("button", name="Undo").wait_for()
    assert Deliverable.objects.get().state == "rejected"
    assert (Release.objects.current().count(), Incident.objects.get().title) == (0, "Pages were cut")


def test_a_week_is_checked_in_and_its_manager_reads_it(browser_page, chromium, live_server, engagement):
    page = browser_page
    page.get_by_role("link", name="Check in").click()
    page.get_by_text("Good", exact=True).click()
    page.get_by_role("group", name="Confidence").get_by_text("4", exact=True).click()
    page.get_by_label("Customs copilot").fill("14.5")
    page.get_by_role("button", name="Check in").click()
    page.get_by_text("Checked in for week").wait_for()
    with person(chromium, live_server.url, engagement.lead.manager.email) as manager:
        manager.goto("/team/")
        assert "14.5" in text_of(manager)
    with person(chromium, live_server.url, ManagerFactory().email) as other:
        other.goto("/team/")
        assert engagement.lead.name not in text_of(other)
    assert CheckIn.objects.get().mood == 4
