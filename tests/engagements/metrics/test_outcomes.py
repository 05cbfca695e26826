"""Progress along an agreed line, and how health reads it."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engagements.metrics.health_components import score_outcomes
from engagements.metrics.health_facts import OutcomeFact, OutcomesFacts
from engagements.metrics.outcomes import (
    OutcomeLine,
    breaks,
    freshness,
    line_of,
    next_observation_due,
    observed_value,
    outcome_score,
)

SINCE, DUE = date(2026, 1, 1), date(2026, 4, 11)  # a hundred days
HALF = date(2026, 2, 20)
DOWN = OutcomeLine(Decimal(14), SINCE, Decimal(6), DUE)
UP = OutcomeLine(Decimal(20), SINCE, Decimal(60), DUE)

numbers = st.decimals(-1000, 1000, places=2)


@pytest.mark.parametrize(
    ("line", "value", "progress"),
    [(DOWN, 14, 0), (DOWN, 10, Decimal("0.5")), (DOWN, 6, 1), (DOWN, 16, Decimal("-0.25")), (UP, 70, Decimal("1.25"))],
)
def test_progress_is_the_share_of_the_way(line, value, progress):
    assert line.progress(Decimal(value)) == progress


@pytest.mark.parametrize(("day", "due"), [(SINCE - timedelta(1), 0), (SINCE, 0), (HALF, Decimal("0.5")), (DUE, 1), (DUE + timedelta(9), 1)])
def test_what_is_due_grows_straight_and_stays_within(day, due):
    assert DOWN.progress_due(day) == due
    assert DOWN.expected(day) == 14 - 8 * due


@pytest.mark.parametrize(
    ("value", "day", "score"),
    [(10, HALF, 100), (12, HALF, 50), (6, HALF, 100), (16, HALF, 0), (14, SINCE, 100), (15, SINCE, 0), (8, DUE, 75)],
    ids=["on the line", "half of it", "ahead", "worse", "nothing due yet", "worse from the start", "short at the end"],
)
def test_the_score_is_progress_made_over_progress_due(value, day, score):
    assert outcome_score(DOWN, Decimal(value), day) == score


def test_a_line_that_leads_nowhere_is_refused():
    assert line_of(Decimal(5), SINCE, Decimal(5), DUE) is None
    assert line_of(None, SINCE, Decimal(5), DUE) is None
    with pytest.raises(ValueError, match="a change and a span"):
        OutcomeLine(Decimal(5), DUE, Decimal(6), SINCE)


@given(numbers, numbers, numbers, numbers)
def test_a_better_value_never_scores_less(baseline, target, one, other):
    line = line_of(baseline, SINCE, target, DUE)
    if line is not None:
        worse, better = sorted((one, other), key=line.progress)
        assert outcome_score(line, better, HALF) >= outcome_score(line, worse, HALF)


@pytest.mark.parametrize(
    ("numerator", "denominator", "percent", "value"),
    [(30, 120, True, 25), (30, 120, False, Decimal("0.25")), (30, None, False, 30), (30, 0, True, None)],
)
def test_a_share_has_its_denominator(numerator, denominator, percent, value):
    under = None if denominator is None else Decimal(denominator)
    assert observed_value(Decimal(numerator), under, as_percent=percent) == value


def test_an_observation_counts_for_its_cadence_and_fades_over_one_more():
    ages = [(0, 1), (7, 1), (10, Decimal(4) / 7), (14, 0), (40, 0)]
    assert [(age, freshness(SINCE, SINCE + timedelta(age), 7)) for age, _ in ages] == ages
    assert (freshness(None, DUE, 7), freshness(SINCE, DUE, None)) == (0, 1)


def test_the_next_one_is_owed_a_cadence_later():
    assert next_observation_due(None, SINCE, 7) == date(2026, 1, 8)
    assert next_observation_due(HALF, SINCE, 31) == HALF + timedelta(31)


def test_a_guardrail_breaks_beyond_its_limit_only():
    assert [breaks(Decimal(value), Decimal(11), at_most=True) for value in (10, 11, 12)] == [False, False, True]
    assert breaks(Decimal(10), Decimal(11), at_most=False)


def fact(value: int | None, age: int = 0, cadence: int | None = 7) -> OutcomeFact:
    return OutcomeFact(DOWN, None if value is None else Decimal(value), HALF - timedelta(age), cadence)


def test_health_takes_the_mean_of_what_is_observed():
    found = score_outcomes(OutcomesFacts((fact(10), fact(12))), HALF)

    assert (found.score, found.known, found.age_days) == (75, 1, 0)
    assert (found.reason.code, found.reason.params) == ("outcomes.progress", {"count": 2, "observed": 2, "behind": 1})


def test_what_is_not_observed_is_missing_and_not_zero():
    found = score_outcomes(OutcomesFacts((fact(10), fact(None), fact(6, age=14))), HALF)

    assert (found.score, found.known) == (100, Decimal(1) / 3)


def test_an_overdue_observation_counts_for_less():
    found = score_outcomes(OutcomesFacts((fact(10), fact(16, age=10))), HALF)

    assert found.score == 100 / (1 + Decimal(4) / 7)
    assert found.known == (1 + Decimal(4) / 7) / 2


@pytest.mark.parametrize(("facts", "code"), [((), "outcomes.none"), ((fact(None),), "outcomes.not_observed")])
def test_without_an_observation_nothing_is_known(facts, code):
    found = score_outcomes(OutcomesFacts(facts), HALF)

    assert (found.score, found.reason.code) == (None, code)
