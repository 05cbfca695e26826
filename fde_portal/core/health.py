"""Whether this installation can serve: the facts behind `/readyz`."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor

from fde_portal.core import heartbeats
from fde_portal.core.backlog import oldest_waiting

# Four missed beats: one may fall victim to a restart.
OLDEST_HEARTBEAT = timedelta(seconds=120)
LONGEST_WAIT = timedelta(minutes=15)


@dataclass(frozen=True)
class Finding:
    """One fact. `seconds` is an age where the fact has one."""

    name: str
    ok: bool
    seconds: int | None = None


def findings(*, now: datetime) -> list[Finding]:
    """Database, migrations, worker and waiting work, in this order.

    When the database is away, or behind the code, the facts that rest on it are left out.
    """
    try:
        pending = pending_migrations()
    except DatabaseError:
        return [Finding("database", ok=False)]
    found = [Finding("database", ok=True), Finding("migrations", ok=not pending)]
    return found if pending else found + [worker(now=now), backlog(now=now)]


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
    since = oldest_waiting()
    if since is None:
        return Finding("backlog", ok=True)
    wait = now - since
    return Finding("backlog", ok=wait <= LONGEST_WAIT, seconds=int(wait.total_seconds()))
