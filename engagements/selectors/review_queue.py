"""Which engagements a manager still has to review this week, and who looks at which."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import Exists, OuterRef, Q, QuerySet

from engagements.models import Engagement, PortfolioRow, Review, ReviewQuestion
from engagements.selectors.portfolio import ATTENTION_ORDER, PortfolioLine, lines
from engagements.selectors.weekly_update import Week
from fde_portal.accounts.models import User

MOST = 1000
REVIEWS_SHOWN = 8


@dataclass(frozen=True, slots=True)
class Waiting:
    """A line of the queue with this week's review, None while nobody opened it."""

    line: PortfolioLine
    review: Review | None

    @property
    def is_reviewed(self) -> bool:
        return self.review is not None and self.review.reviewed_at is not None


def queue(rows: QuerySet[PortfolioRow], week: Week) -> list[Waiting]:
    """Every line of `rows` in attention order. Two statements, whatever their number."""
    found = Review.objects.filter(engagement__in=rows.values("engagement"), iso_year=week.year, iso_week=week.number)
    reviews = {row.engagement.slug: row for row in found.select_related("engagement", "claimed_by", "reviewed_by")}
    return [Waiting(line, reviews.get(line.slug)) for line in lines(rows, start=0, count=MOST)]


def answers_for(person: User) -> QuerySet[ReviewQuestion]:
    """Answers to questions of `person` that they have not read, the oldest first."""
    rows = ReviewQuestion.objects.visible_to(person).unread().filter(asked_by=person, engagement__archived_at=None)
    return rows.select_related("engagement__customer", "answered_by").order_by("answered_at")


@dataclass(frozen=True, slots=True)
class Place:
    """Where an engagement stands among those left: 0 when it is not one of them, as when it is reviewed. Slugs are "" at either end."""

    position: int
    left: int
    before: str
    after: str


def place_in_queue(rows: QuerySet[PortfolioRow], slug: str, week: Week) -> Place:
    """Where `slug` stands among the lines nobody reviewed yet, and what lies before and after it. One statement."""
    done = Review.objects.filter(
        engagement=OuterRef("engagement"), iso_year=week.year, iso_week=week.number, reviewed_at__isnull=False
    )  # fmt: skip
    waits = Q(is_done=False) | Q(engagement__slug=slug)
    found = rows.annotate(is_done=Exists(done)).filter(waits).order_by(*ATTENTION_ORDER)
    reviewed = dict(found.values_list("engagement__slug", "is_done")[:MOST])
    left = sum(not is_done for is_done in reviewed.values())
    return _place(list(reviewed), slug, left, is_left=not reviewed.get(slug, True))


def _place(slugs: Sequence[str], slug: str, left: int, *, is_left: bool) -> Place:
    if slug not in slugs:
        return Place(0, left, "", slugs[0] if slugs else "")
    at = slugs.index(slug)
    before, after = slugs[at - 1] if at else "", slugs[at + 1] if at + 1 < len(slugs) else ""
    return Place(at + 1 if is_left else 0, left, before, after)


def next_after(rows: QuerySet[PortfolioRow], slug: str, week: Week) -> str:
    """The slug to look at after `slug` was reviewed: the next one left, from the top again at the end, "" when none is."""
    place = place_in_queue(rows, slug, week)
    if place.after or not place.left:
        return place.after
    return place_in_queue(rows.exclude(engagement__slug=slug), "", week).after


def review_of(engagement: Engagement, week: Week) -> Review | None:
    rows = Review.objects.filter(engagement=engagement, iso_year=week.year, iso_week=week.number)
    return rows.select_related("claimed_by", "reviewed_by", "commented_by").first()


def earlier_reviews(engagement: Engagement, week: Week) -> list[Review]:
    """The last weeks before `week` in which somebody reviewed or commented, newest first."""
    said = Q(reviewed_at__isnull=False) | ~Q(comment="")
    rows = Review.objects.filter(said, engagement=engagement).exclude(iso_year=week.year, iso_week=week.number)
    return list(rows.select_related("reviewed_by", "commented_by")[:REVIEWS_SHOWN])
