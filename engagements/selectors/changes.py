"""What changed in an engagement lately: dated facts, each kind found by one small function.

The worker stores them with the portfolio's line (services/portfolio.py); pages cut them at the day they ask about and
put them into words (change_words.py). A new kind is one function in `SOURCES`, its code in `GRAVEST_FIRST` and a sentence.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from itertools import pairwise
from typing import Any, NamedTuple

from engagements.metrics.bands import Band
from engagements.metrics.periods import local_day
from engagements.models import (
    BlockerChange,
    Engagement,
    ForecastChange,
    GateDecision,
    HealthOverride,
    HealthSnapshot,
    Incident,
    Release,
    Response,
    WeeklyUpdate,
)

KEPT = timedelta(days=35)
# Fewer people more or less in a week are chance.
LEAST_USERS, LEAST_SHARE = 3, 0.1
_ORDER = {Band.ON_TRACK: 0, Band.WATCH: 1, Band.AT_RISK: 2}

GRAVEST_FIRST = (
    "hard.criterion_failed", "hard.sponsor_gone", "hard.go_live_missed", "band.worse", "incident", "blocker.escalated",
    "milestone.passed", "milestone.later", "blocker.open", "users.down", "gate", "override", "phase", "band.better",
    "users.up", "milestone.reached", "blocker.cleared", "milestone.earlier", "release", "answers", "update",
)  # fmt: skip
_RANK = {code: rank for rank, code in enumerate(GRAVEST_FIRST)}


class Change(NamedTuple):
    """A fact that became true on a local day of the engagement: a code to be worded, and plain parameters."""

    on: date
    code: str
    params: dict[str, Any]


@dataclass(frozen=True, slots=True)
class Span:
    """The local days from `since` to `today` of one engagement, with its stored days of health, oldest first."""

    engagement: Engagement
    history: Sequence[HealthSnapshot]
    since: date
    today: date

    @property
    def begin(self) -> datetime:
        return datetime.combine(self.since, time.min, self.engagement.zone)

    def day_of(self, moment: datetime) -> date:
        return local_day(moment, self.engagement.zone)


def changes_of(engagement: Engagement, history: Sequence[HealthSnapshot], *, today: date) -> list[Change]:
    """What changed in the last 35 days up to the local day `today`, the gravest first, the newest first among equals."""
    span = Span(engagement, history, today - KEPT, today)
    found = [change for source in SOURCES for change in source(span) if span.since <= change.on <= today]
    return sorted(found, key=lambda change: (_RANK[change.code], -change.on.toordinal()))


def stored(changes: Iterable[Change]) -> list[list[Any]]:
    return [[change.on.isoformat(), change.code, change.params] for change in changes]


def changes_since(day: date, kept: Iterable[Sequence[Any]]) -> Iterator[Change]:
    """Of the stored changes those from `day` on, in their order. One by one: a list shows the first two of many."""
    first = day.isoformat()  # ISO days compare as text
    return (Change(date.fromisoformat(on), code, params) for on, code, params in kept if on >= first)


def last_on(changes: Iterable[Change], *codes: str) -> date | None:
    return max((change.on for change in changes if change.code in codes), default=None)


def _bands(span: Span) -> Iterator[Change]:
    """Every move between two bands that were judged."""
    judged = [row for row in span.history if row.band in _ORDER]
    for before, after in pairwise(judged):
        if before.band != after.band:
            code = "band.worse" if _ORDER[after.band] > _ORDER[before.band] else "band.better"
            yield Change(after.day, code, {"before": before.band, "after": after.band})


def _hard_rules(span: Span) -> Iterator[Change]:
    """A hard rule that was not broken on the stored day before."""
    for before, after in pairwise(span.history):
        known = {code for code, __ in before.reasons}
        for code, params in after.reasons:
            if code not in known and code in _RANK:
                yield Change(after.day, code, params)


def _users(span: Span) -> Iterator[Change]:
    """People who used it in the last whole week against the week before, as health knew them on each Monday."""
    mondays = [row for row in span.history if row.day.isoweekday() == 1]
    for before, after in pairwise(mondays):
        was, now = (row.facts.get("adoption", {}).get("weekly_active") for row in (before, after))
        if not was or now is None or after.day - before.day != timedelta(weeks=1):
            continue
        moved = now - was
        if abs(moved) >= LEAST_USERS and abs(moved) >= LEAST_SHARE * was:
            yield Change(after.day, "users.down" if moved < 0 else "users.up", {"before": was, "after": now})


def _milestones(span: Span) -> Iterator[Change]:
    """Dates that moved, were reached, or passed unreached. Of a day's changes the last counts."""
    rows = ForecastChange.objects.filter(milestone__engagement=span.engagement, milestone__archived_at=None)
    by_milestone: dict[int, dict[date, ForecastChange]] = {}
    for row in rows.select_related("milestone").order_by("changed_on", "id"):
        by_milestone.setdefault(row.milestone_id, {})[row.changed_on] = row
    for days in by_milestone.values():
        for before, after in pairwise(days.values()):
            yield from _moved(before, after)
    for milestone in span.engagement.milestones.current().filter(actual_on=None):
        yield Change(milestone.expected_on + timedelta(days=1), "milestone.passed", {"title": milestone.title})


