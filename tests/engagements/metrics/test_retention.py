"""Properties and edges of cohort triangles."""

from datetime import date
from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st
from pyroaring import BitMap

from engagements.metrics.periods import Interval, Period
from engagements.metrics.retention import retention
from tests.engagements.metrics.strategies import activity, period_runs, some_day

WEEKS = [Period(date(2024, 1, day), Interval.WEEK) for day in (1, 8, 15)]
DAYS = {
    date(2024, 1, 2): BitMap([1, 2, 3, 4]),
    date(2024, 1, 9): BitMap([1, 5]),
    date(2024, 1, 16): BitMap([1, 2, 5]),
}
END = WEEKS[-1].last_day

kinds = st.sampled_from(["first_time", "recurring"])


def test_a_period_that_is_not_over_is_blank_and_not_zero():
    triangle = retention(DAYS, WEEKS, as_of=date(2024, 1, 20))

    assert triangle.matrix == [[4, 1, None], [1, None], [None]]


def test_a_running_period_counts_for_nothing_in_unbounded_cells():
    triangle = retention(DAYS, WEEKS, as_of=date(2024, 1, 20), mode="unbounded")

    assert triangle.matrix == [[4, 1, None], [1, None], [None]]


def test_history_before_the_range_decides_who_is_new():
    triangle = retention(DAYS, WEEKS[1:], as_of=END)

    assert [cohort.size for cohort in triangle.cohorts] == [1, 0]


def test_the_average_row_weighs_cohorts_by_their_size():
    triangle = retention(DAYS, WEEKS, as_of=END)

    assert triangle.matrix == [[4, 1, 2], [1, 1], [0]]
    assert triangle.average == (1, Decimal("0.4"), Decimal("0.5"))


def test_the_average_row_is_blank_where_no_cell_is_complete():
    triangle = retention(DAYS, WEEKS, as_of=date(2024, 1, 14))

    assert triangle.average == (1, Decimal("0.2") + Decimal("0.05"), None)


def test_a_share_of_nobody_does_not_exist():
    empty = retention(DAYS, WEEKS, as_of=END).cohorts[2]

    assert (empty.size, empty.share(0)) == (0, None)


def test_without_periods_there_is_no_triangle():
    assert retention(DAYS, [], as_of=END).matrix == []


@given(activity, period_runs(), kinds, some_day)
def test_retention_never_exceeds_its_cohort(days, periods, kind, as_of):
    for cohort in retention(days, periods, as_of=as_of, kind=kind, mode="unbounded").cohorts:
        assert all(cell is None or 0 <= cell <= cohort.size for cell in cohort.cells)


@given(activity, period_runs(), kinds, some_day)
def test_unbounded_retention_never_rises_and_ends_like_the_bounded_one(days, periods, kind, as_of):
    bounded = retention(days, periods, as_of=as_of, kind=kind).matrix
    for row, later in zip(
        bounded, retention(days, periods, as_of=as_of, kind=kind, mode="unbounded").matrix, strict=True
    ):
        known = [cell for cell in later if cell is not None]
        assert known == sorted(known, reverse=True)
        assert known[-1:] == [cell for cell in row if cell is not None][-1:]


@given(activity, period_runs())
def test_first_time_cohorts_share_nobody(days, periods):
    triangle = retention(days, periods, as_of=periods[-1].last_day)
    active = set().union(*(days.get(day, ()) for period in periods for day in period.days()))

    assert sum(cohort.size for cohort in triangle.cohorts) <= len(active)
