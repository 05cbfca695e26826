"""Tasks of the machinery itself."""

from celery import shared_task
from django.utils import timezone


@shared_task(name="core.tasks.beat_heartbeat")
def beat_heartbeat() -> None:
    from fde_portal.core.heartbeats import beat  # tasks load before the models are ready

    beat("worker", now=timezone.now())
