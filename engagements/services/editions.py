"""Publishing what the customer sees."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from django.db import IntegrityError, transaction
from django.db.models import Max

from engagements.models.engagement import Engagement
from engagements.models.share import Edition, EditionRetraction
from engagements.public_page.content import canonical_json, hash_of
from engagements.selectors.shareable import shareable_content
from fde_portal.accounts import audit
from fde_portal.accounts.models import User

ATTEMPTS = 5


@transaction.atomic
def publish_edition(*, engagement: Engagement, by: User, now: datetime) -> Edition:
    """Freeze what is shared of `engagement` at `now` as its next numbered edition.

    The newest published update and the open asks, shared milestones, figures and value lines
    go in. Every link and contact reads it from now on.
    """
    text = canonical_json(shareable_content(engagement, now=now))
    edition = _with_next_number(
        Edition(engagement=engagement, content=text, content_hash=hash_of(text), published_at=now, published_by=by)
    )
    audit.record("publish", edition, by=by, number=edition.number, hash=edition.content_hash)
    return edition


@transaction.atomic
def choose_figures(engagement: Engagement, *, figures: Sequence[str], by: User) -> None:
    """Choose the figures at the top of the next editions, by name and in order; none: the first three there are."""
    engagement.shared_figures = list(figures)
    engagement.save(update_fields=["shared_figures"])
    audit.record("choose_figures", engagement, by=by, figures=engagement.shared_figures)


def retract_editions_since(engagement: Engagement, *, since: datetime, by: User, now: datetime) -> int:
    """Take back every edition published at the instant `since` or later; the customer reads the one before.

    Returns how many were taken back. Editions taken back already are left alone.
    """
    editions = list(Edition.objects.standing().filter(engagement=engagement, published_at__gte=since))
    for edition in editions:
        EditionRetraction.objects.create(edition=edition, retracted_at=now, retracted_by=by)
        audit.record("retract", edition, by=by, number=edition.number)
    return len(editions)


def _with_next_number(edition: Edition) -> Edition:
    """Save under the next free number. Two people may publish at once: the constraint decides, the other counts on."""
    numbers = Edition.objects.filter(engagement=edition.engagement)
    for attempt in range(1, ATTEMPTS + 1):
        edition.number = (numbers.aggregate(last=Max("number"))["last"] or 0) + 1
        try:
            with transaction.atomic():
                edition.save(force_insert=True)
        except IntegrityError:
            if attempt == ATTEMPTS:
                raise
        else:
            break
    return edition
