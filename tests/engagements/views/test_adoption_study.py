"""The page of all adoption measures: any range, compared, as CSV, and nothing of a stranger."""

from datetime import UTC, date, datetime, time, timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from time_machine import travel

from engagements.intake.rows import UsageLine
from engagements.models import ClosedPeriod, DirtyDay, Engagement, Feature
from engagements.services.activity import rebuild_days
from engagements.services.targets import name_targets
from tests.engagements.services.test_usages import send
from tests.factories.engagements import DeliverableFactory, EngagementFactory
from tests.factories.people import UserFactory
from tests.factories.usage import UsageSourceFactory

pytestmark = pytest.mark.django_db

MONDAY = date(2026, 3, 2)
LAST = MONDAY + timedelta(days=27)
RANGE = {"first": MONDAY.isoformat(), "last": LAST.isoformat()}
PEOPLE = ["ann", "bob", "cem", "dee", "eve", "fay"]


def lines(week: int, people: list[str], **fields) -> list[UsageLine]:
    return [UsageLine(person, MONDAY + timedelta(weeks=week), **fields) for person in people]


def deliver(source, *rows: UsageLine, key: str = "one") -> None:
    send(source, *rows, key=key)
    rebuild_days(source.deliverable_id, list(DirtyDay.objects.filter(deliverable=source.deliverable).values_list("day", flat=True)))


@pytest.fixture
def engagement() -> Engagement:
    return EngagementFactory(lead=UserFactory(), started_on=MONDAY)


@pytest.fixture
def owner(engagement: Engagement) -> Client:
    client = Client()
    client.force_login(engagement.lead)
    return client


@pytest.fixture
def source(engagement: Engagement):
    """Four whole weeks: 6, 4, 4 and 3 people; two releases, one named target list, a stranger elsewhere."""
    source = UsageSourceFactory(deliverable__engagement=engagement, deliverable__name="Copilot")
    Feature.objects.create(deliverable=source.deliverable, name="draft")
    Feature.objects.create(deliverable=source.deliverable, name="print")
    old, new = {"release": "v1", "accepted": 5, "edited": 5}, {"release": "v2", "accepted": 10}
    rows = [*lines(0, PEOPLE, feature="draft", events=10, **old), *lines(1, PEOPLE[:4], events=10, **old)]
    rows += [*lines(2, PEOPLE[:4], events=10, **new), *lines(3, PEOPLE[2:5], events=12, failed=2, **new)]
    deliver(source, *rows, UsageLine("ann", LAST, events=0))
    name_targets(deliverable=source.deliverable, names=PEOPLE, by=engagement.lead, starts_on=MONDAY)
    deliver(UsageSourceFactory(), *lines(0, ["zoe", "yan"]), key="stranger")
    return source


def page(client: Client, engagement: Engagement, **query: str):
    return client.get(reverse("adoption_study", args=[engagement.slug]), RANGE | query)


def figure(answer, label: str) -> tuple[str, str]:
    return next((found.value, found.note) for found in answer.context["figures"] if found.label == label)


def test_every_figure_follows_from_the_days(engagement: Engagement, owner: Client, source) -> None:
    answer = page(owner, engagement)

    assert figure(answer, "Adoption")[0] == "50%"
    assert figure(answer, "Adoption")[1].startswith("3 of 6 · 19% to 81%")
    assert figure(answer, "Weekly users") == ("3", "")
    assert figure(answer, "Users in 28 days")[0] == "6"
    assert figure(answer, "Depth")[0] == "3.0 days"
    assert figure(answer, "Breadth")[0] == "1 of 2 features"
    assert figure(answer, "Activation") == ("100%", "6 of 6")
    assert figure(answer, "Time to first value") == ("today", "6 arrived, 0 still wait")
    assert figure(answer, "Accepted as is")[0] == "71%"
    assert figure(answer, "Failed")[0] == "3.4%"
    assert figure(answer, "Without an outcome") == ("0", "of 176 cases")
    assert "3 people used it in the last 7 days, an adoption of 50%." in answer.content.decode()


def test_activation_is_told_of_each_deliverable_with_its_own_rule(engagement: Engagement, owner: Client, source) -> None:
    other = UsageSourceFactory(deliverable__engagement=engagement, deliverable__name="Reader", deliverable__activation_days=2)
    deliver(other, *lines(0, ["ann"]), *lines(1, ["ann", "bob"]), key="other")
    name_targets(deliverable=other.deliverable, names=["ann", "bob", "cem"], by=engagement.lead, starts_on=MONDAY)
    figures = {found.label: found for found in page(owner, engagement).context["figures"]}

    assert (figures["Activation: Copilot"].value, figures["Activation: Reader"].value) == ("100%", "1 of 3")
    assert "who used it within 14 days of being named" in figures["Activation: Copilot"].definition
    assert "who used it on 2 days within 14 days of being named" in figures["Activation: Reader"].definition


