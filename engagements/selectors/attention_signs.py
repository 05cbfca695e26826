"""What the order of attention knows besides the score, at the close of any day: what became known later is left out."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

from engagements.metrics.health_facts import AttentionSigns
from engagements.metrics.periods import local_day
from engagements.models import Engagement, GateCondition
from engagements.selectors.customer_signs import CustomerSigns, read_signs
from engagements.selectors.rating_gap import Report, reports_of, rosier_weeks


class Promised(NamedTuple):
    """A condition of a go: the local days on which it was promised, is due, and was met (None while it is not)."""

    on: date
    due_on: date
    met_on: date | None

    def is_overdue(self, day: date) -> bool:
        return self.on <= day and self.due_on < day and (self.met_on is None or day < self.met_on)


@dataclass(frozen=True, slots=True)
class SignsHistory:
    """The dated records behind the signs of one engagement."""

    customer: CustomerSigns
    conditions: Sequence[Promised]
    reports: Sequence[Report]

    def on(self, day: date) -> AttentionSigns:
        return AttentionSigns(
            customer_seen_on=self.customer.last_on(day),
            overdue_conditions=sum(condition.is_overdue(day) for condition in self.conditions),
            rosier_weeks=rosier_weeks(self.reports, day),
        )


def read_attention_signs(engagement: Engagement) -> SignsHistory:
    """Read them once, for one day or for a hundred."""
    return SignsHistory(read_signs(engagement), _conditions(engagement), reports_of(engagement))


def _conditions(engagement: Engagement) -> list[Promised]:
    rows = GateCondition.objects.filter(engagement=engagement).values_list("decision__decided_on", "due_on", "done_at")
    return [Promised(on, due_on, done_at and local_day(done_at, engagement.zone)) for on, due_on, done_at in rows]
