"""The Outcomes tab, one agreement with its history, and the acts on it."""

from __future__ import annotations

from typing import Any, ClassVar

from django.contrib import messages
from django.db.models import Prefetch, prefetch_related_objects
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from engagements.forms.observations import ObservationFileForm, ObservationForm
from engagements.forms.outcomes import AgreeForm, DecisionForm, OutcomeForm, OutcomeLivingForm, OutcomeRebaselineForm
from engagements.models import GuardrailReading, Observation, OutcomeAgreement
from engagements.selectors.outcome import outcome_row, outcome_rows, outcomes_of, outcomes_sentence, with_observations
from engagements.services.outcome_states import Refused
from engagements.services.outcomes import (
    agree_outcome,
    decide_outcome,
    is_proven,
    may_agree,
    rebaseline_outcome,
    reopen_outcome,
    save_outcome,
)
from engagements.views.counted import CountedArchive, CountedRestore
from engagements.views.engagements import visible_engagement
from engagements.views.outcome_charts import outcome_chart
from engagements.views.pages import EngagementView
from fde_portal.accounts.access import PortalRequest, PortalView
from fde_portal.accounts.pages import RecordFormPage
from fde_portal.core.messages import success_with_undo

State = OutcomeAgreement.State


def visible_outcome(view: PortalView) -> OutcomeAgreement:
    """The agreement the address names, if it belongs to the engagement named and the viewer sees it."""
    rows = with_observations(OutcomeAgreement.objects.visible_to(view.request.user))
    return get_object_or_404(rows, pk=view.kwargs["pk"], engagement__slug=view.kwargs["slug"])


class EngagementOutcomes(EngagementView):
    tab = "engagement_outcomes"

    def get(self, request: PortalRequest, slug: str) -> HttpResponse:
        agreements = outcomes_of(self.engagement, request.user)
        rows = outcome_rows(agreements.current(), today=self.today)
        context = {"rows": rows, "sentence": outcomes_sentence(rows), "archived": agreements.archived()}
        return self.show("engagements/outcome/list.html", context)


class OutcomeView(EngagementView):
    """A page of one agreement; acts that are refused answer with it, and keep what was typed."""

    tab = "engagement_outcomes"

    def page(self, agreement: OutcomeAgreement, status: int = 200, **forms: Any) -> HttpResponse:
        row = outcome_row(agreement, self.today)
        prefetch_related_objects(agreement.rails, Prefetch("readings", GuardrailReading.objects.select_related("guardrail", "recorded_by")))
        empty = Observation(agreement=agreement)
        context = {
            "row": row,
            "agreement": agreement,
            "chart": outcome_chart(row, id="outcome"),
            "missing": [agreement._meta.get_field(name).verbose_name for name in agreement.missing],
            "may_agree": may_agree(agreement, self.request.user),
            "is_proven": is_proven(agreement),
            "deliverables": agreement.deliverables.current(),
            "changes": agreement.changes.select_related("changed_by").order_by("-changed_on", "-id"),
            "rebaselines": agreement.rebaselines.select_related("approved_by", "changed_by").order_by("-changed_on", "-id"),
            "archived_observations": agreement.observations.archived(),
            "agree_form": AgreeForm(today=self.today, prefix="agree"),
            "observation_form": ObservationForm(instance=empty, today=self.today, prefix="observation"),
            "file_form": ObservationFileForm(agreement=agreement, today=self.today),
            "missed_form": DecisionForm(prefix="missed"),
            "retire_form": DecisionForm(prefix="retire"),
        }
        return self.show("engagements/outcome/detail.html", context | forms, status=status)

    def done(self) -> HttpResponse:
        return HttpResponseRedirect(reverse("outcome", args=[self.kwargs["slug"], self.kwargs["pk"]]))

    def refuse(self, text: str) -> HttpResponse:
        """Say why nothing was changed, beside how the agreement stands now."""
        return self.page(visible_outcome(self), status=409, refusal=text)


class OutcomePage(OutcomeView):
    def get(self, request: PortalRequest, slug: str, pk: int) -> HttpResponse:
        return self.page(visible_outcome(self))


class OutcomeAgree(OutcomeView):
    """Binds both sides: whoever sends it for us, and the customer's person as the form says."""

    def post(self, request: PortalRequest, slug: str, pk: int) -> HttpResponse:
        agreement = visible_outcome(self)
        form = AgreeForm(request.POST, today=self.today, prefix="agree")
        if not form.is_valid():
            return self.page(agreement, status=422, agree_form=form)
        data = form.cleaned_data
        try:
            agree_outcome(agreement, on=data["agreed_on"], how=data["how"], today=self.today, by=request.user)
        except Refused:
            return self.refuse(_("Nothing was agreed: a part is missing, it is agreed already, or you do not answer for it on our side."))
        messages.success(request, _("Agreed by both sides: %(outcome)s") % {"outcome": agreement})
        return self.done()


