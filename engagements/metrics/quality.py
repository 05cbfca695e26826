"""Quality of what the AI delivers: what became of its cases, by release and by week (metrics of published delivery kits)."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from enum import StrEnum
from statistics import median

from engagements.metrics.adoption import ratio, wilson

Interval = tuple[float, float]


@dataclass(frozen=True, slots=True)
class Outcomes:
    """Cases by what became of them. `cases` are all that were handled, with or without an outcome."""

    cases: int = 0
    accepted: int = 0
    edited: int = 0
    rejected: int = 0
    failed: int = 0

    def __add__(self, other: "Outcomes") -> "Outcomes":
        return Outcomes(
            self.cases + other.cases,
            self.accepted + other.accepted,
            self.edited + other.edited,
            self.rejected + other.rejected,
            self.failed + other.failed,
        )

    @property
    def judged(self) -> int:
        """Cases somebody accepted, edited or rejected."""
        return self.delivered + self.rejected

    @property
    def delivered(self) -> int:
        """Cases whose result was put to use: accepted as it was, or edited before."""
        return self.accepted + self.edited

    @property
    def handled(self) -> int:
        """All cases; of a feed that reports more outcomes than events, the outcomes."""
        return max(self.cases, self.judged + self.failed)

    @property
    def without_outcome(self) -> int:
        """Cases of which nothing is known: counted apart, never as accepted."""
        return self.handled - self.judged - self.failed

    @property
    def acceptance_rate(self) -> Decimal | None:
        """Accepted as is / judged, 0 to 1; None when nothing was judged."""
        return ratio(self.accepted, self.judged)

    @property
    def edit_rate(self) -> Decimal | None:
        """Edited before use / judged."""
        return ratio(self.edited, self.judged)

    @property
    def failure_rate(self) -> Decimal | None:
        """No answer, error or time-out / all cases."""
        return ratio(self.failed, self.handled)

    @property
    def acceptance_interval(self) -> Interval | None:
        """Wilson's interval of the acceptance rate at 95 %."""
        return wilson(self.accepted, self.judged)

    @property
    def failure_interval(self) -> Interval | None:
        """Wilson's interval of the failure rate at 95 %."""
        return wilson(self.failed, self.handled)


def summed(outcomes: Iterable[Outcomes]) -> Outcomes:
    """Return all cases together."""
    return sum(outcomes, Outcomes())


class Change(StrEnum):
    """The words for acceptance after a release; the first two only when the intervals do not overlap."""

    BETTER = "better"
    WORSE = "worse"
    NO_CLEAR_CHANGE = "no_clear_change"


def change_after(before: Outcomes, after: Outcomes) -> Change | None:
    """Compare the two weeks before a release with the two after; None when one side has no judged case."""
    old, new = before.acceptance_interval, after.acceptance_interval
    if old is None or new is None:
        return None
    if new[0] > old[1]:
        return Change.BETTER
    return Change.WORSE if new[1] < old[0] else Change.NO_CLEAR_CHANGE


def cost_per_accepted(full_cost: Decimal, outcomes: Outcomes) -> Decimal | None:
    """Return the full operating cost of a period / its accepted and edited cases, None without any."""
    return ratio(full_cost, outcomes.delivered)


@dataclass(frozen=True, slots=True)
class Spans:
    """Median over `count` incidents, None without any."""

    middle: timedelta | None
    count: int


def median_span(spans: Sequence[tuple[datetime, datetime | None]]) -> Spans:
    """Return the median time from start to detection, or to restoration; what is still open is left out."""
    closed = [end - start for start, end in spans if end is not None]
    return Spans(median(closed) if closed else None, len(closed))
