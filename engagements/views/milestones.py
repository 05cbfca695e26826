"""The Milestones tab, and the pages behind it."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from engagements.forms.milestones import MilestoneForm, MilestoneNewForm
from engagements.forms.rebaselines import RebaselineForm
from engagements.models import Milestone
from engagements.selectors.gate import gate_lines
from engagements.selectors.milestone import finding, first_promises, milestone_lines, timeline_of
from engagements.services.milestones import (
    mark_open,
    mark_reached,
    rebaseline,
    save_milestone,
)
from engagements.views.counted import CountedArchive, CountedRestore
from engagements.views.engagements import visible_engagement
from engagements.views.pages import EngagementView, given, path_back
from fde_portal.accounts.access import PortalRequest, PortalView
from fde_portal.accounts.pages import RecordFormPage
from fde_portal.accounts.records import Conflict
from fde_portal.core.messages import success_with_undo


class EngagementMilestones(EngagementView):
    tab = "engagement_milestones"

    def get(self, request: PortalRequest, slug: str) -> HttpResponse:
        milestones = Milestone.objects.visible_to(request.user).filter(engagement=self.engagement)
        first = first_promises(self.engagement)
        begin = self.engagement.started_on
        lines = milestone_lines(list(milestones.current()), begin=begin, today=self.today, first_promises=first)
        context = {
            "lines": lines,
            "finding": finding(lines),
            "timeline": timeline_of(self.engagement, lines, self.today),
            "archived": milestones.archived(),
            "today": self.today,
            "gates": gate_lines(self.engagement),
            "planned_integrations": self.engagement.planned_integrations.all(),
        }
        return self.show("engagements/milestone/list.html", context)


def visible_milestone(view: PortalView) -> Milestone:
    """The milestone the address names, if it belongs to the engagement named and the viewer sees it."""
    milestones = Milestone.objects.visible_to(view.request.user).select_related("engagement")
    return get_object_or_404(milestones, pk=view.kwargs["pk"], engagement__slug=view.kwargs["slug"])


class MilestonePlace:
    """Where the pages of a milestone lead back to."""

    def done_url(self, record: Milestone) -> str:
        return reverse("engagement_milestones", args=[record.engagement.slug])


class MilestoneFormPage(MilestonePlace, RecordFormPage):
    def save(self, form: MilestoneForm | MilestoneNewForm) -> Milestone:
        today = timezone.localdate(timezone=form.instance.engagement.zone)
        return save_milestone(form, by=self.request.user, today=today)


class MilestoneNew(MilestoneFormPage):
    form_class = MilestoneNewForm

    def get_record(self) -> Milestone:
        return Milestone(engagement=visible_engagement(self))

    def title(self, record: Milestone) -> str:
        return _("New milestone")


class MilestoneEdit(MilestoneFormPage):
    form_class = MilestoneForm
    template_name = "engagements/milestone/form.html"

    def get_record(self) -> Milestone:
        return visible_milestone(self)

    def form_options(self) -> dict[str, Any]:
        return {"today": timezone.localdate(timezone=visible_engagement(self).zone)}

    def title(self, record: Milestone) -> str:
        return _("Edit milestone")

    def extra_context(self, record: Milestone) -> dict[str, Any]:
        changes = record.forecast_changes.select_related("changed_by").order_by("-changed_on", "-id")
        promises = record.rebaselines.select_related("changed_by").order_by("-changed_on", "-id")
        return {"milestone": record, "changes": changes, "promises": promises}


class MilestoneRebaseline(EngagementView):
    """Promises a milestone anew, for a reason."""

    tab = "engagement_milestones"

    def get(self, request: PortalRequest, slug: str, pk: int) -> HttpResponse:
        milestone = visible_milestone(self)
        return self.page(RebaselineForm(milestone=milestone), milestone)

    def post(self, request: PortalRequest, slug: str, pk: int) -> HttpResponse:
        milestone = visible_milestone(self)
        was = milestone.baseline_on
        form = RebaselineForm(given(request), milestone=milestone)
        if not form.is_valid():
            return self.page(form, milestone, status=422)
        try:
            rebaseline(milestone, **form.cleaned_data, today=self.today, by=request.user)
        except Conflict:
            form.add_error(None, _("Somebody else promised it anew in the meantime. Look at their date before you save."))
            return self.page(form, visible_milestone(self), status=409)
        back = path_back("milestone_rebaseline", slug, pk, new_on=was.isoformat(), reason=_("Taken back"))
        success_with_undo(request, _("Promised anew: %(milestone)s") % {"milestone": milestone}, back)
        return redirect("engagement_milestones", slug)

    def page(self, form: RebaselineForm, milestone: Milestone, status: int = 200) -> HttpResponse:
        return self.show("engagements/milestone/rebaseline.html", {"form": form, "milestone": milestone}, status=status)


class MilestoneArchive(MilestonePlace, CountedArchive):
    def get_record(self) -> Milestone:
        return visible_milestone(self)

    def restore_url(self, record: Milestone) -> str:
        return reverse("milestone_restore", args=[record.engagement.slug, record.pk])


class MilestoneRestore(MilestonePlace, CountedRestore):
    def get_record(self) -> Milestone:
        return visible_milestone(self)


class MilestoneReach(EngagementView):
    """Marks a milestone as reached today, with a way back."""

    def post(self, request: PortalRequest, slug: str, pk: int) -> HttpResponse:
        milestone = visible_milestone(self)
        mark_reached(milestone, today=self.today, by=request.user)
        undo_url = reverse("milestone_reopen", args=[slug, pk])
        success_with_undo(request, _("Reached today: %(milestone)s") % {"milestone": milestone}, undo_url)
        return redirect("engagement_milestones", slug)


class MilestoneReopen(EngagementView):
    """Takes back that a milestone is reached."""

    def post(self, request: PortalRequest, slug: str, pk: int) -> HttpResponse:
        milestone = visible_milestone(self)
        mark_open(milestone, today=self.today, by=request.user)
        messages.success(request, _("Open again: %(milestone)s") % {"milestone": milestone})
        return redirect("engagement_milestones", slug)
