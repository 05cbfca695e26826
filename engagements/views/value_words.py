"""Measures beside the value of a case, each with its definition: what it returns a year, and what was reached so far."""

from __future__ import annotations

from collections.abc import Iterator

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from engagements.metrics.reached import Reached
from engagements.metrics.returns import SHORTEST_SPAN_DAYS, Return
from engagements.selectors.value import ValueFigures
from engagements.views.adoption_figures import Figure, first_value_figure
from fde_portal.core import formats


def value_measures(figures: ValueFigures | None, reached: Reached | None) -> list[Figure]:
    """In the order in which one reads them; empty before anything was computed."""
    currency = figures.currency if figures else ""
    return [*(_reached(reached, currency) if reached else ()), *(_rates(figures) if figures else ())]


def _reached(found: Reached, currency: str) -> Iterator[Figure]:
    yield cost_figure(found, currency)
    yield Figure(
        _("Time to first accepted outcome"), formats.span(found.days_to_accepted), _since(found.first_accepted_on),
        _("Days from the start of the engagement to the first case that was accepted, as it was or edited."),
    )  # fmt: skip
    people = first_value_figure(found.people)
    yield Figure(
        _("Time to first value"), formats.span(found.days_to_value), formats.listed(filter(None, [_since(found.first_value_on), _people(found, people)])),
        _("Days from the start of the engagement to the first value-bearing event of somebody it is meant for. Beside it each person’s own: the median from being named, those who wait included."),
    )  # fmt: skip


def _since(day: object) -> str:
    return formats.day(day, "year") if day else _("not yet")  # type: ignore[arg-type]


def _people(found: Reached, own: Figure) -> str:
    """What the named people took themselves; "" where nobody is named."""
    return _("each person %(span)s: %(count)s") % {"span": own.value, "count": own.note} if found.people else ""


def cost_figure(found: Reached, currency: str) -> Figure:
    """The full cost for each case that was put to use; never without saying of how many."""
    definition = _("Full cost of the last 28 days / cases accepted as they were or edited. Model and cloud, licences and support count on their days; engineering and change spread evenly over the years of the case. As recorded, else as planned.")
    label, cases = _("Cost per accepted outcome"), found.outcomes
    of = _("%(accepted)s of %(cases)s cases") % {"accepted": formats.number(cases.delivered), "cases": formats.number(cases.handled)}
    if found.operating_cost is None:
        return Figure(label, "–", formats.listed([of, _("no running cost in the case")]), definition)
    cost = _("%(cost)s from %(days)s") % {"cost": formats.short_money(found.operating_cost, currency), "days": formats.days(found.costed_from, found.as_of)}
    if found.cost_of_one is None:
        return Figure(label, "–", formats.listed([_("no outcome was accepted"), cost]), definition)
    return Figure(label, formats.money(found.cost_of_one, currency, 2), formats.listed([of, cost]), definition)


def _rates(figures: ValueFigures) -> Iterator[Figure]:
    yield Figure(
        _("Internal rate of return (IRR)"), rate_text(figures.irr), rate_note(figures.irr, figures),
        _("The yearly discount rate at which the yearly net flows are worth nothing, those at the start now."),
    )  # fmt: skip
    yield Figure(
        _("Rate of return by date (XIRR)"), rate_text(figures.xirr), rate_note(figures.xirr, figures),
        _("The same for the flows on their days, counted in actual days / 365 from the first one. Below %(days)s days none is given.") % {"days": SHORTEST_SPAN_DAYS},
    )  # fmt: skip


def rate_text(found: Return | None) -> str:
    return formats.percent(found.rate if found else None, 1)


def rate_note(found: Return | None, figures: ValueFigures) -> str:
    """Why there is no rate, or why it is not the only one."""
    if found is None:
        return _("follows with the next computation")
    if found.is_too_short:
        return ngettext("the flows span less than %(days)s day", "the flows span less than %(days)s days", SHORTEST_SPAN_DAYS) % {"days": SHORTEST_SPAN_DAYS}
    if found.rate is not None:
        return _("one of several rates that fit these flows: go by net present value") if found.is_ambiguous else ""
    if not min(figures.net, default=0) < 0:
        return _("none: no period costs more than it brings")
    if not max(figures.net, default=0) > 0:
        return _("none: no period brings more than it costs")
    return _("none that means anything: nearly all is lost, or it lies beyond the ten-thousandfold")
