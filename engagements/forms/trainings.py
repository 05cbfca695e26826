"""The form for a training."""

from django import forms
from django.utils.translation import gettext_lazy as _

from engagements.forms.log_entries import LogForm
from engagements.models import Training


class TrainingForm(LogForm):
    class Meta:
        model = Training
        fields = ["text", "noted_on", "people", "audience", "feedback"]
        labels = {"text": _("Topic"), "noted_on": _("Held on")}
        widgets = {"feedback": forms.Textarea(attrs={"rows": 3})}
