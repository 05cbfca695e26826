"""Pages about customers, the people there, and their contacts who sign in."""

from __future__ import annotations

from functools import cached_property
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from customers.forms import ContactForm, CustomerFilter, CustomerForm, StakeholderForm
from customers.models import Customer, CustomerMembership, Stakeholder
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
    NotAContact,
    archive_customer,
    archive_stakeholder,
    create_customer,
    default_customer,
    invite_contact,
    put_contact_back,
    removal_of,
    remove_contact,
    restore_stakeholder,
    save_stakeholder,
    withdraw_first_stance,
)
from engagements.selectors.note import engagements_of, notes_of_customer
from engagements.views.portfolio_adoption import customer_adoption
from fde_portal.accounts.access import PortalRequest, PortalView
from fde_portal.accounts.mails import MailRefused
from fde_portal.accounts.models import Invitation
from fde_portal.accounts.pages import RecordArchive, RecordFormPage, RecordRestore
from fde_portal.accounts.permissions import Permission
from fde_portal.accounts.services.invitations import AlreadyInvited
from fde_portal.accounts.services.undo import NotTakenBack
from fde_portal.accounts.undo_pages import UNDO, earlier_asked, not_taken_back
from fde_portal.accounts.views.people import tell_put_back, tell_resent, tell_revoked
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


class StakeholderFormPage(RecordFormPage):
    form_class = StakeholderForm
    template_name = "customers/stakeholder_form.html"

    def save(self, form: StakeholderForm) -> Stakeholder:
        today = timezone.localdate(timezone=self.request.user.zone)
        stance, by = form.cleaned_data["stance"], self.request.user
        stakeholder = save_stakeholder(form, stance=stance, on=today, by=by)
        if UNDO in self.request.GET and not stance:
            withdraw_first_stance(stakeholder, until=earlier_asked(self.request).at, by=by)
        return stakeholder

    def done_url(self, record: Stakeholder) -> str:
        return reverse("customers:detail", args=[record.customer.slug])


class StakeholderNew(StakeholderFormPage):
    def get_record(self) -> Stakeholder:
        customers = Customer.objects.visible_to(self.request.user)
        return Stakeholder(customer=get_object_or_404(customers, slug=self.kwargs["slug"]))

    def title(self, record: Stakeholder) -> str:
        return _("New stakeholder at %(customer)s") % {"customer": record.customer}


class OneStakeholder:
    """What the pages and acts of one stakeholder share."""

    def get_record(self) -> Stakeholder:
        """The one the address names, if it belongs to the customer named and the viewer sees it."""
        stakeholders = Stakeholder.objects.visible_to(self.request.user).select_related("customer")
        return get_object_or_404(stakeholders, pk=self.kwargs["pk"], customer__slug=self.kwargs["slug"])

    def done_url(self, record: Stakeholder) -> str:
        return reverse("customers:detail", args=[record.customer.slug])


class StakeholderEdit(OneStakeholder, StakeholderFormPage):
    def title(self, record: Stakeholder) -> str:
        return _("Edit stakeholder")

    def extra_context(self, record: Stakeholder) -> dict[str, Any]:
        return {"history": record.stances.select_related("recorded_by").order_by("-recorded_on", "-id")}


class StakeholderArchive(OneStakeholder, RecordArchive):
    def archive(self, record: Stakeholder) -> None:
        archive_stakeholder(record, by=self.request.user, now=timezone.now())

    def restore_url(self, record: Stakeholder) -> str:
        return reverse("customers:stakeholder_restore", args=[record.customer.slug, record.pk])


class StakeholderRestore(OneStakeholder, RecordRestore):
    def restore(self, record: Stakeholder) -> None:
        restore_stakeholder(record, by=self.request.user)


