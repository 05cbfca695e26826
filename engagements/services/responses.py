"""Acts of customers on their page: answering, confirming who they are, taking back.

This module knows answers and editions. What an answer means for the record behind an item is known to
`response_effects`, which code that serves customers does not import.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime

from django.db import IntegrityError, transaction

from engagements.models.response import Response
from engagements.models.share import Edition, Share
from engagements.public_page.answers import Item
from fde_portal.accounts import audit
from fde_portal.accounts.models import User


class NoLongerPossible(Exception):
    """The item was settled meanwhile, the answer was given before, or the time to take it back is over."""


@dataclass(frozen=True, slots=True)
class Said:
    """What somebody typed. `kind` is one of `Response.Kind`."""

    kind: str
    text: str = ""
    who_will: str = ""
    by_on: date | None = None
    score: int | None = None


@dataclass(frozen=True, slots=True)
class Answerer:
    """Who answers: a contact who signed in, or a visitor by a link. `is_confirmed` when the address is proven."""

    name: str
    email: str
    is_confirmed: bool
    person: User | None = None
    share: Share | None = None


# What the audit trail calls each kind of answer.
VERBS = {
    Response.Kind.ACKNOWLEDGE: "acknowledge_ask",
    Response.Kind.ANSWER: "answer_ask",
    Response.Kind.ACCEPT: "accept_deliverable",
    Response.Kind.REJECT: "reject_deliverable",
    Response.Kind.SIGN: "sign_gate",
    Response.Kind.DECLINE: "decline_gate",
    Response.Kind.CONFIRM: "confirm_observation",
    Response.Kind.DISPUTE: "dispute_observation",
    Response.Kind.CONFIRM_VALUE: "confirm_value",
    Response.Kind.DISPUTE_VALUE: "dispute_value",
    Response.Kind.PULSE: "give_pulse",
    Response.Kind.QUESTION: "ask_question",
}
Counted = Callable[[Response, datetime], None]
TakenBack = Callable[[Response, datetime, User | None], None]
_counted: list[Counted] = []
_taken_back: list[TakenBack] = []


def on_response(counted: Counted, taken_back: TakenBack) -> None:
    """Have one function called in the transaction in which an answer counts, the other when it is taken back.

    The latter also gets who of us takes it back, None for its author.
    """
    if counted not in _counted:
        _counted.append(counted)
        _taken_back.append(taken_back)


def tell_counted(response: Response, now: datetime) -> None:
    """Have an answer mean what it says. Raises NoLongerPossible."""
    for listener in _counted:
        listener(response, now)


def tell_taken_back(response: Response, now: datetime, by: User | None) -> None:
    """Have an answer mean nothing any more. Raises NoLongerPossible."""
    for listener in _taken_back:
        listener(response, now, by)


@transaction.atomic
def give_response(*, edition: Edition, item: Item, said: Said, by: Answerer, now: datetime) -> Response:
    """Keep an answer to an item of `edition`. It counts at once, or as soon as the address is confirmed.

    Raises NoLongerPossible and keeps nothing.
    """
    response = Response.objects.create(
        engagement_id=edition.engagement_id,
        edition=edition,
        share=by.share,
        kind=said.kind,
        item=item.id,
        item_text=item.text,
        text=said.text,
        who_will=said.who_will,
        by_on=said.by_on,
        score=said.score,
        name=by.name,
        email=by.email.lower(),
        person=by.person,
        given_at=now,
    )
    if by.is_confirmed:
        _count(response, now)
    return response


@transaction.atomic
def confirm_response(response: Response, *, now: datetime) -> bool:
    """Have one answer count whose address is proven. Twice changes nothing; False where it counts no more.

    Only this one: what others sent under the same address waits on, because nobody has shown that it is theirs.
    What is no longer possible is taken back and waits no more.
    """
    try:
        with transaction.atomic():
            _count(response, now)
    except NoLongerPossible:
        Response.objects.waiting().filter(pk=response.pk).update(taken_back_at=now)
        return False
    return True


def _count(response: Response, now: datetime) -> None:
    try:
        with transaction.atomic():
            name = name_of(response.engagement_id, response.email) if response.person_id is None else ""
            response.name = name or response.name
            if not Response.objects.waiting().filter(pk=response.pk).update(confirmed_at=now, name=response.name):
                raise NoLongerPossible
    except IntegrityError:  # a second pulse of one person
        raise NoLongerPossible from None
    response.confirmed_at = now
    tell_counted(response, now)
    audit.record(VERBS[Response.Kind(response.kind)], response, by=response.person, label=response.signed)


def name_of(engagement_id: int, email: str) -> str:
    """The name under which an address answers: the one of its first answer that counts, "" before."""
    given = Response.objects.counted().filter(engagement=engagement_id, email=email).order_by("confirmed_at", "id")
    return given.values_list("name", flat=True).first() or ""


def counted_together(response: Response) -> list[Response]:
    """The others that began to count with the same code."""
    same = {"share": response.share, "email": response.email, "confirmed_at": response.confirmed_at}
    return list(Response.objects.counted().filter(**same).exclude(pk=response.pk).order_by("given_at", "id"))


@transaction.atomic
def take_back_response(response: Response, *, now: datetime) -> None:
    """Undo an answer within ten minutes. It stays in the history. Raises NoLongerPossible."""
    if not response.can_be_taken_back(now):
        raise NoLongerPossible
    if not Response.objects.counted().filter(pk=response.pk).update(taken_back_at=now):
        raise NoLongerPossible
    response.taken_back_at = now
    tell_taken_back(response, now, None)
    audit.record("take_back_response", response, by=response.person, label=response.signed)


@transaction.atomic
def mark_read(response: Response, *, by: User, now: datetime) -> None:
    """Take an answer off somebody's week. Twice changes nothing."""
    if Response.objects.filter(pk=response.pk, read_at=None).update(read_at=now, read_by=by):
        audit.record("read_response", response, by=by)
