"""What an answer of the customer means for the records behind the page. A new kind joins with one function each way."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime
from typing import Any

from django.utils import timezone

from engagements.models import Ask, Deliverable, DeliverableChange, Gate, Observation, RealisedValue, Response
from engagements.models.judged_figure import JudgedFigure
from engagements.public_page.content import content_from
from engagements.selectors.response import names_we_know, plain
from engagements.services.asks import close_ask
from engagements.services.deliverable_life import WrongState, take_back, take_step
from engagements.services.outcome_states import Refused
from engagements.services.recomputes import request_recompute
from engagements.services.responses import NoLongerPossible
from engagements.services.sign_offs import Signature, drop_sign_off, keep_sign_off
from engagements.services.verdicts import Verdict, decide_figure, reopen_figure
from fde_portal.accounts.models import User

Kind = Response.Kind
Effect = Callable[[Response, datetime], None]
Undo = Callable[[Response, datetime, User | None], None]


def count(response: Response, now: datetime) -> None:
    """Called in the transaction in which an answer begins to count. Raises NoLongerPossible."""
    response.is_vouched = response.person_id is not None or plain(response.name) in names_we_know(response.engagement).get(response.email, ())
    Response.objects.filter(pk=response.pk).update(is_vouched=response.is_vouched)
    if effect := COUNTED.get(response.kind):
        effect(response, now)
    # The customer gave a sign, whatever it says.
    request_recompute(response.engagement_id)


def uncount(response: Response, now: datetime, by: User | None) -> None:
    """Called in the transaction in which an answer is taken back, by one of us or (None) its author. Raises NoLongerPossible."""
    if undo := TAKEN_BACK.get(response.kind):
        undo(response, now, by)
    request_recompute(response.engagement_id)


def _hand(response: Response, by: User | None) -> dict[str, Any]:
    """Who takes it back, as the trail names them."""
    return {"by": by, "label": ""} if by else {"by": response.person, "label": response.signed}


def _answer_ask(response: Response, now: datetime) -> None:
    """An ask that is closed meanwhile stays as it is: what the customer says is kept all the same."""
    ask = Ask.objects.current().filter(engagement=response.engagement_id, pk=response.item, state=Ask.State.OPEN).first()
    if ask:
        today = timezone.localdate(now, response.engagement.zone)
        close_ask(ask, state=Ask.State.ANSWERED, on=today, by=response.person, label=response.signed)


def _reopen_ask(response: Response, now: datetime, by: User | None) -> None:
    """Unless somebody else has answered it too, or we have closed it."""
    others = Response.objects.counted().filter(engagement=response.engagement_id, kind=Kind.ANSWER, item=response.item)
    ask = Ask.objects.filter(engagement=response.engagement_id, pk=response.item, state=Ask.State.ANSWERED).first()
    if ask and not others.exists():
        today = timezone.localdate(now, response.engagement.zone)
        close_ask(ask, state=Ask.State.OPEN, on=today, **_hand(response, by))


def _judge(response: Response, now: datetime) -> None:
    deliverable = Deliverable.objects.current().filter(
        engagement=response.engagement_id, pk=response.item, is_shared=True
    ).first()
    if deliverable is None:
        raise NoLongerPossible
    to = Deliverable.State.ACCEPTED if response.kind == Kind.ACCEPT else Deliverable.State.REJECTED
    today = timezone.localdate(now, response.engagement.zone)
    try:
        take_step(deliverable, to=to, by=response.person, now=now, today=today, reason=response.text, response=response)
    except WrongState:
        raise NoLongerPossible from None


def _take_back_judgement(response: Response, now: datetime, by: User | None) -> None:
    """Its author has ten minutes. We have as long as nothing followed from it."""
    change = DeliverableChange.objects.select_related("deliverable__engagement").filter(response=response).first()
    try:
        if change:
            take_back(change, now=now, even_late=by is not None, **_hand(response, by))
    except WrongState:
        raise NoLongerPossible from None


def _sign(response: Response, now: datetime) -> None:
    """The newest answer holds, the earlier ones stay in the history."""
    gate = _shared_gate(response)
    if gate.shared_wording != response.item_text:  # reworded since that page was published
        raise NoLongerPossible
    keep_sign_off(gate, _signature(response), by=response.person)


def _unsign(response: Response, now: datetime, by: User | None) -> None:
    """What somebody else answered holds again. Where a later answer holds, nothing changes."""
    gate = _shared_gate(response)
    if (gate.sign_off, gate.sign_off_by) != (_signature(response).columns["sign_off"], response.signed):
        return
    other = _newest_other(response, SIGN_OFFS)
    standing = _signature(other) if other and other.item_text == gate.shared_wording else None
    drop_sign_off(gate, standing=standing, on=timezone.localdate(now, response.engagement.zone), **_hand(response, by))


def _signature(response: Response) -> Signature:
    return Signature(response.kind == Kind.SIGN, response.signed, response.text, _day(response))


def _newest_other(response: Response, kinds: tuple[str, ...]) -> Response | None:
    """The answer that holds once `response` is taken back: of those left about the same item, the last that began to count."""
    others = Response.objects.counted().filter(engagement=response.engagement_id, kind__in=kinds, item=response.item)
    return others.exclude(pk=response.pk).select_related("engagement", "edition").order_by("-confirmed_at", "-pk").first()


def _day(response: Response) -> date:
    """The engagement's local day on which a counted answer began to count."""
    return timezone.localdate(response.confirmed_at, response.engagement.zone)


