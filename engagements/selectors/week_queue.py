"""The sitting: the engagements of a person in one week, and how far each is."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from engagements.models.engagement import Engagement
from engagements.models.weekly_update import WeeklyUpdate
from engagements.selectors.week_duty import covers_in, skips_in, writer_id
from engagements.selectors.weekly_update import Week, my_engagements, week_states
from fde_portal.accounts.models import User

State = WeeklyUpdate.State


class Progress(StrEnum):
    """How far one engagement's week is."""

    PUBLISHED = "published"
    SKIPPED = "skipped"
    WRITING = "writing"
    PREFILLED = "prefilled"


@dataclass(frozen=True, slots=True)
class QueueItem:
    """One engagement in the sitting. `writer` is whose turn it is where that is somebody else, else ""."""

    slug: str
    name: str
    customer: str
    progress: Progress
    published_at: datetime | None
    shows_name: bool  # where the customer alone would not say which engagement is meant
    writer: str = ""
    stands_in: bool = False  # the reader writes for the lead

    @property
    def is_owed(self) -> bool:
        """Whether the reader still has to write it."""
        return not self.writer and self.progress in {Progress.WRITING, Progress.PREFILLED}


def queue_of(user: User, week: Week) -> list[QueueItem]:
    """The live engagements `user` is named on in an ISO week. Four queries.

    Published ones come first, in the order in which they were; then what `user` owes, by customer;
    then what is skipped or somebody else's turn.
    """
    engagements = list(my_engagements(user, week).select_related("lead"))
    states = week_states(engagements, week)
    covers, skipped = covers_in(engagements, week), skips_in(engagements, week)
    customers = Counter(engagement.customer_id for engagement in engagements)
    items = []
    for engagement in engagements:
        state, published_at = states.get(engagement.pk, (None, None))
        mine = writer_id(engagement, covers) == user.pk
        writer = covers.get(engagement.pk, engagement.lead)
        items.append(
            QueueItem(
                slug=engagement.slug,
                name=engagement.name,
                customer=engagement.customer.name,
                progress=progress_of(engagement, state, is_skipped=engagement.pk in skipped),
                published_at=published_at,
                shows_name=customers[engagement.customer_id] > 1,
                writer="" if mine else writer.name,
                stands_in=mine and engagement.lead_id != user.pk,
            )
        )
    published = sorted((item for item in items if item.published_at), key=lambda item: item.published_at)
    open_items = [item for item in items if not item.published_at]
    return published + sorted(open_items, key=lambda item: not item.is_owed)


def progress_of(engagement: Engagement, state: str | None, *, is_skipped: bool) -> Progress:
    if state == State.PUBLISHED:
        return Progress.PUBLISHED
    if is_skipped:
        return Progress.SKIPPED
    return Progress.WRITING if state == State.DRAFT else Progress.PREFILLED


def owed(queue: list[QueueItem]) -> list[QueueItem]:
    return [item for item in queue if item.is_owed]
