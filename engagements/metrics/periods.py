"""Local days and the calendar periods they fall into.

Days are local calendar days. Ranges that people give are two days, both included;
a `Period` is half-open: `start` belongs to it, `end` does not.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

ONE_DAY = timedelta(days=1)
MONDAY = 0
# So long late data are usual. The label forbids nothing: they are taken and counted afterwards too.
FINAL_AFTER = 3 * ONE_DAY


class Interval(StrEnum):
    """Length of a period."""

    DAY = "day"
    WEEK = "week"
    MONTH = "month"


def local_day(instant: datetime, zone: ZoneInfo) -> date:
    """Return the calendar day of `instant` in `zone`, whatever the clocks did that day.

    Raises ValueError for an instant without a time zone: its day would be a guess.
    """
    if instant.tzinfo is None:
        raise ValueError("an instant needs a time zone to have a local day")
    return instant.astimezone(zone).date()


def week_start(day: date, first_weekday: int = MONDAY) -> date:
    """Return the first day of the week of `day`; weekdays count from Monday = 0."""
    return day - timedelta(days=(day.weekday() - first_weekday) % 7)


def month_start(day: date) -> date:
    """Return the first day of the calendar month of `day`."""
    return day.replace(day=1)


def period_start(day: date, interval: Interval | str, first_weekday: int = MONDAY) -> date:
    """Return the first day of the period of `day`; ValueError for an unknown interval."""
    match Interval(interval):
        case Interval.DAY:
            return day
        case Interval.WEEK:
            return week_start(day, first_weekday)
        case Interval.MONTH:
            return month_start(day)


@dataclass(frozen=True, slots=True, order=True)
class Period:
    """One calendar period. `start` must be its first day: use `period_of` to find it."""

    start: date
    interval: Interval = Interval.DAY

    @property
    def end(self) -> date:
        """The first day after the period."""
        match self.interval:
            case Interval.DAY:
                return self.start + ONE_DAY
            case Interval.WEEK:
                return self.start + 7 * ONE_DAY
            case Interval.MONTH:
                return month_start(self.start + 31 * ONE_DAY)

    @property
    def last_day(self) -> date:
        """The last day that belongs to the period."""
        return self.end - ONE_DAY

    @property
    def previous(self) -> "Period":
        """The period just before; weeks keep their first weekday."""
        return period_of(self.start - ONE_DAY, self.interval, self.start.weekday())

    @property
    def next(self) -> "Period":
        """The period just after."""
        return Period(self.end, self.interval)

    def days(self) -> Iterator[date]:
        """Yield each day of the period in order."""
        return days_between(self.start, self.last_day)


def days_between(first: date, last: date) -> Iterator[date]:
    """Yield each day from `first` to `last`, both included; nothing when `last` is earlier."""
    return (first + n * ONE_DAY for n in range((last - first).days + 1))


def period_of(day: date, interval: Interval | str, first_weekday: int = MONDAY) -> Period:
    """Return the period that holds `day`."""
    return Period(period_start(day, interval, first_weekday), Interval(interval))


def iter_periods(first: date, last: date, interval: Interval | str, first_weekday: int = MONDAY) -> Iterator[Period]:
    """Yield the periods from `first` to `last` (both included), widened to whole periods."""
    period = period_of(first, interval, first_weekday)
    while period.start <= last:
        yield period
        period = period.next


def periods_apart(earlier: date, later: date, interval: Interval | str, first_weekday: int = MONDAY) -> int:
    """Return how many periods after that of `earlier` the day `later` falls: 0 for the same."""
    return sum(1 for _ in iter_periods(earlier, later, interval, first_weekday)) - 1


def is_over(period: Period, as_of: date) -> bool:
    """Say whether the data, complete up to and including `as_of`, covers the period's end."""
    return period.last_day <= as_of


def is_partial(period: Period, data_first_day: date, as_of: date) -> bool:
    """Say whether the period is not over yet or starts before the first day of data.

    A partial period is never compared with a whole one and never used in a slope.
    """
    return period.start < data_first_day or not is_over(period, as_of)


def is_final(last_day: date, today: date) -> bool:
    """Say whether figures up to `last_day` carry the label final on `today`, which is so once three whole days lie between."""
    return today - last_day > FINAL_AFTER
