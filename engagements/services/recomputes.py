"""The computations that wait: one `Recompute` row per engagement (see core/queue.py for leases and tries).

A change raises `want` in its own transaction. A worker claims the row, computes, and sets `have` to the
`want` it saw; if `want` rose meanwhile, the row is claimed again. Whatever is killed in between leaves
`have` below `want`, and the sweep finds the row once its lease has run out.
"""

from __future__ import annotations

import logging
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import groupby
from operator import itemgetter

from django.db import transaction
from django.db.models import Case, F, Q, QuerySet, Value, When
from django.db.models.functions import Coalesce, Least
from django.utils import timezone

from engagements import tasks
from engagements.metrics.periods import local_day
from engagements.models import DirtyDay, Engagement, Recompute
from engagements.selectors.attention_signs import read_attention_signs
from engagements.selectors.metric import is_due, outdated_and_over
from engagements.selectors.usage_facts import engagement_usage
from engagements.services.activity import rebuild_days
from engagements.services.health import refresh_health
from engagements.services.metrics import refresh_metrics
from engagements.services.override_ends import end_overrides
from engagements.services.portfolio import refresh_portfolio_row
from engagements.services.usage_observations import derive_observations
from fde_portal.accounts import audit
from fde_portal.accounts.models import User
from fde_portal.core.queue import Claim, LeaseLost, Queue, error_text

logger = logging.getLogger(__name__)

LEASE = timedelta(seconds=30)
MOST_TRIES = 5
DAYS_AT_ONCE = 100
# After so many days of activity it is somebody else's turn: a large delivery touches hundreds.
DAYS_A_TURN = 200

WAITING = Q(have__lt=F("want"), parked_at=None)
COMPUTATIONS = Queue(name="computations", model=Recompute, waiting=WAITING, lease=LEASE, most_tries=MOST_TRIES)


def request_recompute(engagement_id: int, *, since: date | None = None) -> None:
    """Have the figures and the health of an engagement computed again. Call it inside the change's transaction.

    `since` names the first local day a change touches, when it changes days that are closed already.
    """
    now = timezone.now()
    rows = Recompute.objects.filter(engagement_id=engagement_id)
    if _raise_want(rows.exclude(WAITING), since, now):
        _nudge(engagement_id)
    # A row that waits has had its nudge: a thousand changes must not queue up before other people's work.
    elif not _raise_want(rows, since, now):
        Recompute.objects.bulk_create([Recompute(engagement_id=engagement_id, want=0)], ignore_conflicts=True)
        _raise_want(rows, since, now)
        _nudge(engagement_id)


def _raise_want(rows: QuerySet[Recompute], since: date | None, now: datetime) -> int:
    waits_already = When(have__lt=F("want"), wanted_at__isnull=False, then=F("wanted_at"))
    values = {"want": F("want") + 1, "wanted_at": Case(waits_already, default=Value(now))}
    if since is not None:
        values["stale_from"] = _earlier(since)
    return rows.update(**values)


def _earlier(day: date) -> Least:
    return Least(Coalesce(F("stale_from"), Value(day)), Value(day))


def _nudge(engagement_id: int) -> None:
    def send() -> None:  # no partial: Django logs a failure by the function's name
        tasks.run_recompute.delay(engagement_id)

    # Robust: when the broker is away the change still succeeds, and the sweep finds the row.
    transaction.on_commit(send, robust=True)


def request_all() -> None:
    """Have all live engagements computed again: a change of how is a change of all. Call it inside its transaction."""
    live = Engagement.objects.live().order_by().values_list("pk", flat=True)
    Recompute.objects.bulk_create([Recompute(engagement_id=pk, want=0) for pk in live], ignore_conflicts=True)
    _raise_want(Recompute.objects.filter(engagement__in=live), None, timezone.now())
    # One message, and the sweep sends the rest: hundreds of nudges would make the change wait.
    transaction.on_commit(lambda: tasks.sweep.delay(), robust=True)


@dataclass
class Computation:
    """What a claimed row asks for: everything up to `want`, closed days from `stale_from` on included."""

    claim: Claim
    engagement_id: int
    want: int
    stale_from: date | None


