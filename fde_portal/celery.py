"""The Celery application and its schedule. The schedule lives in code, never in the database."""

import os
import time
from collections.abc import Sequence

import structlog
from celery import Celery, Task
from celery.signals import before_task_publish, setup_logging, task_postrun, task_prerun, worker_init, worker_ready

from fde_portal.core.garbage import settle

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "fde_portal.settings")

HEARTBEAT_EVERY = 30
SWEEP_EVERY = 15
NIGHTLY_EVERY = 3600
EDITION_MAILS_EVERY = 120
REMINDERS_EVERY = 900
NOTICES_EVERY = 60
DIGESTS_EVERY = 900

logger = structlog.get_logger("fde_portal.task")

app = Celery("fde_portal")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()

# A message that waited longer than its period is worthless: the next one does the same work.
app.conf.beat_schedule = {
    name: {"task": task, "schedule": seconds, "options": {"expires": seconds}}
    for name, task, seconds in (
        ("heartbeat", "core.tasks.beat_heartbeat", HEARTBEAT_EVERY),
        ("sweep", "engagements.tasks.sweep", SWEEP_EVERY),
        ("mail", "core.tasks.deliver_mail", SWEEP_EVERY),
        ("old mail", "core.tasks.forget_sent_mail", NIGHTLY_EVERY),
        ("notices", "engagements.tasks.write_notices", NOTICES_EVERY),
        ("digests", "engagements.tasks.send_digests", DIGESTS_EVERY),
        ("reminders", "engagements.tasks.send_reminders", REMINDERS_EVERY),
        ("old tries", "core.tasks.forget_tries", NIGHTLY_EVERY),
        # Hourly, because midnight comes at a different hour for each engagement's time zone.
        ("nightly", "engagements.tasks.nightly", NIGHTLY_EVERY),
        ("edition mails", "engagements.tasks.mail_new_editions", EDITION_MAILS_EVERY),
        ("unsaved texts", "accounts.tasks.forget_texts", NIGHTLY_EVERY),
        ("replaced values", "accounts.tasks.forget_earlier", NIGHTLY_EVERY),
        ("old notices", "engagements.tasks.forget_notices", NIGHTLY_EVERY),
        ("unconfirmed answers", "engagements.tasks.forget_unconfirmed", NIGHTLY_EVERY),
        ("attachments", "engagements.tasks.sweep_attachments", NIGHTLY_EVERY),
    )
}


@setup_logging.connect
def leave_logging_alone(**_signal: object) -> None:
    """Django has set it up: one shape of lines for web and worker."""


@worker_init.connect
def settle_down(**_signal: object) -> None:
    """Before the processes that do the work split off, so that they share what is loaded."""
    settle()


@before_task_publish.connect
def pass_on_request(headers: dict[str, object], **_signal: object) -> None:
    """Let the lines of a task name the request that asked for it."""
    request_id = structlog.contextvars.get_contextvars().get("request_id")
    if request_id:
        headers["request_id"] = request_id


@task_prerun.connect
def begin_task(task: Task, task_id: str, args: Sequence[object], **_signal: object) -> None:
    structlog.contextvars.clear_contextvars()
    # Tasks take ids only, so the arguments may be told.
    structlog.contextvars.bind_contextvars(task=task.name, task_id=task_id, ids=list(args))
    if request_id := getattr(task.request, "request_id", None):
        structlog.contextvars.bind_contextvars(request_id=request_id)
    task.request.begun = time.perf_counter()


@task_postrun.connect
def end_task(task: Task, state: str | None = None, **_signal: object) -> None:
    ms = round((time.perf_counter() - task.request.begun) * 1000, 1)
    logger.info("task", state=state, ms=ms)


@worker_ready.connect
def start_fresh(**_signal: object) -> None:
    """Pick up at once what a killed worker left behind, and report that this one is alive."""
    app.send_task("core.tasks.beat_heartbeat")
    app.send_task("engagements.tasks.sweep")
    app.send_task("core.tasks.deliver_mail")
