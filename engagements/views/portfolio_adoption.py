"""Adoption by customer and in the whole portfolio, as of any day, on a page and as files."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Any

from django.db.models import QuerySet
from django.http import Http404
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from engagements.forms.portfolio_adoption import AdoptionFilter
from engagements.models import PortfolioRow
from engagements.selectors import portfolio
from engagements.selectors.adoption_study import interval_of
from engagements.selectors.portfolio_adoption import (
    Use,
    UseSums,
    by_customer,
    newest_uses,
    use_sums,
    uses,
    weeks_compared,
)
from engagements.views.adoption_charts import lifecycle_chart, weekly_users_chart
from engagements.views.adoption_figures import Figure, final_sentence, rate_figure, trend_word
from fde_portal.accounts.access import PortalRequest, PortalView
from fde_portal.accounts.models import OrganizationSettings, User
from fde_portal.accounts.permissions import Permission
from fde_portal.accounts.services.exports import note_list
from fde_portal.core import formats
from fde_portal.core.cells import Cell, csv_answer


@dataclass(frozen=True, slots=True)
class Line:
    """A row of the table: a customer, or one engagement of the customer that was chosen."""

    name: str
    url: str
    sums: UseSums
    adoption: Figure
    trend: str


class PortfolioAdoption(PortalView):
    """Live work. `?customer=<slug>` shows one customer's engagements, `?csv=<name>` a table as a file."""

    permission = Permission.VIEW_RECORDS

    def get(self, request: PortalRequest) -> HttpResponseBase:
        if "csv" in request.GET:
            return self.file(request.GET["csv"])
        total = line_of(_("All together"), "", self.uses, self.weeks)
        context = {
            "filter": self.filter,
            "customer": self.customers.get(self.filter.slug, ""),
            "total": total,
            "lines": self.lines,
            "sentences": sentences(total),
            "final": final_sentence(self.filter.day, timezone.localdate()),
            "charts": self.charts if total.sums.weeks else {},
            "query": self.query(),
        }
        return render(request, "engagements/portfolio/adoption.html", context)

    @cached_property
    def rows(self) -> QuerySet[PortfolioRow]:
        return portfolio.live(portfolio.visible_rows(self.request.user))

    @cached_property
    def customers(self) -> dict[str, str]:
        """Slug -> name, by name."""
        named = self.rows.order_by("engagement__customer__name", "engagement__customer__slug")
        return dict(named.values_list("engagement__customer__slug", "engagement__customer__name").distinct())

    @cached_property
    def filter(self) -> AdoptionFilter:
        return AdoptionFilter(self.request.GET, customers=self.customers, today=timezone.localdate())

    @cached_property
    def uses(self) -> list[Use]:
        slug = self.filter.slug
        rows = self.rows.filter(engagement__customer__slug=slug) if slug else self.rows
        return uses(rows, self.filter.day, self.first_weekday)

    @cached_property
    def first_weekday(self) -> int:
        return OrganizationSettings.current().first_weekday

    @cached_property
    def weeks(self) -> list[date]:
        return weeks_compared(self.uses, self.first_weekday)

    @property
    def lines(self) -> list[Line]:
        if self.filter.slug:
            return [line_of(use.engagement, reverse("engagement_adoption", args=[use.slug]), [use], self.weeks) for use in self.uses]
        groups = by_customer(self.uses).items()
        return [line_of(found[0].customer, f"?customer={slug}&until={self.filter.day}", found, self.weeks) for slug, found in groups]

    @cached_property
    def charts(self) -> dict[str, Any]:
        """By the names that their files have."""
        sums = use_sums(self.uses, self.weeks)
        weeks = [*sums.weeks, *sums.running]
        return {"users": weekly_users_chart(weeks, id="adoption-users"), "lifecycle": lifecycle_chart(weeks, id="adoption-lifecycle")}

    def query(self) -> str:
        """The question in the address, without the file that a link asks for."""
        kept = self.request.GET.copy()
        kept.pop("csv", None)
        return kept.urlencode()

    def file(self, name: str) -> HttpResponseBase:
        if name != "engagements" and name not in self.charts:
            raise Http404
        called = "portfolio-adoption" if name == "engagements" else f"portfolio-adoption-{name}"
        note_list(f"{called}.csv", by=self.request.user)
        if name == "engagements":
            return csv_answer(called, header(), [row_of(use, self.weeks) for use in self.uses])
        table = self.charts[name].table
        return csv_answer(called, table.columns, [(heading, *cells) for heading, cells in table.rows])


def customer_adoption(user: User, slug: str) -> dict[str, Any]:
    """The headline of a customer's live work that the user sees, as stored; empty without any."""
    rows = portfolio.live(portfolio.visible_rows(user)).filter(engagement__customer__slug=slug)
    found = newest_uses(rows)
    if not found:
        return {}
    whole = line_of("", "", found, weeks_compared(found, OrganizationSettings.current().first_weekday))
    return {"line": whole, "sentence": formats.sentences(*sentences(whole))}


def line_of(name: str, url: str, found: Sequence[Use], weeks: Sequence[date]) -> Line:
    sums = use_sums(found, weeks)
    return Line(name, url, sums, rate_figure(sums.rate, interval_of(sums.rate)), trend_word(sums.direction))


def sentences(total: Line) -> list[str]:
    """The page in a sentence or two, to be read aloud."""
    users = total.sums.users
    if users is None:
        return [_("Nothing is measured here yet.")]
    use = ngettext("%(users)s person used our work in the last 7 days.", "%(users)s people used our work in the last 7 days.", users)
    said = use % {"users": formats.number(users)}
    if not total.sums.rate.denominator:
        return [said]
    words = {"share": total.adoption.value, "trend": total.trend}
    return [said, _("Of those it is meant for, %(share)s did; trend: %(trend)s.") % words]


def header() -> list[str]:
    return [
        _("Customer"), _("Engagement"), _("As of"), _("Feed stopped"), _("Weekly users"), _("Target this week"), _("Target users active"),
        _("Target users"), _("Beyond the target"), _("Users in 28 days"), _("Last whole week from"), _("New"), _("Returning"), _("Resurrected"),
        _("Gone dormant"), _("Trend"),
    ]  # fmt: skip


def row_of(use: Use, weeks: Sequence[date]) -> list[Cell]:
    """One engagement; what is not measured is an empty cell, never 0."""
    rate, sums = use.rate, use_sums([use], weeks)
    targets: list[Cell] = [rate.numerator, rate.denominator, rate.beyond_target] if rate and rate.denominator else [None, None, None]
    growth: list[Cell] = [sums.last_week.get(key) for key in ("start", "new", "returning", "resurrecting", "dormant")]
    stopped = _("yes") if use.feed_stopped else None
    return [use.customer, use.engagement, use.as_of, stopped, use.users, use.target, *targets, use.month, *growth, trend_word(sums.direction)]
