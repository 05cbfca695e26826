"""The value of a case in a sentence and in a chart, from the figures the worker stored."""

from __future__ import annotations

import math
from dataclasses import replace
from datetime import date
from decimal import Decimal

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from engagements.metrics.roi import MONTHS
from engagements.metrics.value_ledger import by_month_from_years
from engagements.selectors.value import Ranges, ValueFigures
from engagements.selectors.value_ledger import ToDate
from fde_portal.core import formats
from fde_portal.core.charts import CumulativeValue

MOST_MONTHS = 24


def cumulative_chart(figures: ValueFigures | None, so_far: ToDate | None = None, *, id: str) -> CumulativeValue | None:
    """The undiscounted running total by period, between its ends, and beside it what really came.

    None without a case, or with one that has no lines yet.
    """
    if figures is None or not figures.cumulative:
        return None
    finding = value_sentence(figures)
    if so_far and figures.periods == 1:
        figures = by_month(figures)
    actual = so_far.totals[: len(figures.cumulative)] if so_far else ()
    unknown = (None,) * (len(figures.cumulative) - len(actual)) if actual else ()
    write = formats.short_money_in(figures.currency)
    paid, ranges = figures.payback_years, figures.ranges
    has_band = has_range(figures)
    return CumulativeValue(
        id=id,
        title=_("Cumulative net value"),
        finding=finding,
        labels=tuple(period_label(figures, at) for at in range(len(figures.cumulative))),
        expected=figures.cumulative,
        actual=(*actual, *unknown),
        names=(_("Until"), _("Realised"), _("Cumulative net value"), _("Cautious"), _("Hopeful")),
        low=ranges.low if ranges and has_band else (),
        high=ranges.high if ranges and has_band else (),
        payback=None if paid is None else float(paid * figures.periods),
        payback_label=payback_label(paid),
        end_label=write(figures.cumulative[-1]),
        today=len(actual) - 1 if actual else None,
        today_label=_("Realised"),
        caption=caption(has_band=has_band, has_actual=bool(actual)),
        write=write,
    )


def caption(*, has_band: bool, has_actual: bool) -> str:
    return formats.sentences(
        _("Running total of benefits minus costs, undiscounted. The dot marks payback."),
        _("The band lies between every input at its cautious and at its hopeful end.") if has_band else "",
        _("The solid line is what was realised; what the customer disputes is left out, and costs nobody recorded count as planned.") if has_actual else "",
    )


def by_month(figures: ValueFigures) -> ValueFigures:
    """The totals of a yearly case with the months between them, as payback counts them, so that what came within a year is seen."""
    ranges = figures.ranges
    if ranges:
        ranges = replace(ranges, low=by_month_from_years(ranges.low), high=by_month_from_years(ranges.high))
    return replace(figures, periods=MONTHS, cumulative=by_month_from_years(figures.cumulative), ranges=ranges)


def period_label(figures: ValueFigures, at: int) -> str:
    """A year by its number; a month by its name."""
    if figures.periods == 1 or figures.starts_on is None:
        return year_label(at)
    return formats.day(month_after(figures.starts_on, at), "month_year")


def month_after(start: date, months: int) -> date:
    years, month = divmod(start.month - 1 + months, 12)
    return date(start.year + years, month + 1, 1)


def payback_month(figures: ValueFigures, years: Decimal | None) -> str:
    """The month in which the money is back; "" when not within the horizon, or when nobody says where time 0 is."""
    if years is None or figures.starts_on is None:
        return ""
    begun = max(0, math.ceil(years * 12) - 1)  # at the end of a month is still in it
    return formats.day(month_after(figures.starts_on, begun), "whole_month")


def year_label(year: int) -> str:
    return _("Year %(year)s") % {"year": year} if year else _("Start")


def payback_label(years: Decimal | None) -> str:
    return "" if years is None else _("Payback: %(span)s") % {"span": payback_span(years)}


def payback_span(years: Decimal) -> str:
    """Begun months up to two years, then years: "6 months", "2.4 years"."""
    if years == 0:
        return _("at once")
    months = math.ceil(years * 12)
    if months <= MOST_MONTHS:
        return ngettext("%(months)s month", "%(months)s months", months) % {"months": months}
    return _("%(years)s years") % {"years": formats.number(years, 1)}


def value_sentence(figures: ValueFigures) -> str:
    """What the case comes to, to be read aloud."""
    if figures.payback_years is None:
        return ngettext(
            "Does not pay for itself within %(years)s year.", "Does not pay for itself within %(years)s years.", figures.horizon
        ) % {"years": figures.horizon}
    gain = figures.yearly_return
    words = {"gain": formats.short_money(gain, figures.currency), "span": payback_span(figures.payback_years)}
    if figures.payback_years == 0:
        return (_("Pays from the start and returns about %(gain)s a year.") if gain and gain > 0 else _("Pays from the start.")) % words
    if gain is not None and gain > 0:
        return _("Pays for itself after %(span)s, then returns about %(gain)s a year.") % words
    return _("Pays for itself after %(span)s.") % words


def has_range(figures: ValueFigures) -> bool:
    """Whether both ends of the inputs lie apart: with every input at one end they do not."""
    return figures.ranges is not None and figures.ranges.low != figures.ranges.high


def sure_sentence(figures: ValueFigures) -> str:
    """How sure the payback is: between which months, and how often the value comes out above zero."""
    if not has_range(figures):
        return _("No input has a range yet, so nothing is said about how sure this is.")
    return formats.sentences(_between(figures), _draws(figures.ranges))


def _between(figures: ValueFigures) -> str:
    ranges = figures.ranges
    early, late = payback_month(figures, ranges.high_payback), payback_month(figures, ranges.low_payback)
    if early and late:
        return _("Payback lies in %(early)s.") % {"early": early} if early == late else _("Payback lies between %(early)s and %(late)s.") % {"early": early, "late": late}
    if early:
        return _("Payback comes in %(early)s at the earliest, and not within the case at the cautious end.") % {"early": early}
    return _("Even at the hopeful end it does not pay for itself within the case.")


def _draws(ranges: Ranges) -> str:
    if ranges.above_zero is None or ranges.p10 is None:
        return ""
    words = {"above": formats.number(ranges.above_zero * ranges.draws), "draws": formats.number(ranges.draws)}
    return _("%(above)s of %(draws)s draws end above zero.") % words
