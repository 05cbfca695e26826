"""Days of the demo, counted in weeks from the last week that was logged."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

MON, TUE, WED, THU, FRI, SAT, SUN = range(7)

# A day in a story: week (0 is the last logged one, negative before it) and weekday.
Day = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Clock:
    """Turns story days into dates.

    Week 0 is the week of the last Friday before `today`, because updates are published on Fridays.
    So `today` is between Saturday of week 0 and Friday of week 1.
    """

    today: date

    @property
    def anchor(self) -> date:
        """The Monday of week 0."""
        since_friday = (self.today.weekday() - FRI) % 7 or 7
        return self.today - timedelta(days=since_friday + FRI)

    @property
    def is_weekend(self) -> bool:
        """Whether week 0 is still running, as it is from Saturday on."""
        return self.today < self.anchor + timedelta(weeks=1)

    def date(self, day: Day) -> date:
        week, weekday = day
        return self.anchor + timedelta(weeks=week, days=weekday)

    def week_of(self, day: date) -> int:
        return (day - self.anchor).days // 7


def instant(day: date, hour: int, zone: ZoneInfo, minute: int = 0) -> datetime:
    """The instant at which clocks in `zone` show this time."""
    return datetime.combine(day, time(hour, minute), tzinfo=zone)
