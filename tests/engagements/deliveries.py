"""Short ways to real usage for tests: through the intake service, computed by the queue's run."""

from collections.abc import Collection, Mapping
from datetime import UTC, date, datetime
from itertools import count

from engagements.intake.rows import UsageLine
from engagements.models import Engagement, UsageSource
from engagements.services.recomputes import request_recompute, run_recompute
from engagements.services.usages import receive_usage_batch

_numbers = count(1)


def noon(day: date) -> datetime:
    return datetime(day.year, day.month, day.day, 12, tzinfo=UTC)


def deliver(source: UsageSource, days: Mapping[date, Collection[str]], **counts: int) -> None:
    """Receive a batch in which the named people were active once on each of the days; `counts` are those of each row."""
    rows = [UsageLine(name, day, **counts) for day, names in days.items() for name in names]
    key = f"delivery-{next(_numbers)}"
    receive_usage_batch(source=source, rows=rows, key=key, content_hash="0" * 64, by=None, now=noon(max(days)))


def compute(engagement: Engagement, *, on: date) -> None:
    """Have the engagement computed at noon UTC of a day."""
    request_recompute(engagement.pk)
    assert run_recompute(engagement.pk, now=noon(on))
