"""A manager reviews by keyboard alone: walks the queue, asks, comments, sends help, decides, marks, takes back."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from engagements.models import Decision, Help, Review, ReviewQuestion
from tests.factories.people import ManagerFactory, UserFactory
from tests.factories.portfolio import PortfolioRowFactory
from tests.flows.browser import person

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def engagements():
    """Three in the order of attention."""
    names = ("Kestrel Energy", "Harbourline", "Meridian Mutual")
    return [
        PortfolioRowFactory(engagement__customer__name=name, engagement__slug=name.split()[0].lower(), rank=rank).engagement
        for rank, name in enumerate(names)
    ]


def at(page: Page, slug: str) -> None:
    page.wait_for_url(f"**/engagements/{slug}/review/**")


def said(page: Page, text: str) -> None:
    page.get_by_role("status").get_by_text(text).first.wait_for()


def write(page: Page, key: str, text: str) -> None:
    """Press the key of a field, write and send."""
    page.keyboard.press(key)
    page.keyboard.type(text)
    page.keyboard.press("Control+Enter")


def test_a_queue_is_worked_off_without_a_mouse(chromium, live_server, engagements):
    ManagerFactory(email="ruth@example.org", name="Ruth Adeyemi")
    UserFactory(name="Jonas Lindqvist")
    kestrel, harbourline, meridian = engagements
    with person(chromium, live_server.url, "ruth@example.org") as ruth:
        ruth.goto(f"{live_server.url}/review/")
        # Search for one, back to all, walk to the second and open it.
        ruth.keyboard.press("/")
        ruth.keyboard.type("meridian")
        ruth.wait_for_url("**/review/?q=meridian")
        ruth.go_back()
        ruth.wait_for_url("**/review/")
        for key in "jjkj":
            ruth.keyboard.press(key)
        ruth.keyboard.press("Enter")
        at(ruth, "harbourline")
        ruth.keyboard.press("k")
        at(ruth, "kestrel")

        write(ruth, "q", "Who follows the sponsor?")
        said(ruth, "Asked: Who follows the sponsor?")
        write(ruth, "c", "Call them on Monday")
        said(ruth, "Your comment is saved.")
        ruth.keyboard.press("h")
        ruth.keyboard.type("Jonas")
        ruth.keyboard.press("Tab")
        ruth.keyboard.type("The outage feed")
        ruth.keyboard.press("Control+Enter")
        said(ruth, "Jonas Lindqvist helps with it from now on.")
        write(ruth, "d", "Rollout waits")
        said(ruth, "Decided: Rollout waits")

        ruth.keyboard.press("r")
        at(ruth, "harbourline")
        said(ruth, "Reviewed: ")
        ruth.keyboard.press("r")
        at(ruth, "meridian")
        ruth.keyboard.press("r")
        ruth.wait_for_url("**/review/")
        expect(ruth.get_by_role("heading", name="All is reviewed")).to_be_visible()
    assert Review.objects.filter(reviewed_by__email="ruth@example.org").count() == 3
    assert Review.objects.get(engagement=kestrel).comment == "Call them on Monday"
    assert (ReviewQuestion.objects.get().engagement, Help.objects.get().person.name, Decision.objects.get().text) == (
        kestrel, "Jonas Lindqvist", "Rollout waits",
    )  # fmt: skip


def test_without_scripts_the_same_acts_are_buttons(chromium, live_server, engagements):
    ManagerFactory(email="ruth@example.org")
    with person(chromium, live_server.url, "ruth@example.org", scripts=False) as ruth:
        ruth.goto(f"{live_server.url}/review/")
        ruth.get_by_role("link", name="Begin").click()
        at(ruth, "kestrel")
        ruth.get_by_role("textbox", name="Question").fill("Who follows?")
        ruth.get_by_role("button", name="Ask", exact=True).click()
        said(ruth, "Asked: Who follows?")
        ruth.get_by_role("button", name="Undo").click()
        ruth.get_by_role("button", name="Reviewed, next").click()
        at(ruth, "harbourline")
    assert ReviewQuestion.objects.get().is_archived
