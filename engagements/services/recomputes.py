"""The queue of computations: one `Recompute` row per engagement. A message is only a nudge.

A change raises `want` in its own transaction. A worker claims the row with a lease, computes, and sets
`have` to the `want` it saw; if `want` rose meanwhile, the row is claimed again. Whatever is killed in
between leaves `have` below `want`, and the sweep finds the row once its lease has run out.
"""

from __future__ import annotations

import logging
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import groupby
from operator import itemgetter

from django.db import transaction
from django.db.models import Case, F, Min, Q, QuerySet, Value, When
from django.db.models.functions import Coalesce, Least
from django.utils import timezone

from engagements import tasks
from engagements.models import DirtyDay, Engagement, Recompute
from engagements.selectors.metric import is_due
from engagements.services.activity import rebuild_days
from engagements.services.health import refresh_health
from engagements.services.metrics import refresh_metrics
from engagements.services.portfolio import refresh_portfolio_row
from fde_portal.accounts import audit
from fde_portal.accounts.models import User

logger = logging.getLogger(__name__)

LEASE = timedelta(seconds=30)
MOST_TRIES = 5
FIRST_PAUSE = timedelta(seconds=10)
DAYS_AT_ONCE = 50
LONGEST_ERROR = 2000

WAITING = Q(have__lt=F("want"), parked_at=None)


class LeaseLost(Exception):
    """Another worker has taken over; it does the work."""


def request_recompute(engagement_id: int, *, since: date | None = None) -> None:
    """Have the figures and the health of an engagement computed again. Call it inside the change's transaction.

    `since` names the first local day a change touches, when it changes days that are closed already.
    """
    now = timezone.now()
    if not _raise_want(engagement_id, since, now):
        Recompute.objects.bulk_create([Recompute(engagement_id=engagement_id, want=0)], ignore_conflicts=True)
        _raise_want(engagement_id, since, now)
    _nudge(engagement_id)


def _raise_want(engagement_id: int, since: date | None, now: datetime) -> int:
    waits_already = When(have__lt=F("want"), wanted_at__isnull=False, then=F("wanted_at"))
    values = {"want": F("want") + 1, "wanted_at": Case(waits_already, default=Value(now))}
    if since is not None:
        values["stale_from"] = _earlier(since)
    return Recompute.objects.filter(engagement_id=engagement_id).update(**values)


def _earlier(day: date) -> Least:
    return Least(Coalesce(F("stale_from"), Value(day)), Value(day))


def _nudge(engagement_id: int) -> None:
    def send() -> None:  # no partial: Django logs a failure by the function's name
        tasks.run_recompute.delay(engagement_id)

    # Robust: when the broker is away the change still succeeds, and the sweep finds the row.
    transaction.on_commit(send, robust=True)


@dataclass
class Claim:
    """The right to compute one engagement until `lease_until`, which also tells our lease from another's."""

    engagement_id: int
    lease_until: datetime
    want: int = 0
    stale_from: date | None = None

    @property
    def row(self) -> QuerySet[Recompute]:
        """The row as long as the lease is ours."""
        return Recompute.objects.filter(engagement_id=self.engagement_id, lease_until=self.lease_until)

    def renew(self, **values: object) -> None:
        """Keep the row for another lease. Raises LeaseLost."""
        # The clock itself: what counts is the time that passed since the claim.
        until = max(timezone.now() + LEASE, self.lease_until + timedelta(microseconds=1))
        if not self.row.update(lease_until=until, **values):
            raise LeaseLost
        self.lease_until = until


def run_recompute(engagement_id: int, *, now: datetime) -> bool:
    """Compute what waits for one engagement; say whether it was done.

    False when nothing waits, when another worker has it, when its next try is later, and when it
    failed: then the row carries the error. Running it twice, or again after a kill, ends the same.
    """
    claim = _claim(engagement_id, now)
    if claim is None:
        return False
    try:
        _compute(claim, now)
    except LeaseLost:
        return False
    except Exception as fault:  # whatever it was: the row must say so and be tried again
        logger.exception("Computing engagement %s failed", engagement_id)
        _give_back(claim, fault, now)
        return False
    return _finish(claim)


def _claim(engagement_id: int, now: datetime) -> Claim | None:
    claim = Claim(engagement_id, lease_until=now + LEASE)
    # The try is counted before it begins: a computation that kills its worker must be parked too.
    taken = _claimable(now).filter(engagement_id=engagement_id)
    if not taken.update(lease_until=claim.lease_until, attempts=F("attempts") + 1):
        return None
    # `want` is read before the data, so that the data hold at least everything up to it.
    claim.want, claim.stale_from = claim.row.values_list("want", "stale_from").get()
    return claim


