"""Computes the headline figures of an engagement and its deliverables and stores them as snapshots."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from engagements.metrics.periods import local_day
from engagements.models import Engagement, MetricSnapshot, ValueCase
from engagements.selectors.metric import SNAPSHOT_VERSION
from engagements.selectors.usage_facts import DeliverableUsage, Usage, as_of_day, engagement_usage
from engagements.selectors.usage_figures import usage_series, usage_values
from engagements.selectors.value_ledger import Ledger, ledger_of
from engagements.selectors.value_reached import reached_by, reached_values
from engagements.services.snapshots import missed_days, store_snapshots
from engagements.services.value_figures import value_figures
from fde_portal.accounts.models import OrganizationSettings

STORED = ("definition_version", "data_until", "values", "series")


def refresh_metrics(
    engagement: Engagement,
    *,
    now: datetime,
    watermark: int,
    since: date | None = None,
    usage: list[DeliverableUsage] | None = None,
    keep: Callable[[], object] = lambda: None,
) -> None:
    """Store the figures of the as-of day and of each day missed before it, and once more of each stored day from `since` on.

    `watermark` is the `want` they are computed for, `usage` what was read already; `keep` is called after each day.
    """
    subjects = _Subjects.of(engagement, engagement_usage(engagement) if usage is None else usage)
    as_of = as_of_day(subjects.members, local_day(now, engagement.zone))
    rows = []
    for day in sorted({*_new_days(engagement, as_of), *_stored_days(engagement, since)}):
        rows += subjects.snapshots(day)
        keep()
    for row in rows:
        row.watermark, row.computed_at = watermark, now
    store_snapshots(rows, STORED)


def _new_days(engagement: Engagement, as_of: date) -> set[date]:
    """The as-of day, and those since the newest stored one on which no worker ran."""
    whole = MetricSnapshot.objects.filter(engagement=engagement, deliverable=None)
    return {as_of, *missed_days(whole, as_of)[1:]}


def _stored_days(engagement: Engagement, since: date | None) -> set[date]:
    """Late data changes closed days, and a new definition changes them all."""
    stored = MetricSnapshot.objects.filter(engagement=engagement)
    outdated = set(stored.exclude(definition_version=SNAPSHOT_VERSION).values_list("day", flat=True))
    return outdated if since is None else outdated | set(stored.filter(day__gte=since).values_list("day", flat=True))


@dataclass(frozen=True)
class _Subjects:
    """An engagement and its measured deliverables, read once for any number of days."""

    engagement: Engagement
    members: list[DeliverableUsage]
    first_weekday: int
    ledger: Ledger | None
    value: dict[str, Any] | None
    cumulative: list[dict[str, Any]]

    @classmethod
    def of(cls, engagement: Engagement, usage: list[DeliverableUsage]) -> _Subjects:
        first_weekday = OrganizationSettings.current().first_weekday
        case = ValueCase.objects.current().filter(engagement=engagement).first()
        ledger, value, cumulative = (ledger_of(case), *value_figures(case)) if case else (None, None, [])
        return cls(engagement, usage, first_weekday, ledger, value, cumulative)

    def snapshots(self, day: date) -> Iterator[MetricSnapshot]:
        """The engagement as a whole, which alone has a value and a beginning, then each deliverable."""
        usage = Usage.of(self.members, day)
        whole = self._snapshot(None, usage)
        currency = self.ledger.case.currency if self.ledger else ""
        whole.values |= {"value": self.value, "reached": reached_values(reached_by(self.engagement, usage, self.ledger), currency)}
        whole.series["cumulative"] = self.cumulative
        yield whole
        for member in self.members:
            yield self._snapshot(member.deliverable_id, Usage.of([member], day))

    def _snapshot(self, deliverable_id: int | None, usage: Usage) -> MetricSnapshot:
        return MetricSnapshot(
            engagement=self.engagement,
            deliverable_id=deliverable_id,
            day=usage.as_of,
            definition_version=SNAPSHOT_VERSION,
            data_until=usage.data_until,
            values=usage_values(usage, self.first_weekday) | {"value": None},
            series=usage_series(usage, self.first_weekday) | {"cumulative": []},
        )
