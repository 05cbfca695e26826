"""The value of an engagement: the stored headline of its newest case, and the table of its lines by year."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from customers.models import ScopedRecordQuerySet
from engagements.metrics import roi
from engagements.metrics.returns import Return
from engagements.models import Engagement, ValueCase, ValueLine
from engagements.selectors.metric import Metrics
from engagements.selectors.value_flow import lines_of, metric_line, periods_of
from fde_portal.accounts.models import User


def cases_of(engagement: Engagement, user: User) -> ScopedRecordQuerySet:
    """What `user` sees of the engagement's cases, the newest first: that one is the headline."""
    return ValueCase.objects.visible_to(user).filter(engagement=engagement)


@dataclass(frozen=True, slots=True)
class Ranges:
    """How far the figures may lie apart: both ends at once, a simulation, and each input alone.

    `low` and `high` are running totals by period with every input at its cautious or hopeful end; their
    paybacks are years, None when not within the horizon. The simulation is None for tried inputs: the worker
    runs it for what is stored. `moves` are (key of the input, net present value
    with it at either end), the largest effect first. `above_zero` is the share of the draws, 0 to 1.
    """

    low_npv: Decimal
    high_npv: Decimal
    low_payback: Decimal | None
    high_payback: Decimal | None
    p10: Decimal | None
    p50: Decimal | None
    p90: Decimal | None
    above_zero: Decimal | None
    draws: int
    moves: tuple[tuple[str, Decimal, Decimal], ...]
    low: tuple[Decimal, ...]
    high: tuple[Decimal, ...]


@dataclass(frozen=True, slots=True)
class ValueFigures:
    """The stored headline of one case in its currency, as of a local day.

    `roi_pct` rests on present values, `simple_roi_pct` on undiscounted sums; both are None without
    costs. `payback_years` is None when it is not within the horizon. `net` has a sum for each period from
    time 0, `periods` of them a year. `ranges`, `irr` and `xirr` are None for a snapshot from before there were any.
    """

    as_of: date
    currency: str
    pv_benefits: Decimal
    pv_costs: Decimal
    npv: Decimal
    roi_pct: Decimal | None
    simple_roi_pct: Decimal | None
    payback_years: Decimal | None
    net: tuple[Decimal, ...]
    cumulative: tuple[Decimal, ...]
    periods: int = 1
    ranges: Ranges | None = None
    starts_on: date | None = None
    irr: Return | None = None
    xirr: Return | None = None

    @property
    def horizon(self) -> int:
        """The years of the case."""
        return (len(self.net) - 1) // self.periods

    @property
    def dips_again_in(self) -> int | None:
        """The first year at whose end the money is gone again after it had come back."""
        if self.payback_years is None:
            return None
        back = self.payback_years * self.periods
        found = next((at for at, total in enumerate(self.cumulative) if at >= back and total < 0), None)
        return None if found is None else -(-found // self.periods)

    @property
    def yearly_return(self) -> Decimal | None:
        """Mean net amount of the years that begin after the money is back; None without such a year."""
        if self.payback_years is None:
            return None
        years = roi.by_year(self.net) if self.periods == roi.MONTHS else self.net
        after = [net for year, net in enumerate(years) if year and year - 1 >= self.payback_years]
        return sum(after, roi.ZERO) / len(after) if after else None


def value_figures(metrics: Metrics | None) -> ValueFigures | None:
    """The headline in a snapshot, with decimals as such; None where it has none."""
    value = metrics.values["value"] if metrics else None
    if value is None:
        return None
    totals = metrics.series["cumulative"]
    benefits, costs = Decimal(value["total_benefits"]), Decimal(value["total_costs"])
    return ValueFigures(
        as_of=metrics.day,
        currency=value["currency"],
        pv_benefits=Decimal(value["pv_benefits"]),
        pv_costs=Decimal(value["pv_costs"]),
        npv=Decimal(value["npv"]),
        roi_pct=_decimal(value["roi_pct"]),
        simple_roi_pct=roi.return_on_cost_pct(benefits, costs),
        payback_years=_decimal(value["payback_years"]),
        net=tuple(Decimal(row["net"]) for row in totals),
        cumulative=tuple(Decimal(row["cumulative"]) for row in totals),
        periods=value.get("periods", 1),
        ranges=ranges_from(value["ranges"], totals) if value.get("ranges") else None,
        starts_on=date.fromisoformat(value["starts_on"]) if value.get("starts_on") else None,
        irr=return_from(value.get("irr")),
        xirr=return_from(value.get("xirr")),
    )


def return_from(stored: dict[str, Any] | None) -> Return | None:
    return stored and Return(_decimal(stored["rate"]), stored["is_ambiguous"], stored["is_too_short"])


def ranges_from(stored: dict[str, Any], totals: list[dict[str, Any]]) -> Ranges:
    """The stored ranges with decimals as such."""
    numbers = {name: _decimal(stored[name]) for name in ("low_npv", "high_npv", "low_payback", "high_payback", "p10", "p50", "p90", "above_zero")}
    return Ranges(
        **numbers,
        draws=stored["draws"],
        moves=tuple((row["key"], Decimal(row["low"]), Decimal(row["high"])) for row in stored["moves"]),
        low=tuple(Decimal(row["low"]) for row in totals),
        high=tuple(Decimal(row["high"]) for row in totals),
    )


def _decimal(text: str | None) -> Decimal | None:
    return None if text is None else Decimal(text)


def figures_of_case(metrics: Metrics | None, case: ValueCase) -> ValueFigures | None:
    """The stored headline when it is that of `case`; None while another case, or none, was computed."""
    stored = metrics.values["value"] if metrics else None
    return value_figures(metrics) if stored and stored["case_id"] == case.pk else None


@dataclass(frozen=True, slots=True)
class YearRow:
    """A line of the table: what counts in each year from time 0, costs negative, and their sum."""

    line: ValueLine | None  # None for a sum
    amounts: tuple[Decimal, ...]

    @property
    def total(self) -> Decimal:
        return sum(self.amounts, roi.ZERO)


@dataclass(frozen=True, slots=True)
class YearTable:
    """Benefits, then costs, undiscounted, after attribution, confidence and risk."""

    benefits: list[YearRow]
    costs: list[YearRow]
    net: YearRow


def year_table(case: ValueCase, inputs: Mapping[str, Decimal] | None = None) -> YearTable:
    """The case by line and year, in three statements, also where it counts by month; `inputs` replace expected values."""
    lines, given = list(lines_of(case)), inputs or {}
    benefits = [YearRow(line, yearly_flow(line, case, given)) for line in lines if line.is_benefit]
    costs = [YearRow(line, _negative(yearly_flow(line, case, given))) for line in lines if not line.is_benefit]
    net = roi.summed([row.amounts for row in (*benefits, *costs)] or [(roi.ZERO,) * (case.years + 1)])
    return YearTable(benefits, costs, YearRow(None, net))


def yearly_flow(line: ValueLine, case: ValueCase, inputs: Mapping[str, Decimal]) -> tuple[Decimal, ...]:
    """What one line counts for in each year from time 0; positive for benefits and for costs alike."""
    flows = metric_line(line, case).flows(inputs) or (roi.ZERO,) * (case.years + 1)
    return roi.by_year(flows) if periods_of(case) == roi.MONTHS and len(flows) > case.years + 1 else flows


def _negative(flow: Sequence[Decimal]) -> tuple[Decimal, ...]:
    return tuple(roi.ZERO - amount for amount in flow)
