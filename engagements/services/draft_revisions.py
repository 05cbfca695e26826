"""Keeps what a save takes out of a draft, so that nothing which was once saved is lost."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import TYPE_CHECKING, Any

from engagements.models.draft_revision import DraftRevision
from engagements.models.weekly_update import LineOrigin, WeeklyUpdate
from fde_portal.accounts.models import User

if TYPE_CHECKING:  # it imports this module
    from engagements.services.weekly_updates import WeekDraft

# Of one draft. Far more than the people on one engagement replace in a week.
MOST_KEPT = 200


def keep_lost_words(
    update: WeeklyUpdate, *, before: WeekDraft, after: WeekDraft, author: User | None, written_at: datetime
) -> DraftRevision | None:
    """Store `before` unless `after` still holds each of its texts. Call it in the transaction of the save."""
    if holds(after, before):
        return None
    revision = DraftRevision.objects.create(update=update, content=as_json(before), author=author, written_at=written_at)
    oldest = update.draft_revisions.values_list("pk", flat=True)[MOST_KEPT:]
    update.draft_revisions.filter(pk__in=list(oldest)).delete()
    return revision


def holds(after: WeekDraft, before: WeekDraft) -> bool:
    """Whether every text that somebody wrote in `before` stands somewhere in `after`."""
    there = "\n".join([*texts_of(after), *(line.text for line in after.lines)])
    return all(text in there for text in texts_of(before))


def texts_of(content: WeekDraft) -> Iterator[str]:
    """What people wrote: what was drafted from records can be drafted again."""
    yield content.headline
    yield content.gap_reason
    yield from (line.text for line in content.lines if line.origin != LineOrigin.DRAFTED)
    for ask in content.asks:
        yield ask.text
        yield ask.consequence


def as_json(content: WeekDraft) -> dict[str, Any]:
    lines = [{"kind": str(line.kind), "text": line.text, "is_shared": line.is_shared} for line in content.lines]
    asks = [{"text": ask.text, "consequence": ask.consequence} for ask in content.asks]
    return {"headline": content.headline, "gap_reason": content.gap_reason, "lines": lines, "asks": asks}
