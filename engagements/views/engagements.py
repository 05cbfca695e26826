"""Pages on which an engagement is begun, edited, archived, staffed, and moved to another phase or status."""

from __future__ import annotations

from copy import copy
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from customers.models import Customer
from engagements.forms.engagements import (
    EngagementForm,
    EngagementNewForm,
    PhaseForm,
    StatusForm,
)
from engagements.models import Engagement
from engagements.selectors.playbook import default_playbook
from engagements.services.engagements import (
    archive_engagement,
    create_engagement,
    restore_engagement,
    save_engagement,
)
from engagements.services.phases import GateShut, change_phase, change_status
from engagements.services.playbooks import ensure_standard_playbooks
from engagements.views.pages import EngagementView, given, path_back
from fde_portal.accounts.access import PortalRequest, PortalView
from fde_portal.accounts.pages import RecordArchive, RecordFormPage, RecordRestore
from fde_portal.accounts.permissions import Permission
from fde_portal.accounts.records import Conflict
from fde_portal.core import formats
from fde_portal.core.messages import success_with_undo


def visible_engagement(view: PortalView) -> Engagement:
    """The engagement the address names, if the viewer sees it."""
    engagements = Engagement.objects.visible_to(view.request.user).select_related("customer")
    return get_object_or_404(engagements, slug=view.kwargs["slug"])


class EngagementNew(RecordFormPage):
    """Begins an engagement. `?customer=<slug>` chooses the customer beforehand."""

    permission = Permission.CREATE_ENGAGEMENT
    form_class = EngagementNewForm

    def get_record(self) -> Engagement:
        return Engagement(lead=self.request.user)

    def title(self, record: Engagement) -> str:
        return _("New engagement")

    def extra_context(self, record: Engagement) -> dict[str, Any]:
        return {"lead": _("A customer and a name are enough to start. Everything else can follow.")}

    def form_options(self) -> dict[str, Any]:
        return {"user": self.request.user}

    def initial(self) -> dict[str, Any]:
        user = self.request.user
        customers = Customer.objects.visible_to(user).current()
        customer = customers.filter(slug=self.request.GET.get("customer", "")).first()
        ensure_standard_playbooks()
        return {
            "customer": customer,
            "started_on": timezone.localdate(timezone=user.zone),
            "playbook": default_playbook(user, customer.language if customer else user.language),
        }

    def save(self, form: EngagementNewForm) -> Engagement:
        return create_engagement(
            engagement=form.instance,
            by=self.request.user,
            new_customer=form.new_customer_form(),
            playbook=form.cleaned_data["playbook"],
            today=timezone.localdate(timezone=self.request.user.zone),
        )

    def archive_url(self, record: Engagement) -> str:
        return reverse("engagement_archive", args=[record.slug])

    def done_url(self, record: Engagement) -> str:
        return reverse("engagement", args=[record.slug]) if record.pk else reverse("portfolio")


class EngagementEdit(RecordFormPage):
    form_class = EngagementForm
    template_name = "engagements/engagement/form.html"

    def get_record(self) -> Engagement:
        return visible_engagement(self)

    def title(self, record: Engagement) -> str:
        return _("Edit engagement")

    def extra_context(self, record: Engagement) -> dict[str, Any]:
        return {"engagement": record}

    def save(self, form: EngagementForm) -> Engagement:
        return save_engagement(form, by=self.request.user)

    def done_url(self, record: Engagement) -> str:
        return reverse("engagement", args=[self.kwargs["slug"]])


class EngagementArchive(RecordArchive):
    def get_record(self) -> Engagement:
        return visible_engagement(self)

    def archive(self, record: Engagement) -> None:
        archive_engagement(record, by=self.request.user, now=timezone.now())

    def restore_url(self, record: Engagement) -> str:
        return reverse("engagement_restore", args=[record.slug])

    def done_url(self, record: Engagement) -> str:
        return reverse("portfolio")