def run_recompute(engagement_id: int, *, now: datetime) -> bool:
    """Compute what waits for one engagement; say whether it was done. When `waits` is true afterwards, there is more.

    False when nothing waits, when another worker has it, when its next try is later, and when it
    failed: then the row carries the error. Running it twice, or again after a kill, ends the same.
    """
    claim = COMPUTATIONS.claim(now=now, engagement_id=engagement_id)
    if claim is None:
        return False
    # `want` is read before the data, so that the data hold at least everything up to it.
    work = Computation(claim, engagement_id, *claim.row.values_list("want", "stale_from").get())
    try:
        is_whole = _compute(work, now)
    except LeaseLost:
        return False
    except Exception as fault:  # whatever it was: the row must say so and be tried again
        logger.exception("Computing engagement %s failed", engagement_id)
        claim.give_back(error_text(fault), now=now)
        return False
    return _finish(work) if is_whole else claim.finish()


def _compute(work: Computation, now: datetime) -> bool:
    """Compute all of it, or of very many touched days some; say whether it was all."""
    if not _rebuild_dirty_days(work):
        return False
    engagement = Engagement.objects.select_related("customer").get(pk=work.engagement_id)
    today = local_day(now, engagement.zone)
    signs = read_attention_signs(engagement)
    asked = {
        "now": now, "watermark": work.want, "since": work.stale_from,
        "usage": engagement_usage(engagement), "keep": work.claim.keep,
    }  # fmt: skip
    refresh_metrics(engagement, **asked)
    work.claim.renew()
    derive_observations(engagement, today=today)
    refresh_health(engagement, **asked, signs=signs)
    end_overrides(engagement, now=now)
    refresh_portfolio_row(engagement, today=today, now=now, signs=signs)
    return True


def _rebuild_dirty_days(work: Computation) -> bool:
    """Rebuild the activity of the days that were touched, in portions, and remember the earliest; say whether these were all."""
    dirty = DirtyDay.objects.filter(deliverable__engagement=work.engagement_id)
    marks = list(dirty.order_by("deliverable_id", "day").values_list("deliverable_id", "day"))
    if not marks:
        return True
    first = min(day for _, day in marks)
    work.claim.renew(stale_from=_earlier(first))
    work.stale_from = min(first, work.stale_from or first)
    for deliverable_id, days in _portions(marks[:DAYS_A_TURN]):
        rebuild_days(deliverable_id, days)
        work.claim.renew()
    return len(marks) <= DAYS_A_TURN


def _portions(marks: list[tuple[int, date]]) -> Iterator[tuple[int, list[date]]]:
    """Days by deliverable, at most DAYS_AT_ONCE together: each portion is one transaction."""
    for deliverable_id, group in groupby(marks, key=itemgetter(0)):
        days = [day for _, day in group]
        for start in range(0, len(days), DAYS_AT_ONCE):
            yield deliverable_id, days[start : start + DAYS_AT_ONCE]


def _finish(work: Computation) -> bool:
    nothing_newer = When(want=work.want, then=None)
    return work.claim.finish(
        have=work.want,
        wanted_at=Case(nothing_newer, default=F("wanted_at")),
        stale_from=Case(nothing_newer, default=F("stale_from")),
    )


def waits(engagement_id: int) -> bool:
    return Recompute.objects.filter(WAITING, engagement_id=engagement_id).exists()


def sweep(*, now: datetime) -> list[int]:
    """Return the engagements that wait and that nobody computes, the longest waiting first."""
    return list(COMPUTATIONS.sweep(now=now).values_list("engagement_id", flat=True))


def request_due(*, now: datetime) -> None:
    """Ask for the figures of live engagements whose newest ones are of an earlier day or definition.

    Work that is over has no new days, but its newest figures stay in sums: they follow a new definition too.
    """
    for engagement in Engagement.objects.live():
        if is_due(engagement, now=now):
            request_recompute(engagement.pk)
    for pk in outdated_and_over():
        request_recompute(pk)


def retry_recompute(recompute: Recompute, *, by: User) -> None:
    """Give a parked computation five new tries, at once."""
    with transaction.atomic():
        COMPUTATIONS.retry(recompute)
        audit.record("retry", recompute, by=by)
        _nudge(recompute.engagement_id)
