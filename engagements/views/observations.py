"""Observations of an agreed outcome: typed, from a file, confirmed or disputed; and guardrails."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from engagements.forms.observations import DisputeForm, ObservationFileForm, ObservationForm
from engagements.forms.outcomes import GuardrailForm
from engagements.models import Guardrail, Observation
from engagements.services.guardrails import save_guardrail
from engagements.services.observations import (
    restore_observation,
    save_observation,
    take_in_observations,
)
from engagements.services.outcome_states import Refused
from engagements.services.verdicts import decide_figure
from engagements.views.counted import CountedArchive
from engagements.views.outcomes import OutcomeView, visible_outcome
from fde_portal.accounts.access import PortalRequest, PortalView
from fde_portal.accounts.pages import RecordArchive, RecordFormPage, RecordRestore
from fde_portal.core.messages import success_with_undo


def visible_part(view: PortalView, model: Any) -> Any:
    """The observation or guardrail the address names, of the agreement named, if the viewer sees both."""
    rows = model.objects.visible_to(view.request.user).select_related("agreement__engagement")
    return get_object_or_404(rows, pk=view.kwargs["part"], agreement=visible_outcome(view))


class ObservationNew(OutcomeView):
    """Takes the line above the list of observations."""

    def post(self, request: PortalRequest, slug: str, pk: int) -> HttpResponse:
        agreement = visible_outcome(self)
        form = ObservationForm(request.POST, instance=Observation(agreement=agreement), today=self.today, prefix="observation")
        if not form.is_valid():
            return self.page(agreement, status=422, observation_form=form)
        try:
            observation = save_observation(form, by=request.user, today=self.today)
        except Refused:
            return self.refuse(_("Nothing was recorded: the outcome is not agreed yet, or decided already."))
        undo_url = reverse("observation_archive", args=[slug, pk, observation.pk])
        success_with_undo(request, _("Recorded: %(observation)s") % {"observation": observation}, undo_url)
        return self.done()


class ObservationFile(OutcomeView):
    """Takes in a file of observations: all of them, or none."""

    def post(self, request: PortalRequest, slug: str, pk: int) -> HttpResponse:
        agreement = visible_outcome(self)
        form = ObservationFileForm(request.POST, request.FILES, agreement=agreement, today=self.today)
        if not form.is_valid():
            return self.page(agreement, status=422, file_form=form)
        try:
            count = take_in_observations(form.observations, today=self.today, by=request.user)
        except Refused:
            return self.refuse(_("Nothing was recorded: the outcome is not agreed yet, or decided already."))
        messages.success(request, ngettext("%(count)s observation taken in.", "%(count)s observations taken in.", count) % {"count": count})
        return self.done()


class ObservationConfirm(OutcomeView):
    """Keeps the verifier's yes. Whoever recorded the figures cannot give it."""

    def post(self, request: PortalRequest, slug: str, pk: int, part: int) -> HttpResponse:
        return self.decide(visible_part(self, Observation), confirmed=True, comment="")

    def decide(self, observation: Observation, *, confirmed: bool, comment: str) -> HttpResponse:
        verifier = observation.agreement.verifier
        name = _("%(verifier)s, kept by %(person)s") % {"verifier": verifier.name if verifier else "–", "person": self.request.user.name}
        try:
            decide_figure(observation, confirmed=confirmed, comment=comment, name=name, today=self.today, by=self.request.user)
        except Refused:
            return self.refuse(_("Nothing was decided: you recorded these figures yourself, or the verdict is there already."))
        messages.success(self.request, _("Confirmed.") if confirmed else _("Disputed. It no longer counts until it is corrected."))
        return self.done()


class ObservationDispute(ObservationConfirm):
    """Keeps the verifier's no, with what is wrong."""

    def post(self, request: PortalRequest, slug: str, pk: int, part: int) -> HttpResponse:
        observation = visible_part(self, Observation)
        form = DisputeForm(request.POST)
        if not form.is_valid():
            return self.page(visible_outcome(self), status=422, dispute_form=form, disputed=observation)
        return self.decide(observation, confirmed=False, comment=form.cleaned_data["comment"])


class PartPlace:
    """Where the pages of an observation or guardrail lead back to."""

    def done_url(self, record: Any) -> str:
        return reverse("outcome", args=[record.agreement.engagement.slug, record.agreement_id])


class TodayForm(RecordFormPage):
    """A form that knows the engagement's local day."""

    def form_options(self) -> dict[str, Any]:
        return {"today": timezone.localdate(timezone=visible_outcome(self).engagement.zone)}


class ObservationEdit(PartPlace, TodayForm):
    form_class = ObservationForm

    def get_record(self) -> Observation:
        return visible_part(self, Observation)

    def title(self, record: Observation) -> str:
        return _("Correct an observation")

    def post(self, request: PortalRequest, **kwargs: Any) -> HttpResponse:
        try:
            return super().post(request, **kwargs)
        except Refused:
            messages.error(request, _("Nothing was changed: the outcome is decided."))
            return HttpResponseRedirect(self.done_url(self.get_record()))

    def save(self, form: ObservationForm) -> Observation:
        return save_observation(form, by=self.request.user, today=form.today)


class ObservationArchive(PartPlace, CountedArchive):
    def get_record(self) -> Observation:
        return visible_part(self, Observation)

    def restore_url(self, record: Observation) -> str:
        return reverse("observation_restore", args=[record.agreement.engagement.slug, record.agreement_id, record.pk])


class ObservationRestore(PartPlace, RecordRestore):
    def get_record(self) -> Observation:
        return visible_part(self, Observation)

    def post(self, request: PortalRequest, **kwargs: Any) -> HttpResponse:
        try:
            return super().post(request, **kwargs)
        except Refused:
            messages.error(request, _("Not restored: another observation has this period now."))
            return HttpResponseRedirect(self.done_url(self.get_record()))

    def restore(self, record: Observation) -> None:
        restore_observation(record, by=self.request.user)


class GuardrailNew(PartPlace, TodayForm):
    form_class = GuardrailForm

    def get_record(self) -> Guardrail:
        return Guardrail(agreement=visible_outcome(self))

    def title(self, record: Guardrail) -> str:
        return _("New guardrail")

    def save(self, form: GuardrailForm) -> Guardrail:
        return save_guardrail(form, replaced=form.replaced_days(), by=self.request.user)


class GuardrailEdit(GuardrailNew):
    def get_record(self) -> Guardrail:
        return visible_part(self, Guardrail)

    def title(self, record: Guardrail) -> str:
        return _("Guardrail")


class GuardrailArchive(PartPlace, RecordArchive):
    def get_record(self) -> Guardrail:
        return visible_part(self, Guardrail)

    def restore_url(self, record: Guardrail) -> str:
        return reverse("guardrail_restore", args=[record.agreement.engagement.slug, record.agreement_id, record.pk])


class GuardrailRestore(PartPlace, RecordRestore):
    def get_record(self) -> Guardrail:
        return visible_part(self, Guardrail)
