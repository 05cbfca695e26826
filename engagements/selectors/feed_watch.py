"""Feeds that deliver by the hour: their rhythm as the worker keeps it with the portfolio's line, and since when one is silent.

What is kept says until when a pause is usual. A page compares that with the clock: a silence shows
the minute it begins, although nothing computes because nothing arrives.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from engagements.metrics.rhythm import Rhythm, Silence, rhythm
from engagements.models import Engagement, UsageBatch, UsageSource
from fde_portal.core import formats

# From the deliveries of this time one learns how often a source delivers.
RHYTHM_SEEN = timedelta(days=14)


def rhythms_of(sources: Iterable[UsageSource], now: datetime) -> dict[int, Rhythm]:
    """Source id -> rhythm as of `now`, of those that have one by the hour; one statement."""
    arrivals: dict[int, list[datetime]] = {}
    batches = UsageBatch.objects.filter(source__in=sources, state=UsageBatch.State.ACCEPTED, received_at__gt=now - RHYTHM_SEEN)
    for source_id, received_at in batches.order_by().values_list("source_id", "received_at"):
        arrivals.setdefault(source_id, []).append(received_at)
    found = {source_id: rhythm(of_source) for source_id, of_source in arrivals.items()}
    return {source_id: one for source_id, one in found.items() if one}


def feed_watch(engagement: Engagement, now: datetime) -> dict[str, Any] | None:
    """What is kept of an engagement: the rhythm of the feed that is the first to fall silent; None without one."""
    sources = UsageSource.objects.current().filter(deliverable__engagement=engagement, deliverable__archived_at=None)
    first = min(rhythms_of(sources, now).values(), key=lambda one: one.until, default=None)
    return first and {"last": first.last.isoformat(), "hours": first.hours, "until": first.until.isoformat()}


def silence_of(kept: dict[str, Any] | None, now: datetime) -> Silence | None:
    """The silence as of `now` by what `feed_watch` kept; None while the pause is usual."""
    if not kept:
        return None
    last, until = datetime.fromisoformat(kept["last"]), datetime.fromisoformat(kept["until"])
    return Rhythm(last, kept["hours"], until).silence(now)


def silence_sentence(silence: Silence | None) -> str:
    """"No usage since Tuesday 24 November 14:00, normally every hour", in the active time zone; "" without one."""
    if silence is None:
        return ""
    since = timezone.localtime(silence.since)
    hourly, slower = _("No usage since %(day)s %(time)s, normally every hour"), _("No usage since %(day)s %(time)s, normally every %(hours)s hours")
    text = hourly if silence.hours == 1 else slower  # two messages: Chinese too says 每小时, not 每 1 小时
    return text % {"day": formats.day(since, "long"), "time": f"{since:%H:%M}", "hours": silence.hours}
