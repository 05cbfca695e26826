"""The value of the portfolio by customer and by phase: what is added up, what stands apart, and what it costs."""

import csv
import io
from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.test import Client
from django.utils import timezone, translation

from engagements.models import Engagement, MetricSnapshot, Phase, PortfolioRow, RealisedValue, ValueCase
from engagements.selectors.portfolio_value import Sums
from engagements.services.recomputes import request_recompute, run_recompute
from engagements.views.portfolio_value import sentence
from fde_portal.accounts.models import ExchangeRate
from tests.factories.customers import MembershipFactory
from tests.factories.engagements import EngagementFactory
from tests.factories.people import ManagerFactory, UserFactory
from tests.factories.portfolio import PortfolioRowFactory
from tests.factories.value import ValueAmountFactory, ValueCaseFactory

pytestmark = pytest.mark.django_db
PAGE, FILE = "/portfolio/value/", "/portfolio/value/value.csv"
DAY = date(2026, 2, 1)


@pytest.fixture
def lead(client: Client):
    person = UserFactory()
    client.force_login(person)
    return person


def case(lead, *, currency: str = "EUR", amount: int = 1100, confidence: str = "observed", **engagement) -> ValueCase:
    """A case of one benefit in year 1, worth `amount` / 1.1 today; its engagement is computed."""
    made = ValueCaseFactory(engagement=EngagementFactory(lead=lead, **engagement), currency=currency, weighs_confidence=False)
    ValueAmountFactory(line__case=made, line__confidence=confidence, amount=amount)
    request_recompute(made.engagement_id)
    assert run_recompute(made.engagement_id, now=timezone.now())
    return made


def realise(made: ValueCase, amount: int, state: str = "provisional", *, day: date = DAY, hours: int | None = None) -> None:
    decided = {"decided_on": day, "comment": "No"} if state != "provisional" else {}
    RealisedValue.objects.create(
        line=made.lines.first(), period_from=day, period_to=day, amount=amount, hours=hours, state=state, recorded_on=day, **decided
    )


def rate(currency: str, worth: str, on: date) -> None:
    ExchangeRate.objects.create(currency=currency, base="EUR", worth=worth, rate_on=on)


def total(client: Client, query: str = "") -> Sums:
    return client.get(PAGE + query).context["total"]


def test_planned_realised_confirmed_disputed_and_assumed_are_counted_apart(client, lead):
    first, second = case(lead), case(lead, amount=2200, confidence="assumed")
    for amount, state in ((10, "confirmed"), (20, "provisional"), (40, "disputed")):
        realise(first, amount, state, day=DAY + timedelta(days=amount))
    realise(case(UserFactory()), 9999, "confirmed")  # a stranger's
    found = total(client)

    assert (found.npv, found.benefits, found.assumed, found.cases) == (3000, 3000, 2000, 2)
    assert (found.realised, found.confirmed, found.open, found.disputed) == (30, 10, 20, 40)
    assert found.npv == sum(PortfolioRow.objects.filter(engagement__in=[first.engagement, second.engagement]).values_list("npv", flat=True))


def test_the_page_groups_by_customer_and_by_phase(client, lead):
    made = case(lead, phase=Phase.PILOT, customer__name="Aurelia")
    case(lead, phase=Phase.PILOT, customer__name="Zephyr")
    PortfolioRowFactory(engagement=EngagementFactory(lead=lead, customer=made.engagement.customer, phase=Phase.DISCOVERY))
    context = client.get(PAGE).context

    assert [(row.name, row.sums.cases, row.sums.engagements, row.sums.npv) for row in context["customers"]] == [("Aurelia", 1, 2, 1000), ("Zephyr", 1, 1, 1000)]
    assert [(row.name, row.sums.cases, row.sums.npv) for row in context["phases"]] == [("Discovery", 0, 0), ("Pilot", 2, 2000)]


def test_plans_count_at_the_rate_of_today_and_what_came_at_that_of_its_day(client, lead):
    made = case(lead, currency="USD")
    realise(made, 100, "confirmed", day=date(2026, 1, 10))
    rate("USD", "0.5", date(2026, 1, 1))
    rate("USD", "0.8", date(2026, 1, 11))

    assert (total(client).npv, total(client).confirmed) == (800, 50)


@pytest.mark.parametrize("known", [[], [date(2026, 2, 2)]], ids=["no rate at all", "none on the day of a figure"])
def test_a_currency_without_a_rate_stands_apart_and_is_in_no_sum(client, lead, known):
    case(lead)
    realise(case(lead, currency="USD"), 70, "confirmed")
    for day in known:
        rate("USD", "0.9", day)
    context = client.get(PAGE).context

    assert (context["total"].npv, context["total"].left_out, context["total"].cases) == (1000, {"USD"}, 1)
    assert (context["apart"]["USD"].npv, context["apart"]["USD"].confirmed) == (1000, 70)
    assert "in no sum" in client.get(PAGE).content.decode()