def _claimable(now: datetime) -> QuerySet[Recompute]:
    free = Q(lease_until=None) | Q(lease_until__lte=now)
    due = Q(next_try_at=None) | Q(next_try_at__lte=now)
    return Recompute.objects.filter(WAITING, free, due, attempts__lt=MOST_TRIES)


def _compute(claim: Claim, now: datetime) -> None:
    engagement = Engagement.objects.select_related("customer").get(pk=claim.engagement_id)
    _rebuild_dirty_days(claim)
    refresh_metrics(engagement, now=now, watermark=claim.want, since=claim.stale_from)
    claim.renew()
    refresh_health(engagement, now=now, watermark=claim.want, since=claim.stale_from)
    refresh_portfolio_row(engagement, today=now.astimezone(engagement.zone).date(), now=now)


def _rebuild_dirty_days(claim: Claim) -> None:
    """Rebuild the activity of the days that were touched, in portions, and remember the earliest."""
    dirty = DirtyDay.objects.filter(deliverable__engagement=claim.engagement_id)
    marks = list(dirty.order_by("deliverable_id", "day").values_list("deliverable_id", "day"))
    if not marks:
        return
    first = min(day for _, day in marks)
    claim.renew(stale_from=_earlier(first))
    claim.stale_from = min(first, claim.stale_from or first)
    for deliverable_id, days in _portions(marks):
        rebuild_days(deliverable_id, days)
        claim.renew()


def _portions(marks: list[tuple[int, date]]) -> Iterator[tuple[int, list[date]]]:
    """Days by deliverable, at most DAYS_AT_ONCE together: each portion is one transaction."""
    for deliverable_id, group in groupby(marks, key=itemgetter(0)):
        days = [day for _, day in group]
        for start in range(0, len(days), DAYS_AT_ONCE):
            yield deliverable_id, days[start : start + DAYS_AT_ONCE]


def _finish(claim: Claim) -> bool:
    nothing_newer = When(want=claim.want, then=None)
    return bool(
        claim.row.filter(have__lt=claim.want).update(
            have=claim.want,
            lease_until=None,
            attempts=0,
            next_try_at=None,
            error="",
            wanted_at=Case(nothing_newer, default=F("wanted_at")),
            stale_from=Case(nothing_newer, default=F("stale_from")),
        )
    )


def _give_back(claim: Claim, fault: Exception, now: datetime) -> None:
    """Release the lease with the error text; the pause doubles with each try, the fifth parks the row."""
    attempts = claim.row.values_list("attempts", flat=True).first() or 1
    claim.row.update(
        lease_until=None,
        error=f"{type(fault).__name__}: {fault}"[:LONGEST_ERROR],
        next_try_at=now + FIRST_PAUSE * 2 ** (attempts - 1),
        parked_at=now if attempts >= MOST_TRIES else None,
    )


def sweep(*, now: datetime) -> list[int]:
    """Return the engagements that wait and that nobody computes, the longest waiting first.

    Rows whose last try ended without a word, with its worker, are parked like those that failed.
    """
    exhausted = Recompute.objects.filter(WAITING, attempts__gte=MOST_TRIES, lease_until__lte=now)
    exhausted.update(parked_at=now, lease_until=None, error="The worker ended during each of the last tries.")
    return list(_claimable(now).order_by("wanted_at").values_list("engagement_id", flat=True))


def request_due(*, now: datetime) -> None:
    """Ask for the figures of live engagements whose newest ones are of an earlier day or definition."""
    for engagement in Engagement.objects.live():
        if is_due(engagement, now=now):
            request_recompute(engagement.pk)


def retry_recompute(recompute: Recompute, *, by: User) -> None:
    """Give a parked computation five new tries, at once."""
    with transaction.atomic():
        Recompute.objects.filter(pk=recompute.pk).update(parked_at=None, attempts=0, next_try_at=None)
        audit.record("retry", recompute, by=by)
        _nudge(recompute.engagement_id)


def oldest_waiting() -> datetime | None:
    """Since when the oldest computation waits (UTC); parked ones do not count."""
    return Recompute.objects.filter(WAITING).aggregate(since=Min("wanted_at"))["since"]
