"""What stands beside the needs of my week: load, next week, past updates, each in words."""

from __future__ import annotations

from typing import Any

from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from engagements.selectors.my_week import Work
from engagements.selectors.my_week.load import Load, load_of, newest_updates, next_week_of, past_updates
from fde_portal.accounts.access import PortalRequest, PortalView
from fde_portal.accounts.permissions import Permission
from fde_portal.core import formats
from fde_portal.core.charts import BarSeries, StackedBars

UPDATES_PER_PAGE = 30


def aside(work: Work) -> dict[str, Any]:
    load = load_of(work)
    return {
        "load": load,
        "load_chart": load_chart(load),
        "load_words": load_words(load),
        "travel": travel_words(load),
        "next_week": next_week_of(work),
        "past": newest_updates(work.person),
        "manager": work.person.manager,
    }


def load_chart(load: Load) -> StackedBars:
    finding = _("%(hours)s hours in the newest week; a long week begins above %(limit)s.")
    return StackedBars(
        id="load",
        title=_("Hours by week"),
        finding=finding % {"hours": formats.number(load.latest), "limit": load.limit},
        label_heading=_("Week"),
        labels=tuple(_("W%(week)s") % {"week": week.number} for week in load.weeks),
        up=(BarSeries(_("Hours"), tuple(hours or 0 for hours in load.hours), "f3"),),
        write=formats.number,
    )


def load_words(load: Load) -> str:
    """What is too much, and what would help; "" while nothing is."""
    return formats.sentences(*_too_much(load), _what_helps(load))


def _too_much(load: Load) -> list[str]:
    words = []
    if load.long_weeks:
        longer = ngettext(
            "%(count)s week was longer than %(limit)s hours.",
            "%(count)s weeks in a row were longer than %(limit)s hours.",
            load.long_weeks,
        )
        words.append(longer % {"count": load.long_weeks, "limit": load.limit})
    if load.mood_falls:
        words.append(_("Your mood has been falling."))
    crowded = _("%(phase)s: you lead %(count)s at a time, the limit is %(limit)s.")
    return words + [crowded % {"phase": phase.label, "count": count, "limit": most} for phase, count, most in load.crowded]


def _what_helps(load: Load) -> str:
    if load.move is None:
        return ""
    engagement = load.move.engagement
    return _("Moving %(engagement)s to %(person)s would bring next week to about %(hours)s hours.") % {
        "engagement": f"{engagement.customer.name} · {engagement.name}",
        "person": engagement.backup,
        "hours": formats.number(load.move.hours),
    }


def travel_words(load: Load) -> tuple[str, str]:
    """Next week's travel, and what that rests on; ("", "") before the first check-in."""
    travel = load.expected_travel
    if travel is None:
        return "", ""
    days = ngettext("About %(count)s travel day", "About %(count)s travel days", travel.days) % {"count": travel.days}
    if not travel.is_alike:
        basis = ngettext(
            "Travel as in the %(count)s week you checked in.", "Travel as in the %(count)s weeks you checked in.", travel.weeks
        )
    elif load.has_milestone_next_week:
        basis = ngettext(
            "A milestone falls into it: travel as in your %(count)s week with one, from your check-ins.",
            "A milestone falls into it: travel as in your %(count)s weeks with one, from your check-ins.",
            travel.weeks,
        )
    else:
        basis = ngettext(
            "No milestone falls into it: travel as in your %(count)s week without one, from your check-ins.",
            "No milestone falls into it: travel as in your %(count)s weeks without one, from your check-ins.",
            travel.weeks,
        )
    return days if travel.days else _("Probably no travel"), basis % {"count": travel.weeks}


class MyUpdates(PortalView):
    """Everything the person published, newest first."""

    permission = Permission.LOG_WEEK

    def get(self, request: PortalRequest) -> HttpResponse:
        page = Paginator(past_updates(request.user), UPDATES_PER_PAGE).get_page(request.GET.get("page"))
        return render(request, "engagements/my_week/past.html", {"page": page})