def _shared_gate(response: Response) -> Gate:
    """The decided gate an answer is about, while the customer may see it."""
    rows = Gate.objects.filter(engagement=response.engagement_id, is_shared=True).exclude(decision=None)
    gate = rows.filter(pk=response.item).first()
    if gate is None:
        raise NoLongerPossible
    return gate


def _verify(response: Response, now: datetime) -> None:
    """The customer's verdict on a figure: the newest one holds, the earlier ones stay in the history."""
    figure, today = _shared_figure(response), timezone.localdate(now, response.engagement.zone)
    confirmed = response.kind in (Kind.CONFIRM, Kind.CONFIRM_VALUE)
    try:
        decide_figure(figure, confirmed=confirmed, comment=response.text, name=response.signed, today=today, by=response.person)
    except Refused:
        raise NoLongerPossible from None


def _take_back_verdict(response: Response, now: datetime, by: User | None) -> None:
    """What somebody else said of it holds again, unless it was corrected since they read it. Where a later verdict holds, nothing changes."""
    figure, own = _shared_figure(response), _verdict(response)
    if (figure.state, figure.decided_by) != (own.columns["state"], own.name):
        return
    other = _newest_other(response, VALUE_VERDICTS if response.kind in VALUE_VERDICTS else VERDICTS)
    standing = _verdict(other) if other and _read(other) == _read(response) else None
    reopen_figure(figure, standing=standing, **_hand(response, by))


def _verdict(response: Response) -> Verdict:
    return Verdict(response.kind in (Kind.CONFIRM, Kind.CONFIRM_VALUE), response.text, response.signed, _day(response))


def _read(response: Response) -> tuple[Any, ...] | None:
    """What the page said of a figure when somebody answered to it."""
    content = content_from(response.edition.content)
    if response.kind in VALUE_VERDICTS:
        return next(((row.amount, row.begin, row.end) for row in content.realised if row.id == response.item), None)
    return next(((row.value, row.until) for row in content.outcomes if row.observation == response.item), None)


def _shared_figure(response: Response) -> JudgedFigure:
    """The observation or realised value an answer is about, while the customer may see it."""
    if response.kind in VALUE_VERDICTS:
        rows = RealisedValue.objects.current().filter(
            line__case__engagement=response.engagement_id, line__is_shared=True, line__case__archived_at=None
        )
    else:
        rows = Observation.objects.current().filter(
            agreement__engagement=response.engagement_id, agreement__is_shared=True, agreement__archived_at=None
        )
    figure = rows.filter(pk=response.item).first()
    if figure is None:
        raise NoLongerPossible
    return figure


SIGN_OFFS = (Kind.SIGN, Kind.DECLINE)
VERDICTS = (Kind.CONFIRM, Kind.DISPUTE)
VALUE_VERDICTS = (Kind.CONFIRM_VALUE, Kind.DISPUTE_VALUE)
COUNTED: dict[str, Effect] = {
    Kind.ANSWER: _answer_ask,
    Kind.ACCEPT: _judge,
    Kind.REJECT: _judge,
    Kind.SIGN: _sign,
    Kind.DECLINE: _sign,
    **dict.fromkeys((*VERDICTS, *VALUE_VERDICTS), _verify),
}
TAKEN_BACK: dict[str, Undo] = {
    Kind.ANSWER: _reopen_ask,
    Kind.ACCEPT: _take_back_judgement,
    Kind.REJECT: _take_back_judgement,
    Kind.SIGN: _unsign,
    Kind.DECLINE: _unsign,
    **dict.fromkeys((*VERDICTS, *VALUE_VERDICTS), _take_back_verdict),
}
