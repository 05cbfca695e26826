"""Forms for risks, and the filters of the list across engagements."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django import forms
from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from engagements.forms.engagements import staff_or
from engagements.forms.log_entries import LogForm
from engagements.metrics.risks import HIGH_FROM, MEDIUM_FROM
from engagements.models import Blocker, Engagement, Risk
from engagements.models.risk import NEEDS_A_NUMBER
from fde_portal.accounts.forms import QuickForm
from fde_portal.accounts.models import User

GRADES = [(grade, str(grade)) for grade in range(1, 6)]


class RiskQuickForm(QuickForm):
    """What may happen, how likely, how bad."""

    likelihood = forms.TypedChoiceField(label=_("Likelihood"), choices=GRADES, coerce=int, initial=3)
    impact = forms.TypedChoiceField(label=_("Impact"), choices=GRADES, coerce=int, initial=3)

    class Meta:
        model = Risk
        fields = ["text", "likelihood", "impact"]


class RiskForm(LogForm):
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


class ConcernFilter(forms.Form):
    """Filters of the list across engagements; an address that names nonsense filters by nothing."""

    LEVELS = (("high", _("High")), ("medium", _("Medium and above")))
    VIEWS = (("escalated", _("Escalated")), ("overdue", _("Overdue")))

    q = forms.CharField(required=False)
    lead = forms.ModelChoiceField(label=_("Lead"), queryset=User.objects.none(), required=False, empty_label=_("Every lead"))
    side = forms.ChoiceField(label=_("Who owes it"), choices=[("", _("Whoever owes it")), *Blocker.Side.choices], required=False)
    state = forms.ChoiceField(label=_("State"), choices=[("", _("Every open one")), *VIEWS], required=False)
    level = forms.ChoiceField(label=_("Level"), choices=[("", _("Every level")), *LEVELS], required=False)

    def __init__(self, data: Mapping[str, Any], *, user: User) -> None:
        super().__init__(data)
        leads = Engagement.objects.visible_to(user).current().order_by().values("lead")
        self.fields["lead"].queryset = User.objects.filter(pk__in=leads).order_by("name")
        self.is_valid()

    def value(self, name: str) -> Any:
        return self.cleaned_data.get(name)

    def common(self, rows: QuerySet) -> QuerySet:
        """Words in the text, the engagement or the customer; and the lead."""
        for word in (self.value("q") or "").split():
            rows = rows.filter(
                Q(text__icontains=word) | Q(engagement__name__icontains=word) | Q(engagement__customer__name__icontains=word)
            )
        return rows.filter(engagement__lead=self.value("lead")) if self.value("lead") else rows

    def blockers(self, rows: QuerySet, today: Any) -> QuerySet:
        rows = self.common(rows)
        if self.value("side"):
            rows = rows.filter(owing_side=self.value("side"))
        if self.value("state") == "escalated":
            rows = rows.filter(state=Blocker.State.ESCALATED)
        return rows.filter(needed_by__lt=today) if self.value("state") == "overdue" else rows

    def risks(self, rows: QuerySet) -> QuerySet:
        least = {"high": HIGH_FROM, "medium": MEDIUM_FROM}.get(self.value("level") or "", 0)
        return self.common(rows).filter(weight__gte=least)
