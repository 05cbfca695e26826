"""Work that waits in rows: claimed by a lease, tried again after growing pauses, parked after the last try.

The database is the queue; a message to the worker is only a nudge. Each kind of work has its own model
(a `QueueRow`) and says which of its rows wait. Whatever is killed on the way leaves a row whose lease
runs out, and the next sweep finds it. Running something twice must end the same.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db.models import F, Min, Q, QuerySet
from django.utils import timezone

from fde_portal.core.models import QueueRow

LONGEST_ERROR = 2000
WORKER_ENDED = "The worker ended during each of the last tries."


class LeaseLost(Exception):
    """Another worker has taken over; it does the work."""


@dataclass(frozen=True, kw_only=True)
class Queue:
    """How the rows of one model are worked off.

    `waiting` tells rows with work from those without; parked ones do not wait. `lease` must outlast the
    longest silence of a healthy worker. The pause after a failure doubles from `first_pause` to `longest_pause`.
    `holds_readiness` is False where long waiting is no reason to take web servers out of service.
    """

    name: str
    model: type[QueueRow]
    waiting: Q
    lease: timedelta
    most_tries: int = 5
    first_pause: timedelta = timedelta(seconds=10)
    longest_pause: timedelta = timedelta(hours=4)
    holds_readiness: bool = True

    def rows(self) -> QuerySet:
        return self.model._default_manager.all()

    def claim(self, *, now: datetime, **key: int) -> Claim | None:
        """Take the row that `key` names; None when it has no work, is taken, or its next try is later."""
        claim = Claim(self, key, lease_until=now + self.lease)
        # The try is counted before it begins: work that kills its worker must be parked too.
        taken = self.claimable(now).filter(**key).update(lease_until=claim.lease_until, attempts=F("attempts") + 1)
        return claim if taken else None

    def claimable(self, now: datetime) -> QuerySet:
        free = Q(lease_until=None) | Q(lease_until__lte=now)
        due = Q(next_try_at=None) | Q(next_try_at__lte=now)
        return self.rows().filter(self.waiting, free, due, attempts__lt=self.most_tries)

    def sweep(self, *, now: datetime) -> QuerySet:
        """The rows that nobody works on, the longest waiting first.

        Rows whose last try ended without a word, with its worker, are parked like those that failed.
        """
        exhausted = self.rows().filter(self.waiting, attempts__gte=self.most_tries, lease_until__lte=now)
        exhausted.update(parked_at=now, lease_until=None, error=WORKER_ENDED)
        return self.claimable(now).order_by("wanted_at")

    def retry(self, row: QueueRow) -> None:
        """Give a parked row all its tries again, at once."""
        self.parked().filter(pk=row.pk).update(parked_at=None, attempts=0, next_try_at=None)

    def parked(self) -> QuerySet:
        return self.rows().filter(parked_at__isnull=False)

    def length(self) -> int:
        return self.rows().filter(self.waiting).count()

    def oldest_waiting(self) -> datetime | None:
        """Since when the oldest row waits (UTC); None when none does."""
        return self.rows().filter(self.waiting).aggregate(since=Min("wanted_at"))["since"]

    def pause_after(self, attempts: int) -> timedelta:
        return min(self.first_pause * 2 ** (attempts - 1), self.longest_pause)


@dataclass
class Claim:
    """The right to work on one row until `lease_until`, which also tells our lease from another's."""

    queue: Queue
    key: dict[str, int]
    lease_until: datetime

    @property
    def row(self) -> QuerySet:
        """The row as long as the lease is ours."""
        return self.queue.rows().filter(lease_until=self.lease_until, **self.key)

    def renew(self, **values: Any) -> None:
        """Keep the row for another lease. Raises LeaseLost."""
        # The clock itself: what counts is the time that passed since the claim.
        until = max(timezone.now() + self.queue.lease, self.lease_until + timedelta(microseconds=1))
        if not self.row.update(lease_until=until, **values):
            raise LeaseLost
        self.lease_until = until

    def keep(self) -> None:
        """Renew once a third of the lease has passed: to be called after each of many small steps. Raises LeaseLost."""
        if self.lease_until - timezone.now() < self.queue.lease * 2 / 3:
            self.renew()

    def finish(self, **values: Any) -> bool:
        """Store the result and forget earlier failures; False when the lease was lost."""
        return bool(self.row.update(lease_until=None, attempts=0, next_try_at=None, error="", **values))

    def give_back(self, error: str, *, now: datetime, for_good: bool = False) -> None:
        """Release the row with what went wrong, for a later try; the last one, or `for_good`, parks it."""
        attempts = self.row.values_list("attempts", flat=True).first() or 1
        self.row.update(
            lease_until=None,
            error=error[:LONGEST_ERROR],
            next_try_at=now + self.queue.pause_after(attempts),
            parked_at=now if for_good or attempts >= self.queue.most_tries else None,
        )


def error_text(fault: Exception) -> str:
    return f"{type(fault).__name__}: {fault}"


_queues: list[Queue] = []


def register_queue(queue: Queue) -> None:
    """Have a queue watched by `/readyz` and `/metrics`."""
    if queue not in _queues:
        _queues.append(queue)


def queues() -> tuple[Queue, ...]:
    return tuple(_queues)
