"""Questions of managers about an engagement, and their answers."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.forms import ModelForm

from engagements.models import Engagement, ReviewQuestion
from fde_portal.accounts import audit
from fde_portal.accounts.models import User
from fde_portal.accounts.records import claim_version


@transaction.atomic
def ask_question(engagement: Engagement, *, text: str, by: User, now: datetime) -> ReviewQuestion:
    question = ReviewQuestion.objects.create(engagement=engagement, text=text, asked_by=by, asked_at=now)
    audit.record("ask_review_question", question, by=by)
    return question


@transaction.atomic
def answer_question(form: ModelForm, *, by: User, now: datetime) -> ReviewQuestion:
    """Answer a question, or answer it anew; an empty answer opens it again. Whoever asked has it to read afresh.

    Raises Conflict (accounts.records) when somebody else answered in between.
    """
    question: ReviewQuestion = form.instance
    claim_version(question, form.cleaned_data.get("version"))
    is_answered = bool(question.answer)
    question.answered_by, question.answered_at = (by, now) if is_answered else (None, None)
    question.read_at = None
    question.save(update_fields=["answer", "answered_by", "answered_at", "read_at", "updated_at"])
    audit.record("answer_review_question" if is_answered else "reopen", question, by=by)
    return question


@transaction.atomic
def read_answer(question: ReviewQuestion, *, by: User, now: datetime) -> None:
    """Say that the answer is read. Twice changes nothing."""
    if ReviewQuestion.objects.unread().filter(pk=question.pk).update(read_at=now):
        audit.record("read_review_answer", question, by=by)


@transaction.atomic
def unread_answer(question: ReviewQuestion, *, by: User) -> None:
    """Take back that the answer is read. Twice changes nothing."""
    if ReviewQuestion.objects.filter(pk=question.pk, read_at__isnull=False).update(read_at=None):
        audit.record("unread_review_answer", question, by=by)
