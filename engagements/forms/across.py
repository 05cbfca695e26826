"""Filters of the lists across engagements. Their state lives in the address; what makes no sense filters by nothing."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from django import forms
from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from engagements.models import Engagement
from engagements.selectors.across import ListKind
from fde_portal.accounts.models import User


class EngagementFilter(forms.Form):
    """Words, and the lead of the engagement."""

    q = forms.CharField(required=False)
    lead = forms.ModelChoiceField(label=_("Lead"), queryset=User.objects.none(), required=False, empty_label=_("Every lead"))

    def __init__(self, data: Mapping[str, Any], *, user: User) -> None:
        super().__init__(data)
        leads = Engagement.objects.visible_to(user).current().order_by().values("lead")
        self.fields["lead"].queryset = User.objects.filter(pk__in=leads).order_by("name")

    def value(self, name: str) -> Any:
        self.is_valid()
        return self.cleaned_data.get(name)

    def narrow(self, rows: QuerySet, *, fields: Iterable[str] = ("text",), path: str = "engagement__") -> QuerySet:
        """Rows in which every word is found: in `fields`, the engagement or its customer; and of the chosen lead."""
        searched = [*fields, f"{path}name", f"{path}customer__name"]
        for word in (self.value("q") or "").split():
            found = Q()
            for field in searched:
                found |= Q(**{f"{field}__icontains": word})
            rows = rows.filter(found)
        return rows.filter(**{f"{path}lead": self.value("lead")}) if self.value("lead") else rows


class AcrossFilter(EngagementFilter):
    """The filters of one list: also how it is cut."""

    def __init__(self, data: Mapping[str, Any], *, user: User, kind: ListKind) -> None:
        super().__init__(data, user=user)
        self.cut = kind.cut_named(data.get("state", ""))
        self.cuts = kind.cuts

    @property
    def is_narrowed(self) -> bool:
        return bool(self.value("q") or self.value("lead") or self.cut is not self.cuts[0])
