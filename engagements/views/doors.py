"""The steps before a page opens: proving an address by a mailed code, and the passcode."""

from __future__ import annotations

from dataclasses import replace

from django.forms import Form
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils.translation import gettext as _

from engagements.forms.visitors import AddressForm, CodeForm, PasscodeForm
from engagements.public_page.visit import Visit, keep_typed, passcode_mark, remember, typed_before
from engagements.services.shares import TooManyTries, opens_with, opt_in, opt_out
from engagements.services.visitors import TooManyCodes, confirm_code, send_code
from engagements.views.link_view import LinkView
from fde_portal.accounts.mails import MailRefused

MOST_TYPED = 254  # of an address


class DoorView(LinkView):
    """A step before the page; itself it needs no proof."""

    has_door = False

    def let_in(self, visit: Visit) -> HttpResponse:
        """On to the page, or to what it asks for next."""
        response = HttpResponseRedirect(f"{self.home()}?lang={self.language}")
        return remember(response, token=self.token, share=self.share, visit=visit)

    def ask_for_code(self, typed: dict[str, str]) -> HttpResponse:
        """On to the page for the code, which says what was wrong with the one in `typed`."""
        response = HttpResponseRedirect(f"{self.home()}code/?lang={self.language}")
        return keep_typed(response, token=self.token, share=self.share, typed=typed)


class VisitorAddress(DoorView):
    """Asks for an address and mails a code there. The answer is the same whether the address may read or not."""

    http_method_names = ["get", "head", "post"]

    def get(self, request: HttpRequest) -> HttpResponse:
        return self.show_form(AddressForm())

    def post(self, request: HttpRequest) -> HttpResponse:
        form = AddressForm(request.POST)
        if not form.is_valid():
            return self.show_form(form, status=422)
        address = form.cleaned_data["address"]
        try:
            send_code(share=self.share, address=address, language=self.language, now=self.now)
        except TooManyCodes:
            form.add_error(None, _("Too many codes for now. Wait an hour, then try again."))
            return self.show_form(form, status=429)
        except MailRefused:
            form.add_error(None, _("We could not send the mail. Try again in a few minutes."))
            return self.show_form(form, status=503)
        return self.ask_for_code({"address": address})

    def show_form(self, form: Form, status: int = 200) -> HttpResponse:
        return self.show("public/door_address.html", {"form": form}, status)


class VisitorCode(DoorView):
    """Takes the mailed code; who comes here without having asked for one goes back to the door."""

    http_method_names = ["get", "head", "post"]

    def get(self, request: HttpRequest) -> HttpResponse:
        typed = typed_before(request, self.share)
        if "address" not in typed:
            return HttpResponseRedirect(f"{self.home()}?lang={self.language}")
        has_failed = "code" in typed
        form = CodeForm(typed) if has_failed else CodeForm(initial=typed)
        if has_failed and form.is_valid():
            form.add_error("code", _("This code is not right, or it no longer works. Check it, or ask for a new one."))
        context = {"form": form, "address": typed["address"]}
        return self.show("public/door_code.html", context, status=422 if has_failed else 200)

    def post(self, request: HttpRequest) -> HttpResponse:
        form = CodeForm(request.POST)
        if form.is_valid():
            address, code = form.cleaned_data["address"].lower(), form.cleaned_data["code"]
            if confirm_code(share=self.share, address=address, code=code, now=self.now):
                answer = self.let_in(replace(self.visit, address=address))
                return keep_typed(answer, token=self.token, share=self.share, typed={})
        typed = {name: request.POST.get(name, "")[:MOST_TYPED] for name in ("address", "code")}
        return self.ask_for_code(typed)


class VisitorPasscode(DoorView):
    """Takes the passcode (POST)."""

    http_method_names = ["get", "head", "post"]

    def get(self, request: HttpRequest) -> HttpResponse:
        return HttpResponseRedirect(f"{self.home()}?lang={self.language}")

    def post(self, request: HttpRequest) -> HttpResponse:
        form = PasscodeForm(request.POST)
        status = 422
        if form.is_valid():
            try:
                if opens_with(self.share, form.cleaned_data["passcode"], now=self.now):
                    return self.let_in(replace(self.visit, passcode=passcode_mark(self.share)))
                form.add_error("passcode", _("This passcode is not right."))
            except TooManyTries:
                form.add_error(None, _("Too many wrong passcodes. Wait half an hour, then try again."))
                status = 429
        return self.show("public/door_passcode.html", {"form": form}, status)


class MailChoice(LinkView):
    """Opting out of mails about new editions, and in again. Mail programs post here on their own (RFC 8058)."""

    has_door = False
    http_method_names = ["get", "head", "post"]

    def get(self, request: HttpRequest) -> HttpResponse:
        return self.show("public/mails.html", {"opted_out": self.share.opted_out_at is not None})

    def post(self, request: HttpRequest) -> HttpResponse:
        wants_mail = "again" in request.POST
        if wants_mail:
            opt_in(self.share)
        else:
            opt_out(self.share, now=self.now)
        return self.show("public/mails.html", {"opted_out": not wants_mail})
