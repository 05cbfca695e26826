"""The shape of something that happened and of which people are told."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from engagements.models import Because, Engagement, NoticeKind

# How far back is looked: longer than any absence of the scheduler one should live with. What is older is no news.
LOOKED_BACK = timedelta(days=7)
Told = tuple[tuple[int, Because], ...]


@dataclass(frozen=True, slots=True)
class Happening:
    """`key` is the same however often it is found. `told` are the ids of people, each with the reason; `by` did it and knows."""

    kind: NoticeKind
    key: str
    engagement: Engagement
    at: datetime
    told: Told
    facts: dict[str, Any]
    by: int | None = None


def lead_of(engagement: Engagement) -> Told:
    return ((engagement.lead_id, Because.LEAD),)


def lead_and_manager(engagement: Engagement) -> Told:
    return lead_of(engagement) + _named(engagement.manager_id, Because.MANAGER)


def lead_and_backup(engagement: Engagement) -> Told:
    return lead_of(engagement) + _named(engagement.backup_id, Because.BACKUP)


def everybody_in_charge(engagement: Engagement) -> Told:
    return lead_and_backup(engagement) + _named(engagement.manager_id, Because.MANAGER)


def _named(person: int | None, because: Because) -> Told:
    return ((person, because),) if person else ()
