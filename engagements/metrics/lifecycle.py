"""Growth accounting: who is new, came back, woke up or fell silent in each period."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from decimal import Decimal

from pyroaring import BitMap

from engagements.metrics.adoption import Days, active_before, active_within, ratio
from engagements.metrics.periods import Period


@dataclass(frozen=True, slots=True)
class PeriodLifecycle:
    """Actors of one period by class.

    new: first active period ever; returning: also active in the period just before;
    resurrecting: active earlier, not just before; dormant: active just before, not now
    (charged once). `dormant` of a period that is not over is provisional: do not show it.
    """

    period: Period
    new: int
    returning: int
    resurrecting: int
    dormant: int

    @property
    def active(self) -> int:
        """Distinct actors of the period."""
        return self.new + self.returning + self.resurrecting

    @property
    def quick_ratio(self) -> Decimal | None:
        """Gained per lost actor, or None when nobody fell silent."""
        return quick_ratio(self.new, self.resurrecting, self.dormant)


def quick_ratio(new: int, resurrecting: int, dormant: int) -> Decimal | None:
    """Return (new + resurrecting) / dormant, or None when dormant is 0.

    Source: Social Capital, via davidjaxon.wordpress.com. Meaningless for a fixed group in
    which everyone has started: show it only while actors are still being provisioned.
    """
    return ratio(new + resurrecting, dormant)


def active_after(previous_active: int, new: int, resurrecting: int, dormant: int) -> int:
    """Return the actors of a period from those of the period before and its changes."""
    return previous_active + new + resurrecting - dormant


def lifecycle(days: Days, periods: Iterable[Period]) -> list[PeriodLifecycle]:
    """Classify the actors of consecutive `periods`; all history before them counts.

    "New" goes by the first activity, since no reliable creation date exists.
    """
    return list(_classified(days, list(periods)))


def _classified(days: Days, periods: list[Period]) -> Iterator[PeriodLifecycle]:
    if not periods:
        return
    seen = active_before(days, periods[0].start)
    before = active_within(days, periods[0].previous.days())
    for period in periods:
        now = active_within(days, period.days())
        yield _compare(period, seen, before, now)
        seen, before = seen | now, now


def _compare(period: Period, seen: BitMap, before: BitMap, now: BitMap) -> PeriodLifecycle:
    returning = now.intersection_cardinality(before)
    row = PeriodLifecycle(
        period,
        new=now.difference_cardinality(seen),
        returning=returning,
        resurrecting=(now & seen).difference_cardinality(before),
        dormant=len(before) - returning,
    )
    # The two identities of growth accounting: a wrong figure must not reach a chart.
    assert row.active == len(now)
    assert row.active == active_after(len(before), row.new, row.resurrecting, row.dormant)
    return row
