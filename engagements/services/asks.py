"""Acts on asks: what we need from the customer."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from django.db import models, transaction

from customers.models import Stakeholder
from engagements.models.weekly_update import Ask, WeeklyUpdate
from fde_portal.accounts import audit
from fde_portal.accounts.models import User
from fde_portal.accounts.records import archive_record, restore_record
from fde_portal.core.search.index import refresh


@dataclass(frozen=True, slots=True)
class AskDraft:
    """One ask as it stands in the form of a week; `id` is None for a new one."""

    text: str
    stakeholder: Stakeholder | None = None
    due_on: date | None = None
    consequence: str = ""
    id: int | None = None


@transaction.atomic
def close_ask(ask: Ask, *, state: Ask.State, on: date, by: User | None, label: str = "") -> bool:
    """Mark an ask as answered, done or withdrawn, or open it again. Repeating it changes nothing.

    `label` names who did it where that is nobody who signs in.
    """
    closed_on = None if state == Ask.State.OPEN else on
    rows = Ask.objects.filter(pk=ask.pk).exclude(state=state)
    if not rows.update(state=state, closed_on=closed_on, version=models.F("version") + 1):
        return False
    ask.state, ask.closed_on = state, closed_on
    audit.record("close" if closed_on else "reopen", ask, by=by, label=label, state=str(state))
    return True


@transaction.atomic
def archive_ask(ask: Ask, *, by: User, now: datetime) -> None:
    """Put an ask away; the week it was raised in says it no longer. Twice changes nothing."""
    archive_record(ask, by=by, now=now)
    _index_its_week(ask)


@transaction.atomic
def restore_ask(ask: Ask, *, by: User) -> None:
    """Ask it again. Twice changes nothing."""
    restore_record(ask, by=by)
    _index_its_week(ask)


def _index_its_week(ask: Ask) -> None:
    if ask.raised_in:
        refresh(ask.raised_in)


def replace_asks(update: WeeklyUpdate, drafts: Iterable[AskDraft]) -> None:
    """Make the asks raised in a draft update exactly `drafts`. Rows keep their identity by id."""
    drafts = list(drafts)
    update.current_asks.exclude(pk__in=[draft.id for draft in drafts if draft.id]).delete()
    own = update.current_asks.in_bulk()
    for draft in drafts:
        ask = own.get(draft.id) or Ask(engagement_id=update.engagement_id, raised_in=update)
        ask.text, ask.stakeholder = draft.text, draft.stakeholder
        ask.due_on, ask.consequence = draft.due_on, draft.consequence
        ask.save()
