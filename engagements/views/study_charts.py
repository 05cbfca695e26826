"""Charts of the page of all adoption measures. Each has its table, which is also the CSV."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from engagements.metrics.periods import Interval, Period
from engagements.metrics.quality import Outcomes
from engagements.metrics.retention import Triangle
from engagements.selectors.adoption_study import CohortMembers, Study
from engagements.selectors.release import Happening
from engagements.views.adoption_charts import cohort_row, so_far, whole_lifecycle_sentence, whole_period_sentence
from fde_portal.core import formats
from fde_portal.core.charts import (
    BarSeries,
    DataTable,
    LineChart,
    Mark,
    RetentionTriangle,
    Series,
    StackedBars,
    data_table,
)

MOST_MARKS = 4


def charts_of(
    asked: Study, compared: Study | None, compared_name: str, happenings: Sequence[Happening]
) -> dict[str, Any]:
    """Return the charts by the names that their CSV files have."""
    return {
        "active": active_chart(asked, compared, compared_name, happenings),
        "rolling": rolling_chart(asked, happenings),
        "stickiness": stickiness_chart(asked, compared, compared_name),
        "lifecycle": lifecycle_chart(asked),
        "retention": retention_chart(asked),
        "l7": histogram_chart("l7", _("Active days in the last 7"), asked.l7, 7),
        "l28": histogram_chart("l28", _("Active days in the last 28"), asked.l28, 28),
        "acceptance": acceptance_chart(asked, happenings),
    }


def label_of(period: Period) -> str:
    """A period as its axis writes it."""
    if period.interval is Interval.WEEK:
        return formats.week(period.start)
    return formats.day(period.start, "month" if period.interval is Interval.MONTH else "day")


def active_chart(
    asked: Study, compared: Study | None, compared_name: str, happenings: Sequence[Happening]
) -> LineChart:
    """Active people by period, against the target, and a second line to compare."""
    running, finding = asked.running, whole_period_sentence(asked.active)
    periods = [*asked.periods, running.period] if running else asked.periods
    users = [Series(_("Users"), tuple(asked.active), "actual", end_label=_end(asked.active))]
    if compared:
        users.append(_compared(compared_name, compared.active, len(asked.active)))
    if any(target is not None for target in asked.targets):
        last = _("Target %(target)s") % {"target": _end(asked.targets)}
        users.append(Series(_("Target"), tuple(asked.targets), "target", end_label=last))
    return LineChart(
        id="study-active", title=_("Active users"), finding=finding, caption=finding,
        labels=tuple(map(label_of, periods)), label_heading=_("Period"),
        series=so_far(users, running and running.active), write=formats.number,
        marks=marks_of([period.start for period in periods], happenings),
    )  # fmt: skip


def _compared(name: str, values: Sequence[Any], length: int) -> Series:
    """A second line beside one of `length` values, the last beside the last."""
    shown = tuple(values)[-length:] if length else ()
    return Series(name, (None,) * (length - len(shown)) + shown, "second", end_label=name)


def marks_of(starts: Sequence[date], happenings: Sequence[Happening]) -> tuple[Mark, ...]:
    """The newest releases and incidents as lines, each at the period it fell in."""
    found: dict[int, list[str]] = {}
    for happening in happenings:
        before = [index for index, start in enumerate(starts) if start <= happening.day]
        if before and happening.day >= starts[0]:
            found.setdefault(before[-1], []).append(happening.label)
    return tuple(Mark(index, " · ".join(dict.fromkeys(found[index]))) for index in sorted(found)[-MOST_MARKS:])


def rolling_chart(asked: Study, happenings: Sequence[Happening]) -> LineChart:
    """People active in the 7 and the 28 days that end on each day."""
    week, month = asked.rolling[7], asked.rolling[28]
    finding = _("%(week)s people in the 7 days to the last day, %(month)s in the 28.") % {
        "week": formats.number(week[-1]), "month": formats.number(month[-1]),
    }  # fmt: skip
    return LineChart(
        id="study-rolling", title=_("Rolling 7 and 28 days"), finding=finding,
        labels=tuple(formats.day(day) for day in asked.rolling_days), label_heading=_("Day"),
        series=(
            Series(_("7 days"), tuple(week), "actual", end_label=formats.number(week[-1])),
            Series(_("28 days"), tuple(month), "second", end_label=formats.number(month[-1])),
        ),
        marks=marks_of(asked.rolling_days, happenings), write=formats.number, caption=finding,
    )  # fmt: skip


def stickiness_chart(asked: Study, compared: Study | None, compared_name: str) -> LineChart:
    """Mean daily people / people in 28 days, at the end of each period."""
    known = [value for value in asked.stickiness if value is not None]
    last, finding = "", _("Nobody used it in this range.")
    if known:
        last = formats.percent(known[-1])
        text = _("On an average day %(share)s of the people of the last 28 days used it. Five days a week would be 71%%.")
        finding = text % {"share": last}
    series = [Series(_("Stickiness"), tuple(asked.stickiness), "actual", end_label=last)]
    if compared:
        series.append(_compared(compared_name, compared.stickiness, len(asked.stickiness)))
    return LineChart(
        id="study-stickiness", title=_("Stickiness"), finding=finding, caption=finding,
        labels=tuple(map(label_of, asked.periods)), label_heading=_("Period"),
        series=tuple(series), write=formats.percent, whole=False,
    )  # fmt: skip


def lifecycle_chart(asked: Study) -> StackedBars:
    """New, returning and resurrected people above the axis, those gone dormant below."""
    last = asked.growth[-1] if asked.growth else None
    kinds = ("new", "returning", "resurrecting", "dormant")
    finding = whole_lifecycle_sentence({kind: getattr(last, kind) for kind in kinds} if last else None)
    shown = [*asked.growth, asked.running.growth] if last and asked.running else asked.growth
    is_running = len(shown) > len(asked.growth)

    def bars(name: str, kind: str, fill: Any) -> BarSeries:
        values = tuple(getattr(row, kind) for row in shown)
        if is_running and kind == "dormant":
            values = (*values[:-1], None)  # who has not come yet in a period that runs may still come
        return BarSeries(name, values, fill)

    came = (("returning", _("Returning"), "f3"), ("new", _("New"), "f1"), ("resurrecting", _("Resurrected"), "f2"))
    return StackedBars(
        id="study-lifecycle", title=_("Who came back"), finding=finding, caption=finding,
        labels=tuple(label_of(row.period) for row in shown), label_heading=_("Period"), is_running=is_running,
        up=tuple(bars(name, kind, fill) for kind, name, fill in came),
        down=(bars(_("Gone dormant"), "dormant", "f0"),), write=formats.number,
    )  # fmt: skip


def retention_chart(asked: Study) -> RetentionTriangle:
    """The triangle; cohorts below five people in counts. Unbounded figures depend on the range's end: it is named."""
    finding, cohorts = _retention_finding(asked.triangle), asked.triangle.cohorts
    known = asked.running.cohorts if asked.running else None
    begun = [cohort_row(label_of(known.period), known.size, (), known.size)] if known else []
    back = known.back if known else [None] * len(cohorts)
    rows = [
        cohort_row(label_of(row.period), row.size, row.cells, number)
        for row, number in zip(cohorts, back, strict=True)
    ]
    return RetentionTriangle(
        id="study-retention", title=_("Retention"), finding=finding, caption=finding, label_heading=_("Started"),
        cohorts=tuple(row for row in (*rows, *begun) if row.size),
        columns=tuple(str(number) for number in range(len(rows) + len(begun))),
    )  # fmt: skip


