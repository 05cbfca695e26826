"""Forgetting what strangers typed: answers and addresses that no mailed code ever confirmed."""

from __future__ import annotations

from datetime import datetime, timedelta

from engagements.models.response import Response
from engagements.models.visitor import AddressProof

# The code works for minutes; a month leaves time to ask where an answer has gone.
KEPT = timedelta(days=30)


def forget_unconfirmed(*, now: datetime) -> int:
    """Delete what was given more than 30 days before `now` and never confirmed; return how many answers. Twice changes nothing.

    Nothing of it was ever shown, counted or told of, so no act is recorded.
    """
    AddressProof.objects.filter(confirmed_at=None, code_ends_at__lt=now - KEPT).delete()
    __, by_model = Response.objects.filter(confirmed_at=None, given_at__lt=now - KEPT).delete()
    return by_model.get(Response._meta.label, 0)
