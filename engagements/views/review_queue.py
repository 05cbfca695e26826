"""The queue in which a manager reviews: what is left this week in attention order, and answers that came back."""

from __future__ import annotations

from datetime import datetime
from typing import NamedTuple

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from engagements.forms.portfolio import chosen_rows
from engagements.models import Review
from engagements.selectors.attention import standing_sentence
from engagements.selectors.review_queue import Waiting, answers_for, queue
from engagements.selectors.weekly_update import Week
from fde_portal.accounts.access import PortalRequest, PortalView
from fde_portal.accounts.models import User
from fde_portal.accounts.permissions import Permission
from fde_portal.core import formats
from fde_portal.core.templatetags.ui_marks import band as band_class
from fde_portal.core.templatetags.ui_marks import band_word, glyph


class ReviewQueue(PortalView):
    """The portfolio's filters hold here too, and go along from one engagement to the next."""

    permission = Permission.REVIEW_PORTFOLIO

    def get(self, request: PortalRequest) -> HttpResponse:
        now = timezone.localtime()
        week, chosen = Week.of(now.date()), chosen_rows(request, now.date())
        waiting = queue(chosen.qs, week)
        left = [row for row in waiting if not row.is_reviewed]
        done = [row for row in waiting if row.is_reviewed]
        context = {
            "filter": chosen,
            "week": week,
            "left": [shown(row, request) for row in left],
            "done": [shown(row, request) for row in done],
            "answers": answers_for(request.user),
            "summary": summary(len(left), len(done)),
            "is_narrowed": any(request.GET.get(name) for name in chosen.filters),
        }
        return render(request, "engagements/review/queue.html", context)


class Shown(NamedTuple):
    """A line of the queue as it is printed: a long list looks nothing up."""

    url: str
    customer: str
    about: str
    band: str
    mark: str
    band_word: str
    score: int | None
    reason: str
    state: str


def shown(row: Waiting, request: PortalRequest) -> Shown:
    line = row.line
    return Shown(
        url=review_url(line.slug, request),
        customer=line.customer,
        about=f"{line.name} · {line.lead}",
        band=band_class(line.band),
        mark=glyph(line.band),
        band_word=band_word(line.band),
        score=line.score,
        reason=standing_sentence(line.reason, band=line.band, feed_stopped=line.feed_stopped),
        state=state_words(row.review, request.user),
    )


def review_url(slug: str, request: HttpRequest) -> str:
    """The review of an engagement; the filters of the queue go along."""
    return with_filters(reverse("engagement_review", args=[slug]), request)


def with_filters(path: str, request: HttpRequest) -> str:
    query = request.GET.urlencode()
    return f"{path}?{query}" if query else path


def state_words(review: Review | None, reader: User) -> str:
    """Who has reviewed it and when, else who looks at it since when; "" while nobody but the reader does."""
    if review is None:
        return ""
    if review.reviewed_at:
        return _("Reviewed by %(person)s, %(when)s") % _who_and_when(review.reviewed_by, review.reviewed_at)
    holder = review.held_at(timezone.now())
    if holder and holder != reader:
        return _("%(person)s has had it open since %(when)s") % _who_and_when(holder, review.claimed_at)
    return ""


def _who_and_when(person: User | None, at: datetime) -> dict[str, str]:
    local = timezone.localtime(at)
    clock = f"{local:%H:%M}"
    return {
        "person": person.name if person else formats.DASH,
        "when": clock if local.date() == timezone.localdate() else f"{formats.day(local)} {clock}",
    }


def summary(left: int, done: int) -> str:
    if not left and not done:
        return _("There is nothing to review.")
    if not left:
        return _("All is reviewed this week.")
    to_do = ngettext("%(count)s engagement left this week.", "%(count)s engagements left this week.", left) % {"count": left}
    return formats.sentences(to_do, ngettext("%(count)s is reviewed.", "%(count)s are reviewed.", done) % {"count": done})
