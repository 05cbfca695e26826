"""Whether health was right, for managers: the warnings of a range of weeks against the eight weeks after each."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from engagements.metrics.backtest import Contrast, Share
from engagements.selectors.backtest import Backtest, Tested, backtest, weeks_to_test
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

# The ways to warn as heads of columns, in the order of `warnings`.
SHORT = {"health": gettext_lazy("Health"), "self_report": gettext_lazy("Self-report"), "no_update": gettext_lazy("No update")}


@dataclass(frozen=True, slots=True)
class Line:
    """One way of warning against one kind of end, in words."""

    warning: str
    warned: str
    rest: str
    verdict: str
    band: str


@dataclass(frozen=True, slots=True)
class WeekLine:
    """One week of the range: what health said against what happened, and the finding of each way to warn."""

    week: date
    judged: int
    warned: str
    rest: str
    findings: list[tuple[str, Line]]


class HealthBacktest(PortalView):
    """`?since=2026-08-02&until=2026-10-04` names Sundays on which weeks closed; without them, every week whose eight weeks are over."""

    permission = Permission.REVIEW_PORTFOLIO

    def get(self, request: PortalRequest) -> HttpResponse:
        weeks = weeks_to_test(request.user, timezone.localdate())
        since, until = (chosen(request.GET.get(name), weeks, place) for name, place in (("since", -1), ("until", 0)))
        wanted = [week for week in weeks if since and until and min(since, until) <= week <= max(since, until)]
        tested = backtest(request.user, wanted) if wanted else None
        context = {"weeks": weeks, "since": since, "until": until, "tested": tested} | (shown(tested) if tested else {})
        return render(request, "engagements/health/backtest.html", context)


def chosen(wanted: str | None, weeks: list[date], place: int) -> date | None:
    """The week asked for, else the one at this place. Raises Http404 for one that is not offered."""
    if not wanted:
        return weeks[place] if weeks else None
    found = next((week for week in weeks if week.isoformat() == wanted), None)
    if found is None:
        raise Http404
    return found


def shown(tested: Tested) -> dict[str, Any]:
    names = warnings()
    return {
        "groups": [(ENDS[end], lines_of(tested.pooled, end, names)) for end in ENDS],
        "lines": [week_line(week, names) for week in tested.weeks] if len(tested.weeks) > 1 else [],
        "warning_names": SHORT.values(),
        "pooled": formats.listed(formats.day(week, "year") for week in tested.pooled.weeks),
    }


def week_line(tested: Backtest, names: dict[str, str]) -> WeekLine:
    health = tested.contrasts["any"]["health"]
    findings = list(zip(SHORT.values(), lines_of(tested, "any", names), strict=True))
    return WeekLine(tested.weeks[0], tested.judged, share_text(health.warned), share_text(health.rest), findings)


def lines_of(tested: Backtest, end: str, names: dict[str, str]) -> list[Line]:
    return [line_of(name, tested.contrasts[end][key]) for key, name in names.items()]


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
