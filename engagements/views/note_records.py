"""A sentence of a note becomes a record that links back."""

from __future__ import annotations

from functools import cached_property
from typing import Any

from django.db import models
from django.forms import ModelForm
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone

from engagements.models import Engagement, StakeholderNote
from engagements.views.log import warn_of_a_name
from engagements.views.note_outcomes import NoteOutcome, outcome_or_404
from engagements.views.notes import visible_note
from fde_portal.accounts.pages import RecordFormPage


class NoteRecordNew(RecordFormPage):
    """`?text=` is the sentence. A note about a customer in general also needs `?engagement=<slug>`."""

    template_name = "engagements/note/record_form.html"

    @property
    def outcome(self) -> NoteOutcome:
        return outcome_or_404(self.kwargs["kind"])

    @property
    def form_class(self) -> type[ModelForm]:
        return self.outcome.form

    @cached_property
    def note(self) -> StakeholderNote:
        return visible_note(self.request, self.kwargs["pk"])

    @cached_property
    def engagement(self) -> Engagement:
        """The note's own, else the one the address names: seen by the viewer, and of the note's customer."""
        engagements = Engagement.objects.visible_to(self.request.user).filter(customer=self.note.customer)
        chosen = {"pk": self.note.engagement_id} if self.note.engagement_id else {"slug": self.request.GET.get("engagement", "")}
        return get_object_or_404(engagements.select_related("customer"), **chosen)

    def get_record(self) -> models.Model:
        model = self.form_class._meta.model
        record = model(engagement=self.engagement, origin_note=self.note)
        if hasattr(record, "noted_on"):
            record.noted_on = self.note.happened_on
        return record

    def form_options(self) -> dict[str, Any]:
        return {"user": self.request.user, "today": timezone.localdate(timezone=self.engagement.zone)}

    def initial(self) -> dict[str, Any]:
        longest = self.form_class._meta.model._meta.get_field("text").max_length
        return {"text": " ".join(self.request.GET.get("text", "").split())[:longest]}

    def save(self, form: ModelForm) -> Any:
        record = self.outcome.save(form)
        warn_of_a_name(self.request, record)
        return record

    def title(self, record: models.Model) -> str:
        return str(self.outcome.new)

    def archive_url(self, record: models.Model) -> str:
        return self.outcome.away(record)

    def done_url(self, record: models.Model) -> str:
        return reverse("note", args=[self.note.pk])

    def extra_context(self, record: models.Model) -> dict[str, Any]:
        return {"note": self.note, "outcome": self.outcome, "engagement": self.engagement}
