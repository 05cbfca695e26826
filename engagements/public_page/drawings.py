"""The two charts of the shared page."""

from __future__ import annotations

from datetime import date

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from engagements.public_page import wording
from engagements.public_page.content import SharedAdoption, SharedValue
from engagements.public_page.figures import DAYS_PER_YEAR, after_years, paid_back_on
from fde_portal.core import formats
from fde_portal.core.charts import CumulativeValue, LineChart, Series


def adoption_chart(adoption: SharedAdoption, as_of: date) -> LineChart:
    people = tuple(week.people for week in adoption.weeks)
    targets = tuple(week.target for week in adoption.weeks)
    series = [Series(pgettext("figure", "People"), people, "actual", end_label=_last(people))]
    if any(target is not None for target in targets):
        end = _("Plan %(target)s") % {"target": _last(targets)}
        series.append(Series(_("Plan"), targets, "target", end_label=end))
    finding = wording.people_caption(adoption, as_of)
    return LineChart(
        id="people",
        title=_("People using it each week"),
        finding=finding or _("People using it each week"),
        caption=formats.sentences(finding, wording.weeks_caption(adoption.weeks[-1].start) if adoption.newest else ""),
        label_heading=_("Week of"),
        labels=tuple(formats.day(week.start) for week in adoption.weeks),
        series=tuple(series),
        write=formats.number,
        height=170,
    )


def _last(values: tuple[int | None, ...]) -> str:
    measured = [value for value in values if value is not None]
    return formats.number(measured[-1]) if measured else ""


def value_chart(value: SharedValue, as_of: date) -> CumulativeValue:
    years = value.years
    back = paid_back_on(value)
    today = (as_of - value.starts_on).days / DAYS_PER_YEAR
    caption = wording.payback_caption(back, years) if value.counts_costs else _("Benefits added up. Costs are not counted here.")
    return CumulativeValue(
        id="value",
        title=_("Value after costs") if value.counts_costs else _("Value before costs"),
        finding=caption,
        caption=caption,
        labels=tuple(formats.day(after_years(value.starts_on, at / value.periods), "month_year") for at in range(len(value.cumulative))),
        expected=value.cumulative,
        names=(_("End of"), _("Actual"), _("Expected"), _("Low"), _("High")),
        today=today * value.periods if 0 <= today <= years else None,
        today_label=_("Today"),
        payback=None if back is None else float(value.payback_years or 0) * value.periods,
        payback_label="" if back is None else _("Payback, %(month)s") % {"month": formats.day(back, "month_year")},
        end_label=_("Expected"),
        write=formats.short_money_in(value.currency),
        height=170,
    )
