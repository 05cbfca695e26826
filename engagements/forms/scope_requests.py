"""The form for a scope request."""

from django.utils.translation import gettext_lazy as _

from engagements.forms.log_entries import LogForm
from engagements.models import ScopeRequest


class ScopeRequestForm(LogForm):
    class Meta:
        model = ScopeRequest
        fields = ["text", "category", "learning", "long_term_owner", "stop_condition", "decision"]
        labels = {"text": _("What they ask for")}
        help_texts = {"long_term_owner": _("Who looks after it when we are gone.")}
