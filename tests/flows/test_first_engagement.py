"""From an empty installation to the first shared page, without documentation and without typing addresses."""

import io

import pytest
from django.core.management import call_command
from playwright.sync_api import Locator, Page

from engagements.models import Engagement
from tests.flows.browser import no_faults, person, text_of

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

PASSWORD = "seven wild geese"
HEADLINE = "Data access granted by the claims team"
# Sign-in 2, engagement 2, update 2, link 1; more than that would be a form that asks too much.
MOST_INPUTS = 7
MOST_CLICKS = 10


class Hand:
    """Acts as a person does, on what can be seen, and counts."""

    def __init__(self) -> None:
        self.inputs = self.clicks = 0

    def fill(self, field: Locator, text: str) -> None:
        field.wait_for()
        field.fill(text)
        self.inputs += 1

    def click(self, target: Locator) -> None:
        target.wait_for()
        target.click()
        self.clicks += 1


@pytest.fixture
def administrator(transactional_db, monkeypatch) -> str:
    """The address of the person whom `manage.py create_admin` made in the empty database."""
    monkeypatch.setattr("sys.stdin", io.StringIO(f"{PASSWORD}\n"))
    call_command("create_admin", email="ruth@example.org", name="Ruth Adeyemi", password_stdin=True, stdout=io.StringIO())
    return "ruth@example.org"


def test_a_first_page_is_shared_with_few_inputs(page, chromium, live_server, administrator, capsys):
    hand = Hand()
    with no_faults(page):
        page.goto("/")
        sign_in_by_hand(page, hand, administrator)
        begin_an_engagement(page, hand)
        publish_an_update(page, hand)
        link = create_a_link(page, hand)
    with person(chromium, live_server.url) as customer:
        assert customer.goto(link).status == 200
        assert HEADLINE in text_of(customer)
    with capsys.disabled():
        print(f"\nFrom empty to a shared page: {hand.inputs} inputs, {hand.clicks} clicks")
    assert (hand.inputs <= MOST_INPUTS, hand.clicks <= MOST_CLICKS) == (True, True)


def sign_in_by_hand(page: Page, hand: Hand, email: str) -> None:
    hand.fill(page.get_by_label("E-mail"), email)
    hand.fill(page.get_by_label("Password", exact=True), PASSWORD)
    hand.click(page.get_by_role("button", name="Sign in"))


def begin_an_engagement(page: Page, hand: Hand) -> None:
    hand.click(page.get_by_role("link", name="New engagement").first)
    hand.fill(page.get_by_label("Customer", exact=True), "Harbourline")
    hand.fill(page.get_by_label("Name of the engagement"), "Customs copilot")
    hand.click(page.locator("main .btn.primary"))
    page.get_by_role("heading", name="Customs copilot").wait_for()
    assert Engagement.objects.get().customer.name == "Harbourline"


def publish_an_update(page: Page, hand: Hand) -> None:
    hand.click(page.get_by_role("link", name="Write update"))
    hand.fill(page.get_by_label("Headline"), HEADLINE)
    hand.fill(page.get_by_role("group", name="Progress").get_by_role("textbox").first, "Two analysts can read the claims")
    hand.click(page.get_by_role("button", name="Publish", exact=True))
    page.get_by_text("Published: Harbourline").wait_for()


def create_a_link(page: Page, hand: Hand) -> str:
    hand.click(page.locator("main").get_by_role("link", name="Harbourline", exact=True))
    hand.click(page.get_by_role("link", name="Shared page"))
    hand.click(page.get_by_role("link", name="New link").first)
    hand.fill(page.get_by_label("For whom"), "Steering group")
    hand.click(page.get_by_label("Whoever has the link"))
    hand.click(page.get_by_role("button", name="Create link"))
    return page.get_by_label("Copy it now").input_value()
