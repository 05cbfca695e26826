"""The form for an assumption."""

from django.utils.translation import gettext_lazy as _

from engagements.forms.log_entries import LogForm
from engagements.models import Assumption


class AssumptionForm(LogForm):
    class Meta:
        model = Assumption
        fields = ["text", "test", "verdict", "noted_on"]
        labels = {"text": _("What we assume"), "noted_on": _("Stated on")}
        help_texts = {"test": _("How we will find out whether it holds.")}
