"""Tasks of the machinery itself. Services are imported inside: they import this module to send their nudges."""

from celery import shared_task
from django.utils import timezone


@shared_task(name="core.tasks.beat_heartbeat")
def beat_heartbeat() -> None:
    from fde_portal.core.heartbeats import beat

    beat("worker", now=timezone.now())


@shared_task(name="core.tasks.deliver_mail")
def deliver_mail() -> None:
    """Send the mail that waits."""
    from fde_portal.core.outbox import deliver_waiting

    deliver_waiting(clock=timezone.now)


@shared_task(name="core.tasks.forget_sent_mail")
def forget_sent_mail() -> None:
    """Delete old mail that has been sent."""
    from fde_portal.core.outbox import forget_sent

    forget_sent(now=timezone.now())


@shared_task(name="core.tasks.forget_tries")
def forget_tries() -> None:
    """Delete counts of tries whose window is long over."""
    from fde_portal.core.tries import forget_counts

    forget_counts(now=timezone.now())
