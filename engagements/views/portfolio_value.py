"""The value of the portfolio by customer and by phase, on a page and as a file."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from functools import cached_property

from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from engagements.metrics.currencies import Rates
from engagements.models import Phase, RealisedValue
from engagements.selectors import portfolio
from engagements.selectors.portfolio_value import CaseValue, Sums, case_values, counted, grouped, rates_to, sums
from fde_portal.accounts.access import PortalRequest, PortalView
from fde_portal.accounts.models import OrganizationSettings
from fde_portal.accounts.permissions import Permission
from fde_portal.accounts.services.exports import note_list
from fde_portal.core import formats
from fde_portal.core.cells import Cell, csv_answer
from fde_portal.core.templatetags.ui_blocks import Tab

State = RealisedValue.State


@dataclass(frozen=True, slots=True)
class Group:
    """A row of a table: a customer or a phase, and its sums."""

    name: str
    sums: Sums


class PortfolioValueView(PortalView):
    """Live work, or with `?work=all` also what is completed or cancelled."""

    permission = Permission.VIEW_RECORDS

    @cached_property
    def shows_all(self) -> bool:
        return self.request.GET.get("work") == "all"

    @cached_property
    def today(self) -> date:
        return timezone.localdate()

    @cached_property
    def values(self) -> list[CaseValue]:
        visible = portfolio.visible_rows(self.request.user)
        return case_values(visible if self.shows_all else portfolio.live(visible), self.request.user)

    @cached_property
    def rates(self) -> Rates:
        return rates_to(OrganizationSettings.current().currency)


class PortfolioValue(PortfolioValueView):
    def get(self, request: PortalRequest) -> HttpResponse:
        total = sums(self.values, self.rates, self.today)
        context = {
            "total": total,
            "sentence": sentence(total, self.rates.reporting),
            "customers": self.groups(lambda value: value.customer_slug, {value.customer_slug: value.customer for value in self.values}),
            "phases": self.groups(lambda value: value.phase, {phase.value: str(phase.label) for phase in Phase}),
            "apart": self.apart(),
            "currency": self.rates.reporting,
            "today": self.today,
            "views": [Tab(_("Live work"), "?", not self.shows_all), Tab(_("All work"), "?work=all", self.shows_all)],
            "may_set_rates": request.user.can(Permission.EDIT_ORGANIZATION),
        }
        return render(request, "engagements/portfolio/value.html", context)

    def groups(self, key: Callable[[CaseValue], str], names: dict[str, str]) -> list[Group]:
        """In the order of `names`."""
        found = grouped(self.values, key, self.rates, self.today)
        return [Group(name, found[key_of]) for key_of, name in names.items() if key_of in found]

    def apart(self) -> dict[str, Sums]:
        """What no rate brings into the reporting currency, each currency by itself."""
        left_out = [value for value in self.values if counted(value, self.rates, self.today).left_out]
        of = {currency: [value for value in left_out if value.currency == currency] for currency in sorted({value.currency for value in left_out})}
        return {currency: sums(values, Rates(currency, ()), self.today) for currency, values in of.items()}


def sentence(total: Sums, currency: str) -> str:
    """The page in a sentence or two, to be read aloud."""
    if not total.cases:
        return _("No value case is counted here yet.")
    words = {"npv": formats.short_money(total.npv, currency), "cases": formats.number(total.cases)}
    planned = ngettext("%(cases)s case plans %(npv)s of net present value.", "%(cases)s cases plan %(npv)s of net present value.", total.cases) % words
    if not total.realised:
        return formats.sentences(planned, _("Nothing is realised yet."))
    came = {"realised": formats.short_money(total.realised, currency), "confirmed": formats.short_money(total.confirmed, currency)}
    return formats.sentences(planned, _("%(realised)s is realised so far, %(confirmed)s of it confirmed by customers.") % came)


class PortfolioValueExport(PortfolioValueView):
    """One line for each engagement, in the currency of its case, with the rate of today. No case is an empty cell, never 0."""

    def get(self, request: PortalRequest) -> HttpResponseBase:
        note_list("portfolio-value.csv", by=request.user)
        return csv_answer("portfolio-value", header(self.rates.reporting), [self.row(value) for value in self.values])

    def row(self, value: CaseValue) -> list[Cell]:
        names: list[Cell] = [value.customer, value.engagement, str(Phase(value.phase).label)]
        if value.npv is None:
            return names
        rate = self.rates.on(value.currency, self.today)
        amounts: list[Cell] = [value.npv, value.benefits, value.costs, value.capacity, value.assumed]
        came: list[Cell] = [value.brought(state) for state in (State.CONFIRMED, State.PROVISIONAL, State.DISPUTED)]
        worth: list[Cell] = [rate.worth, rate.on, value.npv * rate.worth] if rate else [None, None, None]
        return [*names, value.currency, *amounts, *came, value.hours, value.hours_realised, *worth]


def header(currency: str) -> list[str]:
    return [
        _("Customer"), _("Engagement"), _("Phase"), _("Currency"), _("Net present value"), _("Benefits, present value"), _("Costs, present value"),
        _("Hours released, as money"), _("On assumptions only"), _("Realised and confirmed"), _("Realised and open"), _("Realised but disputed"),
        _("Hours planned"), _("Hours realised"), _("Exchange rate"), _("Rate of"), _("Net present value in %(currency)s") % {"currency": currency},
    ]  # fmt: skip
