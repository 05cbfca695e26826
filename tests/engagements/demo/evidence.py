"""Derives from the database what the prose of a story claims, without any code of the demo."""

from __future__ import annotations

from collections import defaultdict
from datetime import date, timedelta
from decimal import Decimal
from functools import cached_property

from engagements.metrics.rounding import round_half_up
from engagements.models import Engagement, Milestone, TargetPopulation, UsageRow
from engagements.selectors.metric import latest_metrics

WEEK = timedelta(weeks=1)


class Evidence:
    """What is known about one engagement. Days are those on which something was said."""

    def __init__(self, slug: str) -> None:
        self.engagement = Engagement.objects.get(slug=slug)

    @cached_property
    def rows(self) -> list[tuple[date, int, int, int]]:
        rows = UsageRow.objects.filter(deliverable__engagement=self.engagement)
        return list(rows.values_list("day", "actor_id", "events", "seconds_saved"))

    @cached_property
    def people(self) -> dict[date, int]:
        """Distinct people by Monday."""
        weeks: dict[date, set[int]] = defaultdict(set)
        for day, actor, *__ in self.rows:
            weeks[day - timedelta(days=day.weekday())].add(actor)
        return {monday: len(actors) for monday, actors in sorted(weeks.items())}

    def figures(self, day: date) -> dict[str, object]:
        """The figures of use that were complete on `day`."""
        this_monday = day - timedelta(days=day.weekday())
        last = this_monday - WEEK
        known = {monday: count for monday, count in self.people.items() if monday <= last}
        recent = {monday: count for monday, count in known.items() if monday > last - 8 * WEEK}
        past = [row for row in self.rows if row[0] < this_monday]
        return {
            "users": known.get(last),
            "before": known.get(last - WEEK, 0),
            "peak": max(known.values(), default=None),
            "peak_date": spoken(max(known, key=known.__getitem__, default=None)),
            "low": min(recent.values(), default=None),
            "low_date": spoken(min(recent, key=recent.__getitem__, default=None)),
            "gained": known.get(last, 0) - min(recent.values(), default=0),
            "total": sum(events for __, __, events, __ in past),
            "hours": sum(seconds for day, __, __, seconds in past if day >= this_monday - 4 * WEEK) // 3600,
            "licences": sum(target.licences for target in self.targets),
            "months": self.months_to_payback,
        }

    @cached_property
    def targets(self) -> list[TargetPopulation]:
        return list(TargetPopulation.objects.filter(deliverable__engagement=self.engagement))

    @cached_property
    def months_to_payback(self) -> int:
        value = latest_metrics(self.engagement).values["value"]
        return int(round_half_up(Decimal(value["payback_years"]) * 12))

    def expected(self, title: str, day: date) -> date:
        """The date of a milestone as it was known on `day`."""
        milestone = self.engagement.milestones.get(title=title)
        known = milestone.forecast_changes.filter(changed_on__lte=day).order_by("changed_on", "id").last()
        return known.actual_on or known.forecast_on or milestone.baseline_on

    def slip(self, title: str, day: date) -> int:
        return (self.expected(title, day) - self.engagement.milestones.get(title=title).baseline_on).days

    def reached(self, day: date) -> tuple[int, int]:
        """Milestones reached by `day`, and all of them."""
        milestones = Milestone.objects.filter(engagement=self.engagement)
        return milestones.filter(actual_on__lte=day).count(), milestones.count()


def spoken(day: date | None) -> str | None:
    return day and f"{day.day} {day:%B}"
