"""What managers asked, and whom they sent to help."""

from __future__ import annotations

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from engagements.models import Help, ReviewQuestion
from engagements.selectors.my_week.work import Need, Work, named, question
from fde_portal.core import formats
from fde_portal.core.addresses import address
from fde_portal.core.prepared import Param


def questions_asked(work: Work) -> list[Need]:
    """Open questions of managers about the engagements the person leads."""
    return [_question_need(row) for row in work.rows(_open_questions)]


@question
def _open_questions(*, person: Param, engagements: Param) -> QuerySet[ReviewQuestion]:
    mine = ReviewQuestion.objects.open().filter(engagement__in=engagements, engagement__lead=person)
    return mine.select_related("asked_by")


def _question_need(question: ReviewQuestion) -> Need:
    asked = {"person": question.asked_by.name if question.asked_by else _("A manager"), "day": formats.day(question.asked_at)}
    return Need(
        band="watch",
        title=named(question.engagement, question.text),
        detail=_("%(person)s asked on %(day)s.") % asked,
        due="",
        action=pgettext("a question", "Answer"),
        url=reverse("review_question", args=[question.engagement.slug, question.pk]),
        due_on=question.asked_at.date(),
    )


def help_sent(work: Work) -> list[Need]:
    """What the person was sent to help with, until it is done."""
    return [_help_need(row, work) for row in work.rows(_running_help)]


@question
def _running_help(*, person: Param, engagements: Param) -> QuerySet[Help]:
    return Help.objects.running().filter(engagement__in=engagements, person=person).select_related("made_by")


def _help_need(given: Help, work: Work) -> Need:
    late = given.until < work.today
    sent = {"person": given.made_by.name if given.made_by else _("A manager")}
    return Need(
        band="watch" if late else "",
        title=named(given.engagement, given.text),
        detail=_("%(person)s sent you to help; the last day is over.") % sent if late else _("%(person)s sent you to help.") % sent,
        due=formats.day(given.until),
        action=pgettext("action", "Open"),
        url=address("engagement_review", given.engagement.slug),
        due_on=given.until,
    )
