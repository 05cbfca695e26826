"""Contacts of a customer who sign in: letting them in, and taking it back."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from customers.forms import ContactForm
from customers.models import CustomerMembership
from customers.selectors import invited_contacts
from customers.services import NotAContact, invite_contact, put_contact_back, removal_of, remove_contact
from customers.views.customers import CustomerView
from fde_portal.accounts.access import PortalRequest
from fde_portal.accounts.mails import MailRefused
from fde_portal.accounts.models import Invitation
from fde_portal.accounts.permissions import Permission
from fde_portal.accounts.services.invitations import AlreadyInvited
from fde_portal.accounts.services.undo import NotTakenBack
from fde_portal.accounts.undo_pages import not_taken_back
from fde_portal.accounts.views.people import tell_put_back, tell_resent, tell_revoked
from fde_portal.core.messages import success_with_undo


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
            made = invite_contact(
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
        self.say(made)
        return ""

    def say(self, made: CustomerMembership | Invitation) -> None:
        """An invitation can be taken back; somebody who signs in may have been let in before."""
        if isinstance(made, Invitation):
            undo_url = reverse("customers:invitation_revoke", args=[self.customer.slug, made.pk])
            success_with_undo(self.request, _("The invitation is on its way to %(address)s.") % {"address": made.email}, undo_url)
        else:
            messages.success(self.request, _("%(person)s can sign in and read the shared pages.") % {"person": made.user})

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