def _retention_finding(triangle: Triangle) -> str:
    average = triangle.average[1] if len(triangle.average) > 1 else None
    if average is None:
        return _("No cohort has a whole period behind it yet.")
    text = _("%(share)s of those who started were back one period later (to %(day)s).")
    return text % {"share": formats.percent(average), "day": formats.day(triangle.as_of, "year")}


def histogram_chart(name: str, title: str, histogram: dict[int, int], longest: int) -> StackedBars:
    """People by active days: the power user curve."""
    total = sum(histogram.values())
    half = sum(count for days, count in histogram.items() if 2 * days >= longest)
    finding = _("%(half)s of %(total)s people were active on at least half of the days.") % {
        "half": formats.number(half), "total": formats.number(total),
    }  # fmt: skip
    days = range(1, longest + 1)
    people = tuple(histogram.get(day, 0) for day in days)
    return StackedBars(
        id=f"study-{name}", title=title, finding=finding, caption=finding,
        labels=tuple(map(str, days)), label_heading=_("Active days"),
        up=(BarSeries(pgettext("figure", "People"), people, "f1"),), write=formats.number,
    )  # fmt: skip


def acceptance_chart(asked: Study, happenings: Sequence[Happening]) -> LineChart:
    """Accepted as is, edited and failed, as shares by period. Cases without an outcome are in none of the first two."""
    finding = _quality_finding(asked.quality)
    accepted = tuple(row.acceptance_rate for row in asked.outcomes)
    edited = tuple(row.edit_rate for row in asked.outcomes)
    return LineChart(
        id="study-acceptance", title=_("Quality of the answers"), finding=finding, caption=finding,
        labels=tuple(map(label_of, asked.periods)), label_heading=_("Period"),
        series=(
            Series(_("Accepted as is"), accepted, "actual", end_label=_("accepted")),
            Series(_("Edited before use"), edited, "second", end_label=_("edited")),
        ),
        marks=marks_of([period.start for period in asked.periods], happenings), write=formats.percent, whole=False,
    )  # fmt: skip


def _quality_finding(total: Outcomes) -> str:
    if not total.judged:
        return _("No case of this range carries an outcome.")
    text = _("%(accepted)s of %(judged)s judged cases were accepted as they are; of %(without)s nothing is known.")
    counts = {"accepted": total.accepted, "judged": total.judged, "without": total.without_outcome}
    return text % {key: formats.number(count) for key, count in counts.items()}


def feature_table(asked: Study) -> DataTable:
    """People by period and feature, the most used feature first. Somebody who uses two of them is in both columns."""
    columns = (_("Period"), *(use.name for use in asked.features))
    rows, active = list(map(label_of, asked.periods)), [use.active for use in asked.features]
    return data_table(_("People by feature"), columns, rows, active, formats.number)


def cohort_chart(cohort: CohortMembers) -> LineChart:
    """How many of one cohort were active in each later period."""
    last = cohort.active[-1] if cohort.active else 0
    finding = _("%(size)s people started in %(period)s; %(active)s of them were active in the last whole period.") % {
        "size": formats.number(cohort.size), "period": label_of(cohort.period), "active": formats.number(last),
    }  # fmt: skip
    shown = cohort.periods[: len(cohort.active)]
    people = Series(pgettext("figure", "People"), tuple(cohort.active), "actual", end_label=_end(cohort.active))
    return LineChart(
        id="study-cohort", title=_("One cohort"), finding=finding, caption=finding,
        labels=tuple(map(label_of, shown)), label_heading=_("Period"), series=(people,), write=formats.number,
    )  # fmt: skip


def _end(values: Sequence[int | None]) -> str:
    return formats.number(next((value for value in reversed(values) if value is not None), None))
