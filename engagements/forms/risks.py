"""Forms for risks, and the filters of the list across engagements."""

from __future__ import annotations

from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from engagements.forms.across import EngagementFilter
from engagements.forms.engagements import staff_or
from engagements.forms.log_entries import LogForm
from engagements.metrics.risks import HIGH_FROM, MEDIUM_FROM
from engagements.models import Blocker, Risk
from engagements.models.risk import NEEDS_A_NUMBER
from fde_portal.accounts.forms import QuickForm

GRADES = [(grade, str(grade)) for grade in range(1, 6)]


class RiskQuickForm(QuickForm):
    """What may happen, how likely, how bad."""

    likelihood = forms.TypedChoiceField(label=_("Likelihood"), choices=GRADES, coerce=int, initial=3)
    impact = forms.TypedChoiceField(label=_("Impact"), choices=GRADES, coerce=int, initial=3)

    class Meta:
        model = Risk
        fields = ["text", "likelihood", "impact"]


class RiskForm(LogForm):
    more = ("trigger", "threshold")
    likelihood = forms.TypedChoiceField(
        label=_("Likelihood"), choices=GRADES, coerce=int, initial=3, widget=forms.RadioSelect, help_text=_("1 is rare, 5 is expected.")
    )
    impact = forms.TypedChoiceField(
        label=_("Impact"), choices=GRADES, coerce=int, initial=3, widget=forms.RadioSelect, help_text=_("1 is a nuisance, 5 ends the work.")
    )

    class Meta:
        model = Risk
        fields = ["text", "likelihood", "impact", "mitigation", "owner", "review_on", "trigger", "threshold"]
        widgets = {"text": forms.Textarea(attrs={"rows": 2})}
        help_texts = {"trigger": _("A fact we measure anyway. When it comes true, you see it here and in my week.")}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["owner"].queryset = staff_or(self.instance.owner_id)
        self.fields["owner"].empty_label = _("Nobody yet")
        self.fields["trigger"].choices = [("", _("No alert")), *Risk.TRIGGERS]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        if cleaned.get("trigger") not in NEEDS_A_NUMBER:
            cleaned["threshold"] = None
        elif cleaned.get("threshold") is None and "threshold" not in self.errors:
            self.add_error("threshold", _("Say from which number on you want to hear of it."))
        return cleaned


class ConcernFilter(EngagementFilter):
    """Filters of blockers and risks across engagements."""

    LEVELS = (("high", _("High")), ("medium", _("Medium and above")))
    VIEWS = (("escalated", _("Escalated")), ("overdue", _("Overdue")))

    side = forms.ChoiceField(label=_("Who owes it"), choices=[("", _("Whoever owes it")), *Blocker.Side.choices], required=False)
    state = forms.ChoiceField(label=_("State"), choices=[("", _("Every open one")), *VIEWS], required=False)
    level = forms.ChoiceField(label=_("Level"), choices=[("", _("Every level")), *LEVELS], required=False)

    def blockers(self, rows: QuerySet, today: Any) -> QuerySet:
        rows = self.narrow(rows)
        if self.value("side"):
            rows = rows.filter(owing_side=self.value("side"))
        if self.value("state") == "escalated":
            rows = rows.filter(state=Blocker.State.ESCALATED)
        return rows.filter(needed_by__lt=today) if self.value("state") == "overdue" else rows

    def risks(self, rows: QuerySet) -> QuerySet:
        least = {"high": HIGH_FROM, "medium": MEDIUM_FROM}.get(self.value("level") or "", 0)
        return self.narrow(rows).filter(weight__gte=least)
