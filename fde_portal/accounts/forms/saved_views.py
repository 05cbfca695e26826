"""The form for a view of a list."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from fde_portal.accounts.forms.base import RecordForm
from fde_portal.accounts.models import SavedView

LONGEST = SavedView._meta.get_field("query").max_length


class SavedViewForm(RecordForm):
    class Meta:
        model = SavedView
        fields = ["name", "is_default"]
        labels = {"is_default": _("Open it first")}
        help_texts = {"is_default": _("Instead of what needs attention.")}

    def clean(self) -> dict[str, Any]:
        if len(self.instance.query) > LONGEST:
            raise forms.ValidationError(_("These filters are too long to be kept. Search for fewer words."))
        return super().clean()

    def can_be_taken_back(self) -> bool:
        """Which other view opened first before is not known any more."""
        return "is_default" not in self.changed_data
