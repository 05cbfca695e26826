"""The three stories by keyboard alone: an FDE publishes a week, a manager finds what needs them, a customer answers."""

from __future__ import annotations

import re

import pytest
from django.core import mail
from django.utils import timezone
from playwright.sync_api import Page

from engagements.models import Response, WeeklyUpdate
from engagements.public_page.content import SharedAsk, SharedWeek, canonical_json
from fde_portal.accounts.tokens import digest_of
from tests.factories.customers import MembershipFactory
from tests.factories.engagements import AskFactory, EngagementFactory
from tests.factories.people import ContactFactory, ManagerFactory, UserFactory
from tests.factories.portfolio import PortfolioRowFactory
from tests.factories.shares import SECRET, EditionFactory, ShareFactory, content_for
from tests.flows.browser import person, text_of

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

MOST_TABS = 120
FOCUSED = """() => {
  if (document.activeElement === document.body) return "";
  const element = document.activeElement, ids = (element.getAttribute("aria-labelledby") || "").split(" ");
  const labels = element.labels ? [...element.labels].map(label => label.textContent) : [];
  const named = ids.map(id => document.getElementById(id)?.textContent || "");
  const group = element.closest("[role=group], fieldset")?.querySelector("legend, h2, h3")?.textContent || "";
  return [element.name?.split("-").pop() || "", element.getAttribute("aria-label") || "", ...labels, ...named, element.textContent, group].join(" ").replace(/\\s+/g, " ");
}"""


@pytest.fixture
def engagement():
    started_on = timezone.localdate().replace(day=1)
    return EngagementFactory(
        customer__name="Harbourline", name="Customs copilot", slug="customs-copilot", started_on=started_on,
        lead=UserFactory(name="Maya Okafor", email="maya@example.org"),
    )  # fmt: skip


def tab_to(page: Page, name: str) -> None:
    """Press Tab until the element with this name has the focus, as people do who use no mouse. It may have it already."""
    for _ in range(MOST_TABS):
        if name in page.evaluate(FOCUSED):
            return
        page.keyboard.press("Tab")
    raise AssertionError(f"{name} is not reached by Tab")


def press(page: Page, name: str, key: str = "Enter") -> None:
    tab_to(page, name)
    page.keyboard.press(key)


def fill(page: Page, name: str, text: str) -> None:
    tab_to(page, name)
    page.keyboard.type(text)


def test_an_fde_publishes_a_week(chromium, live_server, engagement):
    with person(chromium, live_server.url, "maya@example.org") as maya:
        press(maya, "Skip to content")
        maya.goto(f"{live_server.url}/weekly-log/?engagement=customs-copilot")
        maya.get_by_label("Headline").wait_for()
        fill(maya, "Headline", "Night shift works with it")
        fill(maya, "Line", "Trained 14 clerks")
        for rating in WeeklyUpdate.RATED:
            press(maya, rating, "Space")
        maya.keyboard.press("Control+Enter")
        maya.get_by_text("Published: Harbourline").wait_for()
    update = WeeklyUpdate.objects.get(engagement=engagement)
    assert (update.headline, update.state) == ("Night shift works with it", "published")


def test_a_manager_opens_what_needs_them(chromium, live_server, engagement):
    ManagerFactory(email="ruth@example.org")
    PortfolioRowFactory(engagement=engagement, rank=0, band="at_risk", score=31)
    with person(chromium, live_server.url, "ruth@example.org") as ruth:
        ruth.goto(f"{live_server.url}/portfolio/")
        press(ruth, "Harbourline")
        ruth.wait_for_url("**/engagements/customs-copilot/")
        press(ruth, "Sharing")
        ruth.wait_for_url("**/sharing/")


@pytest.mark.parametrize("scripts", [True, False], ids=["with scripts", "without scripts"])
def test_a_customer_answers_confirms_and_takes_back(chromium, live_server, engagement, scripts):
    ask = AskFactory(engagement=engagement, text="Name a reviewer")
    content = content_for(engagement, week=SharedWeek(None, "All is well"), asks=(SharedAsk(ask.pk, ask.text, "Pieter", None, ""),))
    EditionFactory(engagement=engagement, content=canonical_json(content))
    ShareFactory(engagement=engagement, token_digest=digest_of(SECRET + "token"))
    profile = chromium.new_context(base_url=live_server.url, java_script_enabled=True, viewport={"width": 390, "height": 844})
    if not scripts:
        profile.route("**/*.js", lambda route: route.abort())
    page = profile.new_page()
    page.goto(f"/s/{SECRET}token/")
    press(page, "Answer")
    if not scripts:  # with them the form opens where it is asked
        page.wait_for_url("**/answer/ask/**")
    fill(page, "Who will do it", "Grace Mensah")
    fill(page, "Your name", "Pieter Bakker")
    fill(page, "Your e-mail", "pieter@harbourline.example")
    press(page, "Send the answer")
    page.wait_for_url("**/answers/**")
    fill(page, "Code from the mail", re.search(r"\d{4} \d{4}", mail.outbox[-1].body)[0])
    page.keyboard.press("Enter")
    page.get_by_role("heading", name="Thank you").wait_for()
    press(page, "Back to the page")
    page.get_by_text("Pieter Bakker (p…@harbourline.example) answered").wait_for()
    page.go_back()
    press(page, "Take it back")
    page.get_by_role("heading", name="All is well").wait_for()
    assert "Pieter Bakker (p…@harbourline.example) answered" not in text_of(page)
    profile.close()
    assert Response.objects.get().taken_back_at is not None


def test_a_contact_who_signed_in_answers(chromium, live_server, engagement):
    contact = ContactFactory(name="Anneke Visser", email="anneke@harbourline.example")
    MembershipFactory(customer=engagement.customer, user=contact)
    ask = AskFactory(engagement=engagement, text="Name a reviewer")
    content = content_for(engagement, week=SharedWeek(None, "All is well"), asks=(SharedAsk(ask.pk, ask.text, "Pieter", None, ""),))
    EditionFactory(engagement=engagement, content=canonical_json(content))
    with person(chromium, live_server.url, contact.email) as anneke:
        anneke.goto(f"{live_server.url}/shared/customs-copilot/")
        press(anneke, "Answer")
        fill(anneke, "Who will do it", "Grace Mensah")
        press(anneke, "Send the answer")
        anneke.get_by_text("Thank you. The team has your answer.").wait_for()
        anneke.goto(f"{live_server.url}/shared/customs-copilot/answer/question/0/")
        fill(anneke, "Your question", "When do we start?")
        press(anneke, "Send the question")
        anneke.get_by_text("Thank you. The team has your answer.").wait_for()
    assert set(Response.objects.values_list("kind", "person")) == {("answer", contact.pk), ("question", contact.pk)}
