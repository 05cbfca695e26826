"""The form of the numbers health is computed with."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from engagements.metrics.health_components import ALL_PHASES, MODEL
from engagements.models import HealthModelVersion
from engagements.models.health_model import NUMBERS
from fde_portal.accounts.forms import PortalModelForm


class HealthModelForm(PortalModelForm):
    """Begins with the version in force; `seen` is its number. A reason is asked for when it is saved, not when it is tried."""

    seen = forms.IntegerField(widget=forms.HiddenInput)
    reason = forms.CharField(
        label=_("Why"), max_length=300, required=False, widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("Managers read it in the list of versions."),
    )  # fmt: skip

    class Meta:
        model = HealthModelVersion
        fields = [*NUMBERS, "reason"]

    def __init__(self, *args: Any, is_saving: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.is_saving = is_saving
        self.initial |= {"seen": self.instance.number, "reason": ""}

    @property
    def weights(self) -> list[forms.BoundField]:
        return [self[name] for name in NUMBERS if name.endswith("_weight")]

    @property
    def spans(self) -> list[forms.BoundField]:
        return [self[name] for name in NUMBERS if name.endswith("_span")]

    def clean_reason(self) -> str:
        if self.is_saving and not self.cleaned_data["reason"]:
            raise forms.ValidationError(_("Say why, for those who wonder later."))
        return self.cleaned_data["reason"]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        always = [f"{component.key}_weight" for component in MODEL if component.phases == ALL_PHASES]
        if not any(cleaned.get(name, 1) for name in always):
            raise forms.ValidationError(_("A component that applies in every phase needs a weight, or early work cannot be judged."))
        if cleaned.get("watch_from") == 0:
            self.add_error("watch_from", _("From 0 on everything would be on watch, and nothing at risk."))
        return cleaned

    @property
    def numbers(self) -> dict[str, int]:
        """The numbers of a valid form."""
        return {name: self.cleaned_data[name] for name in NUMBERS}
