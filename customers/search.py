"""How customers and the people there are found."""

from __future__ import annotations

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from customers.models import Customer, Stakeholder
from fde_portal.accounts.models import User
from fde_portal.accounts.permissions import Permission
from fde_portal.accounts.search import Command, register_command, register_scopes
from fde_portal.core.search.kinds import Kind, register_kind


def register() -> None:
    register_kind(CUSTOMERS)
    register_kind(PEOPLE)
    register_scopes(scopes_of)
    register_command(Command(_("New customer"), "customers:new", "plus", Permission.CREATE_CUSTOMER))


def scopes_of(user: User) -> list[str]:
    ids = Customer.objects.visible_to(user).order_by().values_list("pk", flat=True)
    return [f"customer:{pk}" for pk in ids]


CUSTOMERS = Kind(
    model=Customer,
    label=_("Customers"),
    icon="building",
    title=lambda customer: customer.name,
    text=lambda customer: (customer.industry, customer.region, customer.segment),
    scope=lambda customer: f"customer:{customer.pk}",
    url=lambda customer: reverse("customers:detail", args=[customer.slug]),
    detail=lambda customer: customer.industry,
)

PEOPLE = Kind(
    model=Stakeholder,
    label=_("People"),
    icon="people",
    title=lambda person: person.name,
    text=lambda person: (person.title, person.department, person.email),
    scope=lambda person: f"customer:{person.customer_id}",
    url=lambda person: reverse("customers:stakeholder_edit", args=[person.customer.slug, person.pk]),
    detail=lambda person: " · ".join(filter(None, [person.title, person.customer.name])),
    related=("customer",),
)
