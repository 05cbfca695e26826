"""The value of an engagement: the stored headline of its newest case, and the table of its lines by year."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from customers.models import ScopedRecordQuerySet
from engagements.metrics import roi
from engagements.models import Engagement, ValueCase, ValueLine
from engagements.selectors.metric import Metrics
from engagements.selectors.value_flow import line_flow
from fde_portal.accounts.models import User


def cases_of(engagement: Engagement, user: User) -> ScopedRecordQuerySet:
    """What `user` sees of the engagement's cases, the newest first: that one is the headline."""
    return ValueCase.objects.visible_to(user).filter(engagement=engagement)


@dataclass(frozen=True, slots=True)
class ValueFigures:
    """The stored headline of one case in its currency, as of a local day.

    `roi_pct` rests on present values, `simple_roi_pct` on undiscounted sums; both are None without
    costs. `payback_years` is None when it is not within the horizon. `net` has a sum for each year from time 0.
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

    @property
    def horizon(self) -> int:
        return len(self.net) - 1

    @property
    def dips_again_in(self) -> int | None:
        """The first year at whose end the money is gone again after it had come back."""
        if self.payback_years is None:
            return None
        later = enumerate(self.cumulative)
        return next((year for year, total in later if year >= self.payback_years and total < 0), None)

    @property
    def yearly_return(self) -> Decimal | None:
        """Mean net amount of the years that begin after the money is back; None without such a year."""
        if self.payback_years is None:
            return None
        after = [net for year, net in enumerate(self.net) if year and year - 1 >= self.payback_years]
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


def year_table(case: ValueCase) -> YearTable:
    """The case by line and year, two statements."""
    lines = list(case.lines.prefetch_related("amounts"))
    benefits = [YearRow(line, tuple(line_flow(line, case))) for line in lines if line.is_benefit]
    costs = [YearRow(line, _negative(line_flow(line, case))) for line in lines if not line.is_benefit]
    net = roi.summed([row.amounts for row in (*benefits, *costs)] or [(roi.ZERO,) * (case.years + 1)])
    return YearTable(benefits, costs, YearRow(None, net))


def _negative(flow: Sequence[Decimal]) -> tuple[Decimal, ...]:
    return tuple(roi.ZERO - amount for amount in flow)
