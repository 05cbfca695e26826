"""The form for an ask outside a weekly update: on its own pages, or as a sentence of a note."""

from __future__ import annotations

from typing import Any

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from customers.models import Stakeholder
from engagements.forms.log_entries import LogForm
from engagements.models import Ask


class AskForm(LogForm):
    class Meta:
        model = Ask
        fields = ["text", "stakeholder", "due_on", "consequence"]
        help_texts = {"text": _("The customer reads it once the next update is published. Say it in their words.")}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        people = Stakeholder.objects.visible_to(self.user).filter(customer=self.instance.engagement.customer_id)
        # Whoever was asked stays, although they may have left meanwhile.
        chosen = Q(pk=self.instance.stakeholder_id)
        self.fields["stakeholder"].queryset = people.filter(Q(archived_at=None, left_on=None) | chosen)
        self.fields["stakeholder"].empty_label = _("Nobody in particular")