class EngagementRestore(RecordRestore):
    def get_record(self) -> Engagement:
        return visible_engagement(self)

    def restore(self, record: Engagement) -> None:
        restore_engagement(record, by=self.request.user)

    def done_url(self, record: Engagement) -> str:
        return reverse("engagement", args=[record.slug])


class EngagementPhase(EngagementView):
    """Phase and status, with the history of phases."""

    permission = Permission.WRITE_RECORDS
    tab = ""

    def get(self, request: PortalRequest, slug: str) -> HttpResponse:
        return self.show_forms()

    def show_forms(
        self, *, phase: PhaseForm | None = None, status_form: StatusForm | None = None, status: int = 200
    ) -> HttpResponse:
        context = {
            "phase_form": phase or PhaseForm(engagement=self.engagement, today=self.today),
            "status_form": status_form or StatusForm(instance=self.engagement),
            "changes": self.engagement.phase_changes.order_by("-entered_on", "-id"),
        }
        return self.show("engagements/engagement/form_phase.html", context, status)

    def post(self, request: PortalRequest, slug: str) -> HttpResponse:
        form = PhaseForm(request.POST, engagement=self.engagement, today=self.today)
        if not form.is_valid():
            return self.show_forms(phase=form, status=422)
        try:
            change_phase(
                engagement=self.engagement, phase=form.cleaned_data["phase"], on=form.cleaned_data["on"], by=request.user
            )
        except GateShut as shut:
            form.add_error("phase", gate_words(shut))
            return self.show_forms(phase=form, status=409)
        except Conflict:
            form.add_error("phase", _("Nothing was changed: somebody else changed the phase at this moment. Look where it stands, and try again."))
            return self.show_forms(phase=form, status=409)
        messages.success(request, _("Phase: %(phase)s") % {"phase": self.engagement.get_phase_display()})
        return redirect("engagement", slug)


def gate_words(shut: GateShut) -> str:
    """What a form says when a gate is in the way: the first thing that keeps it shut."""
    if shut.obstacles.ownerless:
        return _("“%(asset)s” has no owner at the customer. Name one on the Gates tab first.") % {"asset": shut.obstacles.ownerless[0]}
    if shut.obstacles.criteria:
        words = {"phase": shut.phase.label, "criterion": shut.obstacles.criteria[0]}
        return _("The gate after %(phase)s is shut: “%(criterion)s” is not passed. Answer it on the Gates tab.") % words
    if shut.obstacles.safety:
        words = {"phase": shut.phase.label, "questions": formats.listed(shut.obstacles.safety_names)}
        return _("The gate after %(phase)s is shut: not passed about safety are %(questions)s. Answer them on the Gates tab.") % words
    if shut.obstacles.unsigned:
        return _("The gate after %(phase)s waits for the customer’s sign-off. See the Gates tab.") % {"phase": shut.phase.label}
    return _("The gate after %(phase)s is not passed. Record the decision of both sides on the Gates tab.") % {"phase": shut.phase.label}


class EngagementStatus(EngagementPhase):
    """Changes the status; the form stands on the page of the phase."""

    def get(self, request: PortalRequest, slug: str) -> HttpResponse:
        return redirect("engagement_phase", self.engagement.slug)

    def post(self, request: PortalRequest, slug: str) -> HttpResponse:
        was = self.engagement.status
        form = StatusForm(given(request), instance=copy(self.engagement))
        if not form.is_valid():
            return self.show_forms(status_form=form, status=422)
        try:
            change_status(engagement=self.engagement, status=form.cleaned_data["status"], by=request.user)
        except GateShut as shut:
            form.add_error("status", gate_words(shut))
            return self.show_forms(status_form=form, status=409)
        back = path_back("engagement_status", slug, status=was)
        success_with_undo(request, _("Status: %(status)s") % {"status": self.engagement.get_status_display()}, back)
        return redirect("engagement", slug)
