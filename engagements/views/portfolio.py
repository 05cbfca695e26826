"""The portfolio: which engagements need attention, and why."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any, NamedTuple

from django.core.paginator import Page, Paginator
from django.http import HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from engagements.forms.portfolio import PortfolioFilter
from engagements.selectors import portfolio
from engagements.selectors.change_words import moved_words
from engagements.views.portfolio_lines import ShownLine, rows_html, shown_lines
from fde_portal.accounts.access import PortalRequest, PortalView
from fde_portal.accounts.models import OrganizationSettings, SavedView
from fde_portal.accounts.permissions import Permission
from fde_portal.accounts.services.page_visits import Desk, desk_of, sit_down
from fde_portal.core import formats
from fde_portal.core.templatetags.ui_blocks import Tab

PAGE_SIZE = 100
WEEK = timedelta(days=7)


class Portfolio(PortalView):
    permission = Permission.VIEW_RECORDS

    def get(self, request: PortalRequest) -> HttpResponse:
        desk = desk_of(request.user, "portfolio")
        first = next((view for view in desk.views if view.is_default), None)
        if first and not request.GET and not request.htmx:
            return redirect(f"{reverse('portfolio')}?{first.query or 'view='}")
        template = "engagements/portfolio/_list.html" if request.htmx else "engagements/portfolio/portfolio.html"
        return render(request, template, self.context(desk))

    def context(self, desk: Desk) -> dict[str, Any]:
        organization, now, today = OrganizationSettings.current(), timezone.now(), timezone.localdate()
        before = sit_down(desk, now=now)
        last_visit = timezone.localdate(before) if before else None
        cadence = organization.update_cadence_days
        chosen = PortfolioFilter(self.request.GET, reader=desk.person, today=today, cadence_days=cadence)
        figures = portfolio.figures(
            desk.person, today=today, currency=organization.currency, cadence_days=cadence,
            moved_since=[day for day in (today - WEEK, last_visit) if day],
        )  # fmt: skip
        # Without a filter the figures have counted the very rows of the list.
        count = chosen.qs.count() if chosen.is_filtered else figures.engagements
        page = page_of(chosen, self.request.GET.get("page"), count=count)
        lines = shown_lines(page.object_list, today=today, now=now, cadence_days=cadence, last_visit=last_visit)
        return summary(figures, today) | {
            "filter": chosen,
            "page": page,
            "groups": groups(lines, chosen),
            "heads": heads(chosen),
            "views": saved_views(figures, desk.views, chosen.query),
            "own_view": next((view for view in desk.views if view.query == chosen.query), None),
            "may_review": desk.person.can(Permission.REVIEW_PORTFOLIO),
            "currency": organization.currency,
        }


def page_of(chosen: PortfolioFilter, wanted: str | None, *, count: int) -> Page:
    """The page of lines that was asked for, of `count` lines; the last one when the number is too high."""
    page = Paginator(range(count), PAGE_SIZE).get_page(wanted)
    page.object_list = chosen.lines(start=(page.number - 1) * PAGE_SIZE, count=PAGE_SIZE)
    return page


def groups(lines: list[ShownLine], chosen: PortfolioFilter) -> list[tuple[str, str, int, SafeString]]:
    """Heading, hint, count and rows of each band, in the order they come; empty groups are left out.

    Another order than that of attention has one group.
    """
    if chosen.is_sorted and lines:
        order = dict(chosen.form.fields["sort"].choices)[chosen.form.cleaned_data["sort"]]
        return [(_("All of them"), str(order), len(lines), rows_html(lines))]
    headings = (
        ("risk", _("Needs attention"), _("At risk, the fastest fall first")),
        ("watch", _("Watch"), _("One component is dragging, or it went quiet")),
        ("good", _("On track"), ""),
        ("idle", _("Unknown"), _("Too little is known")),
    )
    grouped = ((title, hint, [line for line in lines if line["group"] == group]) for group, title, hint in headings)
    return [(title, hint, len(members), rows_html(members)) for title, hint, members in grouped if members]


class Head(NamedTuple):
    """The head of a column: where its link leads, by what it sorts, and the `aria-sort` it has now ("" for none)."""

    label: str
    classes: str
    key: str
    query: str
    sorted: str


def heads(chosen: PortfolioFilter) -> list[Head]:
    """A head sorts by its column, the way one asks for most at first; then the other way; then by attention again."""
    columns = (
        (_("Engagement"), "", "customer"), (_("Health"), "", "score"), (_("12 weeks"), "h-trend", "change"),
        (_("Why it stands here, what changed"), "h-chg", ""), (_("Next milestone"), "h-ms", "milestone"),
        (_("Weekly users vs target"), "h-ad", "users"), (_("Planned value"), "num h-val", "-value"), (_("Updated"), "num h-upd", "updated"),
    )  # fmt: skip
    return [_head(chosen, *column) for column in columns]


def _head(chosen: PortfolioFilter, label: str, classes: str, first: str) -> Head:
    if not first:
        return Head(label, classes, "", "", "")
    key = first.removeprefix("-")
    second = key if first != key else f"-{key}"
    following = {first: second, second: ""}.get(chosen.sorted_by, first)
    return Head(label, classes, key, chosen.query_sorted(following), {key: "ascending", f"-{key}": "descending"}.get(chosen.sorted_by, ""))


def saved_views(figures: portfolio.PortfolioFigures, own: Sequence[SavedView], query: str) -> list[Tab]:
    """Ready-made views over the live work with their counts, then the reader's own."""
    ready = (
        (_("Needs attention first"), "", None),
        (_("Got worse"), "worse", figures.moved[0].worse),
        (_("Slipping"), "slipping", figures.slipping),
        (_("Well below target"), "adoption", figures.below_target),
        (_("Stale"), "stale", figures.stale),
    )
    named = next((view for view in own if view.query == query), None)
    chosen = QueryDict(query).get("view", "") if named is None else None
    # Also the first says what it shows: without anything said, the view opens that is to open first.
    tabs = [Tab(label, f"?view={name}", name == chosen, count) for label, name, count in ready]
    return tabs + [Tab(view.name, f"?{view.query or 'view='}", view is named) for view in own]


