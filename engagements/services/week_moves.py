"""What the form of a week does to asks and blockers beside its text, and taking that back with the publication."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.db import models

from engagements.models.blocker import Blocker
from engagements.models.weekly_update import Ask, WeeklyUpdate
from engagements.services.asks import close_ask
from engagements.services.blockers import move_blocker
from fde_portal.accounts.models import User

TABLES: dict[str, type[models.Model]] = {"ask": Ask, "blocker": Blocker}


def move_carried(update: WeeklyUpdate, content: Any, *, goes_on: bool, today: date, by: User) -> None:
    """Close or move what the form says, and keep with the update how each stood when this form was opened.

    `content` is the WeekDraft of the form; `goes_on` says that the same open form saves again.
    """
    moved = dict(update.moved) if goes_on else {}
    for record, state in {**content.carried_asks, **content.blockers}.items():
        was = type(record)._base_manager.get(pk=record.pk)
        if _move(record, state, on=today, by=by):
            kind = record._meta.model_name
            first = moved.get(f"{kind}:{record.pk}") or {"was": was.state, "since": _closed_on(was)}
            moved[f"{kind}:{record.pk}"] = first | {"version": was.version + 1}
    if moved != update.moved:
        update.moved = moved
        update.save(update_fields=["moved"])


def put_back_moved(update: WeeklyUpdate, *, today: date, by: User) -> int:
    """Let asks and blockers stand as before the form of `update`, but those that somebody changed since; say how many."""
    count = 0
    for key, kept in update.moved.items():
        kind, _, pk = key.partition(":")
        record = TABLES[kind]._base_manager.filter(pk=pk, version=kept["version"]).first()
        since = date.fromisoformat(kept["since"]) if kept["since"] else today
        if record and _move(record, kept["was"], on=since, by=by):
            count += 1
    return count


def _move(record: Ask | Blocker, state: str, *, on: date, by: User) -> bool:
    if isinstance(record, Ask):
        return close_ask(record, state=Ask.State(state), on=on, by=by)
    return move_blocker(record, to=Blocker.State(state), today=on, by=by)


def _closed_on(record: Ask | Blocker) -> str | None:
    day = record.closed_on if isinstance(record, Ask) else record.cleared_on
    return day.isoformat() if day else None
