"""The portfolio as a file: the lines the filters leave, in the order of the page."""

from __future__ import annotations

from datetime import date, timedelta

from django.http import Http404
from django.http.response import HttpResponseBase
from django.utils import timezone
from django.utils.translation import gettext as _

from engagements.forms.portfolio import chosen_rows
from engagements.models import Band, Phase, Status
from engagements.selectors.attention import reason_sentence
from engagements.selectors.change_words import change_sentence
from engagements.selectors.changes import changes_since
from engagements.selectors.portfolio import PortfolioLine
from fde_portal.accounts.access import PortalRequest, PortalView
from fde_portal.accounts.permissions import Permission
from fde_portal.accounts.services.exports import note_list
from fde_portal.core import formats
from fde_portal.core.cells import WRITERS, Cell

MOST_EXPORTED = 10_000


class PortfolioExport(PortalView):
    """What one sees of the portfolio, MOST_EXPORTED lines at most. Figures stay numbers, days stay days."""

    permission = Permission.VIEW_RECORDS

    def get(self, request: PortalRequest, file_format: str) -> HttpResponseBase:
        if file_format not in WRITERS:
            raise Http404
        today = timezone.localdate()
        chosen = chosen_rows(request, today)
        lines = chosen.lines(start=0, count=MOST_EXPORTED)
        note_list(f"portfolio.{file_format}", by=request.user)
        return WRITERS[file_format]("portfolio", header(), [row(line, today) for line in lines])


def header() -> list[str]:
    return [
        _("Customer"), _("Engagement"), _("Lead"), _("Phase"), _("Status"), _("Health"), _("Score"), _("Change in a week"),
        _("Why it stands here"), _("Changed in a week"), _("Last headline"), _("Next milestone"), _("Expected on"), _("Slip in days"),
        _("Weekly users"), _("Target this week"), _("People meant to use it"), _("Net present value"), _("Currency"), _("Last update"),
    ]  # fmt: skip


def row(line: PortfolioLine, today: date) -> list[Cell]:
    """One engagement. What is not measured is an empty cell and never 0."""
    return [
        line.customer, line.name, line.lead, str(Phase(line.phase).label), str(Status(line.status).label),
        str(Band(line.band).label), line.score, line.change,
        reason_sentence(line.reason), formats.sentences(*week_words(line, today)), line.headline, line.milestone_title, line.milestone_on, line.milestone_slip,
        line.weekly_users, line.weekly_target, line.full_target, line.npv, line.npv_currency, line.last_update_on,
    ]  # fmt: skip


def week_words(line: PortfolioLine, today: date) -> list[str]:
    return [change_sentence(change) for change in changes_since(today - timedelta(days=7), line.changes)]
