"""The customer's sign-off of a decided gate: asking for it, and going on without it."""

from __future__ import annotations

from copy import copy

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.utils.translation import gettext as _

from engagements.forms.gates import SignOffForm, WithoutSignOffForm
from engagements.services.gates import Refused
from engagements.services.phases import GateShut
from engagements.services.sign_offs import GoWaits, WordsAnswered, ask_for_sign_off, go_without_sign_off
from engagements.views.engagements import gate_words
from engagements.views.gates import GatesView
from fde_portal.accounts.access import PortalRequest
from fde_portal.accounts.records import Conflict


class GateSignOff(GatesView):
    """Says whether the customer is asked to sign a decided gate, and in which words."""

    def post(self, request: PortalRequest, slug: str, pk: int) -> HttpResponse:
        gate = self.gate
        form = SignOffForm(request.POST, instance=copy(gate))
        if not form.is_valid():
            return self.page(gate, status=422, sign_off_form=form)
        data = form.cleaned_data
        try:
            ask_for_sign_off(gate, wording=data["shared_wording"], is_shared=data["is_shared"], by=request.user)
        except GoWaits:
            form.show_go_waits()
            return self.page(gate, status=409, sign_off_form=form)
        except WordsAnswered:
            form.show_words_answered()
            return self.page(gate, status=409, sign_off_form=form)
        except Refused:
            return self.refuse(gate, _("Nothing was changed: the gate is not decided yet."))
        said = _("It goes into the next edition you publish.") if gate.is_shared else _("It stays out of the next editions.")
        messages.success(request, said)
        return HttpResponseRedirect(self.gate_url(gate))


class GateWithoutSignOff(GatesView):
    """Lets a go take effect that waits for the customer's sign-off, for a stated reason."""

    def post(self, request: PortalRequest, slug: str, pk: int) -> HttpResponse:
        gate, form = self.gate, WithoutSignOffForm(request.POST, auto_id="without-%s")
        if not form.is_valid():
            return self.page(gate, status=422, without_form=form)
        try:
            go_without_sign_off(gate, reason=form.cleaned_data["reason"], on=self.today, by=request.user)
        except GateShut as shut:
            form.add_error(None, gate_words(shut))
            return self.page(self.gate, status=409, without_form=form)
        except Conflict:
            return self.refuse(gate, _("Nothing was changed: somebody moved the work to another phase at this moment."))
        except Refused:
            return self.refuse(gate, _("Nothing was changed: no go waits for a sign-off here any more."))
        messages.success(request, _("The go has taken effect without the customer’s sign-off. The reason stands at the gate."))
        return HttpResponseRedirect(self.gate_url(gate))
