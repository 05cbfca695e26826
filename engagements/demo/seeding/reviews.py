"""Writes what the demo's managers reviewed, asked and sent, and when they last looked at the portfolio."""

from __future__ import annotations

from datetime import datetime, timedelta

from engagements.demo.reviews import (
    COMMENTS,
    HELPS,
    LAST_VISIT_DAYS,
    QUESTIONS,
    REVIEWED,
    VIEW_NAME,
    VIEW_OF,
    VIEW_QUERY,
    QuestionPlan,
)
from engagements.models import Engagement, Help, Review, ReviewQuestion
from engagements.selectors.weekly_update import Week
from fde_portal.accounts.models import PageVisit, SavedView, User
from fde_portal.accounts.permissions import Role


def create_reviews(staff: dict[str, User], *, now: datetime) -> None:
    engagements = {row.slug: row for row in Engagement.objects.select_related("lead", "backup")}
    for plan in QUESTIONS:
        _ask(plan, engagements[plan.slug], staff[plan.by], now)
    for comment in COMMENTS:
        _review(engagements[comment.slug], staff[comment.by], now - timedelta(weeks=comment.weeks), comment.text)
    for slug, by in REVIEWED:
        _review(engagements[slug], staff[by], now - timedelta(minutes=30))
    for help_ in HELPS:
        engagement, until = engagements[help_.slug], now.date() + timedelta(days=help_.days)
        Help.objects.create(engagement=engagement, person=engagement.backup, text=help_.text, until=until, made_by=staff[help_.by])
    SavedView.objects.create(person=staff[VIEW_OF], page="portfolio", name=VIEW_NAME, query=VIEW_QUERY)
    PageVisit.objects.bulk_create(
        PageVisit(person=person, page="portfolio", seen_at=now - timedelta(days=LAST_VISIT_DAYS))
        for person in staff.values() if person.role == Role.MANAGER
    )  # fmt: skip


def _ask(plan: QuestionPlan, engagement: Engagement, by: User, now: datetime) -> None:
    answered_at = now - timedelta(days=plan.answered) if plan.answer else None
    ReviewQuestion.objects.create(
        engagement=engagement, text=plan.text, asked_by=by, asked_at=now - timedelta(days=plan.asked), answer=plan.answer,
        answered_by=engagement.lead if plan.answer else None, answered_at=answered_at, read_at=answered_at if plan.is_read else None,
    )  # fmt: skip


def _review(engagement: Engagement, by: User, at: datetime, comment: str = "") -> None:
    week = Week.of(at.astimezone(by.zone).date())
    Review.objects.create(
        engagement=engagement, iso_year=week.year, iso_week=week.number, reviewed_by=by, reviewed_at=at, comment=comment,
        commented_by=by if comment else None,
    )  # fmt: skip
