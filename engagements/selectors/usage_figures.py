"""The figures of a subject as plain data: the same for stored snapshots and for other ranges."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from engagements.metrics.adoption import MONTH_WINDOW, active_on, stickiness, window
from engagements.metrics.firsts import Activation
from engagements.metrics.periods import Interval, Period, is_over, iter_periods, period_of
from engagements.metrics.retention import Triangle, retention, so_far
from engagements.metrics.rounding import round_half_up
from engagements.metrics.series import WEEK_WINDOW, Week, week_table
from engagements.metrics.targets import Adoption, adoption, target_on
from engagements.selectors.usage_facts import Usage

WEEKS_BACK = 26
COHORT_WEEKS = 12
PLACES = 6


def usage_values(usage: Usage, first_weekday: int) -> dict[str, Any]:
    """Return the headline of `usage`. Counts are None as long as no day was measured: that is not 0."""
    day, measured = usage.as_of, usage.first_day is not None
    ratio = stickiness(usage.days, day)
    return {
        "as_of": day.isoformat(),
        "dau": _active(usage, 1) if measured else None,
        "wau": _active(usage, WEEK_WINDOW) if measured else None,
        "mau28": _active(usage, MONTH_WINDOW) if measured else None,
        "stickiness": written(ratio),
        "adoption": adoption_values(adoption(usage.parts, list(window(day, WEEK_WINDOW)))),
        "activation": activation_values(usage.activation),
        "weekly_target": target_on(usage.parts, period_of(day, Interval.WEEK, first_weekday).last_day),
        "seconds_saved_28": usage.seconds_saved(day - timedelta(days=MONTH_WINDOW - 1), day),
        "last_usage_day": iso(max((day for day, actors in usage.days.items() if actors), default=None)),
        "feed_stopped": usage.feed_stopped,
        "covered_until": usage.covered_until.isoformat(),
    }


def _active(usage: Usage, window_days: int) -> int:
    return len(active_on(usage.days, usage.as_of, window_days))


def adoption_values(found: Adoption) -> dict[str, Any]:
    """Return an adoption rate as JSON holds it; the rate is a decimal from 0 on, as text."""
    return {
        "numerator": found.rate.numerator,
        "denominator": found.rate.denominator,
        "rate": written(found.rate.rate),
        "beyond_target": found.rate.beyond_target,
        "more_users_than_licences": found.rate.more_users_than_licences,
        "basis": found.basis,
    }


def activation_values(found: Activation | None) -> dict[str, int] | None:
    """Return an activation as JSON holds it, None where there is none to tell."""
    return found and {"reached": found.reached, "old_enough": found.old_enough, "too_young": found.too_young}


def usage_series(usage: Usage, first_weekday: int) -> dict[str, Any]:
    """Return the last 26 weeks and the running one, and the retention of the last 12 whole weeks."""
    weeks = weeks_before(usage, first_weekday)
    return {
        "weeks": week_values(usage, weeks),
        "retention": retention_values(usage, weeks),
    }


def week_values(usage: Usage, weeks: list[Period]) -> list[dict[str, Any]]:
    """Return these consecutive weeks as a snapshot stores them."""
    table = week_table(usage.days, weeks, as_of=usage.as_of, measured_until=usage.as_of)
    return [_week_values(week, usage) for week in table]


def weeks_before(usage: Usage, first_weekday: int) -> list[Period]:
    """Return the week of the as-of day and up to 26 before it, none earlier than the first measured day."""
    if usage.first_day is None:
        return []
    first = max(usage.first_day, usage.as_of - timedelta(weeks=WEEKS_BACK))
    return list(iter_periods(first, usage.as_of, Interval.WEEK, first_weekday))


def _week_values(week: Week, usage: Usage) -> dict[str, Any]:
    return {
        "start": week.period.start.isoformat(),
        "partial": week.partial,
        "wau": week.wau,
        "mau28": week.mau28,
        "stickiness28": written(week.stickiness28),
        "target": target_on(usage.parts, week.period.last_day),
        "new": week.growth.new,
        "returning": week.growth.returning,
        "resurrecting": week.growth.resurrecting,
        "dormant": week.growth.dormant,
        "quick_ratio": written(week.growth.quick_ratio),
    }


def retention_values(usage: Usage, weeks: list[Period]) -> dict[str, Any]:
    """Return one row per first-time cohort of a whole week, and apart from their cells what the running week knows so far."""
    over = [week for week in weeks if is_over(week, usage.as_of)][-COHORT_WEEKS:]
    triangle = retention(usage.days, over, as_of=usage.as_of)
    known = so_far(usage.days, over, weeks[-1]) if weeks and not is_over(weeks[-1], usage.as_of) else None
    back = known.back if known else [None] * len(over)
    return {
        "rows": [row | {"so_far": number} for row, number in zip(retention_rows(triangle), back, strict=True)],
        "running": known and {"start": known.period.start.isoformat(), "size": known.size},
    }


def retention_rows(triangle: Triangle) -> list[dict[str, Any]]:
    """Return one row per cohort; `cells` has None where a week is not over."""
    return [
        {"start": cohort.period.start.isoformat(), "size": cohort.size, "cells": list(cohort.cells)}
        for cohort in triangle.cohorts
    ]


def written(number: Decimal | None, places: int = PLACES) -> str | None:
    """Return a decimal as text with so many places, None when undefined."""
    return None if number is None else str(round_half_up(number, places))


def iso(day: date | None) -> str | None:
    return None if day is None else day.isoformat()


def day_of(text: str | None) -> date | None:
    """Return the day that `iso` wrote."""
    return None if text is None else date.fromisoformat(text)
