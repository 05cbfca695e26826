"""A deliverable's own page, the steps of its life, and its evidence."""

from __future__ import annotations

from typing import Any, ClassVar

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from engagements.forms.releases import EvidenceForm, RejectionForm
from engagements.models import Deliverable, DeliverableChange, EvidenceLink
from engagements.selectors.metric import latest_deliverable_metrics
from engagements.selectors.release import HAPPENED, happenings_of
from engagements.services.deliverable_life import WrongState, next_steps, take_back, take_step
from engagements.views.deliverables import visible_deliverable
from engagements.views.overview import adoption_content
from engagements.views.pages import EngagementView
from fde_portal.accounts.access import PortalRequest, PortalView
from fde_portal.accounts.pages import RecordArchive, RecordRestore
from fde_portal.accounts.records import save_record
from fde_portal.core.messages import success_with_undo

State = Deliverable.State


class DeliverableView(EngagementView):
    """A page of one deliverable."""

    along = EngagementView.along | HAPPENED
    tab = "engagement_deliverables"

    def page(self, deliverable: Deliverable, status: int = 200, **forms: Any) -> HttpResponse:
        measured = latest_deliverable_metrics(self.engagement)
        metrics = measured.get(deliverable.pk)
        happenings = happenings_of(self.engagement).get(deliverable.pk, [])
        context = {
            "deliverable": deliverable,
            "steps": [(STEP_URLS[step], STEP_WORDS[step]) for step in next_steps(deliverable) if step != State.REJECTED],
            "can_reject": State.REJECTED in next_steps(deliverable),
            "changes": deliverable.changes.select_related("changed_by", "response"),
            "evidence": deliverable.evidence_links.current().prefetch_related("attachments"),
            "archived_evidence": deliverable.evidence_links.archived(),
            "releases": deliverable.releases.current(),
            "archived_releases": deliverable.releases.archived(),
            "incidents": deliverable.incidents.current(),
            "outcomes": deliverable.outcome_agreements.current(),
            "archived_incidents": deliverable.incidents.archived(),
            "evidence_form": EvidenceForm(prefix="evidence"),
            "rejection_form": RejectionForm(),
            "metrics": metrics,
            "comparable": self.engagement.deliverables.current().filter(pk__in=measured.keys() - {deliverable.pk}),
            **adoption_content(metrics, prefix="deliverable", happenings=happenings, deliverable=deliverable),
        }
        return self.show("engagements/deliverable/detail.html", context | forms, status=status)

    def page_url(self) -> str:
        return reverse("deliverable", args=[self.engagement.slug, self.kwargs["pk"]])


class DeliverablePage(DeliverableView):
    def get(self, request: PortalRequest, slug: str, pk: int) -> HttpResponse:
        return self.page(visible_deliverable(self))


class DeliverableStep(DeliverableView):
    """Takes one step, with a way back. A step that does not follow the state is a 409 and changes nothing."""

    to: ClassVar[State]
    said: ClassVar[Any]

    def post(self, request: PortalRequest, slug: str, pk: int) -> HttpResponse:
        return self.take(visible_deliverable(self))

    def take(self, deliverable: Deliverable, reason: str = "") -> HttpResponse:
        try:
            change = take_step(
                deliverable, to=self.to, by=self.request.user, now=timezone.now(), today=self.today, reason=reason
            )
        except WrongState:
            return self.refuse(deliverable)
        undo_url = reverse("deliverable_take_back", args=[self.engagement.slug, deliverable.pk, change.pk])
        success_with_undo(self.request, self.said % {"deliverable": deliverable}, undo_url)
        return HttpResponseRedirect(self.page_url())

    def refuse(self, deliverable: Deliverable) -> HttpResponse:
        deliverable.refresh_from_db()
        text = _("Nothing was changed: the deliverable is in the state “%(state)s”, which this step does not follow.")
        refusal = text % {"state": deliverable.get_state_display()}
        return self.page(deliverable, status=409, refusal=refusal)


