"""Forgetting what is kept for people for a while. Each may run twice, or never arrive."""

from celery import shared_task
from django.utils import timezone


@shared_task(name="accounts.tasks.forget_texts")
def forget_texts() -> None:
    """Delete texts of forms that nobody came back to."""
    from fde_portal.accounts.services.kept_texts import forget_old_texts

    forget_old_texts(now=timezone.now())


@shared_task(name="accounts.tasks.forget_earlier")
def forget_earlier() -> None:
    """Delete what saves replaced, once it can no longer be taken back."""
    from fde_portal.accounts.services import undo

    undo.forget_earlier(now=timezone.now())
