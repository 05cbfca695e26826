"""Cohort triangles: of those who started in a period, who was active later.

Periods are calendar periods, since usage arrives per day.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from enum import StrEnum

from pyroaring import BitMap

from engagements.metrics.adoption import Days, active_before, active_within, ratio
from engagements.metrics.periods import Period, is_over


class CohortKind(StrEnum):
    """Which periods an actor belongs to the cohort of."""

    FIRST_TIME = "first_time"  # only that of the first start event ever
    RECURRING = "recurring"  # every one with a start event


class Mode(StrEnum):
    """When an actor counts as retained."""

    ON = "on"  # active in exactly that period
    UNBOUNDED = "unbounded"  # active in that period or a later one of the range


@dataclass(frozen=True, slots=True)
class Cohort:
    """One row. `cells[j]` = members active j periods later; None while that period runs.

    `cells[0]` is the cohort's size, also when start and return events differ.
    """

    period: Period
    size: int
    cells: tuple[int | None, ...]

    def share(self, offset: int) -> Decimal | None:
        """Return the share (0 to 1) retained `offset` periods later, None when unknown."""
        cell = self.cells[offset]
        return None if cell is None else ratio(cell, self.size)


@dataclass(frozen=True, slots=True)
class Triangle:
    """Cohorts in order of time and the average row, a share (0 to 1) per column.

    `as_of` is the last day of complete data. Unbounded figures change as the range grows,
    so print it beside them.
    """

    cohorts: tuple[Cohort, ...]
    average: tuple[Decimal | None, ...]
    mode: Mode
    as_of: date

    @property
    def matrix(self) -> list[list[int | None]]:
        """The cells as a list of rows, each one shorter than the row above."""
        return [list(cohort.cells) for cohort in self.cohorts]


def retention(
    starts: Days,
    periods: Iterable[Period],
    *,
    as_of: date,
    kind: CohortKind | str = CohortKind.FIRST_TIME,
    mode: Mode | str = Mode.ON,
    returns: Days | None = None,
) -> Triangle:
    """Return the triangle of consecutive `periods` (PostHog, `test_retention_query_runner.py`).

    `starts` are the days of the start event with their whole history; `returns` those of
    the return event, the same days when None. Data is complete through `as_of`; periods
    not over by then are left blank and count for nothing else.
    """
    periods = list(periods)
    members = _cohort_members(starts, periods, CohortKind(kind))
    back = _returning(starts if returns is None else returns, periods, as_of)
    if Mode(mode) is Mode.UNBOUNDED:
        back = _or_later(back)
    cohorts = tuple(
        Cohort(period, len(cohort), _cells(cohort, back, index, len(periods)))
        for index, (period, cohort) in enumerate(zip(periods, members, strict=True))
    )
    return Triangle(cohorts, _average(cohorts), Mode(mode), as_of)


@dataclass(frozen=True, slots=True)
class SoFar:
    """A period that is not over: who began in it, and how many of each earlier cohort are back in it. In no average."""

    period: Period
    size: int
    back: tuple[int, ...]


def so_far(starts: Days, periods: Iterable[Period], running: Period, *, kind: CohortKind | str = CohortKind.FIRST_TIME) -> SoFar:
    """Return what is known of the `running` period that follows the consecutive whole `periods`; see `retention`."""
    *members, begun = _cohort_members(starts, [*periods, running], CohortKind(kind))
    now = active_within(starts, running.days())
    return SoFar(running, len(begun), tuple(cohort.intersection_cardinality(now) for cohort in members))


@dataclass(frozen=True, slots=True)
class Bracket:
    """Members back on any day of a span of days after their start, of those for whom the span is over."""

    first: int
    last: int
    retained: int
    size: int

    @property
    def share(self) -> Decimal | None:
        """Share (0 to 1) of the members whose span is over; None while nobody's is."""
        return ratio(self.retained, self.size)


def bracket_retention(
    starts: Mapping[int, date], returns: Days, brackets: Iterable[tuple[int, int]], *, as_of: date
) -> list[Bracket]:
    """Return retention in spans of days after each actor's start, both ends included (Mixpanel's example: 1-3, 4-7, 8-14).

    `starts` maps actor ordinal -> day of its first start event. An actor whose span is not over as of
    `as_of` is in neither part.
    """
    return [_bracket(starts, returns, first, last, as_of) for first, last in brackets]


def _bracket(starts: Mapping[int, date], returns: Days, first: int, last: int, as_of: date) -> Bracket:
    over = [(actor, start) for actor, start in starts.items() if start + timedelta(days=last) <= as_of]
    empty = BitMap()
    retained = sum(
        any(actor in returns.get(start + timedelta(days=offset), empty) for offset in range(first, last + 1))
        for actor, start in over
    )
    return Bracket(first, last, retained, len(over))


def active_enough(counts: Mapping[date, Mapping[int, int]], periods: Iterable[Period], least: int) -> Days:
    """Return who had at least `least` events within each single period, as if on its first day.

    `counts` maps day -> actor ordinal -> events. Feed the result to `retention` as `returns`: the
    size of a cohort does not depend on it.
    """
    return {period.start: _busy(counts, period, least) for period in periods}


def _busy(counts: Mapping[date, Mapping[int, int]], period: Period, least: int) -> BitMap:
    events: Counter[int] = Counter()
    for day in period.days():
        events.update(counts.get(day, {}))
    return BitMap(actor for actor, count in events.items() if count >= least)


def _cohort_members(starts: Days, periods: list[Period], kind: CohortKind) -> list[BitMap]:
    active = [active_within(starts, period.days()) for period in periods]
    if kind is CohortKind.RECURRING or not periods:
        return active
    return list(_first_timers(active, active_before(starts, periods[0].start)))


def _first_timers(active: Iterable[BitMap], seen: BitMap) -> Iterator[BitMap]:
    for now in active:
        yield now - seen
        seen = seen | now


def _returning(returns: Days, periods: list[Period], as_of: date) -> list[BitMap]:
    """Actors back in each period that is over; periods are in order, so the rest come last."""
    return [active_within(returns, p.days()) for p in periods if is_over(p, as_of)]


def _or_later(back: Sequence[BitMap]) -> list[BitMap]:
    result: list[BitMap] = []
    later = BitMap()
    for now in reversed(back):
        later = later | now
        result.append(later)
    return result[::-1]


def _cells(cohort: BitMap, back: Sequence[BitMap], index: int, periods: int) -> tuple[int | None, ...]:
    over = tuple(cohort.intersection_cardinality(now) for now in back[index:])
    # Column 0 is the size by definition: a start need not be a return as well.
    known = (len(cohort), *over[1:]) if over else ()
    return known + (None,) * (periods - index - len(known))


def _average(cohorts: Sequence[Cohort]) -> tuple[Decimal | None, ...]:
    """Sum of retained / sum of sizes over complete cells, which is not the mean of shares."""
    return tuple(_pooled_share(cohorts, offset) for offset in range(len(cohorts)))


def _pooled_share(cohorts: Sequence[Cohort], offset: int) -> Decimal | None:
    rows = [(cohort.cells[offset], cohort.size) for cohort in cohorts[: len(cohorts) - offset]]
    complete = [(cell, size) for cell, size in rows if cell is not None]
    return ratio(sum(cell for cell, _ in complete), sum(size for _, size in complete))
