"""Answering on the page behind a link. Like the page itself, this knows grants, editions and answers alone.

Each step is a small page with a plain form. None of them reads a session: who somebody is, is proven by a
mailed code, and remembered in a signed cookie of the page.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from functools import cached_property
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _

from engagements.forms.answers import FORMS, AnswerForm, CodeForm
from engagements.models.response import Response
from engagements.public_page.answers import Item, item_on
from engagements.public_page.content import SharedContent
from engagements.public_page.rows import terms_of
from engagements.public_page.visit import keep_typed, remember, remember_waiting, typed_before, waiting_keys
from engagements.selectors.withdrawal import standing_content
from engagements.services.responses import (
    Answerer,
    NoLongerPossible,
    confirm_response,
    counted_together,
    give_response,
    name_of,
    take_back_response,
)
from engagements.services.visitors import TooManyCodes, confirm_code, send_code
from engagements.views.link_view import LinkView
from fde_portal.accounts.mails import MailRefused
from fde_portal.core.tries import Limit

MOST_TYPED = 20  # of a code
ANSWERS = Limit(name="answers of an address", most=30, window=timedelta(hours=1))


class AnswerView(LinkView):
    """A page about answering, below a link."""

    @cached_property
    def content(self) -> SharedContent:
        return standing_content(self.edition)

    @cached_property
    def address(self) -> str:
        """The address this browser has proven, "" for none yet."""
        return self.visit.address

    def show(self, template: str, context: dict[str, Any], status: int = 200) -> HttpResponse:
        shell = {"page": self.content, "up": self.home(), "home": f"{self.home()}?lang={self.language}"}
        return super().show(template, shell | context, status)

    def lead_to(self, path: str) -> HttpResponse:
        return HttpResponseRedirect(f"{self.home()}{path}?lang={self.language}")


class LinkAnswer(AnswerView):
    """The form for one item of the page."""

    def get(self, request: HttpRequest, topic: str, pk: int) -> HttpResponse:
        item = self.item(topic, pk)
        return self.show_form(self.form(item))

    def post(self, request: HttpRequest, topic: str, pk: int) -> HttpResponse:
        item = self.item(topic, pk)
        form = self.form(item, request.POST)
        if not form.is_valid():
            return self.show_form(form, status=422)
        try:
            response = self.keep(form)
        except NoLongerPossible:
            form.add_error(None, _("This was settled in the meantime. Go back to the page to see how."))
            return self.show_form(form, status=409)
        except TooManyCodes:
            form.add_error(None, _("Too many tries. Please wait an hour and send it again; what you typed stays here."))
            return self.show_form(form, status=429)
        except MailRefused:
            form.add_error(None, _("We could not mail the code. Please send it again in a few minutes."))
            return self.show_form(form, status=503)
        answer = self.lead_to(f"answers/{response.key}/")
        if response.is_counted:
            return answer
        keys = [*waiting_keys(request, self.share), response.key]
        return remember_waiting(answer, token=self.token, share=self.share, keys=keys)

    def form(self, item: Item, data: Any = None) -> AnswerForm:
        known_as = name_of(self.share.engagement_id, self.address) if self.address else ""
        return FORMS[item.topic](data, item=item, address=self.address, known_as=known_as)

    def item(self, topic: str, pk: int) -> Item:
        item = item_on(self.content, self.share.sections, topic, pk)
        if item is None:
            raise Http404
        return item

    def keep(self, form: AnswerForm) -> Response:
        """A visitor whose address is not proven gets a code first. Raises what its services raise."""
        address = self.address or form.cleaned_data["email"].lower()
        if not ANSWERS.claim(f"{self.share.pk} {address}", now=self.now):
            raise TooManyCodes
        if not self.address:
            send_code(share=self.share, address=address, language=self.language, now=self.now)
        by = Answerer(form.answers_as, address, is_confirmed=bool(self.address), share=self.share)
        return give_response(edition=self.edition, item=form.item, said=form.said, by=by, now=self.now)

    def show_form(self, form: AnswerForm, status: int = 200) -> HttpResponse:
        terms = terms_of(self.content, form.item)
        return self.show("public/answer.html", {"form": form, "item": form.item, "terms": terms, "address": self.address}, status)


class OwnAnswer(AnswerView):
    """An answer as its author sees it: first the question for the mailed code, then what was kept.

    The key in the address is known to the browser that answered, and to nobody else. What was typed wrongly is
    answered by a redirect to the same page, so that nobody who goes back is asked to send it again.
    """

    def get(self, request: HttpRequest, key: str) -> HttpResponse:
        response = self.response(key)
        if not response.is_counted:
            return self.show_code_form(response)
        self.require_author(response)
        context = {
            "response": response,
            "together": counted_together(response),
            "can_take_back": response.can_be_taken_back(self.now),
        }
        return self.show("public/answer_kept.html", context)

    def post(self, request: HttpRequest, key: str) -> HttpResponse:
        response = self.response(key)
        form = CodeForm(request.POST)
        if not form.is_valid() or not self.is_right(form, response):
            return self.ask_again(key, "code", request.POST.get("code", "")[:MOST_TYPED])
        for waiting in self.waiting_with(response):
            confirm_response(waiting, now=self.now)
        visit = replace(self.visit, address=response.email)
        answer = remember(self.lead_to(f"answers/{key}/"), token=self.token, share=self.share, visit=visit)
        return keep_typed(answer, token=self.token, share=self.share, typed={})

    def response(self, key: str) -> Response:
        """An answer that was given through this link. What was taken back is gone."""
        return get_object_or_404(Response, share=self.share, key=key, taken_back_at=None)

    def is_right(self, form: CodeForm, response: Response) -> bool:
        return confirm_code(share=self.share, address=response.email, code=form.cleaned_data["code"], now=self.now)

    def waiting_with(self, response: Response) -> list[Response]:
        """What the code lets count: this answer, and what this very browser gave under the same address.

        What others sent under it is not among them: their keys stand in their own browsers.
        """
        keys = {response.key, *waiting_keys(self.request, self.share)}
        mine = Response.objects.waiting().filter(share=self.share, email=response.email, key__in=keys)
        return list(mine.order_by("given_at", "id"))

    def require_author(self, response: Response) -> None:
        if response.email != self.address:
            raise Http404

    def ask_again(self, key: str, fault: str, code: str = "") -> HttpResponse:
        typed = {"key": key, "fault": fault, "code": code}
        return keep_typed(self.lead_to(f"answers/{key}/"), token=self.token, share=self.share, typed=typed)

    def show_code_form(self, response: Response) -> HttpResponse:
        typed = typed_before(self.request, self.share)
        fault = typed["fault"] if typed.get("key") == response.key else ""
        form = CodeForm({"code": typed["code"]} if fault == "code" else None)
        if fault == "code" and form.is_valid():
            form.add_error("code", _("This code does not open it. Check the digits, or have a new one sent."))
        context = {"response": response, "form": form, "waiting": self.waiting_with(response), "refusal": refusal(fault)}
        return self.show("public/answer_code.html", context, status=422 if fault else 200)


def refusal(fault: str) -> str:
    """Why no other code was mailed; "" for any other fault."""
    if fault == "many":
        return _("Too many codes. Please wait an hour.")
    return _("We could not mail the code. Please try again in a few minutes.") if fault == "mail" else ""


class CodeAgain(OwnAnswer):
    """Mails another code (POST)."""

    http_method_names = ["post"]

    def post(self, request: HttpRequest, key: str) -> HttpResponse:
        response = self.response(key)
        try:
            send_code(share=self.share, address=response.email, language=self.language, now=self.now)
        except TooManyCodes:
            return self.ask_again(key, "many")
        except MailRefused:
            return self.ask_again(key, "mail")
        return keep_typed(self.lead_to(f"answers/{key}/"), token=self.token, share=self.share, typed={})


class AnswerTakenBack(OwnAnswer):
    """Undoes an answer of one's own (POST)."""

    http_method_names = ["post"]

    def post(self, request: HttpRequest, key: str) -> HttpResponse:
        response = self.response(key)
        self.require_author(response)
        try:
            take_back_response(response, now=self.now)
        except NoLongerPossible:
            return self.show("public/answer_kept.html", {"response": response, "is_too_late": True}, status=409)
        return self.lead_to("")
