"""Who is here, who is invited, and what happens to the work of those who leave."""

from __future__ import annotations

from functools import cached_property, partial

from django.conf import settings
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Page, Paginator
from django.http import HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from fde_portal.accounts.access import PortalRequest
from fde_portal.accounts.forms.people import HandOverForm, InvitationForm, RoleForm
from fde_portal.accounts.handovers import holdings_of
from fde_portal.accounts.mails import MailRefused
from fde_portal.accounts.models import Invitation, User
from fde_portal.accounts.permissions import Permission
from fde_portal.accounts.selectors import (
    PersonRow,
    invitations_matching,
    may_change,
    people_matching,
    person_rows,
)
from fde_portal.accounts.services.invitations import (
    AlreadyInvited,
    AlreadyKnown,
    Gone,
    invite,
    put_invitation_back,
    resend_invitation,
    revoke_invitation,
)
from fde_portal.accounts.services.people import (
    Incomplete,
    assign_role,
    give_role_back,
    keep_role,
    switch_off,
    switch_on,
)
from fde_portal.accounts.services.undo import NotTakenBack, save_earlier
from fde_portal.accounts.undo_pages import UNDO, earlier_asked, not_taken_back
from fde_portal.accounts.views.settings import SettingsView
from fde_portal.core.messages import success_with_undo

ROWS_PER_PAGE = 50
NO_MAIL = "django.core.mail.backends.dummy.EmailBackend"


class PeopleView(SettingsView):
    """What the pages about people share."""

    page = "accounts:people"
    permission = Permission.MANAGE_PEOPLE

    @cached_property
    def person(self) -> User:
        return get_object_or_404(User.objects.select_related("manager"), pk=self.kwargs["pk"])

    @property
    def named(self) -> bool:
        """Whether the viewer may read the names of all records: administrators without a role may not."""
        return self.request.user.can(Permission.REVIEW_PORTFOLIO)

    def require_change(self) -> None:
        """Raise PermissionDenied for oneself, and for administrators when one is none."""
        if not may_change(self.person, by=self.request.user):
            raise PermissionDenied


class People(PeopleView):
    """Members, open invitations, and those switched off; which of them, search and page are in the address."""

    def get(self, request: PortalRequest) -> HttpResponse:
        shown, text = request.GET.get("show", ""), request.GET.get("q", "").strip()
        rows = (
            invitations_matching(text)
            if shown == "invitations"
            else person_rows(people_matching(text, active=shown != "off"))
        )
        page = Paginator(rows, ROWS_PER_PAGE).get_page(request.GET.get("page"))
        context = {
            "page": self.with_rows(page, shown),
            "shown": shown,
            "text": text,
            "waiting": Invitation.objects.waiting().count(),
            "sends_no_mail": settings.EMAIL_BACKEND == NO_MAIL,
        }
        return self.show_page(context)

    def with_rows(self, page: Page, shown: str) -> Page:
        if shown == "invitations":
            now = timezone.now()
            page.object_list = [(invitation, invitation.is_expired(now)) for invitation in page.object_list]
        else:
            page.object_list = [PersonRow(*values) for values in page.object_list]
        return page


class InvitationNew(PeopleView):
    template_name = "accounts/invitation_form.html"

    def get(self, request: PortalRequest) -> HttpResponse:
        return self.show_page({"form": InvitationForm(instance=self.draft())})

    def post(self, request: PortalRequest) -> HttpResponse:
        form = InvitationForm(request.POST, instance=self.draft())
        if not form.is_valid():
            return self.show_page({"form": form}, status=422)
        try:
            invite(form.instance, by=request.user, now=timezone.now())
        except AlreadyKnown:
            form.add_error("email", _("Somebody already uses this address."))
            return self.show_page({"form": form}, status=422)
        except AlreadyInvited:
            form.add_error("email", _("An invitation to this address waits for an answer. You can send it again."))
            return self.show_page({"form": form}, status=422)
        except MailRefused:
            messages.error(request, _("The invitation is kept, but the mail could not be sent. Send it again later."))
            return to_invitations()
        text = _("The invitation is on its way to %(address)s.") % {"address": form.instance.email}
        success_with_undo(request, text, reverse("accounts:invitation_revoke", args=[form.instance.pk]))
        return to_invitations()

    def draft(self) -> Invitation:
        by = self.request.user
        return Invitation(
            language=by.language, time_zone=by.time_zone, manager=by if by.can(Permission.REVIEW_PORTFOLIO) else None
        )


def to_invitations() -> HttpResponse:
    return redirect(reverse("accounts:people") + "?show=invitations")


class InvitationResend(PeopleView):
    def post(self, request: PortalRequest, pk: int) -> HttpResponse:
        tell_resent(request, get_object_or_404(Invitation.objects.waiting(), pk=pk))
        return to_invitations()


def tell_resent(request: PortalRequest, invitation: Invitation) -> None:
    """Send an invitation again and say how that went."""
    try:
        resend_invitation(invitation, by=request.user, now=timezone.now())
    except Gone:
        messages.error(request, _("This invitation was accepted or revoked in the meantime."))
    except MailRefused:
        messages.error(request, _("The mail could not be sent. Send it again later."))
    else:
        messages.success(request, _("A new link is on its way to %(address)s.") % {"address": invitation.email})


