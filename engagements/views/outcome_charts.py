"""An agreed outcome as a chart: what was observed, against the straight line from baseline to target."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from decimal import Decimal
from functools import partial

from django.utils.translation import gettext as _

from engagements.metrics.outcomes import OutcomeLine
from engagements.models import Observation, OutcomeAgreement
from engagements.selectors.outcome import OutcomeRow
from fde_portal.core import formats
from fde_portal.core.charts import LineChart, Series

MOST_STEPS = 60


def outcome_chart(row: OutcomeRow, *, id: str) -> LineChart | None:
    """None while baseline or target are not agreed. Steps are one cadence long, the last one is the due day."""
    agreement, line = row.agreement, row.agreement.line
    if line is None:
        return None
    days = steps(line, agreement.cadence_days, row.newest.period_to if row.newest else line.due)
    seen = tuple(observed_at(agreement, days))
    return LineChart(
        id=id,
        title=agreement.metric or agreement.outcome,
        finding=row.progress,
        caption=row.progress,
        label_heading=_("Until"),
        labels=tuple(formats.day(day) for day in days),
        series=(
            Series(_("Observed"), seen, "actual", end_label=_last(seen, agreement.unit)),
            Series(_("Agreed line"), tuple(line.expected(day) for day in days), "target", end_label=formats.in_unit(line.target, agreement.unit)),
        ),
        write=partial(formats.in_unit, unit="%" if agreement.as_percent else ""),
        whole=False,
    )


def steps(line: OutcomeLine, cadence_days: int, newest: date) -> list[date]:
    """Days from the baseline on, one cadence apart, at most sixty of them, and the due day or what was seen after it."""
    end = max(line.due, newest)
    count = (end - line.since).days
    width = max(cadence_days, -(-count // MOST_STEPS))
    return [line.since + timedelta(days=back) for back in range(0, count, width)] + [end]


def observed_at(agreement: OutcomeAgreement, days: Sequence[date]) -> list[Decimal | None]:
    """The baseline, then the newest value of each step; None where nothing counts."""
    counted = [row for row in agreement.seen if row.state != Observation.State.DISPUTED]
    values = [next((row.value for row in counted if begin < row.period_to <= end), None) for begin, end in zip(days, days[1:], strict=False)]
    return [agreement.baseline, *values]


def _last(values: Sequence[Decimal | None], unit: str) -> str:
    measured = [value for value in values if value is not None]
    return formats.in_unit(measured[-1], unit) if len(measured) > 1 else ""
