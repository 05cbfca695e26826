"""Who may open a shared page, and what is shown about links and editions to those who made them."""

from __future__ import annotations

from datetime import datetime

from django.db.models import Count, Exists, Max, OuterRef, QuerySet, Subquery

from engagements.models.engagement import Engagement
from engagements.models.share import Edition, Share
from fde_portal.accounts.models import User
from fde_portal.accounts.tokens import digest_of


def open_share(token: str, now: datetime) -> Share | None:
    """The grant behind a link, or None: unknown, expired, revoked and archived look the same."""
    live = Share.objects.open_at(now).filter(
        engagement__archived_at__isnull=True, engagement__customer__archived_at__isnull=True
    )
    return live.filter(token_digest=digest_of(token)).first()


def latest_edition(engagement_id: int) -> Edition | None:
    return Edition.objects.filter(engagement_id=engagement_id).first()


def editions_for_contact(user: User) -> QuerySet[Edition]:
    """The newest edition of each engagement of the companies `user` is a contact of."""
    newest = Edition.objects.filter(engagement=OuterRef("engagement")).order_by("-number")
    return Edition.objects.filter(
        pk=Subquery(newest.values("pk")[:1]),
        engagement__archived_at__isnull=True,
        engagement__customer__archived_at__isnull=True,
        engagement__customer__memberships__user=user,
    ).order_by("-published_at")


def shares_with_use(engagement: Engagement, now: datetime) -> QuerySet[Share]:
    """Links of an engagement with `is_open`, `opened` (times) and `last_opened`; working ones first."""
    working = Share.objects.open_at(now).filter(pk=OuterRef("pk"))
    return (
        Share.objects.filter(engagement=engagement)
        .select_related("created_by", "revoked_by")
        .annotate(is_open=Exists(working), opened=Count("views"), last_opened=Max("views__seen_at"))
        .order_by("-is_open", "-created_at")
    )
