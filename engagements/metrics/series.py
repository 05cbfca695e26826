"""The weekly table of a subject: activity, habit and growth, one row per calendar week."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from pyroaring import BitMap

from engagements.metrics.adoption import MONTH_WINDOW, Days, active_on, average_daily_active, stickiness
from engagements.metrics.lifecycle import PeriodLifecycle, lifecycle
from engagements.metrics.periods import Period, is_partial

WEEK_WINDOW = 7


@dataclass(frozen=True, slots=True)
class Week:
    """One week. `wau` counts the calendar week, the rest the 7 or 28 days that end on `measured_on`."""

    growth: PeriodLifecycle
    measured_on: date
    partial: bool
    wau7: int
    mau28: int
    average_daily28: Decimal
    stickiness28: Decimal | None

    @property
    def period(self) -> Period:
        """The calendar week."""
        return self.growth.period

    @property
    def wau(self) -> int:
        """Distinct actors of the calendar week."""
        return self.growth.active


def week_table(days: Days, periods: Sequence[Period], *, as_of: date, measured_until: date) -> list[Week]:
    """Return one row for each of the consecutive weeks `periods`.

    Data is complete up to `as_of`. The windows of the last week end on `measured_until` where that
    is before the week's last day. All history in `days` counts for who is new.
    """
    first_day = min(days, default=as_of)
    return [
        _week(days, row, min(row.period.last_day, measured_until), is_partial(row.period, first_day, as_of))
        for row in lifecycle(days, periods)
    ]


def _week(days: Days, row: PeriodLifecycle, end: date, partial: bool) -> Week:
    return Week(
        growth=row,
        measured_on=end,
        partial=partial,
        wau7=len(active_on(days, end, WEEK_WINDOW)),
        mau28=len(active_on(days, end, MONTH_WINDOW)),
        average_daily28=average_daily_active(days, end),
        stickiness28=stickiness(days, end),
    )


def united(parts: Sequence[Mapping[date, BitMap]]) -> dict[date, BitMap]:
    """Return who was active on each day in any of the parts."""
    result: dict[date, BitMap] = {}
    for days in parts:
        for day, actors in days.items():
            result[day] = result[day] | actors if day in result else actors
    return result


def until(days: Days, last: date) -> dict[date, BitMap]:
    """Return the days up to `last`, that day included."""
    return {day: actors for day, actors in days.items() if day <= last}
