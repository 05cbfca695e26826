"""What goes into an edition, and what never does."""

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest

from engagements.models import MetricSnapshot, RealisedValue, ValueAmount, ValueCase, ValueLine
from engagements.public_page.content import SharedAdoption, SharedAsk, WeekOfUse
from engagements.selectors.shareable import shareable_content
from tests.factories.concerns import BlockerFactory
from tests.factories.customers import StakeholderFactory
from tests.factories.engagements import AskFactory, EngagementFactory, MilestoneFactory, WeeklyUpdateFactory
from tests.factories.outcomes import ObservationFactory, OutcomeFactory

STATEMENTS = 20
pytestmark = pytest.mark.django_db

NOW = datetime(2026, 11, 20, 16, tzinfo=UTC)


def content_of(engagement):
    return shareable_content(engagement, now=NOW)


def case_with(engagement, *lines, **fields):
    case = ValueCase.objects.create(engagement=engagement, title="Case", starts_on=date(2026, 6, 1), years=1, **fields)
    for kind, is_shared, amounts in lines:
        line = ValueLine.objects.create(case=case, name="Line", kind=kind, is_shared=is_shared, confidence="observed")
        ValueAmount.objects.bulk_create(ValueAmount(line=line, year=y, amount=a) for y, a in enumerate(amounts))
    return case


def test_an_engagement_without_anything_gives_an_empty_page():
    engagement = EngagementFactory(time_zone="Pacific/Auckland")
    content = content_of(engagement)
    assert (content.engagement, content.customer) == (engagement.name, engagement.customer.name)
    assert (content.contact_name, content.contact_email) == (engagement.lead.name, engagement.lead.email)
    assert (content.asks, content.milestones, content.adoption, content.value) == ((), (), None, None)
    assert (content.week.headline, content.published_on) == ("", date(2026, 11, 21))


def test_only_shared_milestones_go_in_by_the_day_that_counts():
    engagement = EngagementFactory()
    MilestoneFactory(engagement=engagement, title="Later", baseline_on=date(2026, 3, 1), forecast_on=date(2026, 5, 1))
    MilestoneFactory(engagement=engagement, title="Reached", baseline_on=date(2026, 4, 1), actual_on=date(2026, 3, 30))
    MilestoneFactory(engagement=engagement, title="Ours", is_shared=False)
    MilestoneFactory(engagement=engagement, title="Archived", archived_at=NOW)
    MilestoneFactory(title="Elsewhere")
    found = [(row.title, row.expected, row.days_late, row.is_done) for row in content_of(engagement).milestones]
    assert found == [("Reached", date(2026, 3, 30), -2, True), ("Later", date(2026, 5, 1), 61, False)]


def test_open_asks_go_in_with_their_person():
    engagement = EngagementFactory()
    person = StakeholderFactory(customer=engagement.customer, name="Pieter Bakker")
    ask = AskFactory(engagement=engagement, text="A", stakeholder=person, due_on=date(2026, 11, 24), consequence="Else")
    AskFactory(engagement=engagement, text="B", state="done", closed_on=date(2026, 11, 1))
    AskFactory(engagement=engagement, text="C", raised_in=WeeklyUpdateFactory(engagement=engagement))
    assert content_of(engagement).asks == (SharedAsk(ask.pk, "A", "Pieter Bakker", date(2026, 11, 24), "Else"),)


def test_use_goes_in_with_complete_weeks_only():
    engagement = EngagementFactory()
    weeks = [
        {"start": f"2026-{month:02}-02", "partial": month == 12, "wau": month, "target": None} for month in range(1, 13)
    ]
    MetricSnapshot.objects.create(
        engagement=engagement, day=date(2026, 11, 19), definition_version=1, watermark=1, computed_at=NOW,
        values={"wau": 121, "weekly_target": 180, "last_usage_day": "2026-11-19"}, series={"weeks": weeks},
    )
    adoption = content_of(engagement).adoption
    assert (adoption.people, adoption.target, len(adoption.weeks)) == (121, 180, 11)
    assert adoption.weeks[-1] == WeekOfUse(date(2026, 11, 2), 11, None)