class OutcomeDecision(OutcomeView):
    """Decides an agreement, with a way back."""

    to: ClassVar[State]
    said: ClassVar[Any]
    refused: ClassVar[Any]

    def post(self, request: PortalRequest, slug: str, pk: int) -> HttpResponse:
        agreement = visible_outcome(self)
        name = self.to.value
        form = DecisionForm(request.POST, owed=self.to != State.MET, prefix=name)
        if not form.is_valid():
            return self.page(agreement, status=422, **{f"{name}_form".replace("retired", "retire"): form})
        try:
            decide_outcome(agreement, to=self.to, reason=form.cleaned_data["reason"], today=self.today, by=request.user)
        except Refused:
            return self.refuse(self.refused)
        success_with_undo(request, self.said % {"outcome": agreement}, reverse("outcome_reopen", args=[slug, pk]))
        return self.done()


class OutcomeMet(OutcomeDecision):
    to, said = State.MET, gettext_lazy("Met: %(outcome)s")
    refused = gettext_lazy("Not decided: the newest observation must be confirmed and at the target, and every guardrail kept.")


class OutcomeMissed(OutcomeDecision):
    to, said = State.MISSED, gettext_lazy("Missed: %(outcome)s")
    refused = gettext_lazy("Not decided: only a running agreement can be missed.")


class OutcomeRetire(OutcomeDecision):
    to, said = State.RETIRED, gettext_lazy("Retired: %(outcome)s")
    refused = gettext_lazy("Not retired: it is decided already.")


class OutcomeReopen(OutcomeView):
    def post(self, request: PortalRequest, slug: str, pk: int) -> HttpResponse:
        agreement = visible_outcome(self)
        try:
            reopen_outcome(agreement, today=self.today, by=request.user)
        except Refused:
            return self.refuse(_("Nothing was changed: no decision stands."))
        messages.success(request, _("Open again: %(outcome)s") % {"outcome": agreement})
        return self.done()


class OutcomePlace:
    """Where the pages of an agreement lead back to."""

    def get_record(self) -> OutcomeAgreement:
        return visible_outcome(self)

    def done_url(self, record: OutcomeAgreement) -> str:
        if record.pk is None:
            return reverse("engagement_outcomes", args=[record.engagement.slug])
        return reverse("outcome", args=[record.engagement.slug, record.pk])


class OutcomeNew(OutcomePlace, RecordFormPage):
    form_class = OutcomeForm
    template_name = "engagements/outcome/form.html"

    def get_record(self) -> OutcomeAgreement:
        return OutcomeAgreement(engagement=visible_engagement(self), our_person=self.request.user)

    def title(self, record: OutcomeAgreement) -> str:
        return _("New outcome")

    def form_options(self) -> dict[str, Any]:
        return {"user": self.request.user}

    def save(self, form: Any) -> OutcomeAgreement:
        today = timezone.localdate(timezone=form.instance.engagement.zone)
        return save_outcome(form, by=self.request.user, today=today)


class OutcomeEdit(OutcomeNew):
    """A draft as a whole; of one that is agreed only what may still change."""

    @property
    def form_class(self) -> type[OutcomeLivingForm]:
        return OutcomeForm if visible_outcome(self).state == State.DRAFT else OutcomeLivingForm

    def get_record(self) -> OutcomeAgreement:
        return visible_outcome(self)

    def title(self, record: OutcomeAgreement) -> str:
        return _("Edit outcome")


class OutcomeRebaselinePage(OutcomePlace, RecordFormPage):
    form_class = OutcomeRebaselineForm
    template_name = "engagements/outcome/rebaseline.html"

    def get_record(self) -> OutcomeAgreement:
        return get_object_or_404(
            OutcomeAgreement.objects.visible_to(self.request.user).running().select_related("engagement"),
            pk=self.kwargs["pk"], engagement__slug=self.kwargs["slug"],
        )

    def title(self, record: OutcomeAgreement) -> str:
        return _("Agree on a new line")

    def form_options(self) -> dict[str, Any]:
        return {"user": self.request.user, "today": timezone.localdate(timezone=visible_engagement(self).zone)}

    def post(self, request: PortalRequest, **kwargs: Any) -> HttpResponse:
        try:
            return super().post(request, **kwargs)
        except Refused:
            messages.error(request, _("Nothing was changed: the outcome is decided."))
            return HttpResponseRedirect(self.done_url(visible_outcome(self)))

    def save(self, form: OutcomeRebaselineForm) -> OutcomeAgreement:
        agreement = self.get_record()  # the form has written into its own instance
        rebaseline_outcome(agreement, line=form.line(), approval=form.approval(), today=form.today, by=self.request.user)
        return agreement


class OutcomeArchive(OutcomePlace, CountedArchive):
    def done_url(self, record: OutcomeAgreement) -> str:
        return reverse("engagement_outcomes", args=[record.engagement.slug])

    def restore_url(self, record: OutcomeAgreement) -> str:
        return reverse("outcome_restore", args=[record.engagement.slug, record.pk])


class OutcomeRestore(OutcomePlace, CountedRestore):
    pass
