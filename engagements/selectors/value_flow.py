"""The flows of a value case, of all its lines or of those the customer sees."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.db.models import Prefetch, QuerySet

from engagements.metrics import returns, roi, value_lines
from engagements.metrics.value_ledger import Plan
from engagements.metrics.value_limits import fits
from engagements.metrics.value_lines import Driver, Line, Unit
from engagements.models.value import Confidence, ValueCase, ValueDriver, ValueLine

CONFIDENCE_WEIGHTS = {
    Confidence.OBSERVED: Decimal("1.0"),
    Confidence.CALCULATED: Decimal("0.8"),
    Confidence.ESTIMATED: Decimal("0.5"),
    Confidence.ASSUMED: Decimal("0.25"),
}
ONE = Decimal(1)


def lines_of(case: ValueCase) -> QuerySet[ValueLine]:
    """The lines with their amounts and drivers, in three statements."""
    return case.lines.select_related("case").prefetch_related("amounts", Prefetch("drivers", ValueDriver.objects.order_by("position", "id")))


def case_flow(case: ValueCase, inputs: Mapping[str, Decimal] | None = None) -> roi.CashFlow:
    """Return the risk-adjusted table of a case, all its lines, each weighed once; `inputs` replace expected values.

    A benefit counts by its attribution, capture and confidence, then loses its risk adjustment; a cost
    counts by its attribution and is raised by its own.
    """
    return value_lines.flow_of(metric_lines(case, lines_of(case)), case.discount_rate, periods_of(case), inputs)


def shared_flow(case: ValueCase) -> roi.CashFlow | None:
    """The same table of the shared lines alone; None when no line is shared, or they come to more than figures can be."""
    lines = list(lines_of(case).filter(is_shared=True))
    flow = value_lines.flow_of(metric_lines(case, lines), case.discount_rate, periods_of(case))
    return flow if lines and fits(flow) else None


@dataclass(frozen=True, slots=True)
class Rates:
    """The rates of return of a case: of its yearly sums, and of its flows on their days."""

    yearly: returns.Return
    dated: returns.Return


def rates_of(flow: roi.CashFlow, starts_on: date) -> Rates:
    years = roi.by_year(flow.net) if flow.periods == roi.MONTHS else flow.net
    return Rates(returns.irr(years), returns.xirr(Plan(starts_on, flow.periods).dated(flow.net)))


@dataclass(frozen=True, slots=True)
class Parts:
    """What a case's present value of benefits is made of, parts that may overlap, and its gross hours.

    `capacity`: hours released, as money. `assumed`: lines whose weakest input is an assumption.
    """

    capacity: Decimal
    assumed: Decimal
    hours: Decimal


def parts_of(case: ValueCase, rows: Sequence[ValueLine]) -> Parts:
    """`rows` are read by `lines_of`."""
    rate, periods = case.discount_rate, periods_of(case)
    worth = {row.pk: roi.present_value(metric_line(row, case).flows({}), rate, periods=periods) for row in rows if row.is_benefit}
    hours = (metric_line(row, case).hours({}) or () for row in rows if row.is_hours)
    return Parts(
        capacity=sum((worth[row.pk] for row in rows if row.is_hours), roi.ZERO),
        assumed=sum((worth[row.pk] for row in rows if row.is_benefit and row.certainty == Confidence.ASSUMED), roi.ZERO),
        hours=sum((sum(found, roi.ZERO) for found in hours), roi.ZERO),
    )


def periods_of(case: ValueCase) -> int:
    """How many periods of the case make a year."""
    return roi.MONTHS if case.layout == ValueCase.Layout.MONTHS else 1


def metric_lines(case: ValueCase, lines: Iterable[ValueLine]) -> list[Line]:
    """The lines as arithmetic takes them."""
    return [metric_line(line, case) for line in lines]


def metric_line(line: ValueLine, case: ValueCase) -> Line:
    by_drivers = line.basis == ValueLine.Basis.DRIVERS
    return Line(
        key=f"line-{line.pk}",
        is_benefit=line.is_benefit,
        is_hours=line.is_hours,
        drivers=tuple(metric_driver(driver) for driver in line.drivers.all()) if by_drivers else (range_of(line),),
        schedule=_running(line, case) if by_drivers else _amounts(line, case),
        share=_share(line, case),
        risk=line.risk_adjustment,
    )


def metric_driver(driver: ValueDriver) -> Driver:
    return Driver(driver.key, Unit(driver.unit), driver.low, driver.expected, driver.high)


def range_of(line: ValueLine) -> Driver:
    """Fixed amounts have one input: how much of them comes."""
    return Driver(f"range-{line.pk}", Unit.COUNT, line.low_share, ONE, line.high_share)


def _share(line: ValueLine, case: ValueCase) -> Decimal:
    share = line.attribution * line.exchange_rate
    if not line.is_benefit:
        return share  # no weight of confidence: doubt about a cost must not make it smaller
    return share * line.capture * (CONFIDENCE_WEIGHTS[Confidence(line.certainty)] if case.weighs_confidence else ONE)


def _amounts(line: ValueLine, case: ValueCase) -> tuple[Decimal, ...]:
    """Amounts by year; by month each is spread evenly over its twelve months."""
    by_year = {amount.year: amount.amount for amount in line.amounts.all()}
    years = [by_year.get(year, roi.ZERO) for year in range(case.years + 1)]
    if periods_of(case) == 1:
        return tuple(years)
    return (years[0], *(amount / roi.MONTHS for amount in years[1:] for _ in range(roi.MONTHS)))


def _running(line: ValueLine, case: ValueCase) -> tuple[Decimal, ...]:
    """How much of the product each period has: month by month with its ramp, added up where the case counts by year."""
    if not line.drivers.all():
        return ()
    months = value_lines.ramped(case.years * roi.MONTHS, begins=line.begins_month, ramp=line.ramp_months)
    each = ONE if line.per == ValueLine.Per.MONTH else ONE / roi.MONTHS
    weights = tuple(month * each for month in months)
    return weights if periods_of(case) == roi.MONTHS else roi.by_year(weights)
