"""Whether this installation can serve: the facts behind `/readyz`."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor

from fde_portal.core import heartbeats
from fde_portal.core.queue import queues

# Four missed beats: one may fall victim to a restart.
OLDEST_HEARTBEAT = timedelta(seconds=120)
LONGEST_WAIT = timedelta(minutes=15)


@dataclass(frozen=True)
class Finding:
    """One fact. `seconds` is an age, `count` a number of rows, where the fact has one."""

    name: str
    ok: bool
    seconds: int | None = None
    count: int | None = None

    def as_json(self) -> dict[str, bool | int | None]:
        facts = {"ok": self.ok, "seconds": self.seconds}
        return facts if self.count is None else facts | {"count": self.count}


def findings(*, now: datetime) -> list[Finding]:
    """Database, migrations, worker, waiting and parked work, in this order.

    When the database is away, or behind the code, the facts that rest on it are left out.
    """
    try:
        pending = pending_migrations()
    except DatabaseError:
        return [Finding("database", ok=False)]
    found = [Finding("database", ok=True), Finding("migrations", ok=not pending)]
    return found if pending else found + [worker(now=now), backlog(now=now), parked()]


def pending_migrations() -> bool:
    """Whether the code has migrations that the database lacks. Raises DatabaseError."""
    executor = MigrationExecutor(connection)
    return bool(executor.migration_plan(executor.loader.graph.leaf_nodes()))


def worker(*, now: datetime) -> Finding:
    age = heartbeats.age("worker", now=now)
    if age is None:
        return Finding("worker", ok=False)
    return Finding("worker", ok=age <= OLDEST_HEARTBEAT, seconds=int(age.total_seconds()))


def backlog(*, now: datetime) -> Finding:
    """How long the oldest work waits, over the queues that matter here. Parked work does not wait."""
    waits = [queue.oldest_waiting() for queue in queues() if queue.holds_readiness]
    since = min(filter(None, waits), default=None)
    if since is None:
        return Finding("backlog", ok=True)
    wait = now - since
    return Finding("backlog", ok=wait <= LONGEST_WAIT, seconds=int(wait.total_seconds()))


def parked() -> Finding:
    """Work that gave up. An operator should look; the installation still serves."""
    return Finding("parked", ok=True, count=sum(queue.parked().count() for queue in queues()))
