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

from engagements.forms.replies import AnnulmentForm, ReplyForm
from engagements.models import Ask, Response
from engagements.selectors.response import ABOUT_ASKS, answer_rows, names_we_know, pulses_of, waiting_rows
from engagements.services.annulments import annul_response, count_again
from engagements.services.asks import close_ask
from engagements.services.replies import reply_to
from engagements.services.responses import NoLongerPossible, mark_read
from engagements.views.pages import EngagementView
from fde_portal.accounts.access import PortalRequest
from fde_portal.accounts.records import Conflict
from fde_portal.core.messages import success_with_undo

ANSWERS_PER_PAGE = 30
WAITING_SHOWN = 20


class AnswersView(EngagementView):
    tab = "engagement_sharing"

    def answers_url(self) -> str:
        return reverse("engagement_answers", args=[self.engagement.slug])

    def response(self, pk: int) -> Response:
        rows = Response.objects.visible_to(self.request.user).counted()
        return get_object_or_404(rows.filter(engagement=self.engagement), pk=pk)


class EngagementAnswers(AnswersView):
    """Every answer that holds or was annulled, newest first, what waits for a code, and the pulses by milestone."""

    def get(self, request: PortalRequest, **kwargs: Any) -> HttpResponse:
        page = Paginator(answer_rows(self.engagement), ANSWERS_PER_PAGE).get_page(request.GET.get("page"))
        context = {
            "page": page,
            "waiting": waiting_rows(self.engagement)[:WAITING_SHOWN],
            "pulses": pulses_of(self.engagement),
            "known": names_we_know(self.engagement),
        }
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


class AnswerAnnulment(AnswersView):
    """Takes back an answer that is not genuine, for a reason."""

    def get(self, request: PortalRequest, pk: int, **kwargs: Any) -> HttpResponse:
        return self.show_form(self.response(pk), AnnulmentForm())

    def post(self, request: PortalRequest, pk: int, **kwargs: Any) -> HttpResponse:
        response, form = self.response(pk), AnnulmentForm(request.POST)
        if not form.is_valid():
            return self.show_form(response, form, status=422)
        try:
            annul_response(response, reason=form.cleaned_data["reason"], by=request.user, now=timezone.now())
        except NoLongerPossible:
            form.add_error(None, _("What followed from this answer has moved on since. Put that right first, then annul it."))
            return self.show_form(response, form, status=409)
        undo = reverse("answer_count_again", args=[self.engagement.slug, pk])
        success_with_undo(request, _("Annulled. What it changed is as before, and their page says that it does not count."), undo)
        return HttpResponseRedirect(f"{self.answers_url()}#answer-{pk}")

    def show_form(self, response: Response, form: AnnulmentForm, status: int = 200) -> HttpResponse:
        return self.show("engagements/response/annul.html", {"answer": response, "form": form}, status)


class AnswerCountsAgain(AnswersView):
    """Undoes that an answer was annulled (POST)."""

    def post(self, request: PortalRequest, pk: int, **kwargs: Any) -> HttpResponse:
        annulled = Response.objects.visible_to(request.user).filter(engagement=self.engagement, is_annulled=True)
        try:
            count_again(get_object_or_404(annulled, pk=pk), by=request.user, now=timezone.now())
        except NoLongerPossible:
            messages.error(request, _("It cannot count again: something else was settled in the meantime."))
        else:
            messages.success(request, _("The answer counts again."))
        return HttpResponseRedirect(f"{self.answers_url()}#answer-{pk}")


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
