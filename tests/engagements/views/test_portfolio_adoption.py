"""Adoption by customer and of the portfolio: what is added up, what is unknown, any day, and what it costs."""

import csv
import io
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta

import pytest
from django.test import Client
from django.utils import timezone

from engagements.intake.rows import UsageLine
from engagements.metrics.trend import Trend
from engagements.models import Engagement, MetricSnapshot, PortfolioRow
from engagements.selectors.portfolio_adoption import UseSums, use_sums, uses, weeks_compared
from engagements.services.metrics import refresh_metrics
from engagements.services.targets import name_targets
from fde_portal.accounts.models import AuditEvent, User
from tests.engagements.views.test_adoption_study import deliver
from tests.factories.customers import CustomerFactory, MembershipFactory
from tests.factories.engagements import EngagementFactory
from tests.factories.people import UserFactory
from tests.factories.portfolio import PortfolioRowFactory
from tests.factories.usage import UsageSourceFactory

pytestmark = pytest.mark.django_db
PAGE = "/portfolio/adoption/"
PEOPLE = [f"p{number}" for number in range(10)]


def sunday() -> date:
    """The last Sunday that is over."""
    today = timezone.localdate()
    return today - timedelta(days=today.weekday() + 1)


@pytest.fixture
def lead(client: Client) -> User:
    person = UserFactory()
    client.force_login(person)
    return person


def work(lead: User, **fields) -> Engagement:
    made = EngagementFactory(lead=lead, started_on=date(2026, 1, 5), **fields)
    PortfolioRowFactory(engagement=made)
    return made


def measure(engagement: Engagement, weekly: list[int], *, targets: int = 0, ending: date | None = None) -> None:
    """On each Sunday up to `ending` so many people, the last week last; computed for the day after."""
    end = ending or sunday()
    source = UsageSourceFactory(deliverable__engagement=engagement)
    days = [end - timedelta(weeks=len(weekly) - 1 - at) for at in range(len(weekly))]
    # A day of nobody before it makes the first week a whole one.
    rows = [UsageLine("p0", days[0] - timedelta(days=6), events=0)]
    deliver(source, *rows, *(UsageLine(name, day, events=1) for day, count in zip(days, weekly, strict=True) for name in PEOPLE[:count]))
    if targets:
        name_targets(deliverable=source.deliverable, names=PEOPLE[:targets], by=engagement.lead, starts_on=days[0])
    compute(engagement, sunday() + timedelta(days=1))


def compute(engagement: Engagement, day: date) -> None:
    refresh_metrics(engagement, now=datetime.combine(day, time(12), UTC), watermark=1)


def total(client: Client, query: str = "") -> UseSums:
    return client.get(PAGE + query).context["total"].sums


def test_engagements_add_up_and_people_count_in_each(client, lead):
    aurelia = CustomerFactory(name="Aurelia")
    measure(work(lead, customer=aurelia), [4], targets=8)
    measure(work(lead, customer=aurelia), [3])  # the same people, without a target
    measure(work(lead, customer__name="Zephyr"), [2], targets=2)
    measure(work(UserFactory()), [9], targets=9)  # a stranger's
    answer = client.get(PAGE)
    found = answer.context["total"].sums

    assert (found.users, found.measured, found.targeted, found.target) == (9, 3, 2, 10)
    assert (found.rate.numerator, found.rate.denominator) == (6, 10)
    assert [(line.name, line.sums.users, line.adoption.value) for line in answer.context["lines"]] == [("Aurelia", 7, "50%"), ("Zephyr", 2, "2 of 2")]
    assert "4 of 8 · 22% to 78%" in answer.context["lines"][0].adoption.note  # Wilson


def test_what_is_not_measured_or_has_stopped_is_in_no_sum(client, lead):
    measure(work(lead), [4], targets=8)
    work(lead)
    measure(work(lead), [6, 6], targets=6, ending=sunday() - timedelta(weeks=4))
    found = total(client)

    assert (found.engagements, found.measured, found.stopped) == (3, 1, 1)
    assert (found.users, found.rate.denominator) == (4, 8)
    assert found.last_week["wau"] == 4


def test_charts_and_trend_hold_those_measured_all_along(client, lead):
    measure(work(lead), [1, 2, 3, 4, 5, 6, 7, 8])
    measure(work(lead), [9, 9])  # it began later: as a sum it would look like a jump
    measure(work(lead), [9] * 8, ending=sunday() - timedelta(weeks=4))  # stopped: as a sum it would look like a fall
    found = total(client)

    assert [week["wau"] for week in found.weeks] == [1, 2, 3, 4, 5, 6, 7, 8]
    assert (found.steady, found.direction, found.last_week["wau"]) == (1, Trend.RISING, 17)
    assert (found.last_week["new"], found.last_week["returning"]) == (1, 16)


def test_an_earlier_day_is_computed_where_it_was_not_stored(client, lead):
    made = work(lead)
    measure(made, [2, 5, 7], targets=10)
    week_ago = sunday() - timedelta(weeks=1)
    assert not MetricSnapshot.objects.filter(day__lte=week_ago).exists()
    asked = total(client, f"?until={week_ago}")
    compute(made, week_ago)

    assert (asked.users, asked.rate.numerator, asked.last_week["new"]) == (5, 5, 3)
    assert asked == total(client, f"?until={week_ago}")
    assert total(client, f"?until={sunday() - timedelta(weeks=9)}").users is None
    assert total(client, "?until=nonsense").users == total(client, "?until=2999-01-01").users == 7


