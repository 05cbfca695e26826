"""What the page of all adoption measures rests on, read once for a subject: bitmaps and sums, never rows of usage."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from pyroaring import BitMap

from engagements.metrics import quality
from engagements.metrics.periods import days_between
from engagements.models import ActivityDay, Deliverable, Engagement, Feature, UsageSource
from engagements.selectors.usage_facts import Usage, usage_of

Dimension = ActivityDay.Dimension


@dataclass(frozen=True)
class Material:
    """What is read once for a subject, one deliverable or several: four statements and three."""

    usage: Usage
    engagement: Engagement
    deliverables: Sequence[Deliverable]
    features: Mapping[str, Mapping[date, BitMap]]
    declared: frozenset[str]
    outcomes: Mapping[date, quality.Outcomes]
    by_release: Mapping[str, Mapping[date, quality.Outcomes]]
    sources: list[str]
    closed_until: date | None  # up to here every source is closed

    @classmethod
    def of(cls, engagement: Engagement, deliverables: Sequence[Deliverable], as_of: date) -> Material:
        ids = [deliverable.pk for deliverable in deliverables]
        declared = Feature.objects.filter(deliverable__in=ids, bears_value=True).values_list("name", flat=True)
        sources, closed_until = _sources(ids)
        return cls(
            usage=Usage.of(usage_of(ids), as_of), engagement=engagement, deliverables=deliverables,
            declared=frozenset(declared), sources=sources, closed_until=closed_until, **_activity(ids, as_of),
        )  # fmt: skip

    def over(self, first: date, last: date, days: Mapping[date, quality.Outcomes] | None = None) -> quality.Outcomes:
        """Outcomes from `first` to `last`, both included."""
        found = self.outcomes if days is None else days
        return quality.summed(found[day] for day in days_between(first, last) if day in found)


def _activity(deliverable_ids: Sequence[int], as_of: date) -> dict[str, Any]:
    """People by feature, outcomes and outcomes by release, each by local day up to `as_of`."""
    features: dict[str, dict[date, BitMap]] = defaultdict(dict)
    outcomes: dict[date, quality.Outcomes] = defaultdict(quality.Outcomes)
    releases: dict[str, dict[date, quality.Outcomes]] = defaultdict(lambda: defaultdict(quality.Outcomes))
    rows = ActivityDay.objects.filter(deliverable__in=deliverable_ids, day__lte=as_of)
    columns = ("dimension", "name", "day", "actors", "events", "accepted", "edited", "rejected", "failed")
    for dimension, name, day, actors, *cases in rows.values_list(*columns):
        if dimension == Dimension.FEATURE:
            known = features[name].get(day, BitMap())
            features[name][day] = known | BitMap.deserialize(bytes(actors))
        elif dimension == Dimension.RELEASE:
            releases[name][day] += quality.Outcomes(*cases)
        else:
            outcomes[day] += quality.Outcomes(*cases)
    return {"features": features, "outcomes": outcomes, "by_release": releases}


def _sources(deliverable_ids: Sequence[int]) -> tuple[list[str], date | None]:
    """The names of the sources in use, and the last day up to which all of them are closed; None while one is open."""
    rows = UsageSource.objects.current().filter(deliverable__in=deliverable_ids).order_by("name")
    found = list(rows.values_list("name", "closed_period__until"))
    names = list(dict.fromkeys(name for name, __ in found))
    closed = [until for __, until in found]
    return names, None if None in closed else min(closed, default=None)
