"""The short form for a note from anywhere: its text says whom and what it is about."""

from __future__ import annotations

from datetime import date
from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from customers.models import Stakeholder
from engagements.forms.notes import SaidForm
from engagements.models import Engagement, StakeholderNote
from engagements.selectors.mention import mentioned_engagements, mentioned_people
from fde_portal.accounts.models import User


class NoteCaptureForm(SaidForm):
    """A new note. Saving it resolves what its text mentions; everything it may name is what `user` sees."""

    class Meta:
        model = StakeholderNote
        fields = ["text", "engagement", "kind", "happened_on"]
        widgets = {"text": forms.Textarea(attrs={"data-mentions": True, "class": "tall"})}
        help_texts = {"text": _("@ names a person, # an engagement. Markdown works. Stays with us, always.")}

    def __init__(self, *args: Any, user: User, today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.user, self.today = user, today
        self.people: list[Stakeholder] = []
        self.fields["engagement"].queryset = visible_engagements(user)
        self.fields["engagement"].empty_label = _("As the text says")

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        text = cleaned.get("text", "")
        cleaned["engagement"] = cleaned.get("engagement") or self.only_one(mentioned_engagements(text, self.user))
        self.set_customer(cleaned["engagement"], mentioned_people(text, self.user))
        return cleaned

    def only_one(self, engagements: QuerySet) -> Engagement | None:
        if len(engagements) > 1:
            self.add_error("text", _("The text names several engagements. Choose the one it belongs to below."))
        return engagements[0] if engagements else None

    def set_customer(self, engagement: Engagement | None, people: list[Stakeholder]) -> None:
        """The engagement's customer, else the one customer whose people are named."""
        customers = {engagement.customer} if engagement else {person.customer for person in people}
        self.people = [person for person in people if person.customer in customers]
        if len(customers) == 1:
            self.instance.customer = customers.pop()
        elif not self.errors:
            self.add_error("text", self.unclear(people))

    def unclear(self, people: list[Stakeholder]) -> str:
        if people:
            return _("These people work for several customers. Name the engagement with # or choose it below.")
        return _("Say whom it is about: name a person with @ or an engagement with #, or choose one below.")

    def _save_m2m(self) -> None:
        super()._save_m2m()
        self.instance.stakeholders.set(self.people)


def visible_engagements(user: User) -> QuerySet:
    return Engagement.objects.visible_to(user).current().order_by("name")