def test_a_rule_is_told_before_anybody_is_named(engagement: Engagement, owner: Client) -> None:
    source = UsageSourceFactory(deliverable__engagement=engagement, deliverable__activation_days=3, deliverable__activation_within=20)
    deliver(source, *lines(0, ["ann"]))
    found, = (one for one in page(owner, engagement).context["figures"] if one.label == "Activation")

    assert (found.value, found.note) == ("–", "no named target users")
    assert "who used it on 3 days within 20 days of being named" in found.definition


def test_the_charts_hold_whole_periods_and_mark_what_changed(engagement: Engagement, owner: Client, source) -> None:
    charts = page(owner, engagement).context["charts"]

    assert charts["active"].series[0].values == (6, 4, 4, 3)
    cohort, = charts["retention"].cohorts
    assert (cohort.size, [round(6 * share) for share in cohort.shares]) == (6, [6, 4, 4, 3])
    assert charts["lifecycle"].up[2].values == (0, 0, 0, 1)
    releases = {row.name: row.change for row in page(owner, engagement).context["releases"]}
    assert releases == {"v1": "too little to compare", "v2": "better"}


@pytest.mark.parametrize(("today", "closed_until", "words"), [
    (LAST + timedelta(days=3), None, ""),
    (LAST + timedelta(days=4), None, "Final: the range ended more than three days ago. What still arrives late is counted."),
    (LAST + timedelta(days=1), LAST, "Final: the sources are closed up to 29 Mar 2026."),
    (LAST + timedelta(days=1), LAST - timedelta(days=1), ""),
])  # fmt: skip
def test_figures_of_a_range_that_is_over_for_days_or_closed_are_final(engagement, owner, source, today: date, closed_until: date | None, words: str) -> None:
    if closed_until:
        ClosedPeriod.objects.create(source=source, until=closed_until, closed_at=timezone.now())
    with travel(datetime.combine(today, time(12), UTC), tick=False):
        owner.force_login(engagement.lead)
        answer = page(owner, engagement)
    assert answer.context["final"] == words
    assert ('<span class="tag">final</span>' in answer.content.decode()) is bool(words)


def test_one_open_source_keeps_a_range_open(engagement: Engagement, owner: Client, source) -> None:
    ClosedPeriod.objects.create(source=source, until=LAST, closed_at=timezone.now())
    assert page(owner, engagement).context["study"].closed_until == LAST
    UsageSourceFactory(deliverable=source.deliverable)
    assert page(owner, engagement).context["study"].closed_until is None


def test_a_running_period_is_a_point_of_its_own_and_compared_with_nothing(engagement: Engagement, owner: Client, source) -> None:
    """To the Thursday of the third week, on whose Monday four people were active."""
    thursday = (MONDAY + timedelta(days=17)).isoformat()
    answer = page(owner, engagement, last=thursday)
    users, target, part = answer.context["charts"]["active"].series
    content = b"".join(page(owner, engagement, last=thursday, csv="active").streaming_content).decode("utf-8-sig")

    assert (users.values, target.values, part.values) == ((6, 4, None), (6, 6, None), (None, None, 4))
    assert (part.name, part.end_label, part.style) == ("So far", "4 so far", "part")
    assert content.splitlines()[-1] == "W12,–,–,4"
    assert "4 people used it in the last whole period" in answer.context["charts"]["active"].finding


def test_bars_and_cohorts_show_the_running_period_apart_and_compare_it_with_nothing(engagement: Engagement, owner: Client, source) -> None:
    """To the Thursday of the third week: four came, all four had come before; whole weeks had 6 and 4."""
    deliver(source, UsageLine("gus", MONDAY + timedelta(weeks=2)), key="late")
    charts = page(owner, engagement, last=(MONDAY + timedelta(days=17)).isoformat()).context["charts"]
    lifecycle, triangle = charts["lifecycle"], charts["retention"]

    assert (lifecycle.labels, lifecycle.is_running) == (("W10", "W11", "W12"), True)
    assert [bars.values for bars in lifecycle.series] == [(0, 4, 4), (6, 0, 1), (0, 0, 0), (0, 2, None)]
    assert "In the last whole period 0 were new, 4 came back" in lifecycle.finding
    begun, running = triangle.cohorts
    assert ([cell.text for cell in begun.cells], begun.cells[-1].is_part) == (["100", "67", "67"], True)
    assert (running.label, running.size, [cell.words for cell in running.cells]) == ("W12", 1, ["1 so far"])
    assert triangle.finding.startswith("67% of those who started were back one period later")
    assert not page(owner, engagement).context["charts"]["lifecycle"].is_running
    assert [line.name for line in page(owner, engagement).context["charts"]["active"].series] == ["Users", "Target"]