def _moved(before: ForecastChange, after: ForecastChange) -> Iterator[Change]:
    was, now, params = _expected(before), _expected(after), {"title": after.milestone.title}
    if after.actual_on:
        if not before.actual_on:
            yield Change(after.changed_on, "milestone.reached", params)
    elif was != now:
        code = "milestone.later" if now > was else "milestone.earlier"
        yield Change(after.changed_on, code, params | {"days": abs((now - was).days), "to": now.isoformat()})


def _expected(row: ForecastChange) -> date:
    return row.actual_on or row.forecast_on or row.milestone.baseline_on


def _blockers(span: Span) -> Iterator[Change]:
    """The state a blocker ended a day with."""
    rows = BlockerChange.objects.filter(
        blocker__engagement=span.engagement, blocker__archived_at=None, changed_on__gte=span.since
    ).select_related("blocker")  # fmt: skip
    last = {(row.blocker_id, row.changed_on): row for row in rows.order_by("changed_on", "id")}
    for row in last.values():
        yield Change(row.changed_on, f"blocker.{row.state}", {"text": row.blocker.text})


def _work(span: Span) -> Iterator[Change]:
    """Incidents and releases of what we built."""
    place = {"deliverable__engagement": span.engagement}
    for incident in Incident.objects.current().filter(started_at__gte=span.begin, **place):
        yield Change(span.day_of(incident.started_at), "incident", {"title": incident.title})
    for release in Release.objects.current().filter(released_on__gte=span.since, **place):
        yield Change(release.released_on, "release", {"name": release.name})


def _steps(span: Span) -> Iterator[Change]:
    """Decisions at gates that stand, phases entered after the first, and judgements of a manager."""
    decisions = GateDecision.objects.filter(gate__engagement=span.engagement, gate__taken_back_at=None, decided_on__gte=span.since)
    for decision in decisions.select_related("gate"):
        yield Change(decision.decided_on, "gate", {"phase": decision.gate.phase, "outcome": decision.outcome})
    for step in span.engagement.phase_changes.filter(entered_on__gte=span.since, entered_on__gt=span.engagement.started_on):
        yield Change(step.entered_on, "phase", {"phase": step.phase})
    for override in HealthOverride.objects.filter(engagement=span.engagement, set_on__gte=span.since):
        yield Change(override.set_on, "override", {"band": override.band})


def _said(span: Span) -> Iterator[Change]:
    """Weeks that were published, and how often the customer answered on a day."""
    weeks = WeeklyUpdate.objects.filter(engagement=span.engagement, revision=1, archived_at=None, published_at__gte=span.begin)
    for update in weeks:
        yield Change(span.day_of(update.published_at), "update", {"week": update.iso_week, "headline": update.headline})
    answers = Response.objects.counted().filter(engagement=span.engagement, confirmed_at__gte=span.begin)
    days = Counter(span.day_of(moment) for moment in answers.values_list("confirmed_at", flat=True))
    for day, count in days.items():
        yield Change(day, "answers", {"count": count})


SOURCES: tuple[Callable[[Span], Iterator[Change]], ...] = (
    _bands, _hard_rules, _users, _milestones, _blockers, _work, _steps, _said,
)  # fmt: skip
