"""Forms about customers and the people there, and the filters of their list."""

from __future__ import annotations

from typing import Any

import django_filters
from django import forms
from django.db import models
from django.utils.translation import gettext_lazy as _

from customers.models import Customer, Stakeholder
from customers.selectors import current_stance
from fde_portal.accounts.forms import RecordForm, time_zone_choices
from fde_portal.accounts.models import User
from fde_portal.accounts.permissions import Permission, roles_with


class CustomerFilter(django_filters.FilterSet):
    """Narrows the list of customers. The choices are what the viewer's own customers have."""

    q = django_filters.CharFilter(method="search")
    industry = django_filters.ChoiceFilter(label=_("Industry"), empty_label=_("Industry"))
    region = django_filters.ChoiceFilter(label=_("Region"), empty_label=_("Region"))
    owner = django_filters.ChoiceFilter(field_name="account_owner", label=_("Account owner"), empty_label=_("Account owner"))

    class Meta:
        model = Customer
        fields = ["q", "industry", "region", "owner"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in ("industry", "region"):
            self.filters[name].extra["choices"] = [(value, value) for value in self.values_of(name)]
        self.filters["owner"].extra["choices"] = self.owners()

    def values_of(self, column: str) -> models.QuerySet:
        return self.queryset.exclude(**{column: ""}).order_by(column).values_list(column, flat=True).distinct()

    def owners(self) -> list[tuple[int, str]]:
        named = self.queryset.exclude(account_owner=None).order_by("account_owner__name")
        return list(named.values_list("account_owner", "account_owner__name").distinct())

    def search(self, rows: models.QuerySet, name: str, value: str) -> models.QuerySet:
        return rows.filter(
            models.Q(name__icontains=value) | models.Q(industry__icontains=value) | models.Q(region__icontains=value)
        )


class CustomerForm(RecordForm):
    more = ("segment", "currency", "time_zone", "data_classification")
    time_zone = forms.ChoiceField(label=_("Time zone"), choices=time_zone_choices)

    class Meta:
        model = Customer
        fields = [
            "name",
            "industry",
            "region",
            "segment",
            "time_zone",
            "currency",
            "language",
            "data_classification",
            "account_owner",
            "renewal_date",
        ]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        owners = User.objects.filter(is_active=True, role__in=roles_with(Permission.WRITE_RECORDS))
        self.fields["account_owner"].empty_label = _("Nobody named")
        self.fields["account_owner"].queryset = owners | User.objects.filter(pk=self.instance.account_owner_id)


class StakeholderForm(RecordForm):
    more = ("department", "backup_person", "left_on")
    stance = forms.ChoiceField(
        label=_("Stance"),
        required=False,
        choices=[("", _("Unknown")), *Stakeholder.Stance.choices],
        help_text=_("What they think of the work now. A change is kept with today's date."),
    )

    class Meta:
        model = Stakeholder
        fields = ["name", "title", "department", "email", "role", "influence", "backup_person", "left_on"]
        help_texts = {"influence": _("From 1, little say, to 5, decides.")}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        colleagues = Stakeholder.objects.filter(customer=self.instance.customer).exclude(pk=self.instance.pk)
        backup = models.Q(pk=self.instance.backup_person_id)
        self.fields["backup_person"].queryset = colleagues.filter(models.Q(archived_at=None, left_on=None) | backup)
        self.initial["stance"] = current_stance(self.instance) if self.instance.pk else ""


class ContactForm(forms.Form):
    """Who at the customer may read the shared pages with an own sign-in."""

    name = forms.CharField(label=_("Name"), max_length=120)
    email = forms.EmailField(label=_("E-mail"), help_text=_("They get a link by mail with which they set a password."))
