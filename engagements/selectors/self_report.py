"""What authors reported beside what was computed when they published. Internal."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from engagements.metrics.overrides import severity
from engagements.models import Engagement, WeeklyUpdate
from engagements.selectors.rating_gap import reported_rosier

WEEKS_SHOWN = 8


@dataclass(frozen=True, slots=True)
class ReportedWeek:
    """A published week: `reported` is the worst of its ratings ("" without any), `computed` was frozen at publishing."""

    update: WeeklyUpdate
    reported: str
    computed: str
    score: Any
    is_rosier: bool


def reported_weeks(engagement: Engagement) -> list[ReportedWeek]:
    """The newest published weeks, newest first. One statement."""
    updates = WeeklyUpdate.objects.filter(engagement=engagement).published()[:WEEKS_SHOWN]
    return [_week(update) for update in updates]


def _week(update: WeeklyUpdate) -> ReportedWeek:
    frozen = update.derived_health or {}
    return ReportedWeek(update, reported_band(update), frozen.get("band", "unknown"), frozen.get("score"), reported_rosier(update))


def reported_band(update: WeeklyUpdate) -> str:
    """The worst of the ratings given; "" without any."""
    return max((rating for rating in update.ratings.values() if rating), key=severity, default="")
