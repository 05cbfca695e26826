"""Forms for sources of work, and for the rules that give it to engagements."""

from __future__ import annotations

from typing import Any

from engagements.models import Engagement, WorkRule, WorkSource
from fde_portal.accounts.forms import RecordForm
from fde_portal.accounts.models import User
from fde_portal.core import formats


class WorkSourceForm(RecordForm):
    class Meta:
        model = WorkSource
        fields = ["name", "kind"]


class WorkRuleForm(RecordForm):
    class Meta:
        model = WorkRule
        fields = ["engagement", "repository", "branch", "words"]

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        engagements = Engagement.objects.visible_to(user).live().select_related("customer")
        self.fields["engagement"].queryset = engagements.order_by("customer__name", "name")
        self.fields["engagement"].label_from_instance = lambda row: formats.labelled(row.customer.name, row.name)
