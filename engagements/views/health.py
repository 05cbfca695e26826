"""Health in full: what it is made of, what moved it, what would turn it green, its history, a manager's judgement."""

from __future__ import annotations

from collections.abc import Sequence

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _

from engagements.forms.health_overrides import HealthOverrideForm
from engagements.metrics.attention import ROSIER_WEEKS
from engagements.models import HealthOverride, HealthSnapshot
from engagements.selectors.health import health_history, override_on
from engagements.selectors.health_explained import COMPONENT_NAMES, band_changes, explain, shown
from engagements.selectors.rating_gap import reports_of, rosier_weeks
from engagements.selectors.self_report import reported_weeks
from engagements.services.health_overrides import resume_override, set_override, withdraw_override
from engagements.views.health_panel import PANEL_DAYS, health_panel
from engagements.views.pages import EngagementView
from fde_portal.accounts.access import PortalRequest
from fde_portal.accounts.permissions import Permission
from fde_portal.accounts.records import Conflict
from fde_portal.accounts.services.exports import note_figures
from fde_portal.core import formats
from fde_portal.core.cells import Cell, csv_answer
from fde_portal.core.charts import LineChart, Series
from fde_portal.core.messages import success_with_undo

# A year is more than a line of this width can show, and less than people ask about.
HISTORY_DAYS = 7 * 26


class EngagementHealth(EngagementView):
    """`?csv` gives the stored days as a table."""

    def get(self, request: PortalRequest, slug: str) -> HttpResponse:
        history = health_history(self.engagement, HISTORY_DAYS)
        if "csv" in request.GET:
            note_figures(f"{slug}-health.csv", of=self.engagement, by=request.user)
            return csv_answer(f"{slug}-health", *history_table(history))
        explained = explain(history[-1]) if history else None
        gap, weeks = rosier_weeks(reports_of(self.engagement), self.today), reported_weeks(self.engagement)
        context = {
            "health": health_panel(history[-PANEL_DAYS:], explained.rows if explained else None),
            "explained": explained,
            "override": override_on(self.engagement, self.today),
            "overrides": self.engagement.health_overrides.select_related("author"),
            "weeks": weeks,
            "reported": weeks[0].reported if weeks else "",
            "gap_weeks": gap if gap >= ROSIER_WEEKS else 0,
            "changes": band_changes(history),
            "chart": history_chart(history, explained.version.on_track_from) if explained else None,
            "may_override": request.user.can(Permission.REVIEW_PORTFOLIO),
        }
        return self.show("engagements/health/page.html", context)


def history_chart(history: Sequence[HealthSnapshot], on_track_from: int) -> LineChart:
    """The closing score of each week, the newest day being the last."""
    closings = history[::-1][::7][::-1]
    scores = [shown(row.score) for row in closings]
    return LineChart(
        id="health-history",
        title=_("Score by week"),
        finding=_finding(scores),
        caption=_("The dotted line is where on track begins."),
        label_heading=_("Day"),
        labels=tuple(formats.day(row.day) for row in closings),
        series=(
            Series(_("Score"), tuple(scores), "actual", end_label=formats.number(scores[-1])),
            Series(_("On track from"), (on_track_from,) * len(scores), "target", end_label=formats.number(on_track_from)),
        ),
        write=formats.number,
        whole=True,
    )


def _finding(scores: Sequence[int | None]) -> str:
    known = [score for score in scores if score is not None]
    if not known:
        return _("Too little was known to judge.")
    return _("From %(first)s to %(last)s; lowest %(lowest)s, highest %(highest)s.") % {
        "first": formats.number(known[0]), "last": formats.number(known[-1]),
        "lowest": formats.number(min(known)), "highest": formats.number(max(known)),
    }  # fmt: skip


def history_table(history: Sequence[HealthSnapshot]) -> tuple[list[str], list[list[Cell]]]:
    """Columns and one row for each stored day, oldest first, as downloads have them."""
    columns = [_("Day"), _("Score"), _("Health"), _("Known"), *(str(name) for name in COMPONENT_NAMES.values())]
    return columns, [_history_row(row) for row in history]


def _history_row(row: HealthSnapshot) -> list[Cell]:
    scores = {part["key"]: part["score"] for part in row.components}
    return [row.day, shown(row.score), row.get_band_display(), row.coverage, *(scores.get(key) for key in COMPONENT_NAMES)]


class HealthOverrideNew(EngagementView):
    """A manager judges the health beside the computed band."""

    permission = write_permission = Permission.REVIEW_PORTFOLIO

    def get(self, request: PortalRequest, slug: str) -> HttpResponse:
        return self.page(HealthOverrideForm(today=self.today))

    def post(self, request: PortalRequest, slug: str) -> HttpResponse:
        form = HealthOverrideForm(request.POST, today=self.today)
        if not form.is_valid():
            return self.page(form, status=422)
        try:
            override = set_override(self.engagement, **form.cleaned_data, today=self.today, by=request.user)
        except Conflict:
            form.add_error(None, _("Somebody else judged it at the same moment. Look at theirs before you save."))
            return self.page(form, status=409)
        undo = reverse("health_override_end", args=[slug, override.pk])
        success_with_undo(request, _("Your judgement stands beside the computed one until %(day)s.") % {"day": formats.day(override.until)}, undo)
        return redirect("engagement_health", slug)

    def page(self, form: HealthOverrideForm, status: int = 200) -> HttpResponse:
        latest = HealthSnapshot.objects.filter(engagement=self.engagement).first()
        return self.show("engagements/health/override.html", {"form": form, "latest": latest}, status=status)


class HealthOverrideEnd(EngagementView):
    permission = write_permission = Permission.REVIEW_PORTFOLIO

    def override(self) -> HealthOverride:
        rows = HealthOverride.objects.visible_to(self.request.user).select_related("engagement")
        return get_object_or_404(rows, pk=self.kwargs["pk"], engagement=self.engagement)

    def post(self, request: PortalRequest, slug: str, pk: int) -> HttpResponse:
        override = self.override()
        withdraw_override(override, today=self.today, by=request.user)
        success_with_undo(request, _("Taken back. The computed health stands alone again."), reverse("health_override_resume", args=[slug, pk]))
        return redirect("engagement_health", slug)


class HealthOverrideResume(HealthOverrideEnd):
    def post(self, request: PortalRequest, slug: str, pk: int) -> HttpResponse:
        override = self.override()
        if resume_override(override, today=self.today, by=request.user):
            messages.success(request, _("It stands again until %(day)s.") % {"day": formats.day(override.until)})
        else:
            messages.error(request, _("It cannot stand again: another one stands, or its last day is over."))
        return redirect("engagement_health", slug)
