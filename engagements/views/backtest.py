"""Whether health was right, for managers: a week's warnings against the eight weeks after."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from engagements.metrics.backtest import Contrast, Share
from engagements.selectors.backtest import Backtest, backtest, weeks_to_test
from fde_portal.accounts.access import PortalRequest, PortalView
from fde_portal.accounts.models import OrganizationSettings
from fde_portal.accounts.permissions import Permission
from fde_portal.core import formats

ENDS = {
    "any": gettext_lazy("Any of these"),
    "slipped": gettext_lazy("A milestone slipped by a week or more"),
    "lost_users": gettext_lazy("Three in ten users were lost"),
    "cancelled": gettext_lazy("It was cancelled"),
}


@dataclass(frozen=True, slots=True)
class Line:
    """One way of warning against one kind of end, in words."""

    warning: str
    warned: str
    rest: str
    verdict: str
    band: str


class HealthBacktest(PortalView):
    """`?week=2026-10-04` names the Sunday on which a week closed; without it, the newest whose eight weeks are over."""

    permission = Permission.REVIEW_PORTFOLIO

    def get(self, request: PortalRequest) -> HttpResponse:
        weeks = weeks_to_test(request.user, timezone.localdate())
        week = chosen(request.GET.get("week"), weeks)
        tested = backtest(request.user, week) if week else None
        context = {
            "tested": tested,
            "weeks": weeks,
            "groups": [(ENDS[end], lines_of(tested, end)) for end in ENDS] if tested else [],
        }
        return render(request, "engagements/health/backtest.html", context)


def chosen(wanted: str | None, weeks: list[date]) -> date | None:
    """The week asked for. Raises Http404 for one that is not offered."""
    if not wanted:
        return weeks[0] if weeks else None
    found = next((week for week in weeks if week.isoformat() == wanted), None)
    if found is None:
        raise Http404
    return found


def lines_of(tested: Backtest, end: str) -> list[Line]:
    return [line_of(name, tested.contrasts[end][key]) for key, name in warnings().items()]


def warnings() -> dict[str, str]:
    days = 2 * OrganizationSettings.current().update_cadence_days
    late = ngettext("No update for more than %(count)s day", "No update for more than %(count)s days", days) % {"count": days}
    return {"health": _("Health at risk or on watch"), "self_report": _("Reported at risk or on watch"), "no_update": late}


def line_of(warning: str, found: Contrast) -> Line:
    verdict, band = _("Too few to say"), "idle"
    if not found.too_few:
        verdict, band = (_("Tells them apart"), "good") if found.tells_apart else (_("Does not clearly tell them apart"), "watch")
    return Line(warning, share_text(found.warned), share_text(found.rest), verdict, band)


def share_text(share: Share) -> str:
    """“7 of 12, 58% (32% to 81%)”; only the count of none."""
    counts = _("%(bad)s of %(count)s") % {"bad": formats.number(share.bad), "count": formats.number(share.count)}
    if share.share is None or share.interval is None:
        return counts
    low, high = share.interval
    return _("%(counts)s: %(share)s, between %(low)s and %(high)s") % {
        "counts": counts, "share": formats.percent(share.share), "low": formats.percent(low), "high": formats.percent(high),
    }  # fmt: skip
