"""Taking back answers that are not genuine: whoever signs off under another's name has signed off nothing."""

from __future__ import annotations

from datetime import datetime

from django.db import IntegrityError, transaction

from engagements.models import Annulment, Response
from engagements.services.responses import NoLongerPossible, tell_counted, tell_taken_back
from fde_portal.accounts import audit
from fde_portal.accounts.models import User


@transaction.atomic
def annul_response(response: Response, *, reason: str, by: User, now: datetime) -> Annulment:
    """Have a counted answer count no more, at any time: what it changed is as before, and the customer's page says so.

    Raises NoLongerPossible, and changes nothing, when it does not count, or when what it changed has moved on since.
    """
    if not Response.objects.counted().filter(pk=response.pk).update(taken_back_at=now, is_annulled=True):
        raise NoLongerPossible
    response.taken_back_at, response.is_annulled = now, True
    annulment = Annulment.objects.create(response=response, reason=reason, annulled_at=now, annulled_by=by)
    tell_taken_back(response, now, by)
    audit.record("annul_response", response, by=by, reason=reason)
    return annulment


@transaction.atomic
def count_again(response: Response, *, by: User, now: datetime) -> None:
    """Undo that an answer was annulled: it counts as of the day on which it first did.

    Raises NoLongerPossible, and changes nothing, when it is not annulled, or when something else was settled since.
    """
    if not _holds_again(response):
        raise NoLongerPossible
    response.taken_back_at, response.is_annulled = None, False
    Annulment.objects.filter(response=response).delete()
    tell_counted(response, now)
    audit.record("count_response_again", response, by=by)


def _holds_again(response: Response) -> bool:
    try:
        with transaction.atomic():
            return bool(Response.objects.filter(pk=response.pk, is_annulled=True).update(taken_back_at=None, is_annulled=False))
    except IntegrityError:  # the same person gave another pulse since
        return False