def test_features_are_series_of_their_own(engagement: Engagement, owner: Client, source) -> None:
    """By week: of all four the first, of the unused one none, of one that came later the last two."""
    deliver(source, *lines(2, PEOPLE[:2], feature="search"), *lines(3, PEOPLE[:1], feature="search"), key="two")
    deliver(UsageSourceFactory(), *lines(3, ["zoe"], feature="secret"), key="stranger's")
    answer = page(owner, engagement)
    content = b"".join(page(owner, engagement, csv="features").streaming_content).decode("utf-8-sig")

    assert {use.name: use.active for use in answer.context["study"].features} == {
        "draft": [6, 0, 0, 0], "search": [0, 0, 2, 1], "print": [0, 0, 0, 0],
    }  # fmt: skip
    assert content.splitlines() == ["Period,draft,search,print", "W10,6,0,0", "W11,0,0,0", "W12,0,2,0", "W13,0,1,0"]
    assert "csv=features" in answer.content.decode()


def test_other_ranges_periods_and_kinds_of_retention_are_answered(engagement: Engagement, owner: Client, source) -> None:
    answer = page(owner, engagement, interval="day", last=(MONDAY + timedelta(days=8)).isoformat(), cohorts="recurring", mode="unbounded")

    assert [row.start for row in answer.context["study"].periods][:2] == [MONDAY, MONDAY + timedelta(days=1)]
    assert answer.context["charts"]["active"].series[0].values[7:] == (4, 0)
    assert figure(answer, "Weekly users")[0] == "4"


@pytest.mark.parametrize("query", [{"first": "x"}, {"last": "2999-01-01"}, {"first": "2026-05-01", "last": "2026-04-01"}, {"interval": "year"}, {"deliverable": "0"}, {"cohort": "x"}])
def test_what_makes_no_sense_is_left_out(engagement: Engagement, owner: Client, source, query: dict) -> None:
    assert page(owner, engagement, **query).status_code == 200


def test_two_periods_and_two_deliverables_are_compared(engagement: Engagement, owner: Client, source) -> None:
    other = UsageSourceFactory(deliverable=DeliverableFactory(engagement=engagement, name="Search"))
    deliver(other, *lines(3, ["ann", "gil"]), key="other")
    first = (MONDAY + timedelta(weeks=2)).isoformat()

    before = page(owner, engagement, deliverable=str(source.deliverable_id), compare="before", first=first).context["charts"]["active"]
    beside = page(owner, engagement, deliverable=str(source.deliverable_id), compare=str(other.deliverable_id)).context["charts"]["active"]

    assert [(series.name, series.values) for series in before.series[:2]] == [("Users", (4, 3)), ("The time before", (6, 4))]
    assert [(series.name, series.values) for series in beside.series[:2]] == [("Users", (6, 4, 4, 3)), ("Search", (None, None, None, 2))]


def test_each_chart_is_a_file_too(engagement: Engagement, owner: Client, source) -> None:
    answer = page(owner, engagement, csv="active")
    text = b"".join(answer.streaming_content).decode("utf-8-sig").splitlines()

    assert text[0] == "Period,Users,Target"
    assert [line.split(",")[1] for line in text[1:]] == ["6", "4", "4", "3"]
    assert page(owner, engagement, csv="retention").status_code == 200
    assert page(owner, engagement, csv="other").status_code == 404


def test_one_cohort_is_looked_into(engagement: Engagement, owner: Client, source) -> None:
    answer = page(owner, engagement, cohort=MONDAY.isoformat())
    assert answer.context["cohort_chart"].series[0].values == (6, 4, 4, 3)


def test_who_came_back_within_a_span_of_days_is_counted_of_those_whose_span_is_over(engagement: Engagement, owner: Client, source) -> None:
    """Six begin in the first week; four are back a week later, so on day 7; of eve, on day 21, the last span is not over."""
    answer = page(owner, engagement)
    spans = [(found.first, found.last, found.retained, found.size) for found in answer.context["study"].brackets]
    assert spans == [(1, 3, 0, 6), (4, 7, 4, 6), (8, 14, 4, 6), (15, 30, 0, 0)]
    assert "4 of 6" in answer.content.decode()


def test_few_target_users_are_told_as_how_many_of_them(engagement: Engagement, owner: Client) -> None:
    source = UsageSourceFactory(deliverable__engagement=engagement)
    deliver(source, *lines(3, ["ann"]))
    name_targets(deliverable=source.deliverable, names=["ann", "bob"], by=engagement.lead, starts_on=MONDAY)
    assert figure(page(owner, engagement), "Adoption") == ("1 of 2", "")


def test_without_data_the_page_says_how_to_begin(engagement: Engagement, owner: Client) -> None:
    assert "No usage yet" in page(owner, engagement).content.decode()


def test_a_stranger_sees_nothing(engagement: Engagement, source) -> None:
    client = Client()
    client.force_login(UserFactory())
    assert page(client, engagement).status_code == 404


def test_the_page_asks_as_often_for_much_as_for_little(engagement: Engagement, owner: Client, source, django_assert_num_queries) -> None:
    page(owner, engagement)
    with CaptureQueriesContext(connection) as few:
        page(owner, engagement)
    for number in range(2):
        more = UsageSourceFactory(deliverable=DeliverableFactory(engagement=engagement))
        deliver(more, *lines(number, PEOPLE, feature="x", release="y"), key=f"more {number}")
    with django_assert_num_queries(len(few)):
        page(owner, engagement)
