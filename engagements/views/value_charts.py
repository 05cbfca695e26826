"""The value of a case in a sentence and in a chart, from the figures the worker stored."""

from __future__ import annotations

import math
from decimal import Decimal

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from engagements.selectors.metric import Metrics
from engagements.selectors.value import ValueFigures, value_figures
from fde_portal.core import formats
from fde_portal.core.charts import CumulativeValue

MOST_MONTHS = 24


def cumulative_chart(metrics: Metrics, *, id: str) -> CumulativeValue | None:
    """The undiscounted running total of the newest case by year; None without a case, or with one that has no lines yet."""
    figures = value_figures(metrics)
    if figures is None or not figures.cumulative:
        return None
    write = formats.short_money_in(figures.currency)
    paid = figures.payback_years
    return CumulativeValue(
        id=id,
        title=_("Cumulative net value"),
        finding=value_sentence(figures),
        labels=tuple(year_label(year) for year in range(figures.horizon + 1)),
        expected=figures.cumulative,
        names=(_("Year"), _("Actual"), _("Cumulative net value"), _("Low"), _("High")),
        payback=None if paid is None else float(paid),
        payback_label=payback_label(paid),
        end_label=write(figures.cumulative[-1]),
        caption=_("Running total of benefits minus costs, undiscounted. The dot marks payback."),
        write=write,
    )


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