class DeliverableBegin(DeliverableStep):
    to, said = State.IN_PROGRESS, gettext_lazy("In progress: %(deliverable)s")


class DeliverableSubmit(DeliverableStep):
    to, said = State.SUBMITTED, gettext_lazy("Submitted: %(deliverable)s")


class DeliverableAccept(DeliverableStep):
    to, said = State.ACCEPTED, gettext_lazy("Accepted: %(deliverable)s")


class DeliverableSupersede(DeliverableStep):
    to, said = State.SUPERSEDED, gettext_lazy("Superseded: %(deliverable)s")


class DeliverableReject(DeliverableStep):
    """A rejection owes its reason."""

    to, said = State.REJECTED, gettext_lazy("Rejected: %(deliverable)s")

    def post(self, request: PortalRequest, slug: str, pk: int) -> HttpResponse:
        deliverable = visible_deliverable(self)
        form = RejectionForm(request.POST)
        if not form.is_valid():
            return self.page(deliverable, status=422, rejection_form=form)
        return self.take(deliverable, form.cleaned_data["reason"])


STEP_URLS = {
    State.IN_PROGRESS: "deliverable_begin",
    State.SUBMITTED: "deliverable_submit",
    State.ACCEPTED: "deliverable_accept",
    State.SUPERSEDED: "deliverable_supersede",
}
STEP_WORDS = {
    State.IN_PROGRESS: gettext_lazy("Begin"),
    State.SUBMITTED: gettext_lazy("Submit"),
    State.ACCEPTED: gettext_lazy("Mark accepted"),
    State.SUPERSEDED: gettext_lazy("Supersede"),
}


class DeliverableTakeBack(DeliverableStep):
    """Undoes the newest step within ten minutes."""

    def post(self, request: PortalRequest, slug: str, pk: int, change: int) -> HttpResponse:
        deliverable = visible_deliverable(self)
        step = get_object_or_404(DeliverableChange.objects.visible_to(request.user), pk=change, deliverable=deliverable)
        try:
            take_back(step, by=request.user, now=timezone.now())
        except WrongState:
            return self.refuse(deliverable)
        messages.success(request, _("Taken back: %(deliverable)s") % {"deliverable": deliverable})
        return HttpResponseRedirect(self.page_url())


class EvidenceNew(DeliverableView):
    """Takes the line below the list of evidence."""

    def post(self, request: PortalRequest, slug: str, pk: int) -> HttpResponse:
        deliverable = visible_deliverable(self)
        form = EvidenceForm(request.POST, instance=EvidenceLink(deliverable=deliverable), prefix="evidence")
        if not form.is_valid():
            return self.page(deliverable, status=422, evidence_form=form)
        link = save_record(form, by=request.user)
        undo_url = reverse("evidence_archive", args=[slug, pk, link.pk])
        success_with_undo(request, _("Evidence added: %(link)s") % {"link": link}, undo_url)
        return HttpResponseRedirect(self.page_url())


def visible_evidence(view: PortalView) -> EvidenceLink:
    links = EvidenceLink.objects.visible_to(view.request.user).select_related("deliverable__engagement")
    return get_object_or_404(links, pk=view.kwargs["link"], deliverable=visible_deliverable(view))


class EvidencePlace:
    """Where the acts on evidence lead back to."""

    def get_record(self) -> EvidenceLink:
        return visible_evidence(self)

    def done_url(self, record: EvidenceLink) -> str:
        return reverse("deliverable", args=[record.deliverable.engagement.slug, record.deliverable_id])


class EvidenceArchive(EvidencePlace, RecordArchive):
    def restore_url(self, record: EvidenceLink) -> str:
        return reverse("evidence_restore", args=[record.deliverable.engagement.slug, record.deliverable_id, record.pk])


class EvidenceRestore(EvidencePlace, RecordRestore):
    pass