def test_a_customer_alone_shows_its_engagements(client, lead):
    made = work(lead, customer__name="Aurelia", name="Copilot")
    measure(made, [4])
    measure(work(lead), [3])
    strange = work(UserFactory(), customer__name="Strange & Co")
    measure(strange, [5])
    context = client.get(PAGE, {"customer": made.customer.slug}).context

    assert [(line.name, line.url) for line in context["lines"]] == [("Copilot", f"/engagements/{made.slug}/adoption/")]
    hidden = client.get(PAGE, {"customer": strange.customer.slug})
    assert hidden.context["lines"] == []
    assert "No live work here" in hidden.content.decode()
    assert "Strange" not in client.get(PAGE).content.decode()


def read(answer) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(b"".join(answer.streaming_content).decode("utf-8-sig"))))


def test_files_hold_engagements_and_charts(client, lead):
    measure(work(lead, customer__name="Aurelia"), [1, 2, 3, 4, 5, 6, 7, 8], targets=10)
    work(lead, customer__name="Zephyr")
    measure(work(UserFactory()), [9])
    first, second = read(client.get(PAGE, {"csv": "engagements"}))

    assert (first["Customer"], first["Weekly users"], first["Target users active"], first["Target users"]) == ("Aurelia", "8", "8", "10")
    assert (second["Customer"], second["Weekly users"], second["New"]) == ("Zephyr", "", "")
    assert [line["Weekly users"] for line in read(client.get(PAGE, {"csv": "users"}))] == list("12345678")
    assert client.get(PAGE, {"csv": "unknown"}).status_code == 404


@pytest.mark.parametrize("name", ["engagements", "users", "lifecycle"])
def test_the_trail_names_the_file_that_left(client, lead, name):
    measure(work(lead), [1, 2])
    answer = client.get(PAGE, {"csv": name})
    event = AuditEvent.objects.get(verb="export_list")
    assert (event.actor, event.details["file"]) == (lead, saved_as(answer))
    assert (name in event.details["file"]) is (name != "engagements")


def saved_as(answer) -> str:
    return answer["Content-Disposition"].split('filename="')[1].rstrip('"')


@pytest.mark.parametrize(("query", "statements"), [("", 7), ("past", 12), ("?csv=engagements", 9)])
def test_the_number_of_statements_does_not_grow(client, lead, query, statements, django_assert_num_queries):
    if query == "past":
        query = f"?until={sunday() - timedelta(days=3)}"
    client.get(PAGE)
    for rows in (1, 3, 12):
        for __ in range(rows - Engagement.objects.count()):
            measure(work(lead), [2, 3], targets=5)
        with django_assert_num_queries(statements):
            assert client.get(PAGE + query).status_code == 200


def test_contacts_and_the_signed_out_stay_outside():
    outside = Client()
    assert outside.get(PAGE).status_code == 302
    outside.force_login(MembershipFactory().user)
    assert outside.get(PAGE).status_code == 403


@pytest.mark.parametrize(("days_ago", "is_final"), [(3, False), (4, True)])
def test_figures_as_of_an_earlier_day_are_final_once_late_data_are_unusual(client, lead, days_ago, is_final):
    measure(work(lead), [4])
    page = client.get(f"{PAGE}?until={timezone.localdate() - timedelta(days=days_ago)}").content.decode()
    assert ('<span class="tag">final</span>' in page) is is_final


def test_the_page_of_a_customer_tells_its_headline_from_what_is_stored(client, lead):
    customer = CustomerFactory(name="Aurelia", slug="aurelia")
    measure(work(lead, customer=customer), [3, 4, 4, 5, 5, 6, 6, 7, 8], targets=10)
    measure(work(lead, customer=customer), [2])
    measure(work(UserFactory(), customer=customer), [9], targets=9)  # a colleague's, whom the viewer does not see
    answer = client.get("/customers/aurelia/")

    line = answer.context["adoption"]["line"]
    assert (line.sums.users, line.adoption.value, line.trend) == (10, "80%", "rising")
    assert line.adoption.note.startswith("8 of 10")
    assert "10 people used our work in the last 7 days. Of those it is meant for, 80% did; trend: rising." in answer.content.decode()


def test_the_page_of_a_customer_without_usage_says_so_and_without_live_work_says_nothing(client, lead):
    engagement = work(lead, customer__slug="aurelia")
    assert "Nothing is measured here yet." in client.get("/customers/aurelia/").content.decode()
    Engagement.objects.filter(pk=engagement.pk).update(status="completed")
    assert client.get("/customers/aurelia/").context["adoption"] == {}


def test_the_charts_show_a_running_week_apart_once_every_engagement_has_begun_it(client, lead):
    """As of the Wednesday after the last of nine whole weeks."""
    last = sunday() - timedelta(weeks=1)
    for people in (5, 3):
        engagement = work(lead)
        measure(engagement, [people] * 9, ending=last)
        deliver(engagement.deliverables.get().usage_sources.get(), UsageLine("p0", last + timedelta(days=3)), key="running")
    context = client.get(f"{PAGE}?until={last + timedelta(days=3)}").context
    (users, part), lifecycle = context["charts"]["users"].series, context["charts"]["lifecycle"]

    assert (users.values, part.values) == ((8,) * 8 + (None,), (None,) * 8 + (2,))
    assert ([bars.values[-1] for bars in lifecycle.series], lifecycle.is_running) == ([2, 0, 0, None], True)
    assert (context["charts"]["users"].finding, context["total"].trend) == ("8 people used it last week. Four weeks ago it was the same.", "no clear trend")
    found = uses(PortfolioRow.objects.all(), last + timedelta(days=3), 0)
    weeks = weeks_compared(found, 0)
    assert [week["wau"] for week in use_sums(found, weeks).running] == [2]
    assert use_sums([found[0], replace(found[1], running=None)], weeks).running == []
