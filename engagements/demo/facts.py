"""The figures that demo texts mention, computed from the use and the plans of the same engagement.

Use of a week is complete when the update of the following week is written, so `users` in the update of
week w are the people active in week w - 1.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date

from engagements.demo.clock import FRI, WED, Clock, Day
from engagements.demo.plans import MilestonePlan
from engagements.intake.rows import UsageLine

# `low` is the quietest of the last weeks; `hours` are saved in the last four.
LOW_WEEKS, HOURS_WEEKS = 8, 4
Facts = dict[str, object]


@dataclass(slots=True)
class WeekOfUse:
    people: set[str] = field(default_factory=set)
    events: int = 0
    seconds: int = 0


def weeks_of_use(use: Iterable[UsageLine], clock: Clock) -> dict[int, WeekOfUse]:
    """The use of one engagement by week; a week without use has no entry."""
    weeks: dict[int, WeekOfUse] = defaultdict(WeekOfUse)
    for line in use:
        week = weeks[clock.week_of(line.day)]
        week.people.add(line.actor)
        week.events += line.events
        week.seconds += line.seconds_saved
    return dict(weeks)


@dataclass(frozen=True)
class FactBook:
    """Everything an engagement's texts may mention."""

    clock: Clock
    language: str
    milestones: Sequence[MilestonePlan]
    weeks: dict[int, WeekOfUse]
    fixed: Facts

    def at(self, week: int) -> Facts:
        """The facts known on Friday of `week`; what is not known is absent."""
        return self.fixed | self._of_use(week - 1) | self._of_milestones((week, FRI))

    def _of_use(self, last: int) -> Facts:
        known = {week: use for week, use in self.weeks.items() if week <= last}
        if last not in known:
            return {}
        people = {week: len(use.people) for week, use in known.items()}
        peak = max(people, key=lambda week: people[week])
        low = min((week for week in people if week > last - LOW_WEEKS), key=lambda week: people[week])
        return {
            "users": people[last],
            "before": people.get(last - 1, 0),
            "peak": people[peak],
            "peak_date": self.day_text(self.clock.date((peak, 0))),
            "low": people[low],
            "low_date": self.day_text(self.clock.date((low, 0))),
            "gained": people[last] - people[low],
            "people": len(set().union(*(use.people for use in known.values()))),
            "total": sum(use.events for use in known.values()),
            "hours": sum(use.seconds for week, use in known.items() if week > last - HOURS_WEEKS) // 3600,
        }

    def _of_milestones(self, day: Day) -> Facts:
        facts: Facts = {"planned": len(self.milestones), "reached": sum(is_reached(row, day) for row in self.milestones)}
        for row in self.milestones:
            expected = self.clock.date(expected_on(row, day))
            facts[row.key] = self.day_text(expected)
            facts[f"{row.key}_slip"] = (expected - self.clock.date(row.baseline)).days
        return facts

    def day_text(self, day: date) -> str:
        """A day without its year, as people write it."""
        return f"{day.month}月{day.day}日" if self.language == "zh-hans" else f"{day.day} {day:%B}"


def is_reached(row: MilestonePlan, day: Day) -> bool:
    return row.actual is not None and row.actual <= day


def expected_on(row: MilestonePlan, day: Day) -> Day:
    """The date that counted on `day`: reached, else the last forecast, else promised."""
    if row.actual is not None and row.actual <= day:
        return row.actual
    known = [forecast for week, forecast in row.moves if (week, WED) <= day]
    return known[-1] if known else row.baseline
