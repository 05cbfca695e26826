"""Computes the headline figures of an engagement and its deliverables and stores them as snapshots."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from engagements.metrics import roi
from engagements.metrics.periods import local_day
from engagements.metrics.rounding import round_half_up
from engagements.metrics.value_lines import DRAWS, Line, Scenario, flow_of, inputs_of, moves, simulate
from engagements.models import Engagement, MetricSnapshot, ValueCase
from engagements.selectors.metric import SNAPSHOT_VERSION
from engagements.selectors.usage_facts import DeliverableUsage, Usage, as_of_day, engagement_usage
from engagements.selectors.usage_figures import usage_series, usage_values
from engagements.selectors.value_flow import lines_of, metric_lines, periods_of
from engagements.services.snapshots import store_snapshots
from fde_portal.accounts.models import OrganizationSettings

STORED = ("definition_version", "data_until", "values", "series")


def refresh_metrics(engagement: Engagement, *, now: datetime, watermark: int, since: date | None = None) -> None:
    """Store the figures of the as-of day, and once more those of each stored day from `since` on.

    `watermark` is the `want` they are computed for.
    """
    subjects = _Subjects.of(engagement)
    as_of = as_of_day(subjects.members, local_day(now, engagement.zone))
    days = {as_of, *_stored_days(engagement, since)}
    rows = [row for day in sorted(days) for row in subjects.snapshots(day)]
    for row in rows:
        row.watermark, row.computed_at = watermark, now
    store_snapshots(rows, STORED)


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
    value: dict[str, Any] | None
    cumulative: list[dict[str, Any]]

    @classmethod
    def of(cls, engagement: Engagement) -> _Subjects:
        first_weekday = OrganizationSettings.current().first_weekday
        return cls(engagement, engagement_usage(engagement), first_weekday, *value_figures(engagement))

    def snapshots(self, day: date) -> Iterator[MetricSnapshot]:
        """The engagement as a whole, which alone has a value, then each deliverable."""
        whole = self._snapshot(None, Usage.of(self.members, day))
        whole.values["value"], whole.series["cumulative"] = self.value, self.cumulative
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


def value_figures(engagement: Engagement) -> tuple[dict[str, Any] | None, list[dict[str, Any]]]:
    """Return the headline with its ranges and the totals by period of the newest value case; None and [] without one."""
    case = ValueCase.objects.current().filter(engagement=engagement).first()
    if case is None:
        return None, []
    lines, periods = metric_lines(case, lines_of(case)), periods_of(case)
    flow = flow_of(lines, case.discount_rate, periods)
    ends = [flow_of(lines, case.discount_rate, periods, inputs_of(lines, end)) for end in (Scenario.LOW, Scenario.HIGH)]
    facts = {"case_id": case.pk, "title": case.title, "currency": case.currency, "periods": periods, "starts_on": case.starts_on.isoformat()}
    return facts | _headline(flow) | {"ranges": _ranges(case, lines, *ends)}, _totals(flow, *ends)


def _ranges(case: ValueCase, lines: list[Line], low: roi.CashFlow, high: roi.CashFlow) -> dict[str, Any]:
    """Both ends, a simulation that is the same each time, and what each input does alone."""
    spread = simulate(lines, case.discount_rate, periods_of(case), seed=case.pk)
    found = moves(lines, case.discount_rate, periods_of(case))
    return {
        "low_npv": _text(low.npv, 2),
        "high_npv": _text(high.npv, 2),
        "low_payback": _text(low.payback_years, 4),
        "high_payback": _text(high.payback_years, 4),
        "p10": _text(spread.p10, 2),
        "p50": _text(spread.p50, 2),
        "p90": _text(spread.p90, 2),
        "above_zero": _text(spread.above_zero, 4),
        "draws": DRAWS,
        "moves": [{"key": move.key, "low": _text(move.low, 2), "high": _text(move.high, 2)} for move in found],
    }


def _headline(flow: roi.CashFlow) -> dict[str, str | None]:
    money = ("pv_benefits", "pv_costs", "npv", "total_benefits", "total_costs")
    ratios = ("roi_pct", "payback_years")
    return {key: _text(getattr(flow, key), 2) for key in money} | {key: _text(getattr(flow, key), 4) for key in ratios}


def _totals(flow: roi.CashFlow, low: roi.CashFlow, high: roi.CashFlow) -> list[dict[str, Any]]:
    """Net amounts and running totals by period, with the running totals at both ends."""
    totals = zip(flow.net, flow.cumulative, low.cumulative, high.cumulative, strict=True)
    return [
        {"period": at, "net": _text(net, 2), "cumulative": _text(total, 2), "low": _text(cautious, 2), "high": _text(hopeful, 2)}
        for at, (net, total, cautious, hopeful) in enumerate(totals)
    ]


def _text(number: Decimal | None, places: int) -> str | None:
    return None if number is None else str(round_half_up(number, places))
