"""How large the figures of a value case may get, so that each column, sum and drawing can hold them. Units of the case's currency."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from engagements.metrics.roi import MONTHS, CashFlow
from engagements.metrics.value_lines import MINUTES_PER_HOUR, Unit, product

MOST_DRIVERS = 12
# One amount, and what one line is worth in a year.
LARGEST = Decimal("999999999999.99")
# What a whole case may come to. Cents of hundreds of such cases still add up in 64 bits.
LARGEST_CASE = Decimal(10) ** 14


def largest_year(drivers: Sequence[tuple[Unit, Decimal]], *, by_month: bool, exchange_rate: Decimal) -> Decimal:
    """What a product of drivers, each given by its unit and its larger end, is worth in a full year."""
    minutes = sum(unit == Unit.MINUTES for unit, _ in drivers)
    worth = product(abs(end) for _, end in drivers) / MINUTES_PER_HOUR**minutes
    return worth * exchange_rate * (MONTHS if by_month else 1)


def fits(flow: CashFlow) -> bool:
    """Whether the figures of a case can be kept; one that does not fit has none."""
    sums = (flow.total_benefits, flow.total_costs, flow.pv_benefits, flow.pv_costs, *flow.cumulative)
    return all(abs(amount) <= LARGEST_CASE for amount in sums)
