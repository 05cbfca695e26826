"""What became of the cases: rates, intervals, and when a release may be called better."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal

from engagements.metrics.quality import Change, Outcomes, change_after, cost_per_accepted, median_span, summed


def test_cases_without_an_outcome_are_counted_apart():
    week = Outcomes(cases=20, accepted=6, edited=3, rejected=1, failed=2)

    assert (week.judged, week.without_outcome) == (10, 8)
    assert (week.acceptance_rate, week.edit_rate, week.failure_rate) == (Decimal("0.6"), Decimal("0.3"), Decimal("0.1"))
    assert summed([week, week]).accepted == 12


def test_nothing_judged_is_no_rate_and_no_interval():
    silent = Outcomes(cases=4)

    assert (silent.acceptance_rate, silent.acceptance_interval, silent.failure_rate) == (None, None, Decimal(0))
    assert (Outcomes().failure_rate, Outcomes().failure_interval) == (None, None)


def test_a_feed_with_more_outcomes_than_events_counts_its_outcomes():
    assert Outcomes(cases=1, accepted=3, failed=1).handled == 4


def test_a_release_is_better_only_when_the_intervals_part():
    low, high = Outcomes(100, accepted=50, rejected=50), Outcomes(100, accepted=80, rejected=20)

    assert change_after(low, high) is Change.BETTER
    assert change_after(high, low) is Change.WORSE
    assert change_after(low, Outcomes(100, accepted=60, rejected=40)) is Change.NO_CLEAR_CHANGE
    assert change_after(low, Outcomes(5)) is None


def test_cost_is_shared_by_accepted_and_edited_cases():
    assert cost_per_accepted(Decimal(90), Outcomes(30, accepted=6, edited=3, rejected=9)) == Decimal(10)
    assert cost_per_accepted(Decimal(90), Outcomes(30, rejected=9)) is None


def test_open_incidents_have_no_span_yet():
    start = datetime(2026, 3, 2, tzinfo=UTC)
    found = median_span([(start, start + timedelta(hours=1)), (start, None), (start, start + timedelta(hours=3))])

    assert (found.middle, found.count) == (timedelta(hours=2), 2)
    assert median_span([(start, None)]).middle is None
