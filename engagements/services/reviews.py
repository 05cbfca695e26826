"""Acts of a review: looking at an engagement, marking it reviewed, commenting."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Q
from django.forms import ModelForm

from engagements.models import Engagement, Review
from engagements.selectors.weekly_update import Week
from fde_portal.accounts import audit
from fde_portal.accounts.models import User
from fde_portal.accounts.records import claim_version

# Long enough to read and write, short enough that a lunch frees it.
LEASE = timedelta(minutes=10)


def open_review(engagement: Engagement, *, week: Week, by: User, now: datetime) -> Review:
    """The review of a week, claimed softly by whoever opens it unless somebody else looks at it already.

    Opening it again renews the claim; looking is no act worth a trail.
    """
    review, __ = Review.objects.get_or_create(engagement=engagement, iso_year=week.year, iso_week=week.number)
    rows = Review.objects.filter(pk=review.pk)
    mine = rows.filter(claimed_by=by, claimed_until__gt=now)
    if not mine.update(claimed_until=now + LEASE):
        free = rows.filter(Q(claimed_until=None) | Q(claimed_until__lte=now) | Q(claimed_by=None))
        free.update(claimed_by=by, claimed_at=now, claimed_until=now + LEASE)
    return Review.objects.select_related("claimed_by", "reviewed_by", "commented_by").get(pk=review.pk)


@transaction.atomic
def mark_reviewed(review: Review, *, by: User, now: datetime) -> bool:
    """Say that the week is reviewed, and free the claim. False when somebody said so before: who was first stays."""
    if not Review.objects.filter(pk=review.pk, reviewed_at=None).update(reviewed_by=by, reviewed_at=now):
        return False
    Review.objects.filter(pk=review.pk, claimed_by=by).update(claimed_by=None, claimed_at=None, claimed_until=None)
    audit.record("mark_reviewed", review, by=by)
    return True


@transaction.atomic
def unmark_reviewed(review: Review, *, by: User) -> bool:
    """Take one's own mark back. Twice changes nothing, and nobody takes back that somebody else has looked."""
    if not Review.objects.filter(pk=review.pk, reviewed_by=by).update(reviewed_by=None, reviewed_at=None):
        return False
    audit.record("unmark_reviewed", review, by=by)
    return True


@transaction.atomic
def save_comment(form: ModelForm, *, by: User) -> Review:
    """Save the comment of a week, and nothing else of the review: somebody may mark it in the same moment.

    Raises Conflict (accounts.records) when somebody else commented in between.
    """
    review: Review = form.instance
    claim_version(review, form.cleaned_data.get("version"))
    review.commented_by = by
    review.save(update_fields=["comment", "commented_by", "updated_at"])
    audit.record("edit", review, by=by, fields=sorted(form.changed_data))
    return review
