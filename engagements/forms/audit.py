"""Filters of the audit trail. Their state lives in the address, and the export reads the same."""

from __future__ import annotations

from typing import Any

import django_filters
from django.db.models import Q, QuerySet
from django.forms import DateInput
from django.utils.translation import gettext_lazy as _

from customers.models import Customer
from fde_portal.accounts.acts import kind_name, verb_label
from fde_portal.accounts.models import AuditEvent, User


def _date() -> DateInput:
    return DateInput(format="%Y-%m-%d", attrs={"type": "date", "class": "chip"})


class AuditFilter(django_filters.FilterSet):
    """Days are those of the viewer's time zone, both included."""

    q = django_filters.CharFilter(field_name="subject_label", lookup_expr="icontains", label=_("Record"))
    actor = django_filters.ModelChoiceFilter(queryset=User.objects.order_by("name"), label=_("Person"), empty_label=_("Everybody"))
    verb = django_filters.ChoiceFilter(label=_("Act"), empty_label=_("Every act"))
    subject_type = django_filters.ChoiceFilter(label=_("Kind of record"), empty_label=_("Every kind"))
    customer = django_filters.ModelChoiceFilter(
        queryset=Customer.objects.none(), method="of_customer", label=_("Customer"), empty_label=_("Every customer")
    )
    since = django_filters.DateFilter(field_name="at", lookup_expr="date__gte", label=_("From"), widget=_date())
    until = django_filters.DateFilter(field_name="at", lookup_expr="date__lte", label=_("To"), widget=_date())

    class Meta:
        model = AuditEvent
        fields = ["q", "actor", "verb", "subject_type", "customer", "since", "until"]

    def __init__(self, data: Any, queryset: QuerySet[AuditEvent], *, user: User) -> None:
        super().__init__(data, queryset)
        self.filters["customer"].queryset = Customer.objects.visible_to(user)
        self.filters["verb"].extra["choices"] = self._choices("verb", verb_label)
        self.filters["subject_type"].extra["choices"] = self._choices("subject_type", kind_name)

    def _choices(self, column: str, label: Any) -> list[tuple[str, str]]:
        values = AuditEvent.objects.order_by().values_list(column, flat=True).distinct()
        return sorted(((value, label(value)) for value in values), key=lambda choice: choice[1])

    def of_customer(self, events: QuerySet, name: str, customer: Customer) -> QuerySet:
        own = Q(engagement_id__in=customer.engagements.values("pk"))
        return events.filter(own | Q(customer_id=customer.pk))