class ContactNew(CustomerView):
    permission = Permission.SHARE

    def get(self, request: PortalRequest, slug: str) -> HttpResponse:
        return self.show(ContactForm())

    def post(self, request: PortalRequest, slug: str) -> HttpResponse:
        form = ContactForm(request.POST)
        if not form.is_valid():
            return self.show(form, status=422)
        refusal = self.invite(form)
        if refusal:
            form.add_error("email", refusal)
            return self.show(form, status=422)
        return redirect("customers:detail", slug)

    def invite(self, form: ContactForm) -> str:
        """Invite or add the contact and say so; return why not, if not."""
        try:
            membership = invite_contact(
                customer=self.customer, by=self.request.user, now=timezone.now(), **form.cleaned_data
            )
        except NotAContact:
            return _("This address belongs to one of us, or to somebody whose account is switched off.")
        except AlreadyInvited:
            return _("An invitation to this address waits for an answer. You can send it again.")
        except MailRefused:
            messages.error(
                self.request, _("The invitation is kept, but the mail could not be sent. Send it again later.")
            )
            return ""
        messages.success(self.request, self.outcome(membership, form.cleaned_data["email"]))
        return ""

    def outcome(self, membership: CustomerMembership | None, email: str) -> str:
        if membership is None:
            return _("The invitation is on its way to %(address)s.") % {"address": email}
        return _("%(person)s can sign in and read the shared pages.") % {"person": membership.user}

    def show(self, form: ContactForm, status: int = 200) -> HttpResponse:
        context = {
            "form": form,
            "title": _("New contact at %(customer)s") % {"customer": self.customer},
            "lead": _("Contacts sign in and read the pages shared with their company. They see nothing else."),
            "back_url": reverse("customers:detail", args=[self.customer.slug]),
            "draft_key": self.request.path,
        }
        return render(self.request, "record_form.html", context, status=status)


class ContactRemove(CustomerView):
    permission = Permission.SHARE

    def post(self, request: PortalRequest, slug: str, pk: int) -> HttpResponse:
        memberships = CustomerMembership.objects.visible_to(request.user).filter(customer=self.customer)
        membership = get_object_or_404(memberships.select_related("user"), pk=pk)
        remove_contact(membership, by=request.user)
        text = _("%(person)s can no longer read the shared pages.") % {"person": membership.user}
        success_with_undo(request, text, reverse("customers:contact_put_back", args=[slug, pk]))
        return redirect("customers:detail", slug)


class ContactPutBack(CustomerView):
    """Lets a contact in again whom one removed in the last ten minutes. The address names the membership that went."""

    permission = Permission.SHARE

    def post(self, request: PortalRequest, slug: str, pk: int) -> HttpResponse:
        removal = removal_of(pk, customer=self.customer, by=request.user)
        if removal is None:
            raise Http404
        try:
            membership = put_contact_back(removal, customer=self.customer, by=request.user, now=timezone.now())
        except NotTakenBack as why:
            return not_taken_back(request, str(why), reverse("customers:contact_new", args=[slug]))
        messages.success(request, _("%(person)s can sign in and read the shared pages.") % {"person": membership.user})
        return redirect("customers:detail", slug)


class InvitedContact(CustomerView):
    """Acts on an invitation for this customer that waits for an answer."""

    permission = Permission.SHARE

    def invitation(self) -> Invitation:
        return get_object_or_404(invited_contacts(self.customer), pk=self.kwargs["pk"])


class ContactInvitationResend(InvitedContact):
    def post(self, request: PortalRequest, slug: str, pk: int) -> HttpResponse:
        tell_resent(request, self.invitation())
        return redirect("customers:detail", slug)


class ContactInvitationRevoke(InvitedContact):
    def post(self, request: PortalRequest, slug: str, pk: int) -> HttpResponse:
        tell_revoked(request, self.invitation(), reverse("customers:invitation_put_back", args=[slug, pk]))
        return redirect("customers:detail", slug)


class ContactInvitationPutBack(CustomerView):
    permission = Permission.SHARE

    def post(self, request: PortalRequest, slug: str, pk: int) -> HttpResponse:
        invitations = Invitation.objects.filter(customer_id=self.customer.pk)
        return tell_put_back(
            request, get_object_or_404(invitations, pk=pk), done_url=reverse("customers:detail", args=[slug])
        )
