"""What a manager has to know of an engagement to review it: for one on a screen, or for many on paper."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.db.models.functions import Coalesce
from django.utils.translation import gettext as _

from engagements.models import Ask, Band, Blocker, Engagement, HealthSnapshot, Milestone, ReviewQuestion
from engagements.selectors.ask import AskLine, ask_line
from engagements.selectors.attention import standing_sentence
from engagements.selectors.blocker import IN_ORDER, BlockerLine, blocker_line
from engagements.selectors.change_words import change_sentence
from engagements.selectors.changes import changes_since
from engagements.selectors.health import reason_text
from engagements.selectors.health_explained import COMPONENT_NAMES
from engagements.selectors.portfolio import PortfolioLine

MOST_MILESTONES = 3
# A worker that stood still over a weekend must not leave the sentence out.
HEALTH_COUNTS_FOR = timedelta(days=4)


@dataclass(frozen=True, slots=True)
class DueMilestone:
    title: str
    on: date
    slip: int


@dataclass(frozen=True, slots=True)
class Brief:
    """An engagement on half a page. `health` says what drags it most, `changes` what moved from the day asked for on."""

    engagement: Engagement
    line: PortfolioLine
    reason: str
    health: str
    changes: Sequence[str]
    milestones: Sequence[DueMilestone]
    asks: Sequence[AskLine]
    blockers: Sequence[BlockerLine]
    questions: Sequence[ReviewQuestion]


def briefs(lines: Sequence[PortfolioLine], *, since: date, today: date) -> list[Brief]:
    """A brief for each line, in their order. Six statements, whatever their number. `today` is the reader's local day."""
    engagements = Engagement.objects.filter(slug__in=[line.slug for line in lines]).select_related("customer", "lead")
    by_id = {engagement.pk: engagement for engagement in engagements}
    health, milestones = _health(by_id, today), _milestones(by_id, today)
    asks = _by_engagement(by_id, Ask.objects.open().select_related("stakeholder", "raised_in"))
    blockers = _by_engagement(by_id, Blocker.objects.standing().select_related("milestone").order_by(*IN_ORDER))
    questions = _by_engagement(by_id, ReviewQuestion.objects.current().filter(read_at=None).select_related("asked_by", "answered_by"))
    by_slug = {engagement.slug: engagement for engagement in by_id.values()}
    return [
        Brief(
            engagement=by_slug[line.slug],
            line=line,
            reason=standing_sentence(line.reason, band=line.band, feed_stopped=line.feed_stopped),
            health=health.get(pk, ""),
            changes=_told(line, since),
            milestones=milestones[pk][:MOST_MILESTONES],
            asks=[ask_line(ask, today) for ask in asks[pk]],
            blockers=[blocker_line(blocker, today) for blocker in blockers[pk]],
            questions=questions[pk],
        )
        for line in lines
        for pk in [by_slug[line.slug].pk]
    ]


def _told(line: PortfolioLine, since: date) -> list[str]:
    """What changed but for the weeks that were published: the last of them has a line of its own."""
    return [change_sentence(change) for change in changes_since(since, line.changes) if change.code != "update"]


def _by_engagement(by_id: Mapping[int, Engagement], rows: Any) -> dict[int, list[Any]]:
    """The rows of these engagements, each with the one that was read already."""
    found: dict[int, list[Any]] = defaultdict(list)
    for row in rows.filter(engagement__in=by_id):
        row.engagement = by_id[row.engagement_id]
        found[row.engagement_id].append(row)
    return found


def _milestones(by_id: Mapping[int, Engagement], today: date) -> dict[int, list[DueMilestone]]:
    rows = Milestone.objects.current().filter(actual_on=None).annotate(due=Coalesce("forecast_on", "baseline_on"))
    found: dict[int, list[DueMilestone]] = defaultdict(list)
    for pk, milestones in _by_engagement(by_id, rows.order_by("due", "id")).items():
        found[pk] = [DueMilestone(row.title, row.expected_on, row.slip_on(today)) for row in milestones]
    return found


def _health(by_id: Mapping[int, Engagement], today: date) -> dict[int, str]:
    """Of each newest day of health, what drags it most."""
    rows = HealthSnapshot.objects.filter(engagement__in=by_id, day__gt=today - HEALTH_COUNTS_FOR).order_by("day")
    newest = {pk: (band, components) for pk, band, components in rows.values_list("engagement", "band", "components")}
    return {pk: _health_sentence(band, components) for pk, (band, components) in newest.items()}


def _health_sentence(band: str, components: Iterable[dict[str, Any]]) -> str:
    known = [part for part in components if part["score"] is not None]
    if band == Band.UNKNOWN or not known:
        return _("Too little is known to judge.")
    lowest = min(known, key=lambda part: part["score"])
    words = {"component": COMPONENT_NAMES[lowest["key"]], "score": round(lowest["score"]), "why": reason_text(*lowest["reason"])}
    return _("Lowest is %(component)s with %(score)s: %(why)s") % words
