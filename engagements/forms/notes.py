"""The form for a note about people."""

from __future__ import annotations

from datetime import date
from typing import Any

from django import forms
from django.db import models
from django.utils.translation import gettext_lazy as _

from customers.models import Stakeholder
from engagements.forms.dates import not_to_come
from engagements.models import Engagement, StakeholderNote
from engagements.selectors.note import engagements_of
from fde_portal.accounts.forms import RecordForm
from fde_portal.accounts.models import User


class SaidForm(RecordForm):
    """What somebody wrote down of a day that is over, or of `today`."""

    today: date

    def clean_text(self) -> str:
        # Browsers send other line ends than we keep: they alone are no new text.
        return self.cleaned_data["text"].replace("\r\n", "\n")

    def clean_happened_on(self) -> date:
        return not_to_come(self.cleaned_data["happened_on"], self.today)


class NoteForm(SaidForm):
    """A note about people of one customer. What it may name is what `user` sees."""

    class Meta:
        model = StakeholderNote
        fields = ["text", "kind", "happened_on", "stakeholders", "stance_observed", "engagement"]
        widgets = {"stakeholders": forms.CheckboxSelectMultiple, "text": forms.Textarea(attrs={"class": "tall"})}
        help_texts = {"stance_observed": _("Becomes the stance of the people named, from the date above.")}

    def __init__(self, *args: Any, user: User, today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.today = today
        self.fields["stakeholders"].queryset = self.people(user)
        self.fields["engagement"].queryset = self.engagements(user)
        self.fields["engagement"].empty_label = _("None: everybody who works with this customer may read it")

    def people(self, user: User) -> models.QuerySet:
        named = models.Q(notes=self.instance) if self.instance.pk else models.Q()
        people = Stakeholder.objects.visible_to(user).filter(customer=self.instance.customer)
        return people.filter(models.Q(archived_at=None) | named).distinct()

    def engagements(self, user: User) -> models.QuerySet:
        chosen = Engagement.objects.visible_to(user).filter(pk=self.instance.engagement_id)
        return engagements_of(self.instance.customer, user) | chosen.select_related("lead")

    def can_be_taken_back(self) -> bool:
        """A stance that was seen stays with the people, on its day; the words of a note come back."""
        return not self.cleaned_data["stance_observed"] or self.changed_data == ["text"]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        if cleaned.get("stance_observed") and not cleaned.get("stakeholders"):
            self.add_error("stakeholders", _("Name the people whose stance you saw."))
        return cleaned
