"""The form for a decision."""

from django import forms
from django.utils.translation import gettext_lazy as _

from engagements.forms.log_entries import LogForm
from engagements.models import Decision


class DecisionForm(LogForm):
    class Meta:
        model = Decision
        fields = ["text", "decided_by", "noted_on", "reason", "in_dossier"]
        labels = {"text": _("What was decided"), "noted_on": _("On")}
        widgets = {"reason": forms.Textarea(attrs={"rows": 3})}
