"""From rows of usage to the activity of a day: rebuilt whole from the truth, never incremented."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date

from django.db import transaction
from pyroaring import BitMap

from engagements.models import ActivityDay, DirtyDay, Feature
from engagements.selectors.usage import SUMS, Counted, counted

Dimension = ActivityDay.Dimension
Subject = tuple[date, Dimension, str]


@dataclass(slots=True)
class Totals:
    """What one ActivityDay row holds."""

    actors: BitMap = field(default_factory=BitMap)
    sums: list[int] = field(default_factory=lambda: [0] * len(SUMS))

    def add(self, group: Counted) -> None:
        self.actors |= group.actors
        self.sums = [total + amount for total, amount in zip(self.sums, group.sums, strict=True)]


def mark_days(deliverable_id: int, days: Iterable[date]) -> None:
    """Have these local days rebuilt. Call it inside the transaction of the change that touched them.

    A mark that exists is written again, on purpose: on PostgreSQL that locks it, so that a rebuild
    runs wholly before or wholly after this change. In order of the days, so that no two wait for each other.
    """
    marks = [DirtyDay(deliverable_id=deliverable_id, day=day) for day in sorted(set(days))]
    DirtyDay.objects.bulk_create(
        marks, update_conflicts=True, unique_fields=["deliverable", "day"], update_fields=["day"]
    )


@transaction.atomic
def rebuild_days(deliverable_id: int, days: Iterable[date]) -> None:
    """Write the ActivityDay rows of these local days anew and take away their marks.

    A day of which nothing was delivered has no row: not measured is not zero.
    """
    days = set(days)
    mark_days(deliverable_id, days)  # takes the lock that a batch takes
    valueless = Feature.objects.filter(deliverable=deliverable_id, bears_value=False)
    totals = totals_of(counted(deliverable_id, days), set(valueless.values_list("name", flat=True)))
    ActivityDay.objects.filter(deliverable=deliverable_id, day__in=days).delete()
    ActivityDay.objects.bulk_create([_activity(deliverable_id, subject, found) for subject, found in totals.items()])
    DirtyDay.objects.filter(deliverable=deliverable_id, day__in=days).delete()


def totals_of(groups: Iterable[Counted], valueless: set[str]) -> dict[Subject, Totals]:
    """Return the totals of each day, and of each feature and release that was named on it.

    A feature that bears no value counts in its own row only: using it does not make a person active.
    A feature nobody declared bears value.
    """
    totals: dict[Subject, Totals] = {}
    for group in groups:
        for subject in _subjects(group, counts=group.feature not in valueless):
            total = totals.setdefault(subject, Totals())
            if subject[1] == Dimension.FEATURE or group.feature not in valueless:
                total.add(group)
    return totals


def _subjects(group: Counted, counts: bool) -> Iterator[Subject]:
    yield group.day, Dimension.ALL, ""
    if group.feature:
        yield group.day, Dimension.FEATURE, group.feature
    if group.release and counts:
        yield group.day, Dimension.RELEASE, group.release


def _activity(deliverable_id: int, subject: Subject, totals: Totals) -> ActivityDay:
    day, dimension, name = subject
    return ActivityDay(
        deliverable_id=deliverable_id,
        day=day,
        dimension=dimension,
        name=name,
        actors=totals.actors.serialize(),
        **dict(zip(SUMS, totals.sums, strict=True)),
    )
