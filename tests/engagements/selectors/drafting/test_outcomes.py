"""Agreed outcomes that moved, and the customer's verdicts on value, as facts of a week."""

from datetime import date

import pytest

from engagements.models import RealisedValue, ValueCase, ValueLine
from engagements.selectors.drafting import SOURCES
from engagements.selectors.drafting.outcomes import outcomes_moved, value_judged
from tests.factories.outcomes import ObservationFactory, OutcomeFactory

pytestmark = pytest.mark.django_db

OCTOBER = {"period_from": date(2026, 10, 1), "period_to": date(2026, 10, 31), "recorded_on": date(2026, 11, 2)}
EARLY = {"period_from": date(2026, 11, 1), "period_to": date(2026, 11, 15), "recorded_on": date(2026, 11, 17)}


def agreed(engagement, **fields):
    return OutcomeFactory(engagement=engagement, metric="Minutes for a declaration", unit="minutes", **fields)


def brought(engagement, *, is_shared=True, amount=5200, **fields):
    case = ValueCase.objects.create(engagement=engagement, title="Case", starts_on=date(2026, 6, 1), years=1, currency="EUR")
    line = ValueLine.objects.create(case=case, name="Clerk hours", kind="cost_avoided", is_shared=is_shared)
    period = {"period_from": date(2026, 10, 12), "period_to": date(2026, 11, 8), "recorded_on": date(2026, 11, 9)}
    return RealisedValue.objects.create(line=line, amount=amount, **period | fields)


def test_both_are_sources():
    assert {outcomes_moved, value_judged} <= set(SOURCES)


@pytest.mark.parametrize("is_shared", [True, False])
def test_an_outcome_that_moved_is_told_against_what_was_seen_before(engagement, stranger, told, is_shared):
    agreement = agreed(engagement, is_shared=is_shared)
    ObservationFactory(agreement=agreement, numerator=9, denominator=1, **OCTOBER)
    seen = ObservationFactory(agreement=agreement, numerator="8.4", denominator=1, **EARLY)
    ObservationFactory(agreement=agreed(stranger), numerator=3, denominator=1, **EARLY)
    said = "Minutes for a declaration: 8.4 minutes, measured until 15 November, after 9 minutes. The goal is 6 minutes."
    assert told(outcomes_moved) == [(f"observation-{seen.pk}", said, is_shared)]


def test_the_first_observation_is_told_against_the_baseline(engagement, told):
    ObservationFactory(agreement=agreed(engagement, baseline=14), numerator=11, denominator=1, **EARLY)
    [(_, said, _)] = told(outcomes_moved)
    assert "11 minutes, measured until 15 November, after 14 minutes." in said


def test_what_stood_still_is_disputed_or_was_recorded_in_another_week_is_no_fact(engagement, told):
    still = agreed(engagement)
    for when in (OCTOBER, EARLY):
        ObservationFactory(agreement=still, numerator=9, denominator=1, **when)
    disputed = {"state": "disputed", "comment": "No", "decided_on": date(2026, 11, 18)}
    ObservationFactory(agreement=agreed(engagement), numerator=3, denominator=1, **EARLY | disputed)
    ObservationFactory(agreement=agreed(engagement), numerator=3, denominator=1, **OCTOBER)
    later = agreed(engagement)
    ObservationFactory(agreement=later, numerator=3, denominator=1, **EARLY | {"recorded_on": date(2026, 11, 23)})
    ObservationFactory(agreement=agreed(engagement), numerator=3, denominator=1, archived_at="2026-11-18T00:00Z", **EARLY)
    assert told(outcomes_moved) == []


@pytest.mark.parametrize(
    ("state", "is_shared", "verb", "may_share"),
    [("confirmed", True, "confirmed", True), ("confirmed", False, "confirmed", False), ("disputed", True, "disputed", False)],
)
def test_a_verdict_of_the_week_is_told_and_a_dispute_stays_with_us(engagement, stranger, told, state, is_shared, verb, may_share):
    verdict = {"state": state, "comment": "Why", "decided_on": date(2026, 11, 19), "decided_by": "Anneke Visser"}
    row = brought(engagement, is_shared=is_shared, **verdict)
    brought(stranger, **verdict)
    said = f"Anneke Visser {verb} €5,200 for “Clerk hours” from 12 October to 8 November."
    assert told(value_judged) == [(f"judged-{row.pk}-{state}", said, may_share)]


def test_open_figures_and_verdicts_of_other_weeks_are_no_fact(engagement, told):
    brought(engagement)
    brought(engagement, state="confirmed", decided_on=date(2026, 11, 15), decided_by="Anneke Visser")
    assert told(value_judged) == []


@pytest.mark.parametrize("count", [1, 3, 9])
def test_each_takes_one_statement(engagement, told, count, django_assert_num_queries):
    for _ in range(count):
        ObservationFactory(agreement=agreed(engagement), numerator=9, denominator=1, **EARLY)
        brought(engagement, state="confirmed", decided_on=date(2026, 11, 19), decided_by="Anneke Visser")
    with django_assert_num_queries(2):
        assert len(told(outcomes_moved) + told(value_judged)) == 2 * count
