"""The weekly table, where the reference log has nothing to say."""

from datetime import date, timedelta

from pyroaring import BitMap

from engagements.metrics.periods import iter_periods
from engagements.metrics.series import united, until, week_table

MONDAY = date(2026, 3, 2)
WEDNESDAY = MONDAY + timedelta(days=2)


def test_windows_of_the_running_week_end_where_the_data_end():
    days = {MONDAY - timedelta(days=25): BitMap([1]), WEDNESDAY: BitMap([2])}
    weeks = list(iter_periods(MONDAY, MONDAY, "week"))

    running = week_table(days, weeks, as_of=WEDNESDAY, measured_until=WEDNESDAY)[0]
    whole = week_table(days, weeks, as_of=WEDNESDAY, measured_until=weeks[0].last_day)[0]

    assert (running.measured_on, running.mau28, running.partial) == (WEDNESDAY, 2, True)
    assert (whole.measured_on, whole.mau28, whole.partial) == (MONDAY + timedelta(days=6), 1, True)


def test_union_of_deliverables_leaves_their_own_days_untouched():
    first, second = {MONDAY: BitMap([1])}, {MONDAY: BitMap([2]), WEDNESDAY: BitMap([2])}

    assert united([first, second]) == {MONDAY: BitMap([1, 2]), WEDNESDAY: BitMap([2])}
    assert (first, second[MONDAY]) == ({MONDAY: BitMap([1])}, BitMap([2]))


def test_later_days_are_cut_off():
    assert until({MONDAY: BitMap([1]), WEDNESDAY: BitMap([2])}, MONDAY) == {MONDAY: BitMap([1])}
