"""A gate from its criteria to the next phase and back, and an asset from creation to archive, in a browser."""

import pytest
from playwright.sync_api import Page, expect

from customers.models import Stakeholder
from engagements.models import Asset, Engagement, Gate, GateCriterion
from tests.factories.engagements import EngagementFactory
from tests.factories.gates import GateDecisionFactory, customers_person
from tests.factories.people import UserFactory
from tests.flows.browser import person

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def engagement(transactional_db) -> Engagement:
    """In discovery, without gates; beside it a stranger's with a decided one."""
    GateDecisionFactory()
    engagement = EngagementFactory(name="Customs copilot", lead=UserFactory(name="Maya Okafor"), phase="discovery")
    customers_person(engagement)
    return engagement


@pytest.fixture
def lead(chromium, live_server, engagement):
    with person(chromium, live_server.url, engagement.lead.email) as page:
        yield page


def open_gates(lead: Page, engagement: Engagement) -> None:
    lead.goto(f"/engagements/{engagement.slug}/")
    lead.get_by_label("Parts of this engagement").get_by_role("link", name="Gates").click()


def answer(lead: Page, engagement: Engagement) -> None:
    """The first criterion by hand; a playbook asks many more, and they are answered alike."""
    asked = lead.locator("li.crit").first
    asked.locator("summary").click()
    asked.locator("label", has_text="Passed").click()
    asked.get_by_label("Evidence", exact=False).first.fill("Seen on two desks")
    asked.get_by_role("button", name="Save the answer").click()
    asked.get_by_text("Seen on two desks").first.wait_for()
    mine = GateCriterion.objects.filter(gate__engagement=engagement, gate__phase="discovery")
    assert mine.filter(answer="pass").count() == 1
    mine.update(answer="pass")


def decide(lead: Page, outcome: str, condition: str = "") -> None:
    lead.get_by_role("link", name="Record the decision").click()
    lead.locator("label", has_text=outcome).get_by_text(outcome, exact=True).click()
    lead.get_by_label("Maya Okafor").first.check(force=True)
    lead.get_by_label("Anneke Visser").check(force=True)
    if condition:
        line = lead.locator("[data-lines] > *").first
        line.locator("input[name$=text]").fill(condition)
        line.locator("input[name$=due_on]").fill("2030-01-07")
        line.locator("select").select_option(label="Maya Okafor")
    lead.get_by_role("button", name="Keep the decision").click()


def test_a_gate_from_its_criteria_to_the_next_phase_back_and_through_another_round(lead: Page, engagement: Engagement):
    open_gates(lead, engagement)
    lead.get_by_role("button", name="Take the standard criteria").click()
    answer(lead, engagement)
    lead.reload()

    decide(lead, "Go")
    lead.get_by_text("Decided: Go").wait_for()
    assert Engagement.objects.get(pk=engagement.pk).phase == "prototype"
    lead.get_by_role("button", name="Undo").click()
    lead.get_by_text("Taken back: Leaving Discovery").wait_for()
    expect(lead.get_by_role("region", name="Earlier rounds")).to_contain_text("taken back")
    assert Engagement.objects.get(pk=engagement.pk).phase == "discovery"

    decide(lead, "Go with conditions", "Second desk timed")
    lead.get_by_text("Decided: Go with conditions").wait_for()
    lead.get_by_role("link", name="Leaving Discovery").click()
    condition = lead.get_by_role("listitem").filter(has_text="Second desk timed")
    condition.get_by_role("button", name="Done").click()
    lead.get_by_role("button", name="Undo").click()
    condition.get_by_role("button", name="Done").wait_for()

    lead.get_by_role("button", name="Look again in a new round").click()
    lead.get_by_text("Open again: Leaving Discovery").wait_for()
    assert Gate.objects.filter(engagement=engagement, phase="discovery").count() == 3
    assert Engagement.objects.get(pk=engagement.pk).phase == "prototype"


def test_an_asset_from_creation_to_the_archive_and_back(lead: Page, engagement: Engagement):
    open_gates(lead, engagement)
    lead.get_by_role("button", name="Take the standard criteria").click()
    lead.get_by_role("link", name="Assets (0)").click()
    lead.get_by_role("link", name="Add an asset").click()
    lead.locator("[name=name]").fill("Prompt library")
    lead.get_by_role("button", name="Save").click()
    lead.get_by_text("1 asset has no owner.").wait_for()
    lead.get_by_role("button", name="Undo").click()
    lead.get_by_text("No assets yet").wait_for()
    lead.get_by_role("button", name="Undo").click()

    lead.get_by_role("link", name="Prompt library").click()
    lead.locator("[name=owner]").select_option(label="Anneke Visser")
    lead.get_by_role("button", name="Save").click()
    lead.get_by_text("Every asset has an owner.").wait_for()
    lead.get_by_role("row").filter(has_text="Prompt library").get_by_role("button", name="Archive").click()
    lead.get_by_text("Archived assets").click()
    lead.get_by_role("button", name="Restore").last.click()
    lead.get_by_role("link", name="Prompt library").wait_for()
    assert Asset.objects.get(engagement=engagement).owner == Stakeholder.objects.get(name="Anneke Visser")