class InvitationRevoke(PeopleView):
    def post(self, request: PortalRequest, pk: int) -> HttpResponse:
        tell_revoked(
            request,
            get_object_or_404(Invitation.objects.waiting(), pk=pk),
            reverse("accounts:invitation_put_back", args=[pk]),
        )
        return to_invitations()


def tell_revoked(request: PortalRequest, invitation: Invitation, undo_url: str) -> None:
    """End an invitation and say so, with the way back."""
    revoke_invitation(invitation, by=request.user, now=timezone.now())
    success_with_undo(request, _("The invitation of %(name)s no longer works.") % {"name": invitation.name}, undo_url)


class InvitationPutBack(PeopleView):
    def post(self, request: PortalRequest, pk: int) -> HttpResponse:
        return tell_put_back(request, get_object_or_404(Invitation, pk=pk), done_url=to_invitations().url)


def tell_put_back(request: PortalRequest, invitation: Invitation, *, done_url: str) -> HttpResponse:
    """Let an invitation work again that was revoked in the last ten minutes, and say how that went."""
    try:
        put_invitation_back(invitation, by=request.user, now=timezone.now())
    except NotTakenBack as why:
        return not_taken_back(request, str(why), done_url)
    messages.success(
        request,
        _("The invitation of %(name)s works again. So does the link that was mailed.") % {"name": invitation.name},
    )
    return redirect(done_url)


class Person(PeopleView):
    """One person: role and manager, what they answer for, and the way out."""

    template_name = "accounts/person.html"

    def get(self, request: PortalRequest, pk: int) -> HttpResponse:
        return self.show(RoleForm(instance=self.person, named=self.named))

    def post(self, request: PortalRequest, pk: int) -> HttpResponse:
        self.require_change()
        if UNDO in request.GET:
            return self.take_back(request)
        form = self.bound(request.POST)
        if not form.is_valid():
            return self.show(form, status=422)
        person = assign_role(form, by=request.user)
        text = _("Saved: %(record)s") % {"record": person}
        if not form.changed_data:
            messages.success(request, text)
        else:
            earlier = keep_role(person, was=form.was, path=request.path, by=request.user, now=timezone.now())
            success_with_undo(request, text, f"{request.path}?{UNDO}={earlier.pk}")
        return redirect("accounts:person", pk)

    def bound(self, data: QueryDict) -> RoleForm:
        return RoleForm(data, instance=User.objects.get(pk=self.person.pk), named=self.named)

    def take_back(self, request: PortalRequest) -> HttpResponse:
        """Give the role and manager back that the save `?undo=` names replaced."""
        earlier, data = earlier_asked(request), QueryDict(mutable=True)
        for name, values in earlier.held["fields"].items():
            data.setlist(name, values)
        give_back = partial(give_role_back, left=earlier.held["left"], by=request.user)
        try:
            person = save_earlier(earlier, self.bound(data), give_back, now=timezone.now())
        except NotTakenBack as why:
            return not_taken_back(request, str(why), request.path)
        messages.success(request, _("Taken back: %(record)s") % {"record": person})
        return redirect("accounts:person", person.pk)

    def show(self, form: RoleForm, status: int = 200) -> HttpResponse:
        context = {
            "person": self.person,
            "form": form,
            "may_change": may_change(self.person, by=self.request.user),
            "holdings": holdings_of(self.person),
            "named": self.named,
            "has_second_step": PersonRow(*person_rows(User.objects.filter(pk=self.person.pk)).get()).has_second_step,
        }
        return self.show_page(context, status)


class PersonSwitchOff(PeopleView):
    """Asks who takes over, asks again with the names of what they lead, then closes the account and hands everything over in one act."""

    template_name = "accounts/switch_off.html"

    def get(self, request: PortalRequest, pk: int) -> HttpResponse:
        self.require_change()
        return self.show(self.form())

    def post(self, request: PortalRequest, pk: int) -> HttpResponse:
        self.require_change()
        form = self.form(request.POST)
        if not form.is_valid():
            return self.show(form, status=422)
        if not form.is_confirmed:
            form.ask_again()
            return self.show(form, asked=True)
        try:
            switch_off(self.person, successors=form.successors(), by=request.user, now=timezone.now())
        except Incomplete:
            form = self.form(request.POST)
            form.add_error(None, _("Something became theirs in the meantime. Look again who takes it over."))
            return self.show(form, status=409)
        messages.success(
            request,
            _("%(person)s can no longer sign in. What they answered for is handed over.") % {"person": self.person},
        )
        return redirect("accounts:person", pk)

    def form(self, *data: object) -> HandOverForm:
        return HandOverForm(*data, person=self.person, holdings=holdings_of(self.person), named=self.named)

    def show(self, form: HandOverForm, status: int = 200, *, asked: bool = False) -> HttpResponse:
        led = [holding for holding in form.holdings if holding.own_choice]
        context = {"person": self.person, "form": form, "holdings": form.holdings, "named": self.named, "asked": asked, "led": led}
        if asked:
            successors = form.successors()
            context["passes"] = [(holding.label, successors[holding.key]) for holding in led]
        return self.show_page(context, status)


class PersonSwitchOn(PeopleView):
    def post(self, request: PortalRequest, pk: int) -> HttpResponse:
        self.require_change()
        switch_on(self.person, by=request.user)
        messages.success(request, _("%(person)s can sign in again.") % {"person": self.person})
        return redirect("accounts:person", pk)
