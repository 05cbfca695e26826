"""An operator takes up work that gave up."""

from __future__ import annotations

from django.db import transaction

from engagements.services.recomputes import COMPUTATIONS, retry_recompute
from engagements.services.usage_loads import LOADS, retry_load
from fde_portal.accounts import audit
from fde_portal.accounts.models import User
from fde_portal.core.models import OutgoingMail
from fde_portal.core.outbox import MAILS, nudge


@transaction.atomic
def retry_mail(mail: OutgoingMail, *, by: User) -> None:
    """Give a parked mail all its tries again, at once."""
    MAILS.retry(mail)
    audit.record("retry", mail, by=by)
    nudge()


@transaction.atomic
def discard_mail(mail: OutgoingMail, *, by: User) -> None:
    """Delete a parked mail that nobody should receive any more."""
    audit.record("discard", mail, by=by)
    mail.delete()


@transaction.atomic
def retry_everything(*, by: User) -> int:
    """Take up all parked work; return how much it was."""
    computations, mails = list(COMPUTATIONS.parked()), list(MAILS.parked().defer("source"))
    loads = list(LOADS.parked().select_related("batch__source__deliverable__engagement"))
    for recompute in computations:
        retry_recompute(recompute, by=by)
    for load in loads:
        retry_load(load, by=by)
    for mail in mails:
        retry_mail(mail, by=by)
    return len(computations) + len(loads) + len(mails)