def bands(figures: portfolio.PortfolioFigures) -> list[tuple[str, str, int]]:
    """Class, word and count of each band, for the distribution and the words below it."""
    counts = (("good", _("on track"), figures.on_track), ("watch", _("watch"), figures.watch),
              ("risk", _("at risk"), figures.at_risk), ("idle", _("unknown"), figures.unknown))
    return [band for band in counts if band[2]]


def summary(figures: portfolio.PortfolioFigures, today: date) -> dict[str, Any]:
    """What stands above the list: the figures, and what moved."""
    return {
        "figures": figures,
        "bands": bands(figures),
        "distribution_counts": [(band, count) for band, __, count in bands(figures)],
        "distribution_label": formats.listed(f"{count} {word}" for __, word, count in bands(figures)),
        "summary": live_words(figures, today),
        "last_week": (today - WEEK).isocalendar().week,
        "moves": moves(figures.moved, today),
    }


def live_words(figures: portfolio.PortfolioFigures, today: date) -> str:
    """The sentence below the title."""
    week = today.isocalendar().week
    return ngettext(
        "%(count)s live engagement in week %(week)s.", "%(count)s live engagements in week %(week)s.", figures.engagements
    ) % {"count": figures.engagements, "week": week}


def moves(moved: Sequence[portfolio.Moved], today: date) -> list[str]:
    """What happened since a week ago, and since the reader's last visit if there was one."""
    week, *visits = (moved_words(each) for each in moved)
    return [
        _("Since last week: %(moves)s.") % {"moves": week},
        *(_("Since you last looked (%(when)s): %(moves)s.") % {"when": _when(each.since, today), "moves": words}
          for each, words in zip(moved[1:], visits, strict=True)),
    ]  # fmt: skip


def _when(day: date, today: date) -> str:
    return formats.ago(0) if day == today else formats.day(day)
