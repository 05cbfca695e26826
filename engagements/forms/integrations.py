"""The form for a data source."""

from __future__ import annotations

from typing import Any

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from customers.models import Stakeholder
from engagements.forms.log_entries import LogForm
from engagements.models import Integration


class IntegrationForm(LogForm):
    """Whoever saves it has looked: the day becomes the last check."""

    class Meta:
        model = Integration
        fields = ["text", "readiness", "owner", "access", "quality", "legal_basis"]
        labels = {"text": _("System")}
        help_texts = {
            "readiness": _("Saving notes today as the day it was checked."),
            "legal_basis": _("What allows us to use the data: a contract, a consent, an agreement."),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        people = Stakeholder.objects.visible_to(self.user).filter(customer=self.instance.engagement.customer_id)
        self.fields["owner"].queryset = people.filter(Q(archived_at=None) | Q(pk=self.instance.owner_id))
        self.fields["owner"].empty_label = _("Nobody yet")

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        self.instance.noted_on = self.today
        return cleaned
