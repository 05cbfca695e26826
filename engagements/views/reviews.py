"""The review of one engagement: what to know, what managers said and asked, and the acts of a manager."""

from __future__ import annotations

from datetime import date, timedelta
from functools import cached_property
from typing import Any

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from engagements.forms.portfolio import chosen_rows
from engagements.forms.reviews import CommentForm, HelpForm, QuestionForm, ReviewDecisionForm
from engagements.models import Decision, Help, PortfolioRow, Review, ReviewQuestion
from engagements.selectors.portfolio import lines
from engagements.selectors.review_brief import Brief, briefs
from engagements.selectors.review_queue import earlier_reviews, next_after, place_in_queue, review_of
from engagements.selectors.weekly_update import Week
from engagements.services.reviews import mark_reviewed, open_review, save_comment, unmark_reviewed
from engagements.views.pages import EngagementView
from engagements.views.review_queue import review_url, state_words, with_filters
from fde_portal.accounts.access import PortalRequest
from fde_portal.accounts.permissions import Permission
from fde_portal.accounts.records import Conflict, save_record
from fde_portal.accounts.undo_pages import UNDO, before_save, say_saved, take_back
from fde_portal.core.messages import success_with_undo

# How far back changes are told where nobody reviewed before.
LOOKED_BACK = timedelta(days=14)
QUESTIONS_SHOWN = 20


class ReviewView(EngagementView):
    """A page about the review of one engagement in the reader's present week."""

    tab = "engagement_review"

    @cached_property
    def week(self) -> Week:
        return Week.of(timezone.localdate())

    @cached_property
    def may_review(self) -> bool:
        return self.request.user.can(Permission.REVIEW_PORTFOLIO)

    @cached_property
    def review(self) -> Review | None:
        """This week's; a manager who comes here opens it."""
        if not self.may_review:
            return review_of(self.engagement, self.week)
        return open_review(self.engagement, week=self.week, by=self.request.user, now=timezone.now())

    def page(self, status: int = 200, **forms: Any) -> HttpResponse:
        earlier = earlier_reviews(self.engagement, self.week)
        since = self.looked_on(earlier)
        context = {
            "week": self.week,
            "review": self.review,
            "review_state": state_words(self.review, self.request.user),
            "earlier": [review for review in earlier if review.comment],
            "since": since,
            "brief": self.brief(since),
            "questions": self.questions(),
            "helps": Help.objects.current().filter(engagement=self.engagement).select_related("person", "made_by", "done_by"),
            "may_review": self.may_review,
            "query": self.request.GET.urlencode(),
        }
        if self.may_review:
            context |= self.for_managers() | forms
        return self.show("engagements/review/page.html", context, status=status)

    def looked_on(self, earlier: list[Review]) -> date:
        """The day of the last review before this week: what changed from then on is told."""
        marks = (review.reviewed_at for review in earlier if review.reviewed_at)
        last = next(marks, None)
        return timezone.localdate(last) if last else timezone.localdate() - LOOKED_BACK

    def brief(self, since: date) -> Brief | None:
        """None while no line of the portfolio was made."""
        rows = PortfolioRow.objects.visible_to(self.request.user).filter(engagement=self.engagement)
        found = briefs(lines(rows, start=0, count=1), since=since, today=self.today)
        return found[0] if found else None

    def questions(self) -> list[ReviewQuestion]:
        rows = ReviewQuestion.objects.current().filter(engagement=self.engagement)
        return list(rows.select_related("asked_by", "answered_by")[:QUESTIONS_SHOWN])

    def for_managers(self) -> dict[str, Any]:
        place = place_in_queue(self.queue_rows(), self.engagement.slug, self.week)
        return {
            "place": place,
            "before_url": review_url(place.before, self.request) if place.before else "",
            "after_url": review_url(place.after, self.request) if place.after else "",
            "comment_form": CommentForm(instance=self.review),
            "question_form": QuestionForm(prefix="question"),
            "help_form": HelpForm(today=self.today, prefix="help"),
            "decision_form": self.decision_form(),
        }

    def queue_rows(self) -> Any:
        return chosen_rows(self.request, timezone.localdate()).qs

    def decision_form(self, data: Any = None) -> ReviewDecisionForm:
        person = self.request.user
        entry = Decision(engagement=self.engagement, noted_on=self.today, decided_by=person.name[:120])
        return ReviewDecisionForm(data, instance=entry, user=person, today=self.today, prefix="decision")

    def here(self) -> HttpResponseRedirect:
        return HttpResponseRedirect(review_url(self.engagement.slug, self.request))


class EngagementReview(ReviewView):
    def get(self, request: PortalRequest, slug: str) -> HttpResponse:
        return self.page()


class ReviewAct(ReviewView):
    """An act of a manager. What was refused stands at its address, which leads back to the review when it is opened again."""

    permission = write_permission = Permission.REVIEW_PORTFOLIO

    def get(self, request: PortalRequest, slug: str) -> HttpResponse:
        return self.here()


class ReviewDone(ReviewAct):
    """Marks the week as reviewed and goes on to the next engagement that is left."""

    def post(self, request: PortalRequest, slug: str) -> HttpResponse:
        if mark_reviewed(self.review, by=request.user, now=timezone.now()):
            back = with_filters(reverse("review_undone", args=[slug]), request)
            success_with_undo(request, _("Reviewed: %(engagement)s") % {"engagement": self.engagement}, back)
        else:
            messages.info(request, state_words(review_of(self.engagement, self.week), request.user))
        following = next_after(self.queue_rows(), slug, self.week)
        return HttpResponseRedirect(review_url(following, request) if following else reverse("review_queue"))


class ReviewUndone(ReviewAct):
    """Takes one's own mark back."""

    def post(self, request: PortalRequest, slug: str) -> HttpResponse:
        if unmark_reviewed(self.review, by=request.user):
            messages.success(request, _("It is no longer marked as reviewed."))
        else:
            messages.error(request, _("Nothing was taken back: somebody else reviewed it, or nobody did."))
        return self.here()


class ReviewComment(ReviewAct):
    """Keeps the week's comment, with a way back to the one before; two at once get both texts."""

    def post(self, request: PortalRequest, slug: str) -> HttpResponse:
        if UNDO in request.GET:
            return take_back(request, made=self.bound, save=self.save, done_url=self.done_url)
        form = self.bound(request.POST)
        if not form.is_valid():
            return self.page(422, comment_form=form)
        before = before_save(form)
        try:
            review = self.save(form)
        except Conflict:
            form.show_conflict()
            return self.page(409, comment_form=form)
        say_saved(request, _("Your comment is saved."), record=review, form=form, before=before)
        return self.here()

    def bound(self, data: Any) -> CommentForm:
        return CommentForm(data, instance=self.review)

    def save(self, form: CommentForm) -> Review:
        return save_comment(form, by=self.request.user)

    def done_url(self, review: Review) -> str:
        return reverse("engagement_review", args=[self.engagement.slug])


class ReviewDecision(ReviewAct):
    """Writes a decision into the engagement's log."""

    def post(self, request: PortalRequest, slug: str) -> HttpResponse:
        form = self.decision_form(request.POST)
        if not form.is_valid():
            return self.page(422, decision_form=form)
        decision = save_record(form, by=request.user)
        back = reverse("log_entry_archive", args=[slug, Decision.KEY, decision.pk])
        success_with_undo(request, _("Decided: %(decision)s") % {"decision": decision}, back)
        return self.here()
