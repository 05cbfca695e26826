"""Writes the demo's source of work with its rules, and what it brought until now."""

from __future__ import annotations

from datetime import datetime

from engagements.demo.clock import Clock, instant
from engagements.demo.work import REPOSITORIES, SOURCE_NAME, WORK
from engagements.models import Engagement, WorkItem, WorkRule, WorkSource

MERGED_AT_HOUR = 11


def create_work(*, clock: Clock, now: datetime) -> None:
    source = WorkSource.objects.create(name=SOURCE_NAME, last_received_at=now)
    for slug, repository in REPOSITORIES.items():
        engagement = Engagement.objects.get(slug=slug)
        WorkRule.objects.create(source=source, engagement=engagement, repository=repository)
        WorkItem.objects.bulk_create(item for item in _items(engagement, source, clock) if item.happened_at <= now)


def _items(engagement: Engagement, source: WorkSource, clock: Clock) -> list[WorkItem]:
    repository = REPOSITORIES[engagement.slug]
    return [
        WorkItem(
            engagement=engagement, source=source, kind=plan.kind, repository=repository, key=str(number), title=plan.title,
            author=plan.author, happened_at=instant(clock.date(plan.day), MERGED_AT_HOUR, engagement.zone),
            url=f"https://code.northlight.example/{repository}/{number}",
        )
        for number, plan in enumerate(WORK[engagement.slug], start=101)
    ]
