"""Edges and properties of rates of return and of dated flows."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engagements.metrics.returns import Return, irr, xirr, xnpv
from engagements.metrics.roi import present_value
from tests.engagements.metrics.published import cases

START = date(2024, 2, 29)

amounts = st.decimals(-(10**7), 10**7, places=2)
rates = st.decimals("-0.5", "2", places=3)
days = st.dates(date(2023, 1, 1), date(2033, 12, 31))


def flows(*values: int) -> list[Decimal]:
    return [Decimal(value) for value in values]


@pytest.mark.parametrize("series", [flows(), flows(0, 0), flows(1, 2, 3), flows(-1, -2), flows(-5)])
def test_without_a_change_of_sign_there_is_no_rate(series):
    assert irr(series) == Return(None)


def test_a_rate_that_the_value_only_touches_is_found():
    # No better than that: near such a rate the value is flat.
    assert round(irr(flows(100, -220, 121)).rate, 4) == Decimal("0.1")


def test_of_several_rates_the_smallest_that_is_not_negative_counts():
    assert irr(flows(-100, 230, -132)) == Return(Decimal("0.1"), is_ambiguous=True)


def test_several_rates_of_published_flows_are_told_apart():
    """irr-np-44b has a second root below -99.9 %, where no rate is looked for."""
    flows_of = {case["id"]: [Decimal(flow) for flow in case["input"]["flows"]] for case in cases("roi.json", "irr")}

    assert [name for name, series in flows_of.items() if irr(series).is_ambiguous] == ["irr-trailing-zeros"]


def test_among_losses_the_one_nearest_zero_counts():
    # Worth nothing at -20 % and at -10 %.
    found = irr([Decimal(1), Decimal("-1.7"), Decimal("0.72")])

    assert found == Return(Decimal("-0.1"), is_ambiguous=True)


@pytest.mark.parametrize("series", [flows(-1, 10**30), flows(-(10**15), 1)], ids=["absurd gain", "nearly all lost"])
def test_a_rate_beyond_all_sense_is_not_given(series):
    assert irr(series).rate is None


def test_a_short_span_gives_no_yearly_rate():
    loss = [(START, Decimal(-100)), (START + timedelta(days=89), Decimal(50))]

    assert xirr(loss) == Return(None, is_too_short=True)
    assert xirr([(START, Decimal(-100)), (START + timedelta(days=365), Decimal(110))]).rate == Decimal("0.1")
    assert xirr([]) == Return(None, is_too_short=True)


def test_a_leap_day_counts_as_a_day():
    assert xnpv([(date(2024, 2, 28), Decimal(0)), (date(2024, 3, 1), Decimal(100))], Decimal(1)) == Decimal(100) / Decimal(2) ** (
        Decimal(2) / 365
    )


def test_flows_on_one_day_are_worth_their_sum():
    assert xnpv([(START, Decimal(5)), (START, Decimal(7))], Decimal("0.1")) == 12
    assert xnpv([], Decimal("0.1")) == 0


def test_a_rate_that_divides_by_nothing_is_refused():
    with pytest.raises(ValueError, match="above -1"):
        xnpv([(START, Decimal(5))], Decimal(-1))


@given(st.lists(st.tuples(days, amounts), min_size=2, max_size=8), rates, st.randoms())
def test_the_order_of_dated_flows_does_not_matter(series, rate, random):
    mixed = list(series)
    random.shuffle(mixed)

    assert abs(xnpv(mixed, rate) - xnpv(series, rate)) < Decimal("1e-12")
    assert xirr(mixed) == xirr(series)


@given(st.lists(st.decimals(0, 10**6, places=2), min_size=1, max_size=6), st.decimals(1, 10**6, places=2))
def test_at_its_rate_an_investment_is_worth_nothing(returned, paid):
    series = [-paid, *returned]
    found = irr(series)

    if found.rate is not None:
        scale = sum(returned) + paid
        assert abs(present_value(series, found.rate)) <= scale * Decimal("1e-6") * (1 + (1 + found.rate) ** -len(returned))
