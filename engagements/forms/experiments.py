"""The form for an experiment."""

from django import forms
from django.utils.translation import gettext_lazy as _

from engagements.forms.log_entries import LogForm
from engagements.models import Experiment


class ExperimentForm(LogForm):
    class Meta:
        model = Experiment
        fields = ["text", "measure", "noted_on", "verdict", "result"]
        labels = {"text": _("Hypothesis"), "noted_on": _("Started on")}
        help_texts = {"measure": _("What we look at, and from which value on the hypothesis holds.")}
        widgets = {"result": forms.Textarea(attrs={"rows": 3})}
