"""Who may open a shared page, and what is shown about links and editions to those who made them."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db.models import Count, Exists, Max, OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce

from customers.models import CustomerMembership
from engagements.models.contact_visit import ContactVisit
from engagements.models.engagement import Engagement
from engagements.models.share import Edition, Share, ShareView
from engagements.public_page.keys import Purpose, is_key_of, share_id_in
from fde_portal.accounts.models import User
from fde_portal.accounts.tokens import digest_of
from fde_portal.core.prepared import Param, prepared
from fde_portal.core.tries import Limit

# Keys are random, nobody finds one by guessing; this ends the noise, and the work it makes.
UNKNOWN_KEYS = Limit(name="unknown keys", most=100, window=timedelta(minutes=10))


def open_share(key: str, now: datetime, network: str, purpose: Purpose = Purpose.PAGE) -> Share | None:
    """The grant that `key` opens, or None: unknown, expired, revoked and archived look the same, at the same cost.

    A page opens with the secret of its link or with the key in mails; a calendar only with its own.
    `is_limited` says whether too many unknown keys came from `network`.
    """
    share_id = share_id_in(key, purpose)
    tries = {"now": now, "tries": UNKNOWN_KEYS.key_of(network), "since": now - UNKNOWN_KEYS.window}
    if share_id is None and purpose is Purpose.PAGE:
        return next(iter(_shares_of_secret(digest=digest_of(key), **tries)), None)
    share = next(iter(_shares_of_number(share=share_id, **tries)), None)
    return share if share and is_key_of(share, key, purpose) else None


@prepared
def _shares_of_secret(*, digest: Param, now: Param, tries: Param, since: Param) -> QuerySet[Share]:
    return _live(now, tries, since).filter(token_digest=digest)


@prepared
def _shares_of_number(*, share: Param, now: Param, tries: Param, since: Param) -> QuerySet[Share]:
    return _live(now, tries, since).filter(pk=share)


def _live(now: Param, tries: Param, since: Param) -> QuerySet[Share]:
    """Grants that open at `now`, with `is_limited`."""
    found = Share.objects.open_at(now).filter(
        engagement__archived_at__isnull=True, engagement__customer__archived_at__isnull=True
    )
    return found.annotate(is_limited=Exists(UNKNOWN_KEYS.spent(tries, since=since))).order_by()


def latest_edition(engagement_id: int) -> Edition | None:
    return next(iter(_latest_editions(engagement=engagement_id)), None)


@prepared
def _latest_editions(*, engagement: Param) -> QuerySet[Edition]:
    return Edition.objects.standing().filter(engagement=engagement)[:1]


def readable_editions(share: Share) -> QuerySet[Edition]:
    """What a holder of the share could ever see: the edition that stood when it was made, and all later ones."""
    editions = Edition.objects.standing().filter(engagement_id=share.engagement_id)
    stood = editions.filter(published_at__lte=share.created_at).order_by("-number").values("number")[:1]
    return editions.filter(number__gte=Coalesce(Subquery(stood), 0))


def openings(share: Share) -> QuerySet[ShareView]:
    """When a share was opened, by whom, and at which edition; newest first."""
    return ShareView.objects.filter(share=share).select_related("edition").defer("edition__content")


def editions_for_contact(user: User) -> QuerySet[Edition]:
    """The newest edition of each engagement of the companies `user` is a contact of."""
    newest = Edition.objects.standing().filter(engagement=OuterRef("engagement")).order_by("-number")
    return Edition.objects.filter(
        pk=Subquery(newest.values("pk")[:1]),
        engagement__archived_at__isnull=True,
        engagement__customer__archived_at__isnull=True,
        engagement__customer__memberships__user=user,
    ).order_by("-published_at")


def contacts_with_use(engagement: Engagement) -> QuerySet[CustomerMembership]:
    """Contacts of the customer who sign in, with `last_read_on`: the day they last read this engagement's page."""
    visits = ContactVisit.objects.filter(edition__engagement=engagement, person=OuterRef("user")).values("seen_on")
    contacts = CustomerMembership.objects.filter(customer=engagement.customer_id).select_related("user")
    return contacts.annotate(last_read_on=Subquery(visits.order_by("-seen_on")[:1])).order_by("user__name")


def shares_with_use(engagement: Engagement, now: datetime) -> QuerySet[Share]:
    """Links of an engagement with `is_open`, `opened` (times) and `last_opened`; working ones first."""
    working = Share.objects.open_at(now).filter(pk=OuterRef("pk"))
    return (
        Share.objects.filter(engagement=engagement)
        .select_related("created_by", "revoked_by")
        .annotate(is_open=Exists(working), opened=Count("views"), last_opened=Max("views__seen_at"))
        .order_by("-is_open", "-created_at")
    )