def test_hours_stand_apart_from_money(client, lead):
    made = case(lead)
    made.lines.update(kind="hours_released")
    request_recompute(made.engagement_id)
    run_recompute(made.engagement_id, now=timezone.now())
    realise(made, 50, hours=7)
    realise(made, 60, "disputed", day=DAY + timedelta(days=1), hours=100)
    found = total(client)

    assert (found.benefits, found.cash, found.capacity, found.hours_realised) == (1000, 0, 1000, 7)


def test_what_an_old_snapshot_did_not_measure_is_a_dash_and_makes_no_hours_pass_for_cash(client, lead):
    case(lead, customer__name="Zephyr")
    made = case(lead, customer__name="Aurelia")
    for row in MetricSnapshot.objects.filter(engagement=made.engagement_id, deliverable=None):
        for name in ("pv_capacity", "pv_assumed", "hours"):
            del row.values["value"][name]
        row.save()
    found = total(client)

    assert (found.npv, found.benefits, found.cases) == (2000, 2000, 2)
    assert (found.cash, found.capacity, found.assumed, found.assumed_share, found.hours) == (None,) * 5
    assert [row.sums.cash for row in client.get(PAGE).context["customers"]] == [None, 1000]
    assert '<td role="cell" class="num" data-l="Benefits in cash">–</td>' in client.get(PAGE).content.decode()
    header, line, __ = csv.reader(io.StringIO(b"".join(client.get(FILE).streaming_content).decode("utf-8-sig")))
    assert [value for name, value in zip(header, line, strict=True) if name in ("Hours released, as money", "On assumptions only", "Hours planned")] == [""] * 3


def test_completed_work_is_counted_when_asked_for(client, lead):
    made = case(lead)
    Engagement.objects.filter(pk=made.engagement_id).update(status="completed")

    assert (total(client).engagements, total(client, "?work=all").npv) == (0, 1000)


def test_the_file_has_a_line_for_each_engagement_and_empty_cells_where_nothing_is_known(client, lead):
    made = case(lead, customer__name="Aurelia")
    realise(made, 10, "confirmed")
    PortfolioRowFactory(engagement=EngagementFactory(lead=lead, customer__name="Zephyr"))
    case(UserFactory(), customer__name="Of a stranger")
    header, *lines = csv.reader(io.StringIO(b"".join(client.get(FILE).streaming_content).decode("utf-8-sig")))

    assert [line[0] for line in lines] == ["Aurelia", "Zephyr"]
    found = dict(zip(header, lines[0], strict=True))
    assert (found["Net present value"], found["Realised and confirmed"], found["Net present value in EUR"]) == ("1000.00", "10.00", "1000.00")
    assert lines[1][3:] == []


@pytest.mark.parametrize(("path", "statements"), [(PAGE, 7), (FILE, 9)])
def test_the_number_of_statements_does_not_grow(client, path, statements, lead, django_assert_num_queries):
    client.get(path)
    for rows in (1, 3, 30):
        for __ in range(rows - ValueCase.objects.count()):
            realise(case(lead), 5)
        with django_assert_num_queries(statements):
            answer = client.get(path)
            assert answer.status_code == 200


@pytest.mark.parametrize("path", [PAGE, FILE])
def test_contacts_and_the_signed_out_stay_outside(path):
    outside = Client()
    assert outside.get(path).status_code == 302
    outside.force_login(MembershipFactory().user)
    assert outside.get(path).status_code == 403


def test_without_a_case_the_page_says_where_they_are_made(client, lead):
    case(UserFactory())

    assert "No value case yet" in client.get(PAGE).content.decode()


def test_a_manager_without_rates_is_led_to_them(client):
    client.force_login(ManagerFactory())
    case(UserFactory(), currency="USD")

    assert "/settings/rates/" in client.get(PAGE).content.decode()


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("en", ["No value case is counted here yet.", "2 cases plan €1.2k of net present value. Nothing is realised yet.",
                "1 case plans −€50 of net present value. €30 is realised so far, €10 of it confirmed by customers."]),
        ("zh-hans", ["这里还没有计入任何价值测算。", "2 个测算计划净现值 €1,200。尚无已实现的价值。", "1 个测算计划净现值 −€50。目前已实现 €30，其中客户已确认 €10。"]),
    ],
)  # fmt: skip
def test_the_page_in_a_sentence(language, words):
    many, lost = Sums(cases=2, npv=Decimal(1200)), Sums(cases=1, npv=Decimal(-50), confirmed=Decimal(10), open=Decimal(20))
    with translation.override(language):
        assert [sentence(found, "EUR") for found in (Sums(), many, lost)] == words
