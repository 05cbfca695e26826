"""A new day for many engagements: what one costs among few and among many, and two workers side by side."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from datetime import UTC, datetime, timedelta

import django

DAYS, PEOPLE = 28, 20
FIRST = datetime(2025, 1, 6, 6, tzinfo=UTC)


def measure(environment: dict[str, str], *, engagements: int) -> list[str]:
    """Compute a new day of a tenth of them and of all, by one worker and by two, and return what was seen as lines for a reader."""
    few = engagements // 10
    create(few)
    by_workers(environment, -DAYS, 2)
    by_workers(environment, 0, 2)
    of_few = by_workers(environment, 1, 1)
    create(engagements - few)
    by_workers(environment, -DAYS, 2)
    behind = by_workers(environment, 2, 2)  # those that came last have a month to catch up with
    of_all, together = by_workers(environment, 3, 1), by_workers(environment, 4, 2)
    each = 1000 * of_few / few, 1000 * of_all / engagements
    return [
        f"nightly: {each[0]:.0f} ms for each of {few:,} engagements, {each[1]:.0f} ms for each of {engagements:,}, {each[1] / each[0]:.2f} times",
        f"two workers on {engagements:,}: each computed once, {together:.0f} s against {of_all:.0f} s by one",
        f"{DAYS + 2} days that no worker ran on, {engagements - few:,} engagements, two workers: {behind:.0f} s, {behind / together:.1f} times a night",
    ]


def create(count: int) -> None:
    """Engagements in use: a source, four weeks of twenty people."""
    from engagements.intake.rows import UsageLine
    from engagements.services.usages import receive_usage_batch
    from tests.factories.usage import UsageSourceFactory

    rows = [UsageLine(f"user{n}", (FIRST + timedelta(days=day)).date()) for day in range(DAYS) for n in range(PEOPLE)]
    for __ in range(count):
        receive_usage_batch(source=UsageSourceFactory(), rows=rows, key="first", content_hash="first", by=None, now=FIRST)


def by_workers(environment: dict[str, str], night: int, count: int) -> float:
    """Seconds that so many workers take for all engagements. Raises AssertionError unless each is computed exactly once."""
    from engagements.models import Recompute
    from engagements.services.recomputes import WAITING, request_due

    moment = FIRST + timedelta(days=DAYS + night)
    request_due(now=moment)
    waiting = Recompute.objects.filter(WAITING).count()
    command = [sys.executable, "-m", "tests.bench.usage.nightly", moment.isoformat()]
    workers = [subprocess.Popen(command, env=os.environ | environment, stdout=subprocess.PIPE, text=True) for __ in range(count)]
    said = [worker.communicate()[0].split() for worker in workers]
    done = sum(int(count) for count, __ in said)
    assert done == waiting, (done, waiting)
    return max(float(seconds) for __, seconds in said)


def work(moment: datetime) -> int:
    """Go through everything that waits, as the sweep hands it out; how much of it was ours."""
    from engagements.models import Recompute
    from engagements.services.recomputes import WAITING, run_recompute

    waiting = list(Recompute.objects.filter(WAITING).order_by("pk").values_list("engagement_id", flat=True))
    return sum(run_recompute(pk, now=moment) for pk in waiting)


if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "fde_portal.settings")
    django.setup()
    begun = time.perf_counter()
    print(work(datetime.fromisoformat(sys.argv[1])), time.perf_counter() - begun)
