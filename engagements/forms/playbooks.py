"""The form for a playbook: its name, and four lists of lines."""

from __future__ import annotations

from functools import cached_property
from typing import Any

from django import forms

from engagements.models import Playbook, PlaybookCriterion, PlaybookDeliverable, PlaybookIntegration, PlaybookMilestone
from fde_portal.accounts.forms import PortalModelForm, RecordForm


def lines(model: type, fields: list[str]) -> type[forms.BaseInlineFormSet]:
    # Beside each of many lines a hint would only be in the way.
    hints = dict.fromkeys(fields, "")
    return forms.inlineformset_factory(
        Playbook, model, form=PortalModelForm, fields=fields, help_texts=hints, extra=1, can_delete=True
    )


FORMSETS = {
    "milestones": lines(PlaybookMilestone, ["days", "title", "kind", "is_shared"]),
    "criteria": lines(PlaybookCriterion, ["phase", "text", "is_hard", "key"]),
    "deliverables": lines(PlaybookDeliverable, ["days", "name", "kind"]),
    "integrations": lines(PlaybookIntegration, ["name"]),
}


class PlaybookForm(RecordForm):
    """`parts` are the formsets of its lines; all must be valid."""

    class Meta:
        model = Playbook
        fields = ["name", "language", "summary"]

    def __init__(self, data: Any = None, *args: Any, **kwargs: Any) -> None:
        super().__init__(data, *args, **kwargs)
        self.parts = {name: made(data, instance=self.instance, prefix=name) for name, made in FORMSETS.items()}

    def formsets(self) -> dict[str, Any]:
        return self.parts

    @cached_property
    def changed_data(self) -> list[str]:
        return super().changed_data + [name for name, formset in self.parts.items() if formset.has_changed()]

    def is_valid(self) -> bool:
        # All, so that all errors show at once.
        return all([super().is_valid(), *(formset.is_valid() for formset in self.parts.values())])
