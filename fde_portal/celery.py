"""The Celery application and its schedule. The schedule lives in code, never in the database."""

import os

from celery import Celery
from celery.signals import worker_ready

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "fde_portal.settings")

HEARTBEAT_EVERY = 30
SWEEP_EVERY = 15
NIGHTLY_EVERY = 3600

app = Celery("fde_portal")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()

# A message that waited longer than its period is worthless: the next one does the same work.
app.conf.beat_schedule = {
    name: {"task": task, "schedule": seconds, "options": {"expires": seconds}}
    for name, task, seconds in (
        ("heartbeat", "core.tasks.beat_heartbeat", HEARTBEAT_EVERY),
        ("sweep", "engagements.tasks.sweep", SWEEP_EVERY),
        # Hourly, because midnight comes at a different hour for each engagement's time zone.
        ("nightly", "engagements.tasks.nightly", NIGHTLY_EVERY),
        ("attachments", "engagements.tasks.sweep_attachments", NIGHTLY_EVERY),
    )
}


@worker_ready.connect
def start_fresh(**_signal: object) -> None:
    """Pick up at once what a killed worker left behind, and report that this one is alive."""
    app.send_task("core.tasks.beat_heartbeat")
    app.send_task("engagements.tasks.sweep")
