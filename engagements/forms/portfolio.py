"""Search and filters of the portfolio. Their state lives in the address."""

from __future__ import annotations

import operator
from collections.abc import Sequence
from datetime import date, timedelta
from functools import reduce
from typing import Any

import django_filters
from django import forms
from django.db.models import Q, QuerySet
from django.http import HttpRequest, QueryDict
from django.utils.translation import gettext_lazy as _

from engagements.models import Band, Phase, PortfolioRow, Status
from engagements.selectors.portfolio import (
    ATTENTION_ORDER,
    BELOW_TARGET,
    ORDERS,
    SLIPPING,
    PortfolioLine,
    got_worse,
    leads,
    lines,
    live,
    live_lines,
    oldest_update,
    stale,
    visible_rows,
)
from fde_portal.accounts.models import OrganizationSettings, User

SEARCHED = ("engagement__name", "engagement__customer__name", "engagement__lead__name")


class PortfolioFilter(django_filters.FilterSet):
    q = django_filters.CharFilter(method="search", label=_("Search"), max_length=100)
    phase = django_filters.ChoiceFilter(
        field_name="engagement__phase", choices=Phase.choices, label=_("Phase"), empty_label=_("Every phase")
    )
    band = django_filters.ChoiceFilter(choices=Band.choices, label=_("Health"), empty_label=_("Any health"))
    lead = django_filters.ChoiceFilter(field_name="engagement__lead", choices=(), label=_("Lead"), empty_label=_("Every lead"))
    status = django_filters.ChoiceFilter(
        choices=[("all", _("Every status")), *Status.choices], method="by_status", label=_("Status"), empty_label=_("Live work")
    )
    view = django_filters.ChoiceFilter(
        choices=[("worse", _("Got worse")), ("slipping", _("Slipping")), ("adoption", _("Well below target")), ("stale", _("Stale"))],
        method="by_view",
        label=_("View"),
        widget=forms.HiddenInput,
    )

    # These two narrow nothing: they say how the list looks, and belong to its address and to a saved view like the rest.
    sort = django_filters.ChoiceFilter(
        method="as_they_are", label=_("Order"), empty_label=_("Attention first"),
        choices=[
            ("score", _("Lowest score first")), ("-score", _("Highest score first")),
            ("change", _("Fastest fall first")), ("-change", _("Fastest rise first")),
            ("milestone", _("Next milestone first")), ("-milestone", _("Last milestone first")),
            ("users", _("Furthest below target first")), ("-users", _("Furthest above target first")),
            ("-value", _("Highest planned value first")), ("value", _("Lowest planned value first")),
            ("updated", _("Oldest update first")), ("-updated", _("Newest update first")),
            ("customer", _("By customer")), ("-customer", _("By customer, from the end")),
        ],
    )  # fmt: skip
    hide = django_filters.MultipleChoiceFilter(
        method="as_they_are", label=_("Hide columns"), widget=forms.CheckboxSelectMultiple,
        choices=[
            ("trend", _("12 weeks")), ("chg", _("Why it stands here, what changed")), ("ms", _("Next milestone")),
            ("ad", _("Weekly users vs target")), ("val", _("Planned value")), ("upd", _("Updated")),
        ],
    )  # fmt: skip

    class Meta:
        model = PortfolioRow
        fields = ["q", "phase", "band", "lead", "status", "view", "sort", "hide"]

    def __init__(self, data: Any, *, reader: User, today: date, cadence_days: int) -> None:
        self.reader, self.today, self.cadence_days = reader, today, cadence_days
        super().__init__(data, visible_rows(reader))
        # Asked when they are shown or chosen from: the list alone shows none.
        self.filters["lead"].extra["choices"] = lambda: leads(reader)

    def search(self, rows: QuerySet, name: str, value: str) -> QuerySet:
        """Every word must be found somewhere in customer, engagement or lead."""
        for word in value.split():
            rows = rows.filter(reduce(operator.or_, (Q(**{f"{path}__icontains": word}) for path in SEARCHED)))
        return rows

    def by_status(self, rows: QuerySet, name: str, value: str) -> QuerySet:
        return rows if value == "all" else rows.filter(engagement__status=value)

    def by_view(self, rows: QuerySet, name: str, value: str) -> QuerySet:
        return rows.filter(self.views()[value])

    def as_they_are(self, rows: QuerySet, name: str, value: Any) -> QuerySet:
        return rows

    @property
    def is_filtered(self) -> bool:
        """Whether the address asks for anything but the list as it is."""
        return any(self.data.get(name) for name in self.filters)

    def lines(self, *, start: int, count: int) -> list[PortfolioLine]:
        """Up to `count` lines from position `start`, in the order that was asked for."""
        if self.is_filtered:
            return lines(self.qs, start=start, count=count, order=self.order)
        return live_lines(self.reader, start=start, count=count)

    @property
    def order(self) -> Sequence[Any]:
        return ORDERS.get(self._cleaned("sort"), ATTENTION_ORDER)

    @property
    def is_sorted(self) -> bool:
        """Whether the list has another order than that of attention, which its headings follow."""
        return self._cleaned("sort") in ORDERS

    @property
    def sorted_by(self) -> str:
        """By what the list is sorted, "" for the order of attention."""
        return self._cleaned("sort") or ""

    def query_sorted(self, sort: str) -> str:
        """The address of the same list in another order; "" is that of attention."""
        asked = QueryDict(self.query, mutable=True)
        asked.pop("sort", None)
        if sort:
            asked["sort"] = sort
        return asked.urlencode() or "view="

    @property
    def hidden(self) -> list[str]:
        """The columns that are not shown, by the end of their class."""
        return self._cleaned("hide") or []

    def _cleaned(self, name: str) -> Any:
        return self.form.cleaned_data.get(name) if self.form.is_valid() else None

    @property
    def query(self) -> str:
        """What the address says to this list, in one order: the same view has one spelling."""
        asked = QueryDict(mutable=True)
        for name in self.filters:
            asked.setlist(name, [value for value in self.data.getlist(name) if value])
        return asked.urlencode()

    def views(self) -> dict[str, Q]:
        """The ready-made views beside the default one."""
        return {
            "worse": got_worse(self.today - timedelta(days=7)),
            "slipping": SLIPPING,
            "adoption": BELOW_TARGET,
            "stale": stale(oldest_update(self.today, self.cadence_days)),
        }

    def filter_queryset(self, queryset: QuerySet) -> QuerySet:
        """Only live work, unless a status is asked for."""
        rows = super().filter_queryset(queryset)
        return rows if self.form.cleaned_data.get("status") else live(rows)


def chosen_rows(request: HttpRequest, today: date) -> PortfolioFilter:
    """What the address of a page leaves of the portfolio its reader sees. `today` is the reader's local day."""
    cadence = OrganizationSettings.current().update_cadence_days
    return PortfolioFilter(request.GET, reader=request.user, today=today, cadence_days=cadence)
