"""Pages of blockers: adding one, one blocker with its history, and the acts on it."""

from __future__ import annotations

from typing import Any, ClassVar

from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from engagements.forms.blockers import BlockerForm, BlockerQuickForm
from engagements.models import Blocker
from engagements.selectors.blocker import blocker_line
from engagements.selectors.note import origin_of
from engagements.services.blockers import move_blocker, save_blocker
from engagements.views.concerns import ConcernsView
from engagements.views.counted import CountedArchive, CountedRestore
from engagements.views.engagements import visible_engagement
from engagements.views.pages import EngagementView
from fde_portal.accounts.access import PortalRequest, PortalView
from fde_portal.accounts.pages import RecordFormPage
from fde_portal.core.messages import success_with_undo

State = Blocker.State


def visible_blocker(view: PortalView) -> Blocker:
    """The blocker the address names, if it belongs to the engagement named and the viewer sees it."""
    blockers = Blocker.objects.visible_to(view.request.user).select_related("engagement__customer", "milestone", "owner")
    return get_object_or_404(blockers, pk=view.kwargs["pk"], engagement__slug=view.kwargs["slug"])


class BlockerQuick(ConcernsView):
    """Takes the one line above the list. Answers htmx with the list, and others with the tab."""

    fragment = "engagements/blocker/_panel.html"

    def post(self, request: PortalRequest, slug: str) -> HttpResponse:
        form = BlockerQuickForm(request.POST, instance=Blocker(engagement=self.engagement), prefix="blocker")
        if not form.is_valid():
            return self.refuse(blocker_form=form)
        blocker = save_blocker(form, by=request.user, today=self.today, now=timezone.now())
        undo_url = reverse("blocker_archive", args=[slug, blocker.pk])
        success_with_undo(request, _("Blocker added: %(blocker)s") % {"blocker": blocker}, undo_url)
        return self.answer()


class BlockerPage(EngagementView):
    tab = "engagement_risks"

    def get(self, request: PortalRequest, slug: str, pk: int) -> HttpResponse:
        blocker = visible_blocker(self)
        context = {
            "line": blocker_line(blocker, self.today),
            "origin": origin_of(blocker, request.user),
            "changes": blocker.changes.select_related("changed_by").order_by("-changed_on", "-id"),
            "revisions": blocker.revisions.select_related("replaced_by"),
        }
        return self.show("engagements/blocker/detail.html", context)


class BlockerPlace:
    """Where the pages of a blocker lead back to."""

    def done_url(self, record: Blocker) -> str:
        return reverse("engagement_risks", args=[record.engagement.slug])


class BlockerFormPage(BlockerPlace, RecordFormPage):
    form_class = BlockerForm
    template_name = "engagements/blocker/form.html"

    def form_options(self) -> dict[str, Any]:
        today = timezone.localdate(timezone=visible_engagement(self).zone)
        return {"user": self.request.user, "today": today}

    def save(self, form: BlockerForm) -> Blocker:
        return save_blocker(form, by=self.request.user, today=form.today, now=timezone.now())


class BlockerNew(BlockerFormPage):
    def get_record(self) -> Blocker:
        return Blocker(engagement=visible_engagement(self), owner=self.request.user)

    def title(self, record: Blocker) -> str:
        return _("New blocker")


class BlockerEdit(BlockerFormPage):
    def get_record(self) -> Blocker:
        return visible_blocker(self)

    def title(self, record: Blocker) -> str:
        return _("Edit blocker")

    def done_url(self, record: Blocker) -> str:
        return reverse("blocker", args=[record.engagement.slug, record.pk])


class BlockerMove(EngagementView):
    """Moves a blocker to another state, with a way back to the one it was in."""

    to: ClassVar[State]
    said: ClassVar[Any]

    def post(self, request: PortalRequest, slug: str, pk: int) -> HttpResponse:
        blocker = visible_blocker(self)
        was = State(blocker.state)
        move_blocker(blocker, to=self.to, today=self.today, by=request.user)
        success_with_undo(request, self.said % {"blocker": blocker}, reverse(ACTS[was], args=[slug, pk]))
        return HttpResponseRedirect(reverse("engagement_risks", args=[slug]))


class BlockerEscalate(BlockerMove):
    to = State.ESCALATED
    said = gettext_lazy("Escalated: %(blocker)s")


class BlockerClear(BlockerMove):
    to = State.CLEARED
    said = gettext_lazy("Cleared: %(blocker)s")


class BlockerReopen(BlockerMove):
    to = State.OPEN
    said = gettext_lazy("Open again: %(blocker)s")


# The address that brings a blocker into a state.
ACTS = {State.OPEN: "blocker_reopen", State.ESCALATED: "blocker_escalate", State.CLEARED: "blocker_clear"}


class BlockerArchive(BlockerPlace, CountedArchive):
    def get_record(self) -> Blocker:
        return visible_blocker(self)

    def restore_url(self, record: Blocker) -> str:
        return reverse("blocker_restore", args=[record.engagement.slug, record.pk])


class BlockerRestore(BlockerPlace, CountedRestore):
    def get_record(self) -> Blocker:
        return visible_blocker(self)
