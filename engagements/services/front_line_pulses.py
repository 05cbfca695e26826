"""Acts on the pulse of the front line."""

from __future__ import annotations

from datetime import date, datetime

from django.db import transaction

from engagements.models.engagement import Engagement
from engagements.models.front_line_pulse import FrontLineAnswer, FrontLinePulse
from fde_portal.accounts import audit
from fde_portal.accounts.models import User
from fde_portal.accounts.tokens import digest_of, new_secret

PREFIX = "fdeq"


@transaction.atomic
def open_front_line_pulse(*, engagement: Engagement, question: str, language: str, by: User) -> tuple[FrontLinePulse, str]:
    """Ask the front line one question. The secret of its link (256 random bits) can be read only here."""
    secret = new_secret(PREFIX)
    pulse = FrontLinePulse.objects.create(
        engagement=engagement, question=question, language=language, token_digest=digest_of(secret), created_by=by
    )
    audit.record("ask_front_line", pulse, by=by)
    return pulse, secret


@transaction.atomic
def close_front_line_pulse(pulse: FrontLinePulse, *, by: User, now: datetime) -> None:
    """Take no further answers, from the next request on. Twice changes nothing."""
    if FrontLinePulse.objects.filter(pk=pulse.pk, closed_at=None).update(closed_at=now):
        audit.record("close", pulse, by=by)


def give_front_line_answer(*, pulse: FrontLinePulse, score: int, comment: str, name: str, today: date) -> None:
    """Keep an answer with its day alone: no instant, no address, and no trail that could tell who it was."""
    FrontLineAnswer.objects.create(pulse=pulse, score=score, comment=comment, name=name, given_on=today)
