"""Forms for blockers: one line where people are, and the whole on a page of its own."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from engagements.forms.engagements import staff_or
from engagements.forms.log_entries import LogForm
from engagements.models import Blocker, Milestone
from fde_portal.accounts.forms import QuickForm


class BlockerQuickForm(QuickForm):
    """What, who owes it, by when."""

    class Meta:
        model = Blocker
        fields = ["text", "owing_side", "needed_by"]


class BlockerForm(LogForm):
    """Everything about a blocker. The milestones offered are those of its engagement that `user` sees."""

    class Meta:
        model = Blocker
        fields = ["text", "owing_side", "owner", "needed_by", "milestone", "shared_wording"]
        widgets = {"text": forms.Textarea(attrs={"rows": 2}), "shared_wording": forms.Textarea(attrs={"rows": 2})}
        help_texts = {
            "text": _("In plain words. It stays with us."),
            "shared_wording": _("Empty: the customer never hears of it. Otherwise these words stand on their page, with a clock."),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["owner"].queryset = staff_or(self.instance.owner_id)
        self.fields["owner"].empty_label = _("Nobody yet")
        milestones = Milestone.objects.visible_to(self.user).filter(engagement=self.instance.engagement)
        chosen = milestones.filter(pk=self.instance.milestone_id)
        self.fields["milestone"].queryset = milestones.current().filter(actual_on=None) | chosen
        self.fields["milestone"].empty_label = _("None")
