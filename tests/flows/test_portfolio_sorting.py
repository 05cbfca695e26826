"""Sorting the portfolio by the head of a column in a browser."""

import re

import pytest
from playwright.sync_api import expect

from tests.factories.people import ManagerFactory
from tests.factories.portfolio import PortfolioRowFactory
from tests.flows.browser import person

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def test_the_list_is_sorted_where_one_stands_and_going_back_shows_the_whole_page(chromium, live_server):
    ManagerFactory(email="ruth@example.org")
    for number in range(20):
        PortfolioRowFactory(engagement__customer__name=f"Customer {number:02}", score=90 - number)
    with person(chromium, live_server.url, "ruth@example.org") as ruth:
        ruth.set_viewport_size({"width": 1440, "height": 700})
        ruth.goto("/portfolio/?hide=val")
        ruth.evaluate("scrollTo(0, 90)")
        ruth.locator("#by-score").click()
        expect(ruth.locator("th[aria-sort=ascending]")).to_have_text("Health")
        expect(ruth.locator("#by-score")).to_be_focused()
        assert ruth.evaluate("scrollY") == 90
        expect(ruth.locator("tbody tr:not(.grp) th").first).to_contain_text("Customer 19")
        assert "sort=score" in ruth.url
        expect(ruth.locator("select[name=sort]")).to_have_value("score")
        ruth.go_back()
        expect(ruth.get_by_role("heading", name="Portfolio health")).to_be_visible()
        expect(ruth.locator("th[aria-sort]")).to_have_count(0)
        assert re.search(r"\?hide=val$", ruth.url)
