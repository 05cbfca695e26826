"""Random activity for properties: up to 60 days from a Monday, up to 20 actors."""

from datetime import date, timedelta

from hypothesis import strategies as st
from pyroaring import BitMap

from engagements.metrics.periods import Interval, iter_periods

START = date(2024, 1, 1)

some_day = st.integers(0, 59).map(lambda offset: START + timedelta(days=offset))
activity = st.dictionaries(some_day, st.sets(st.integers(0, 19)).map(BitMap))
intervals = st.sampled_from(list(Interval))
first_weekdays = st.integers(0, 6)


@st.composite
def period_runs(draw):
    """Consecutive periods somewhere in the span, so that history before them is likely."""
    first, last = sorted((draw(some_day), draw(some_day)))
    return list(iter_periods(first, last, draw(intervals), draw(first_weekdays)))
