"""The form for an ask that begins outside a weekly update: as a sentence of a note."""

from __future__ import annotations

from typing import Any

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
        self.fields["stakeholder"].queryset = people.current().filter(left_on=None)
        self.fields["stakeholder"].empty_label = _("Nobody in particular")
