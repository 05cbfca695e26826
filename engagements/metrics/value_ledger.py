"""What of a value case falls into a span of days, what was realised beside it, and both up to a day."""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from itertools import count, pairwise, takewhile

from engagements.metrics.roi import MONTHS, ZERO, Flows

DAY = timedelta(days=1)


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


@dataclass(frozen=True, slots=True)
class Booked:
    """What a line really brought or cost on the days `begin` to `end`, both included; it falls on them evenly."""

    begin: date
    end: date
    amount: Decimal

    def before(self, day: date) -> Decimal:
        """What of it falls before `day`."""
        days = (min(self.end + DAY, day) - self.begin).days
        return self.amount * max(days, 0) / ((self.end - self.begin).days + 1)


@dataclass(frozen=True, slots=True)
class DatedLine:
    """A line as planned, periodic from time 0, and what was booked of it. Positive for benefits and for costs alike."""

    is_benefit: bool
    flows: Flows
    booked: Sequence[Booked]


@dataclass(frozen=True, slots=True)
class Plan:
    """Where the flows of a case lie: time 0, and how many periods make a year."""

    starts_on: date
    periods: int

    def before(self, flows: Flows, day: date) -> Decimal:
        """What of periodic flows falls before `day`; what is at time 0 lies before everything."""
        if day <= self.starts_on:
            return flows[0] if flows else ZERO
        return accrued(flows, self.starts_on, self.periods, self.starts_on, day - DAY)

    def between(self, flows: Flows, begin: date, end: date) -> Decimal:
        """What of periodic flows falls on the days `begin` to `end`, both included."""
        return accrued(flows, self.starts_on, self.periods, begin, end)

    def dated(self, flows: Flows) -> list[tuple[date, Decimal]]:
        """Periodic flows with their days: time 0, then the day after each period."""
        return [(months_after(self.starts_on, at * MONTHS // self.periods), flow) for at, flow in enumerate(flows)]


def benefits_before(lines: Iterable[DatedLine], day: date) -> Decimal:
    """Return what benefits really brought before `day`. What nobody booked did not come."""
    return sum((booked.before(day) for line in lines if line.is_benefit for booked in line.booked), ZERO)


def costs_before(lines: Iterable[DatedLine], plan: Plan, day: date) -> Decimal:
    """Return what was spent before `day`: as booked, and as planned on the days that nobody booked."""
    return sum((_cost_before(line, plan, day) for line in lines if not line.is_benefit), ZERO)


def _cost_before(line: DatedLine, plan: Plan, day: date) -> Decimal:
    gaps = (
        booked.before(day) - plan.between(line.flows, booked.begin, min(booked.end, day - DAY)) for booked in line.booked if booked.begin < day
    )
    return plan.before(line.flows, day) + sum(gaps, ZERO)


def amortised(lines: Iterable[DatedLine], plan: Plan, years: int, begin: date, end: date) -> Decimal:
    """Return what falls on `begin` to `end`, both included, of costs that are spread evenly over the days of the whole case."""
    after = months_after(plan.starts_on, years * MONTHS)
    days = (min(after, end + DAY) - max(plan.starts_on, begin)).days
    return costs_before(lines, plan, after) * max(days, 0) / (after - plan.starts_on).days


def actual_by_month(lines: Sequence[DatedLine], plan: Plan, until: date) -> tuple[Decimal, ...]:
    """Return the running total of benefits minus costs at time 0 and after each whole month up to the day `until`."""
    days = takewhile(lambda day: day <= until + DAY, (months_after(plan.starts_on, month) for month in count()))
    return tuple(benefits_before(lines, day) - costs_before(lines, plan, day) for day in days)


def by_month_from_years(totals: Flows) -> tuple[Decimal, ...]:
    """Return yearly running totals with the months between them, even within each year."""
    steps = (low + (high - low) * month / MONTHS for low, high in pairwise(totals) for month in range(MONTHS))
    return (*steps, *totals[-1:])
