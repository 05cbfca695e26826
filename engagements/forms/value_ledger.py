"""The form for what a value line really brought."""

from __future__ import annotations

from typing import Any

from engagements.forms.observations import PeriodForm
from engagements.forms.values import AmountField
from engagements.models import RealisedValue


class RealisedForm(PeriodForm):
    amount = AmountField()

    class Meta:
        model = RealisedValue
        fields = ["period_from", "period_to", "amount", "hours", "reason", "source", "confidence"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = RealisedValue._meta.get_field("amount")
        self.fields["amount"].label, self.fields["amount"].help_text = field.verbose_name, field.help_text
        if not self.instance.line.is_hours:
            del self.fields["hours"]

    def siblings(self) -> Any:
        return RealisedValue.objects.current().filter(line=self.instance.line)
