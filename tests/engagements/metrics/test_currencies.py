"""Amounts of several currencies in one, by dated rates."""

from datetime import date, timedelta
from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from engagements.metrics.currencies import Rate, Rates

LEAP = date(2024, 2, 29)
KNOWN = [Rate("USD", LEAP, Decimal("0.9")), Rate("USD", date(2025, 1, 1), Decimal("0.8")), Rate("JPY", LEAP, Decimal("0.006"))]
amounts = st.decimals(-(10**12), 10**12, places=2)
days = st.dates(date(2020, 1, 1), date(2030, 1, 1))


def test_the_newest_rate_of_the_day_counts_and_never_a_later_one():
    rates = Rates("EUR", reversed(KNOWN))

    found = [rates.on("USD", day) for day in (LEAP - timedelta(days=1), LEAP, date(2024, 12, 31), date(2025, 1, 1), date(2031, 1, 1))]
    assert [rate and rate.worth for rate in found] == [None, Decimal("0.9"), Decimal("0.9"), Decimal("0.8"), Decimal("0.8")]


def test_without_a_rate_an_amount_is_unknown_and_not_nothing():
    assert Rates("EUR", KNOWN).converted(Decimal(5), "CHF", LEAP) is None
    assert Rates("EUR", ()).converted(Decimal(5), "EUR", LEAP) == 5


@given(st.permutations(KNOWN), amounts, days)
def test_the_order_of_rates_changes_nothing(rates, amount, day):
    assert Rates("EUR", rates).converted(amount, "USD", day) == Rates("EUR", KNOWN).converted(amount, "USD", day)


@given(st.lists(amounts, max_size=6))
def test_a_sum_converted_is_the_sum_of_what_is_converted(found):
    rates, day = Rates("EUR", KNOWN), date(2025, 6, 1)

    assert sum((rates.converted(amount, "USD", day) for amount in found), Decimal(0)) == rates.converted(sum(found, Decimal(0)), "USD", day)
