"""The portfolio beside itself at the close of an earlier week, from the stored days of health."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from django.db.models import OuterRef, QuerySet, Subquery

from engagements.metrics.attention import FALL_WINDOW_DAYS, AttentionFacts, attention_reason
from engagements.metrics.bands import Band, rounded
from engagements.metrics.health_facts import HealthFacts
from engagements.metrics.health_inputs import facts_from_json
from engagements.models import HealthSnapshot, PortfolioRow, RealisedValue, ValueCase, ValueLine
from engagements.selectors.attention_facts import judged_facts, plain_params
from engagements.selectors.portfolio import PortfolioLine, lines
from fde_portal.accounts.models import OrganizationSettings

_GRAVITY: dict[str, int] = {Band.AT_RISK: 2, Band.WATCH: 1, Band.ON_TRACK: 0}
ALL = 10_000


@dataclass(frozen=True, slots=True)
class Standing:
    """How an engagement stood at the close of a day. `users` are target people of the last whole week; None is unknown."""

    band: str
    score: int | None
    users: int | None
    target: int | None
    reason: list[Any] | None
    feed_stopped: bool


@dataclass(frozen=True, slots=True)
class Compared:
    """An engagement then and now; `then` is None when it was not judged yet. Value is the benefits realised, in `currency`."""

    line: PortfolioLine
    then: Standing | None
    now: Standing
    value_then: Decimal | None
    value_now: Decimal | None
    currency: str

    @property
    def is_judged(self) -> bool:
        """Whether both sides have a band."""
        return self.then is not None and {self.then.band, self.now.band} <= _GRAVITY.keys()

    @property
    def move(self) -> int:
        """Bands lost (positive) or won since then; 0 where one of the two is unknown."""
        return _GRAVITY[self.now.band] - _GRAVITY[self.then.band] if self.is_judged else 0

    @property
    def change(self) -> int | None:
        """Points of the score won since then."""
        return None if self.then is None or self.then.score is None or self.now.score is None else self.now.score - self.then.score


def compare(rows: QuerySet[PortfolioRow], *, day: date, organization: OrganizationSettings) -> list[Compared]:
    """Every line of `rows` beside how it stood at the close of `day`: those that moved first, then in attention order.

    The facts are those of that day; the cadence of updates and the limit of silence are the organization's of today.

    Bands lost come before bands won, and those by how far the score moved. Three statements, whatever the number of rows.
    """
    found = lines(rows, start=0, count=ALL)
    histories = _histories(rows, day)
    values = _realised(rows, day)
    compared = [_compared(line, histories[line.slug], values.get(line.slug, {}), day, organization) for line in found]
    return sorted(compared, key=lambda row: (not row.move, -row.move, -abs(row.change or 0) if row.move else 0))


def _histories(rows: QuerySet[PortfolioRow], day: date) -> dict[str, list[HealthSnapshot]]:
    """The closing day and the one a fall is counted from, by slug and oldest first."""
    days = (day - timedelta(days=FALL_WINDOW_DAYS), day)
    kept = HealthSnapshot.objects.filter(engagement__in=rows.values("engagement"), day__in=days)
    # Days of before facts were kept say nothing of how it stood.
    stored = kept.exclude(facts={}).select_related("engagement")
    columns = ("engagement__slug", "day", "score", "band", "components", "reasons", "facts")
    histories: dict[str, list[HealthSnapshot]] = defaultdict(list)
    for row in stored.only(*columns).order_by("day"):
        histories[row.engagement.slug].append(row)
    return histories


def _compared(
    line: PortfolioLine, history: Sequence[HealthSnapshot], values: dict[str, Any], day: date, organization: OrganizationSettings
) -> Compared:
    is_judged = bool(history) and history[-1].day == day
    return Compared(
        line=line,
        then=_standing(history, organization) if is_judged else None,
        now=Standing(line.band, line.score, line.weekly_users, line.weekly_target, line.reason, line.feed_stopped),
        value_then=values.get("then"),
        value_now=values.get("now"),
        currency=values.get("currency", ""),
    )


def _standing(history: Sequence[HealthSnapshot], organization: OrganizationSettings) -> Standing:
    row, facts = history[-1], facts_from_json(history[-1].facts)
    reason, target = attention_reason(_attention(history, facts, organization)), facts.adoption.week_target
    return Standing(
        band=row.band,
        score=None if row.score is None else rounded(row.score),
        users=facts.adoption.weekly_active,
        target=None if target is None else rounded(target),
        reason=[reason.code, plain_params(reason.params)] if reason else None,
        feed_stopped=facts.freshness.feed_stopped,
    )


def _attention(history: Sequence[HealthSnapshot], facts: HealthFacts, organization: OrganizationSettings) -> AttentionFacts:
    """What attention rested on that day."""
    row, signs = history[-1], facts.signs
    late = sum(1 for fact in facts.schedule.milestones if fact.actual is None and fact.baseline < row.day)
    updated = facts.freshness.last_update_on or min(facts.freshness.started_on, row.day)
    return AttentionFacts(
        band=row.band,
        **judged_facts(history),
        overdue_milestones=late + signs.overdue_conditions,
        silence_days=(row.day - signs.customer_seen_on).days if signs.customer_seen_on else None,
        silence_limit=organization.silence_days,
        staleness_days=(row.day - updated).days,
        cadence_days=organization.update_cadence_days,
        rosier_weeks=signs.rosier_weeks,
    )


def _realised(rows: QuerySet[PortfolioRow], day: date) -> dict[str, dict[str, Any]]:
    """By slug what the benefits of the newest value case had brought by the close of `day`, and have brought now.

    What the customer disputes counts on neither side.
    Added up here, because SQLite adds decimals up as floats.
    """
    cases = ValueCase.objects.current().filter(engagement=OuterRef("line__case__engagement")).values("pk")
    figures = RealisedValue.objects.current().filter(
        line__case__engagement__in=rows.values("engagement"), line__case=Subquery(cases[:1]), line__kind__in=ValueLine.BENEFITS
    ).exclude(state=RealisedValue.State.DISPUTED)  # fmt: skip
    values: dict[str, dict[str, Any]] = {}
    columns = ("line__case__engagement__slug", "line__case__currency", "amount", "recorded_on")
    for slug, currency, amount, recorded_on in figures.values_list(*columns):
        entry = values.setdefault(slug, {"currency": currency, "now": Decimal(0), "then": None})
        entry["now"] += amount
        if recorded_on <= day:
            entry["then"] = (entry["then"] or Decimal(0)) + amount
    return values
