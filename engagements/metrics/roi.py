"""Value of an engagement: the yearly layout of the TEI method (Forrester), and our own by month.

Every list of flows is periodic: index 0 is the initial column at time 0, index n the end of
period n. `periods` says how many of them make a year: 1 in a study, 12 by month, where month m
lies at m/12 of a year and the rate stays the yearly one. Amounts are Decimals in one currency,
positive for benefits and for costs alike. Nothing here is rounded: that is for display (`rounding`).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import accumulate, zip_longest

Flows = Sequence[Decimal]

ZERO = Decimal(0)
MONTHS = 12


def adjusted_benefit(flows: Flows, risk: Decimal) -> tuple[Decimal, ...]:
    """Return benefits cut by their risk factor (0 to 1), before any discounting."""
    return tuple(flow * (1 - risk) for flow in flows)


def adjusted_cost(flows: Flows, risk: Decimal) -> tuple[Decimal, ...]:
    """Return costs raised by their risk factor (0 to 1), before any discounting."""
    return tuple(flow * (1 + risk) for flow in flows)


def summed(lines: Sequence[Flows]) -> tuple[Decimal, ...]:
    """Return the sums of several lines by period; a shorter line is 0 from its end on."""
    return tuple(sum(period, ZERO) for period in zip_longest(*lines, fillvalue=ZERO))


def present_value(flows: Flows, rate: Decimal, first_period: int = 0, periods: int = 1) -> Decimal:
    """Return flows discounted by (1 + yearly rate)^(period / periods); of net flows this is the NPV.

    `first_period` 0 places the first flow now (numpy), 1 one period away (Excel).
    Raises ValueError for a rate of -1 or less.
    """
    if rate <= -1:
        raise ValueError("a discount rate must be above -1")
    return sum((flow / (1 + rate) ** (Decimal(at) / periods) for at, flow in enumerate(flows, first_period)), ZERO)


def by_year(flows: Flows) -> tuple[Decimal, ...]:
    """Return monthly flows as a yearly study lists them: time 0, then each twelve months at the year's end."""
    return (*flows[:1], *(sum(flows[at : at + MONTHS], ZERO) for at in range(1, len(flows), MONTHS)))


def return_on_cost_pct(benefits: Decimal, costs: Decimal) -> Decimal | None:
    """Return 100 x (benefits - costs) / costs, or None when costs are 0.

    Of present values it is the ROI of the TEI method, of plain sums the simple ROI:
    never show it without saying which.
    """
    return 100 * (benefits - costs) / costs if costs else None


@dataclass(frozen=True, slots=True)
class Payback:
    """Years from time 0 until the money is back; None when not within the horizon.

    `dips_again` warns that the running total falls below 0 once more afterwards.
    """

    years: Decimal | None
    dips_again: bool = False


def payback(net: Flows, periods: int = 1) -> Payback:
    """Return when the undiscounted running total of net flows is back at 0 for the first time.

    Linear inside a period. 0 when benefits come before any cost; None when nothing flows.
    """
    totals = list(accumulate(net))
    start = next((at for at, flow in enumerate(net) if flow), None)
    if start is None:
        return Payback(None)
    if net[start] > 0:
        return Payback(ZERO, _below_zero(totals))
    back = next((at for at in range(start, len(totals)) if totals[at] >= 0), None)
    if back is None:
        return Payback(None)
    return Payback((back - 1 - totals[back - 1] / net[back]) / periods, _below_zero(totals[back:]))


def _below_zero(totals: Sequence[Decimal]) -> bool:
    return any(total < 0 for total in totals)


@dataclass(frozen=True, slots=True)
class CashFlow:
    """The risk-adjusted table and its headlines.

    `net` and `cumulative` have one amount per period from time 0, undiscounted.
    `roi_pct` rests on present values, `simple_roi_pct` on undiscounted sums; both are
    None without costs. `payback_years` is None when not reached within the horizon.
    """

    benefits: tuple[Decimal, ...]
    costs: tuple[Decimal, ...]
    net: tuple[Decimal, ...]
    cumulative: tuple[Decimal, ...]
    discount_rate: Decimal
    total_benefits: Decimal
    total_costs: Decimal
    total_net: Decimal
    pv_benefits: Decimal
    pv_costs: Decimal
    npv: Decimal
    roi_pct: Decimal | None
    simple_roi_pct: Decimal | None
    payback_years: Decimal | None
    payback_dips_again: bool
    periods: int = 1


def cash_flow(benefits: Flows, costs: Flows, discount_rate: Decimal, periods: int = 1) -> CashFlow:
    """Return the table of risk-adjusted `benefits` and `costs` by period (TEI method).

    A shorter list is 0 from its end on. `discount_rate` is yearly, 0.10 in the studies.
    Raises ValueError for a rate of -1 or less.
    """
    rows = list(zip_longest(benefits, costs, fillvalue=ZERO))
    net = tuple(benefit - cost for benefit, cost in rows)
    total_benefits, total_costs = sum(benefits, ZERO), sum(costs, ZERO)
    pv_benefits = present_value(benefits, discount_rate, periods=periods)
    pv_costs = present_value(costs, discount_rate, periods=periods)
    back = payback(net, periods)
    return CashFlow(
        benefits=tuple(benefit for benefit, _ in rows),
        costs=tuple(cost for _, cost in rows),
        net=net,
        cumulative=tuple(accumulate(net)),
        discount_rate=discount_rate,
        total_benefits=total_benefits,
        total_costs=total_costs,
        total_net=total_benefits - total_costs,
        pv_benefits=pv_benefits,
        pv_costs=pv_costs,
        npv=pv_benefits - pv_costs,
        roi_pct=return_on_cost_pct(pv_benefits, pv_costs),
        simple_roi_pct=return_on_cost_pct(total_benefits, total_costs),
        payback_years=back.years,
        payback_dips_again=back.dips_again,
        periods=periods,
    )
