"""What the page of all adoption measures rests on, read once for a subject: bitmaps and sums, never rows of usage."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

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
    names: Mapping[int, str]  # of the deliverables, by id
    features: Mapping[str, Mapping[date, BitMap]]
    declared: frozenset[str]
    outcomes: Mapping[date, quality.Outcomes]
    by_release: Mapping[str, Mapping[date, quality.Outcomes]]
    sources: list[str]
    closed_until: date | None  # up to here every source is closed

    @classmethod
    def of(cls, engagement: Engagement, deliverables: Sequence[Deliverable], as_of: date) -> Material:
        ids = [deliverable.pk for deliverable in deliverables]
        features: dict[str, dict[date, BitMap]] = defaultdict(dict)
        outcomes: dict[date, quality.Outcomes] = defaultdict(quality.Outcomes)
        releases: dict[str, dict[date, quality.Outcomes]] = defaultdict(lambda: defaultdict(quality.Outcomes))
        columns = ("dimension", "name", "day", "actors", "events", "accepted", "edited", "rejected", "failed")
        for dimension, name, day, actors, *cases in ActivityDay.objects.filter(
            deliverable__in=ids, day__lte=as_of
        ).values_list(*columns):
            if dimension == Dimension.FEATURE:
                known = features[name].get(day, BitMap())
                features[name][day] = known | BitMap.deserialize(bytes(actors))
            elif dimension == Dimension.RELEASE:
                releases[name][day] += quality.Outcomes(*cases)
            else:
                outcomes[day] += quality.Outcomes(*cases)
        declared = Feature.objects.filter(deliverable__in=ids, bears_value=True).values_list("name", flat=True)
        sources = UsageSource.objects.current().filter(deliverable__in=ids).order_by("name").values_list("name", "closed_period__until")
        closed = [until for __, until in sources]
        usage = Usage.of(usage_of(ids), as_of)
        names = {deliverable.pk: deliverable.name for deliverable in deliverables}
        return cls(usage, engagement, names, features, frozenset(declared), outcomes, releases, list(dict.fromkeys(name for name, __ in sources)), None if None in closed else min(closed, default=None))

    def over(self, first: date, last: date, days: Mapping[date, quality.Outcomes] | None = None) -> quality.Outcomes:
        """Outcomes from `first` to `last`, both included."""
        found = self.outcomes if days is None else days
        return quality.summed(found[day] for day in days_between(first, last) if day in found)
