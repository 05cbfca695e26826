"""The productization rate: whom it counts, and to the day."""

from datetime import date, timedelta

import pytest

from engagements.metrics.field_signals import Share, productization_rate

TODAY = date(2026, 11, 28)


def day(back):
    return None if back is None else TODAY - timedelta(days=back)


def rate(starts, *signals):
    return productization_rate(
        {key: day(back) for key, back in starts.items()},
        [(key, day(accepted), day(shipped)) for key, accepted, shipped in signals],
        TODAY,
    )


@pytest.mark.parametrize(("back", "n"), [(89, 0), (90, 1), (400, 1)])
def test_an_engagement_counts_from_its_ninetieth_day(back, n):
    assert rate({"a": back}) == Share(0, n)


@pytest.mark.parametrize(
    ("accepted", "shipped", "k"),
    [
        (100, 10, 1),  # on the ninetieth day
        (101, 10, 0),
        (10, 10, 1),
        (None, 10, 0),
        (100, None, 0),
        (10, -1, 0),  # promised for tomorrow
    ],
)
def test_shipped_within_ninety_days_of_its_acceptance(accepted, shipped, k):
    assert rate({"a": 200}, ("a", accepted, shipped)) == Share(k, 1)


def test_an_engagement_counts_once_and_one_signal_in_time_is_enough():
    starts = {"a": 200, "b": 200, "young": 30}
    signals = [("a", 190, 20), ("a", 60, 20), ("a", 50, 20), ("young", 20, 10), ("archived", 60, 20)]
    assert rate(starts, *signals) == Share(1, 2)


def test_below_five_there_is_no_percentage():
    assert Share(3, 4).rate is None
    assert Share(0, 0).rate is None
    assert Share(2, 5).rate == 0.4
