"""What was reached, from usage and the value case, and that nothing of it is lost on the way through the snapshot."""

from datetime import date, timedelta
from decimal import Decimal

import pytest

from engagements.metrics.firsts import TimeToValue
from engagements.models import RealisedValue
from engagements.selectors.metric import latest_metrics
from engagements.selectors.value_reached import stored_reached
from tests.engagements.deliveries import compute, deliver
from tests.factories.engagements import DeliverableFactory, EngagementFactory
from tests.factories.usage import ActorFactory, TargetPopulationFactory, UsageSourceFactory
from tests.factories.value import ValueAmountFactory, ValueCaseFactory

pytestmark = pytest.mark.django_db
MONDAY = date(2026, 3, 2)


@pytest.fixture
def source():
    engagement = EngagementFactory(started_on=MONDAY - timedelta(days=10), time_zone="UTC")
    return UsageSourceFactory(deliverable=DeliverableFactory(engagement=engagement))


def found(source):
    engagement = source.deliverable.engagement
    compute(engagement, on=MONDAY + timedelta(days=7))
    return stored_reached(latest_metrics(engagement))


def running_cost(source, amount: int = 365) -> ValueCaseFactory:
    case = ValueCaseFactory(engagement=source.deliverable.engagement, starts_on=MONDAY - timedelta(days=100))
    ValueAmountFactory(line__case=case, line__kind="model_and_cloud", year=1, amount=amount)
    return case


def test_before_any_use_nothing_is_reached_and_nothing_is_zero(source):
    deliver(UsageSourceFactory(), {MONDAY: ["eve"]}, accepted=5)
    reached = found(source)

    assert (reached.days_to_value, reached.days_to_accepted, reached.cost_of_one, reached.people) == (None, None, None, None)


def test_use_and_the_first_accepted_case_are_dated_from_the_start(source):
    deliver(source, {MONDAY: ["ann"]}, rejected=1)
    deliver(source, {MONDAY + timedelta(days=4): ["ann"]}, edited=1)
    reached = found(source)

    assert (reached.days_to_value, reached.days_to_accepted) == (10, 14)


def test_named_people_count_and_those_who_wait_are_not_dropped(source):
    for name in ("ann", "ben", "cas"):
        actor = ActorFactory(customer=source.deliverable.engagement.customer, name=name)
        TargetPopulationFactory(deliverable=source.deliverable, actor=actor, licences=None, starts_on=MONDAY)
    reached = found(source)

    assert reached.people == TimeToValue(None, 0, 3)
    assert reached.first_value_on is None


def test_running_it_costs_what_was_planned_for_the_measured_days_until_somebody_books_it(source):
    case = running_cost(source)
    deliver(source, {MONDAY: ["ann"], MONDAY + timedelta(days=6): ["ann"]}, accepted=2)
    reached = found(source)
    assert (reached.costed_from, reached.operating_cost, reached.outcomes.accepted, reached.cost_of_one) == (MONDAY, 7, 4, Decimal("1.75"))

    RealisedValue.objects.create(
        line=case.lines.get(kind="model_and_cloud"), period_from=MONDAY, period_to=MONDAY, amount=9, recorded_on=MONDAY, confidence="observed"
    )
    assert found(source).operating_cost == 15


def test_delivery_is_borne_evenly_by_the_days_of_the_whole_case(source):
    case = running_cost(source)
    days = (case.starts_on.replace(year=case.starts_on.year + case.years) - case.starts_on).days
    ValueAmountFactory(line__case=case, line__kind="engineering", year=0, amount=2 * days)
    ValueAmountFactory(line__case=case, line__kind="change", year=2, amount=days)
    ValueAmountFactory(line__case=case, line__kind="cost_avoided", year=1, amount=10**6)
    deliver(source, {MONDAY: ["ann"], MONDAY + timedelta(days=6): ["ann"]}, accepted=2)

    assert found(source).operating_cost == 7 + 7 * 3

    RealisedValue.objects.create(
        line=case.lines.get(kind="engineering"), period_from=case.starts_on, period_to=case.starts_on, amount=5 * days, recorded_on=MONDAY, confidence="observed"
    )
    assert found(source).operating_cost == 7 + 7 * 6


def test_delivery_is_paid_off_when_the_case_is_over(source):
    case = running_cost(source, amount=0)
    case.starts_on, case.years = MONDAY.replace(year=MONDAY.year - 1) + timedelta(days=2), 1
    case.save()
    ValueAmountFactory(line__case=case, line__kind="engineering", year=0, amount=365)
    RealisedValue.objects.create(
        line=case.lines.get(kind="model_and_cloud"), period_from=MONDAY, period_to=MONDAY, amount=9, recorded_on=MONDAY, confidence="observed"
    )
    deliver(source, {MONDAY: ["ann"], MONDAY + timedelta(days=6): ["ann"]}, accepted=2)

    assert found(source).operating_cost == 9 + 2


def test_a_case_without_running_costs_gives_no_cost_rather_than_none_at_all(source):
    case = running_cost(source, amount=0)
    ValueAmountFactory(line__case=case, line__kind="engineering", year=1, amount=10**6)
    deliver(source, {MONDAY: ["ann"]}, accepted=2)

    assert found(source).operating_cost is None
