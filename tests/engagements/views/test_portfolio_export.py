"""The portfolio as a file: what one sees and filtered, in its order, with numbers as numbers."""

import csv
from datetime import date
from decimal import Decimal
from io import BytesIO, StringIO

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from openpyxl import load_workbook

from engagements.models import Band
from tests.factories.customers import MembershipFactory
from tests.factories.engagements import EngagementFactory
from tests.factories.people import ManagerFactory, UserFactory
from tests.factories.portfolio import PortfolioRowFactory

pytestmark = pytest.mark.django_db


def table(client, query="") -> list[dict[str, str]]:
    answer = client.get(reverse("portfolio_export", args=["csv"]) + query)
    assert answer["Content-Disposition"] == 'attachment; filename="portfolio.csv"'
    return list(csv.DictReader(StringIO(b"".join(answer.streaming_content).decode("utf-8-sig"))))


def test_the_lines_stand_in_attention_order_and_follow_the_filters(client):
    PortfolioRowFactory(engagement__name="Calm", rank=9, band=Band.ON_TRACK, score=91)
    PortfolioRowFactory(engagement__name="Urgent", rank=0, band=Band.AT_RISK, score=31)
    client.force_login(ManagerFactory())
    assert [line["Engagement"] for line in table(client)] == ["Urgent", "Calm"]
    assert [(line["Engagement"], line["Health"], line["Score"]) for line in table(client, "?band=at_risk")] == [("Urgent", "At risk", "31")]


def test_one_gets_what_one_sees(client):
    maya = UserFactory()
    PortfolioRowFactory(engagement=EngagementFactory(lead=maya, name="Ours"))
    PortfolioRowFactory(engagement__name="Theirs")
    client.force_login(maya)
    assert [line["Engagement"] for line in table(client)] == ["Ours"]
    client.force_login(MembershipFactory().user)
    assert client.get(reverse("portfolio_export", args=["csv"])).status_code == 403


def test_in_a_workbook_figures_are_numbers_days_are_days_and_nothing_is_a_formula(client):
    PortfolioRowFactory(
        engagement__name="=HYPERLINK(1)", npv=Decimal("1250000.50"), npv_currency="EUR",
        milestone_title="Go-live", milestone_on=date(2026, 12, 21), milestone_slip=21, weekly_users=None, full_target=None,
    )  # fmt: skip
    client.force_login(ManagerFactory())
    answer = client.get(reverse("portfolio_export", args=["xlsx"]))
    names, values = load_workbook(BytesIO(answer.content)).active.iter_rows(values_only=True)
    line = dict(zip(names, values, strict=True))
    assert (line["Engagement"], line["Net present value"], line["Slip in days"]) == ("'=HYPERLINK(1)", 1250000.5, 21)
    assert (line["Expected on"].date(), line["Weekly users"]) == (date(2026, 12, 21), None)


def test_the_number_of_statements_does_not_grow(client):
    client.force_login(ManagerFactory())
    costs = []
    for rows in (1, 30):
        PortfolioRowFactory.create_batch(rows)
        table(client)
        with CaptureQueriesContext(connection) as statements:
            table(client)
        costs.append(len(statements))
    assert costs[0] == costs[1]


def test_there_is_no_other_file_format(client):
    client.force_login(ManagerFactory())
    assert client.get(reverse("portfolio_export", args=["pdf"])).status_code == 404
