"""Search and filters of the portfolio. Their state lives in the address."""

from __future__ import annotations

import operator
from datetime import date, timedelta
from functools import reduce
from typing import Any

import django_filters
from django import forms
from django.db.models import Q, QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from engagements.models import Band, Phase, PortfolioRow, Status
from engagements.selectors.portfolio import BELOW_TARGET, SLIPPING, got_worse, live, stale, visible_rows
from fde_portal.accounts.models import OrganizationSettings, User

SEARCHED = ("engagement__name", "engagement__customer__name", "engagement__lead__name")


class PortfolioFilter(django_filters.FilterSet):
    q = django_filters.CharFilter(method="search", label=_("Search"))
    phase = django_filters.ChoiceFilter(
        field_name="engagement__phase", choices=Phase.choices, label=_("Phase"), empty_label=_("Every phase")
    )
    band = django_filters.ChoiceFilter(choices=Band.choices, label=_("Health"), empty_label=_("Any health"))
    lead = django_filters.ModelChoiceFilter(
        field_name="engagement__lead", queryset=User.objects.none(), label=_("Lead"), empty_label=_("Every lead")
    )
    status = django_filters.ChoiceFilter(
        choices=[("all", _("Every status")), *Status.choices], method="by_status", label=_("Status"), empty_label=_("Live work")
    )
    view = django_filters.ChoiceFilter(
        choices=[("worse", _("Got worse")), ("slipping", _("Slipping")), ("adoption", _("Adoption below target")), ("stale", _("Stale"))],
        method="by_view",
        label=_("View"),
        widget=forms.HiddenInput,
    )

    class Meta:
        model = PortfolioRow
        fields = ["q", "phase", "band", "lead", "status", "view"]

    def __init__(self, data: Any, queryset: QuerySet[PortfolioRow], *, today: date, cadence_days: int) -> None:
        self.today, self.cadence_days = today, cadence_days
        super().__init__(data, queryset)
        self.filters["lead"].queryset = User.objects.filter(
            pk__in=queryset.values("engagement__lead")
        ).only("name").order_by("name")

    def search(self, rows: QuerySet, name: str, value: str) -> QuerySet:
        """Every word must be found somewhere in customer, engagement or lead."""
        for word in value.split():
            rows = rows.filter(reduce(operator.or_, (Q(**{f"{path}__icontains": word}) for path in SEARCHED)))
        return rows

    def by_status(self, rows: QuerySet, name: str, value: str) -> QuerySet:
        return rows if value == "all" else rows.filter(engagement__status=value)

    def by_view(self, rows: QuerySet, name: str, value: str) -> QuerySet:
        return rows.filter(self.views()[value])

    def views(self) -> dict[str, Q]:
        """The ready-made views beside the default one."""
        return {
            "worse": got_worse(self.today - timedelta(days=7)),
            "slipping": SLIPPING,
            "adoption": BELOW_TARGET,
            "stale": stale(self.today, self.cadence_days),
        }

    def filter_queryset(self, queryset: QuerySet) -> QuerySet:
        """Only live work, unless a status is asked for."""
        rows = super().filter_queryset(queryset)
        return rows if self.form.cleaned_data.get("status") else live(rows)


def chosen_rows(request: HttpRequest, today: date) -> PortfolioFilter:
    """What the address of a page leaves of the portfolio its reader sees. `today` is the reader's local day."""
    cadence = OrganizationSettings.current().update_cadence_days
    return PortfolioFilter(request.GET, visible_rows(request.user), today=today, cadence_days=cadence)
