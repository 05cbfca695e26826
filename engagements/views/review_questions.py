"""Questions of managers: asked while reviewing, answered by the team, read by whoever asked."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from engagements.forms.reviews import AnswerForm, QuestionForm
from engagements.models import ReviewQuestion
from engagements.services.review_questions import answer_question, ask_question, read_answer, unread_answer
from engagements.views.review_queue import review_url, with_filters
from engagements.views.reviews import ReviewAct
from fde_portal.accounts.access import PortalRequest, PortalView
from fde_portal.accounts.pages import RecordArchive, RecordFormPage, RecordRestore
from fde_portal.accounts.permissions import Permission
from fde_portal.core.messages import success_with_undo


def visible_question(view: PortalView) -> ReviewQuestion:
    rows = ReviewQuestion.objects.visible_to(view.request.user).select_related("engagement__customer", "asked_by")
    return get_object_or_404(rows, pk=view.kwargs["pk"], engagement__slug=view.kwargs["slug"])


class QuestionNew(ReviewAct):
    def post(self, request: PortalRequest, slug: str) -> HttpResponse:
        form = QuestionForm(request.POST, prefix="question")
        if not form.is_valid():
            return self.page(422, question_form=form)
        question = ask_question(self.engagement, text=form.cleaned_data["text"], by=request.user, now=timezone.now())
        said = _("Asked: %(question)s") % {"question": question}
        success_with_undo(request, said, with_filters(reverse("review_question_archive", args=[slug, question.pk]), request))
        return self.here()


class QuestionAnswer(RecordFormPage):
    """The question with its answer: written, changed, taken back."""

    form_class = AnswerForm

    def get_record(self) -> ReviewQuestion:
        return visible_question(self)

    def title(self, record: ReviewQuestion) -> str:
        return record.text

    def save(self, form: Any) -> ReviewQuestion:
        return answer_question(form, by=self.request.user, now=timezone.now())

    def saved_message(self, record: ReviewQuestion) -> str:
        return _("Answered: %(question)s") % {"question": record}

    def done_url(self, record: ReviewQuestion) -> str:
        return reverse("engagement_review", args=[record.engagement.slug])


class AskersAct(PortalView):
    """An act of the manager who asked: to nobody else the answer is still to come."""

    permission = Permission.REVIEW_PORTFOLIO

    def question(self) -> ReviewQuestion:
        question = visible_question(self)
        if question.asked_by_id != self.request.user.pk:
            raise PermissionDenied
        return question


class QuestionRead(AskersAct):
    """Says that an answer is read, with a way back."""

    def post(self, request: PortalRequest, slug: str, pk: int) -> HttpResponse:
        question = self.question()
        read_answer(question, by=request.user, now=timezone.now())
        back = with_filters(reverse("review_question_unread", args=[slug, pk]), request)
        success_with_undo(request, _("Read: %(question)s") % {"question": question}, back)
        return HttpResponseRedirect(review_url(slug, request))


class QuestionUnread(AskersAct):
    def post(self, request: PortalRequest, slug: str, pk: int) -> HttpResponse:
        unread_answer(self.question(), by=request.user)
        messages.success(request, _("The answer waits for you again."))
        return HttpResponseRedirect(review_url(slug, request))


class QuestionArchive(RecordArchive):
    """Withdraws a question; its answer goes along, and comes back with it."""

    permission = Permission.REVIEW_PORTFOLIO

    def get_record(self) -> ReviewQuestion:
        return visible_question(self)

    def restore_url(self, record: ReviewQuestion) -> str:
        return with_filters(reverse("review_question_restore", args=[record.engagement.slug, record.pk]), self.request)

    def done_url(self, record: ReviewQuestion) -> str:
        return review_url(record.engagement.slug, self.request)


class QuestionRestore(RecordRestore):
    permission = Permission.REVIEW_PORTFOLIO

    def get_record(self) -> ReviewQuestion:
        return visible_question(self)

    def done_url(self, record: ReviewQuestion) -> str:
        return review_url(record.engagement.slug, self.request)
