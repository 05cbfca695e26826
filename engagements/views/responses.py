"""What the customer answered, as the team reads it."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from engagements.forms.replies import ReplyForm
from engagements.models import Ask, Response
from engagements.selectors.response import ABOUT_ASKS, answer_rows, names_we_know, pulses_of
from engagements.services.asks import close_ask
from engagements.services.replies import reply_to
from engagements.services.responses import mark_read
from engagements.views.pages import EngagementView
from fde_portal.accounts.access import PortalRequest
from fde_portal.accounts.records import Conflict

ANSWERS_PER_PAGE = 30


class AnswersView(EngagementView):
    tab = "engagement_sharing"

    def answers_url(self) -> str:
        return reverse("engagement_answers", args=[self.engagement.slug])

    def response(self, pk: int) -> Response:
        rows = Response.objects.visible_to(self.request.user).counted()
        return get_object_or_404(rows.filter(engagement=self.engagement), pk=pk)


class EngagementAnswers(AnswersView):
    """Every answer that holds, newest first, and the pulses by milestone."""

    def get(self, request: PortalRequest, **kwargs: Any) -> HttpResponse:
        page = Paginator(answer_rows(self.engagement), ANSWERS_PER_PAGE).get_page(request.GET.get("page"))
        context = {"page": page, "pulses": pulses_of(self.engagement), "known": names_we_know(self.engagement)}
        return self.show("engagements/response/list.html", context)


class AnswerRead(AnswersView):
    """Takes an answer off the week (POST)."""

    def post(self, request: PortalRequest, pk: int, **kwargs: Any) -> HttpResponse:
        mark_read(self.response(pk), by=request.user, now=timezone.now())
        return HttpResponseRedirect(self.answers_url())


class AnswerReply(AnswersView):
    """Writes back to whoever answered or asked: a mail to them, kept beside what they said."""

    def get(self, request: PortalRequest, pk: int, **kwargs: Any) -> HttpResponse:
        return self.show_form(self.response(pk), ReplyForm())

    def post(self, request: PortalRequest, pk: int, **kwargs: Any) -> HttpResponse:
        response, form = self.response(pk), ReplyForm(request.POST)
        if not form.is_valid():
            return self.show_form(response, form, status=422)
        try:
            reply_to(response, text=form.cleaned_data["text"], by=request.user, now=timezone.now())
        except Conflict:
            form.add_error(None, _("Somebody replied in the meantime. Here is what they wrote; yours was not sent."))
            return self.show_form(self.response(pk), form, status=409)
        messages.success(request, _("Your reply is on its way to %(person)s.") % {"person": response.name})
        return HttpResponseRedirect(f"{self.answers_url()}#answer-{pk}")

    def show_form(self, response: Response, form: ReplyForm, status: int = 200) -> HttpResponse:
        return self.show("engagements/response/reply.html", {"answer": response, "form": form}, status)


class AskAfterAnswer(AnswersView):
    """Says whether an answer settles its ask: done, or still open (POST)."""

    def post(self, request: PortalRequest, pk: int, state: str, **kwargs: Any) -> HttpResponse:
        if state not in {Ask.State.DONE, Ask.State.OPEN}:
            raise Http404
        now, response = timezone.now(), self.response(pk)
        if response.kind not in ABOUT_ASKS:
            raise Http404
        asks = Ask.objects.visible_to(request.user).current()
        ask = get_object_or_404(asks.filter(engagement=self.engagement), pk=response.item)
        close_ask(ask, state=Ask.State(state), on=self.today, by=request.user)
        mark_read(response, by=request.user, now=now)
        said = _("“%(ask)s” is done.") if state == Ask.State.DONE else _("“%(ask)s” is open again.")
        messages.success(request, said % {"ask": ask})
        return HttpResponseRedirect(self.answers_url())
