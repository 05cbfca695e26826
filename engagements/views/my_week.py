"""My week: what needs me, and how my engagements stand."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from engagements.models import WeeklyUpdate
from engagements.selectors import my_week, portfolio
from engagements.views.my_week_aside import aside
from engagements.views.portfolio_lines import ShownLine, shown_lines
from fde_portal.accounts.access import PortalRequest, PortalView
from fde_portal.accounts.permissions import Permission
from fde_portal.core import formats


class MyWeek(PortalView):
    permission = Permission.LOG_WEEK

    def get(self, request: PortalRequest) -> HttpResponse:
        now = timezone.localtime()
        work = my_week.work_of(request.user, now.date(), now=now)
        needs = my_week.needs(work)
        urgent = [need for need in needs if need.is_urgent]
        context = {
            "now": now,
            "week": now.isocalendar().week,
            "urgent": urgent,
            "later": [need for need in needs if not need.is_urgent],
            "sentence": sentence(len(urgent), len(needs) - len(urgent)),
            "rows": rows(work),
        }
        if request.htmx:  # what is beside the needs changes by the week, not by the minute
            return render(request, "engagements/my_week/_content.html", context)
        return render(request, "engagements/my_week/my_week.html", context | aside(work))


def rows(work: my_week.Work) -> list[tuple[ShownLine, tuple[str, str, str]]]:
    """My engagements as the portfolio shows them, each with the state of its week."""
    lines = portfolio.lines_of(work.engagements)
    cadence = work.organization.update_cadence_days
    words = week_words(work)
    shown = shown_lines(lines, today=work.today, now=work.now, cadence_days=cadence)
    return [(line, words[raw.slug]) for raw, line in zip(lines, shown, strict=True)]


def week_words(work: my_week.Work) -> dict[str, tuple[str, str, str]]:
    """By engagement, how far this week's update is; where somebody else writes it and has not begun, who."""
    writers = {engagement: work.covers.get(engagement.pk, engagement.lead) for engagement in work.engagements}
    return {
        engagement.slug: week_word(work.week_states.get(engagement.pk), "" if writer == work.person else writer.name)
        for engagement, writer in writers.items()
    }


def week_word(state: str | None, writer: str = "") -> tuple[str, str, str]:
    """Class, icon and word for the state of this week's update. `writer` is who writes it, "" for the reader."""
    words = {
        WeeklyUpdate.State.PUBLISHED: ("published", "check", _("Published")),
        WeeklyUpdate.State.DRAFT: ("draft", "pen", _("Draft")),
    }
    unwritten = _("%(person)s writes it") % {"person": writer} if writer else _("Not written")
    return words.get(state, ("prefilled", "clock", unwritten))


def sentence(urgent: int, later: int) -> str:
    """The line below the date: what must be done, and what can wait."""
    now = (
        ngettext("%(count)s thing needs you.", "%(count)s things need you.", urgent) % {"count": urgent}
        if urgent
        else _("Nothing needs you right now.")
    )
    wait = ngettext("%(count)s can wait.", "%(count)s can wait.", later) % {"count": later} if later else ""
    return formats.sentences(now, wait)
