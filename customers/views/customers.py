"""Pages about customers."""

from __future__ import annotations

from functools import cached_property
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from customers.forms import CustomerFilter, CustomerForm
from customers.models import Customer, Stakeholder
from customers.selectors import (
    as_row,
    contacts_of,
    coverage_gaps,
    customer_rows,
    invited_contacts,
    opening,
    stakeholder_rows,
    visible_customers,
)
from customers.services import (
    LiveEngagements,
    archive_customer,
    create_customer,
    default_customer,
)
from engagements.selectors.note import engagements_of, notes_of_customer
from engagements.views.portfolio_adoption import customer_adoption
from fde_portal.accounts.access import PortalRequest, PortalView
from fde_portal.accounts.pages import RecordFormPage, RecordRestore
from fde_portal.accounts.permissions import Permission
from fde_portal.core import formats
from fde_portal.core.messages import success_with_undo

CUSTOMERS_PER_PAGE = 50
NOTES_ON_PAGE = 3


class CustomerList(PortalView):
    """Customers the viewer sees; search, filters, page and archive are in the address."""

    permission = Permission.VIEW_RECORDS

    def get(self, request: PortalRequest) -> HttpResponse:
        archived = bool(request.GET.get("archived"))
        customers = visible_customers(request.user, archived=archived)
        found = CustomerFilter(request.GET, queryset=customers, request=request)
        page = Paginator(customer_rows(found.qs, request.user), CUSTOMERS_PER_PAGE).get_page(request.GET.get("page"))
        page.object_list = [as_row(values) for values in page.object_list]
        context = {"page": page, "filter": found, "archived": archived, "narrowed": is_narrowed(found)}
        return render(request, "customers/list.html", context)


def is_narrowed(found: CustomerFilter) -> bool:
    return any(found.data.get(name) for name in found.filters)


class CustomerView(PortalView):
    """A page about one customer, which is found through the viewer's scope. Invisible is 404."""

    permission = Permission.VIEW_RECORDS

    @cached_property
    def customer(self) -> Customer:
        customers = Customer.objects.visible_to(self.request.user).select_related("account_owner")
        return get_object_or_404(customers, slug=self.kwargs["slug"])


class CustomerDetail(CustomerView):
    def get(self, request: PortalRequest, slug: str) -> HttpResponse:
        return render(request, "customers/detail.html", detail_context(self.customer, request))


def detail_context(customer: Customer, request: PortalRequest) -> dict[str, Any]:
    stakeholders = Stakeholder.objects.visible_to(request.user).filter(customer=customer)
    people = stakeholder_rows(stakeholders.current().select_related("backup_person"))
    engagements = list(engagements_of(customer, request.user))
    return {
        "customer": customer,
        "opening": formats.sentences(*opening(people, sum(engagement.is_live for engagement in engagements))),
        "engagements": engagements,
        "adoption": customer_adoption(request.user, customer.slug),
        "people": people,
        "gaps": coverage_gaps(row.person for row in people),
        "archived_people": stakeholders.archived(),
        "notes": notes_of_customer(customer, request.user).current()[:NOTES_ON_PAGE],
        "contacts": contacts_of(customer, request.user),
        "invited": [(invitation, invitation.is_expired(timezone.now())) for invitation in invited_contacts(customer)],
        "today": timezone.localdate(timezone=request.user.zone),
    }


class CustomerFormPage(RecordFormPage):
    form_class = CustomerForm
    template_name = "customers/customer_form.html"

    def done_url(self, record: Customer) -> str:
        """The customer's page, or the list for somebody who gave the customer to another owner."""
        if record.pk and Customer.objects.visible_to(self.request.user).filter(pk=record.pk).exists():
            return reverse("customers:detail", args=[record.slug])
        return reverse("customers:list")


class CustomerNew(CustomerFormPage):
    permission = Permission.CREATE_CUSTOMER

    def get_record(self) -> Customer:
        return default_customer(by=self.request.user)

    def title(self, record: Customer) -> str:
        return _("New customer")

    def extra_context(self, record: Customer) -> dict[str, Any]:
        return {"lead": _("The name is enough to start. Everything else can follow.")}

    def save(self, form: CustomerForm) -> Customer:
        return create_customer(form, by=self.request.user)

    def archive_url(self, record: Customer) -> str:
        return reverse("customers:archive", args=[record.slug])


class CustomerEdit(CustomerFormPage):
    def get_record(self) -> Customer:
        return get_object_or_404(Customer.objects.visible_to(self.request.user), slug=self.kwargs["slug"])

    def title(self, record: Customer) -> str:
        return _("Edit customer")


class CustomerArchive(CustomerView):
    permission = Permission.WRITE_RECORDS

    def post(self, request: PortalRequest, slug: str) -> HttpResponse:
        try:
            archive_customer(self.customer, by=request.user, now=timezone.now())
        except LiveEngagements:
            messages.error(request, _("This customer has live engagements. Complete or archive them first."))
            return redirect("customers:detail", slug)
        undo_url = reverse("customers:restore", args=[slug])
        success_with_undo(request, _("Archived: %(record)s") % {"record": self.customer}, undo_url)
        return redirect("customers:list")


class CustomerRestore(RecordRestore):
    def get_record(self) -> Customer:
        return get_object_or_404(Customer.objects.visible_to(self.request.user), slug=self.kwargs["slug"])

    def done_url(self, record: Customer) -> str:
        return reverse("customers:detail", args=[record.slug])