def test_use_that_was_never_measured_is_absent_and_not_zero():
    engagement = EngagementFactory()
    MetricSnapshot.objects.create(
        engagement=engagement, day=date(2026, 11, 19), definition_version=1, watermark=1, computed_at=NOW,
        values={"wau": None, "weekly_target": 180, "last_usage_day": None}, series={"weeks": []},
    )
    assert content_of(engagement).adoption is None
    assert SharedAdoption(None, 180, ()) != content_of(engagement).adoption


def test_value_comes_from_shared_lines_alone():
    engagement = EngagementFactory()
    case_with(
        engagement,
        ("cost_avoided", True, [0, 400]),
        ("engineering", True, [100, 100]),
        ("revenue", False, [0, 9999]),
        ("support", False, [7777, 0]),
    )
    value = content_of(engagement).value
    assert (value.cumulative, value.counts_costs) == ((Decimal(-100), Decimal(200)), True)
    assert value.payback_years == Decimal("0.33")


@pytest.mark.parametrize("lines", [(), (("cost_avoided", False, [0, 400]),)])
def test_value_is_absent_when_no_line_is_shared(lines):
    engagement = EngagementFactory()
    case_with(engagement, *lines)
    assert content_of(engagement).value is None


@pytest.mark.parametrize("count", [1, 3, 9])
def test_the_number_of_statements_does_not_grow_with_what_is_shared(count, django_assert_num_queries):
    engagement = EngagementFactory()
    case = case_with(engagement, ("cost_avoided", True, [0, 400]))
    for number in range(1, count + 1):
        agreement = OutcomeFactory(engagement=engagement, metric=f"Minutes {number}", is_shared=True)
        for month in (9, 10):
            ObservationFactory(agreement=agreement, numerator=number + month, period_from=date(2026, month, 1), period_to=date(2026, month, 28))
        RealisedValue.objects.create(line=case.lines.get(), period_from=date(2026, number, 1), period_to=date(2026, number, 28), amount=number, recorded_on=date(2026, 11, 1))
        MilestoneFactory(engagement=engagement)
        AskFactory(engagement=engagement, stakeholder=StakeholderFactory(customer=engagement.customer))
        BlockerFactory(engagement=engagement, shared_wording="Waits", milestone=engagement.milestones.first())
    engagement = type(engagement).objects.select_related("customer", "lead").get(pk=engagement.pk)
    with django_assert_num_queries(STATEMENTS):
        content = content_of(engagement)
    assert [(row.name, row.value) for row in content.outcomes] == [(f"Minutes {number}", Decimal(number + 10)) for number in range(1, count + 1)]
    assert [len(rows) for rows in (content.realised, content.milestones, content.asks, content.blockers)] == [count] * 4


def test_the_newest_figure_nobody_disputes_is_shown():
    shown = OutcomeFactory(metric="Minutes", is_shared=True)
    ObservationFactory(agreement=shown, numerator=9, period_from=date(2026, 9, 1), period_to=date(2026, 9, 30))
    newest = {"period_from": date(2026, 10, 1), "period_to": date(2026, 10, 31)}
    ObservationFactory(agreement=shown, numerator=5, state="disputed", comment="No", decided_on=NOW.date(), **newest)
    never = OutcomeFactory(engagement=shown.engagement, metric="Never seen", is_shared=True)
    ObservationFactory(agreement=OutcomeFactory(is_shared=True), numerator=1, **newest)
    assert [(row.name, row.value) for row in content_of(shown.engagement).outcomes] == [("Minutes", Decimal(9))]
    assert never.metric not in str(content_of(shown.engagement))


def test_an_archived_update_is_not_on_the_page():
    engagement = EngagementFactory()
    WeeklyUpdateFactory(engagement=engagement, iso_week=46, state="published", published_at=NOW, headline="Stands")
    WeeklyUpdateFactory(
        engagement=engagement, iso_week=47, state="published", published_at=NOW, headline="Taken back", archived_at=NOW
    )
    assert content_of(engagement).week.headline == "Stands"
