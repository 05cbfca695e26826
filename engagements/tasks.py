"""Background work: ids in, one service call. Each may run twice, or never arrive.

Services are imported inside: they import this module to send their nudges.
"""

from celery import shared_task
from django.utils import timezone

# A message older than the sweep's period is worthless: the next sweep sends it again.
SWEEP_MESSAGE_EXPIRES = 15


@shared_task
def run_recompute(engagement_id: int) -> None:
    """Compute an engagement; when changes arrived meanwhile, once more, behind everybody else's work.

    Not in a loop: usage that arrives all the time would hold the worker, and no heartbeat or mail got through.
    """
    from engagements.services import recomputes

    if recomputes.run_recompute(engagement_id, now=timezone.now()) and recomputes.waits(engagement_id):
        run_recompute.delay(engagement_id)


@shared_task
def load_usage(batch_id: int, after: int | None = None) -> None:
    """Load some of a delivery that was received in chunks, and the rest behind everybody else's work.

    `after` is the row the last turn ended with: when a message of the sweep went on from there, this one is over.
    """
    from engagements.services import usage_loads

    if after is not None and usage_loads.next_turn(batch_id) != after:
        return
    if usage_loads.load_usage(batch_id, now=timezone.now()):
        after = usage_loads.next_turn(batch_id)
        if after is not None:
            load_usage.delay(batch_id, after)


@shared_task
def sweep() -> None:
    """Find what lost its message or its worker."""
    from engagements.services import recomputes, usage_loads

    for batch_id in usage_loads.sweep_loads(now=timezone.now()):
        load_usage.apply_async((batch_id,), expires=SWEEP_MESSAGE_EXPIRES)

    for engagement_id in recomputes.sweep(now=timezone.now()):
        run_recompute.apply_async((engagement_id,), expires=SWEEP_MESSAGE_EXPIRES)


@shared_task
def nightly() -> None:
    """Ask for the figures of a new local day."""
    from engagements.services import recomputes

    recomputes.request_due(now=timezone.now())


@shared_task
def sweep_attachments() -> None:
    """Delete files that were removed, or whose records are gone."""
    from engagements.services import attachments

    attachments.sweep_attachments(now=timezone.now())


@shared_task
def forget_unconfirmed() -> None:
    """Delete old answers that nobody confirmed."""
    from engagements.services import unconfirmed

    unconfirmed.forget_unconfirmed(now=timezone.now())


@shared_task
def mail_new_editions() -> None:
    """Tell recipients of editions that can no longer be undone."""
    from engagements.services import edition_mails

    edition_mails.write_owed_mails(now=timezone.now())


@shared_task
def send_reminders() -> None:
    """Remind people of the weekly updates that are left, where their day and hour have come."""
    from engagements.services import reminders

    reminders.send_reminders(now=timezone.now())


@shared_task
def write_notices() -> None:
    """Tell people what happened."""
    from engagements.services import notices

    notices.write_owed_notices(now=timezone.now())


@shared_task
def send_digests() -> None:
    """Send the mail of Monday to whom it is owed."""
    from engagements.services import digests

    digests.send_digests(now=timezone.now())


@shared_task
def forget_notices() -> None:
    """Delete notices that were read long ago, or that nobody ever read."""
    from engagements.services import notices

    notices.forget_notices(now=timezone.now())
