"""Rows are read column by column and, where a question is left, value by value: both must say the same."""

from zoneinfo import ZoneInfo

from hypothesis import given
from hypothesis import strategies as st

from engagements.intake.rows import COLUMNS, RowReader, UsageLine
from tests.engagements.intake.test_files import MONDAY, TODAY

NAMES = st.sampled_from(["ann", " bob ", "Jose\u0301", "", None, "  ", "a\tb", "x" * 201, 7])
DAYS = st.sampled_from(["2026-03-02", " 2026-03-03 ", "2026-11-24", "1999-12-31", "soon", "", None, 3])
INSTANTS = st.sampled_from(["", None, "2026-03-01T23:30:00Z", "2026-03-02", "x"])
NUMBERS = st.sampled_from([1, 0, 1.0, -1, "1", "3.0", "", None, "x", 10**10])
ROWS = st.lists(
    st.tuples(NAMES, DAYS, INSTANTS, NAMES, NAMES, *[NUMBERS] * 6, NAMES) | st.just(()), min_size=1, max_size=8
)
# A list and a boolean cannot be looked up: with them, every row of the block is read value by value.
WITH_LIST = ("cem", "2026-03-02", None, [1], *[None] * 8)
WITH_BOOLEAN = ("cem", "2026-03-02", None, None, None, True, *[None] * 6)


def reader(with_ids: bool) -> RowReader:
    return RowReader(ZoneInfo("Europe/Berlin"), TODAY, with_ids=with_ids)


@given(rows=ROWS, with_ids=st.booleans(), last=st.sampled_from([WITH_LIST, WITH_BOOLEAN]))
def test_columns_and_single_values_give_the_same_lines_and_faults(rows: list, with_ids: bool, last: tuple) -> None:
    numbered = list(enumerate(rows, start=1))
    by_column, by_value = reader(with_ids), reader(with_ids)
    assert by_column.read(numbered) == by_value.read([*numbered, (len(rows) + 1, last)])[:-1]
    assert by_column.errors == [error for error in by_value.errors if error.row <= len(rows)]


def test_a_boolean_is_no_number_however_often_one_was_read_before() -> None:
    reading = reader(with_ids=False)
    good = ("cem", "2026-03-02", None, None, None, 1, *[None] * 6)
    assert reading.read([(1, good), (2, WITH_BOOLEAN)]) == [UsageLine("cem", MONDAY), None]
    assert [(error.row, error.column) for error in reading.errors] == [(2, "events")]


def test_an_event_needs_an_id_that_is_not_blank() -> None:
    reading = reader(with_ids=True)
    rows = [("cem", "2026-03-02", *[None] * 9, event_id) for event_id in ("1", " ", " 2 ")]
    assert [line and line.event_id for line in reading.read(list(enumerate(rows, start=1)))] == ["1", None, "2"]
    assert [(error.row, error.column) for error in reading.errors] == [(2, COLUMNS[-1])]
