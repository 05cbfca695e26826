"""The form of one person's week: how it was, and where the hours went."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from engagements.models import CheckIn, Engagement
from fde_portal.accounts.forms import RecordForm
from fde_portal.core.formats import shortest


class CheckInForm(RecordForm):
    """One field of hours for each of `engagements`, those the person works on."""

    class Meta:
        model = CheckIn
        fields = ["mood", "confidence", "travel_days"]
        widgets = {"mood": forms.RadioSelect, "confidence": forms.RadioSelect}

    def __init__(self, *args: Any, engagements: Sequence[Engagement], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.engagements = engagements
        self.fields["mood"].choices = CheckIn.Mood.choices
        self.fields["confidence"].choices = [(grade, str(grade)) for grade in range(1, 6)]
        self.fields["confidence"].help_text = _("1 is low, 5 is high.")
        spent = {row.engagement_id: shortest(row.hours) for row in self.instance.hours.all()} if self.instance.pk else {}
        for engagement in engagements:
            self.fields[self.name_of(engagement)] = forms.DecimalField(
                label=_("%(customer)s, %(engagement)s") % {"customer": engagement.customer.name, "engagement": engagement.name},
                min_value=0,
                max_value=100,
                decimal_places=1,
                required=False,
                initial=spent.get(engagement.pk),
            )

    @staticmethod
    def name_of(engagement: Engagement) -> str:
        return f"hours-{engagement.pk}"

    def hour_fields(self) -> list[tuple[Engagement, forms.BoundField]]:
        return [(engagement, self[self.name_of(engagement)]) for engagement in self.engagements]

    def hours(self) -> dict[Engagement, Decimal | None]:
        """None where nothing was typed."""
        return {engagement: self.cleaned_data.get(self.name_of(engagement)) for engagement in self.engagements}
