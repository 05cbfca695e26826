"""The form for an opportunity."""

from django.utils.translation import gettext_lazy as _

from engagements.forms.log_entries import LogForm
from engagements.models import Opportunity


class OpportunityForm(LogForm):
    class Meta:
        model = Opportunity
        fields = ["text", "worth", "next_step", "stage", "noted_on"]
        labels = {"text": _("What they could want"), "noted_on": _("Seen on")}
