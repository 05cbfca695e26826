"""Background work for those who run the installation: what waits, what gave up, and another try."""

from __future__ import annotations

from typing import ClassVar

from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from engagements.selectors.background import SHOWN, background_work
from engagements.services.background import discard_mail, retry_everything, retry_mail
from engagements.services.recomputes import COMPUTATIONS, retry_recompute
from engagements.services.usage_loads import LOADS, retry_load
from fde_portal.accounts.access import PortalRequest, PortalView
from fde_portal.accounts.permissions import Permission
from fde_portal.core.outbox import MAILS
from fde_portal.core.queue import Queue


class BackgroundWork(PortalView):
    permission = Permission.OPERATE

    def get(self, request: PortalRequest) -> HttpResponse:
        context = {"work": background_work(request.user, COMPUTATIONS, LOADS), "now": timezone.now(), "shown": SHOWN}
        return render(request, "engagements/background/page.html", context)


class ParkedAct(PortalView):
    """One act on one parked row (POST). A row that is no longer parked is a 404: somebody was faster."""

    permission = Permission.OPERATE
    queue: ClassVar[Queue]

    def parked(self) -> QuerySet:
        return self.queue.parked()

    def done(self, text: str) -> HttpResponse:
        messages.success(self.request, text)
        return HttpResponseRedirect(reverse("background_work"))


class ComputationRetry(ParkedAct):
    queue = COMPUTATIONS

    def post(self, request: PortalRequest, pk: int) -> HttpResponse:
        retry_recompute(get_object_or_404(self.parked(), pk=pk), by=request.user)
        return self.done(_("The computation is tried again."))


class LoadRetry(ParkedAct):
    queue = LOADS

    def post(self, request: PortalRequest, pk: int) -> HttpResponse:
        loads = self.parked().select_related("batch__source__deliverable__engagement")
        retry_load(get_object_or_404(loads, pk=pk), by=request.user)
        return self.done(_("The delivery is loaded again."))


class MailRetry(ParkedAct):
    queue = MAILS

    def post(self, request: PortalRequest, pk: int) -> HttpResponse:
        retry_mail(get_object_or_404(self.parked(), pk=pk), by=request.user)
        return self.done(_("The mail is sent again."))


class MailDiscard(ParkedAct):
    queue = MAILS

    def post(self, request: PortalRequest, pk: int) -> HttpResponse:
        discard_mail(get_object_or_404(self.parked(), pk=pk), by=request.user)
        return self.done(_("The mail is deleted. Nobody receives it."))


class EverythingRetry(PortalView):
    permission = Permission.OPERATE

    def post(self, request: PortalRequest) -> HttpResponse:
        count = retry_everything(by=request.user)
        text = ngettext("%(count)s piece of work is tried again.", "%(count)s pieces of work are tried again.", count)
        messages.success(request, text % {"count": count})
        return redirect("background_work")
