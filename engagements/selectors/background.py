"""What the operator's page about background work shows: what waits, what gave up, and why."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from engagements.models import Engagement, Recompute, UsageBatch, UsageLoad
from fde_portal.accounts.models import User
from fde_portal.core.models import Fault, Heartbeat, OutgoingMail
from fde_portal.core.outbox import MAILS
from fde_portal.core.queue import Queue

SHOWN = 100


@dataclass(frozen=True)
class ParkedWork:
    """One row that gave up. `since` is when it was asked for, `parked_at` when the last try failed (UTC)."""

    pk: int
    title: str
    since: datetime | None
    parked_at: datetime
    tries: int
    error: str


class Waiting(NamedTuple):
    """How much of one kind waits, since when (UTC), and what its last failure was."""

    count: int
    since: datetime | None
    error: str


class FailedStep(NamedTuple):
    """A step that the last run of a periodic task left out: in which part, since when (UTC), when it failed last and why."""

    part: str
    step: str
    error: str
    since: datetime
    at: datetime


PARTS = {"notices": gettext_lazy("Notices")}


class Background(NamedTuple):
    """The whole page. `worker_at` is the worker's last sign of life (UTC), None before the first. `faults` are steps
    that failed in the last run of a periodic task."""

    worker_at: datetime | None
    computations: Waiting
    mail: Waiting
    parked_computations: list[ParkedWork]
    parked_loads: list[ParkedWork]
    parked_mail: list[ParkedWork]
    parked_count: int
    faults: list[FailedStep]


def background_work(viewer: User, computations: Queue, loads: Queue) -> Background:
    return Background(
        worker_at=Heartbeat.objects.filter(name="worker").values_list("at", flat=True).first(),
        computations=waiting(computations),
        mail=waiting(MAILS),
        parked_computations=parked_computations(viewer, computations),
        parked_loads=parked_loads(viewer, loads),
        parked_mail=[parked(mail, f"{mail.subject} → {mail.recipient}") for mail in MAILS.parked().defer("source").order_by("parked_at")[:SHOWN]],
        parked_count=sum(queue.parked().count() for queue in (MAILS, computations, loads)),
        faults=[FailedStep(str(PARTS[row.part]), row.step, row.error, row.since, row.at) for row in Fault.objects.all()],
    )


def waiting(queue: Queue) -> Waiting:
    rows = queue.rows().filter(queue.waiting)
    error = rows.exclude(error="").order_by("-next_try_at").values_list("error", flat=True).first()
    return Waiting(queue.length(), queue.oldest_waiting(), error or "")


def parked_computations(viewer: User, computations: Queue) -> list[ParkedWork]:
    """An administrator retries what they may not read: then the engagement has a number instead of a name."""
    rows = computations.parked().select_related("engagement").order_by("parked_at")[:SHOWN]
    readable = set(Engagement.objects.visible_to(viewer).values_list("pk", flat=True))
    return [parked(row, title_of(row, readable=row.engagement_id in readable)) for row in rows]


def parked_loads(viewer: User, loads: Queue) -> list[ParkedWork]:
    """Deliveries are named by source and number where the viewer may read them."""
    rows = list(loads.parked().select_related("batch__source").order_by("parked_at")[:SHOWN])
    batches = UsageBatch.objects.visible_to(viewer).filter(pk__in=[row.batch_id for row in rows])
    readable = set(batches.values_list("pk", flat=True))
    return [parked(row, load_title(row, readable=row.batch_id in readable)) for row in rows]


def load_title(row: UsageLoad, *, readable: bool) -> str:
    if not readable:
        return _("Delivery %(number)s") % {"number": row.batch_id}
    return _("%(source)s, batch %(number)s") % {"source": row.batch.source.name, "number": row.batch.sequence}


def title_of(row: Recompute, *, readable: bool) -> str:
    return row.engagement.name if readable else _("Engagement %(number)s") % {"number": row.engagement_id}


def parked(row: Recompute | UsageLoad | OutgoingMail, title: str) -> ParkedWork:
    return ParkedWork(row.pk, title, row.wanted_at, row.parked_at, row.attempts, row.error)
