"""Charts of adoption from the series the worker stored (see engagements/selectors/metric.py)."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from engagements.selectors.release import Happening
from fde_portal.core import formats
from fde_portal.core.charts import BarSeries, Cohort, LineChart, Mark, RetentionTriangle, Series, StackedBars
from fde_portal.core.charts.retention import cell, count_cell

Week = dict[str, Any]
CHART_WEEKS = 18
LIFECYCLE_WEEKS = 10
COHORTS = 8
MOST_MARKS, DAYS_OF_WEEK = 4, 7
ONE_DAY, WEEK = timedelta(days=1), timedelta(weeks=1)
# Below this many people a percentage says more than is known: counts only.
LEAST_COHORT = 5


def complete(weeks: Sequence[Week]) -> list[Week]:
    """Weeks that are over: a running week is never compared with a full one."""
    return [week for week in weeks if not week["partial"]]


def running_week(weeks: Sequence[Week]) -> Sequence[Week]:
    """The week that is not over, if there are whole ones before it: a first week can be partial at its beginning."""
    return [week for week in weeks[-1:] if week["partial"] and complete(weeks)]


def known_until(stopped_on: date | None, series: dict[str, Any]) -> tuple[list[Week], dict[str, Any]]:
    """The stored weeks and cohorts; where a feed stopped, those weeks alone that are covered: up to the day `stopped_on`.

    What came after is unknown, and a week in which it stopped is not over.
    """
    weeks, cohorts = series["weeks"], series["retention"]
    if stopped_on is None:
        return weeks, cohorts
    known = [week | {"partial": week["partial"] or _last_day(week) > stopped_on} for week in weeks if _first_day(week) <= stopped_on]
    over = {_first_day(week) for week in known if _last_day(week) <= stopped_on}
    return known, {"rows": [_known_row(row, over) for row in cohorts["rows"] if _first_day(row) in over]}


def _known_row(row: dict[str, Any], over: Collection[date]) -> dict[str, Any]:
    start = _first_day(row)
    return {**row, "cells": [cell for number, cell in enumerate(row["cells"]) if start + number * WEEK in over], "so_far": None}


def _first_day(week: Week) -> date:
    return date.fromisoformat(week["start"])


def _last_day(week: Week) -> date:
    return _first_day(week) + WEEK - ONE_DAY


def so_far(series: Sequence[Series], running: int | None) -> tuple[Series, ...]:
    """The lines, and apart from them what is known of a period that is not over: a point, which no line leads to."""
    if running is None:
        return tuple(series)
    whole = [replace(line, values=(*line.values, None)) for line in series]
    label = _("%(users)s so far") % {"users": formats.number(running)}
    point = (None,) * (len(whole[0].values) - 1) + (running,)
    return (*whole, Series(_("So far"), point, "part", end_label=label))


def weekly_users_chart(weeks: Sequence[Week], *, id: str, happenings: Sequence[Happening] = (), is_newest: bool = True) -> LineChart:
    """Weekly active users against the target of each week; what happened to the product stands as lines.

    `is_newest` says that the last whole week is the last one before today.
    """
    shown, running = complete(weeks)[-CHART_WEEKS:], running_week(weeks)
    finding = users_sentence(shown) if is_newest else whole_period_sentence([week["wau"] for week in shown])
    users = tuple(week["wau"] for week in shown)
    targets = tuple(week["target"] for week in shown)
    series = [Series(_("Weekly users"), users, "actual", end_label=_end(users))]
    if any(target is not None for target in targets):
        series.append(Series(_("Target"), targets, "target", end_label=_("Target %(target)s") % {"target": _end(targets)}))
    return LineChart(
        id=id,
        title=_("Weekly users"),
        finding=finding,
        labels=tuple(week_label(week) for week in (*shown, *running)),
        series=so_far(series, running[0]["wau"] if running else None),
        marks=chart_marks([*shown, *running], happenings),
        caption=finding,
        label_heading=_("Week"),
        write=formats.number,
    )


def chart_marks(weeks: Sequence[Week], happenings: Sequence[Happening]) -> tuple[Mark, ...]:
    """One line for each of the newest weeks in which something happened. More than a few hide the curve."""
    labels: dict[int, list[str]] = {}
    for happening in happenings:
        index = _index_of(weeks, happening.day)
        if index is not None:
            labels.setdefault(index, []).append(happening.label)
    newest = sorted(labels)[-MOST_MARKS:]
    return tuple(Mark(index, " · ".join(dict.fromkeys(labels[index]))) for index in newest)


def _index_of(weeks: Sequence[Week], day: date) -> int | None:
    """The week a day lies in, None for one that is not shown."""
    starts = [date.fromisoformat(week["start"]) for week in weeks]
    return next((index for index, start in enumerate(starts) if 0 <= (day - start).days < DAYS_OF_WEEK), None)


def users_sentence(weeks: Sequence[Week]) -> str:
    """What the line shows, as one would say it aloud. Whole weeks only, oldest first."""
    if not weeks:
        return ""
    users, target = weeks[-1]["wau"], weeks[-1]["target"]
    active = ngettext("%(users)s person used it last week", "%(users)s people used it last week", users) % {
        "users": formats.number(users)
    }
    against = _("%(active)s, against a target of %(target)s.") % {"active": active, "target": formats.number(target)}
    sentence = against if target else _("%(active)s.") % {"active": active}
    return formats.sentences(sentence, _change_sentence(weeks))


def whole_period_sentence(active: Sequence[int]) -> str:
    """The same where the last whole period is not the last one before today."""
    if not active:
        return _("No period of this range is over yet.")
    text = _("%(users)s people used it in the last whole period; %(most)s at most in this range.")
    return text % {"users": formats.number(active[-1]), "most": formats.number(max(active))}


def _change_sentence(weeks: Sequence[Week]) -> str:
    """The change over four weeks, when there are five to compare."""
    if len(weeks) < 5:
        return ""
    change = weeks[-1]["wau"] - weeks[-5]["wau"]
    if change == 0:
        return _("Four weeks ago it was the same.")
    text = _("%(count)s more than four weeks ago.") if change > 0 else _("%(count)s fewer than four weeks ago.")
    return text % {"count": formats.number(abs(change))}


def lifecycle_chart(weeks: Sequence[Week], *, id: str, is_newest: bool = True) -> StackedBars:
    """Who came back: returning, new and resurrected above the axis, gone dormant below; see `weekly_users_chart`."""
    whole, running = complete(weeks)[-LIFECYCLE_WEEKS:], running_week(weeks)
    finding = _lifecycle_sentence(whole) if is_newest else whole_lifecycle_sentence(whole[-1] if whole else None)
    shown = [*whole, *({**week, "dormant": None} for week in running)]  # who has not come yet may still come
    return StackedBars(
        id=id,
        title=_("Who came back"),
        finding=finding,
        labels=tuple(week_label(week) for week in shown),
        is_running=bool(running),
        up=(
            _bars(_("Returning"), shown, "returning", "f3"),
            _bars(_("New"), shown, "new", "f1"),
            _bars(_("Resurrected"), shown, "resurrecting", "f2"),
        ),
        down=(_bars(_("Gone dormant"), shown, "dormant", "f0"),),
        caption=finding,
        label_heading=_("Week"),
        write=formats.number,
    )


def _bars(name: str, weeks: Sequence[Week], key: str, fill: Any) -> BarSeries:
    return BarSeries(name, tuple(week[key] for week in weeks), fill)


def _lifecycle_sentence(weeks: Sequence[Week]) -> str:
    if not weeks:
        return ""
    last = weeks[-1]
    return _("Last week %(returning)s came back from the week before, %(new)s started, %(resurrecting)s returned after a break and %(dormant)s stayed away.") % {
        key: formats.number(last[key]) for key in ("returning", "new", "resurrecting", "dormant")
    }


def whole_lifecycle_sentence(last: Mapping[str, int] | None) -> str:
    """The same of the last whole period, which is not the last one before today."""
    if last is None:
        return _("No period of this range is over yet.")
    text = _("In the last whole period %(new)s were new, %(returning)s came back, %(resurrecting)s returned after a break, %(dormant)s stayed away.")
    return text % {key: formats.number(last[key]) for key in ("new", "returning", "resurrecting", "dormant")}


def retention_chart(stored: dict[str, Any], *, id: str) -> RetentionTriangle:
    """First-time weekly retention: of those who started in a week, the share active in each later week.

    The running week is the last cell of each row, and a row of who began in it, if there are whole ones before it.
    """
    shown, running = [row for row in stored["rows"] if row["size"]][-COHORTS:], stored.get("running")
    begun = [running | {"cells": (), "so_far": running["size"]}] if shown and running and running["size"] else []
    cohorts = tuple(cohort_row(week_label(row), row["size"], tuple(row["cells"]), row.get("so_far")) for row in (*shown, *begun))
    width = max((len(cohort.cells) for cohort in cohorts), default=0)
    return RetentionTriangle(
        id=id,
        title=_("Retention by starting week"),
        finding=_retention_sentence(shown),
        cohorts=cohorts,
        columns=tuple(_("Wk %(number)s") % {"number": number} for number in range(width)),
        caption=_retention_sentence(shown),
        label_heading=_("Started"),
    )


def cohort_row(label: str, size: int, cells: Sequence[int | None], so_far: int | None) -> Cohort:
    """One row of a triangle, in shares of its size, or in counts where those would claim too much."""
    if size < LEAST_COHORT:
        return Cohort(label, size, counts=tuple(cells), part=None if so_far is None else count_cell(so_far).so_far)
    shares = tuple(None if number is None else number / size for number in cells)
    return Cohort(label, size, shares=shares, part=None if so_far is None else cell(so_far / size).so_far)


def _retention_sentence(rows: Sequence[dict[str, Any]]) -> str:
    """How many of all starters were back a week later, over the cohorts that can be judged."""
    judged = [row for row in rows if len(row["cells"]) > 1 and row["cells"][1] is not None]
    started = sum(row["size"] for row in judged)
    if not started:
        return ""
    back = sum(row["cells"][1] for row in judged)
    return _("Of %(started)s people who started, %(back)s were back the week after.") % {
        "started": formats.number(started),
        "back": formats.number(back),
    }


def week_label(week: dict[str, Any]) -> str:
    """"W47" from the week's first day."""
    return formats.week(date.fromisoformat(week["start"]))


def _end(values: Sequence[int | None]) -> str:
    return formats.number(next((value for value in reversed(values) if value is not None), None))
