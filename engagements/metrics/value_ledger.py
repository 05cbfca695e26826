"""What of a value case falls into a span of days, to stand beside what was realised."""

from __future__ import annotations

from calendar import monthrange
from datetime import date, timedelta
from decimal import Decimal

from engagements.metrics.roi import MONTHS, ZERO, Flows


def accrued(flows: Flows, starts_on: date, periods: int, begin: date, end: date) -> Decimal:
    """Return what of periodic flows falls on the days `begin` to `end`, both included.

    What is at time 0 falls on the first day; the flow of a period falls evenly on its days. `periods` of
    them make a year.
    """
    found = flows[0] if flows and begin <= starts_on <= end else ZERO
    for at, flow in enumerate(flows[1:], 1):
        first = months_after(starts_on, (at - 1) * MONTHS // periods)
        after = months_after(starts_on, at * MONTHS // periods)
        days = (min(after, end + timedelta(days=1)) - max(first, begin)).days
        found += flow * max(days, 0) / (after - first).days
    return found


def months_after(day: date, months: int) -> date:
    """Return the same day so many months later, or the last one of a shorter month."""
    years, month = divmod(day.month - 1 + months, MONTHS)
    year, month = day.year + years, month + 1
    return date(year, month, min(day.day, monthrange(year, month)[1]))
