"""What a value story tells: a case as it is stored or tried, its inputs, and what moves it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from django.utils.translation import gettext as _

from engagements.metrics import roi
from engagements.metrics.value_limits import fits
from engagements.metrics.value_lines import Driver, Scenario, cash_lines, flow_of, inputs_of, moves
from engagements.models import Confidence, ValueCase, ValueDriver, ValueLine
from engagements.selectors.value_flow import lines_of, metric_driver, metric_lines, periods_of, range_of
from engagements.selectors.value_method import case_method
from fde_portal.core import formats

RATE_KEY = "discount_rate"
PERCENT = 100
BLOCKS = {Confidence.OBSERVED: 3, Confidence.CALCULATED: 2, Confidence.ESTIMATED: 1, Confidence.ASSUMED: 0}


@dataclass(frozen=True, slots=True)
class Input:
    """One input as the page shows and takes it. Shares are typed in percent (`scale` 100)."""

    key: str
    name: str
    line: str
    unit: str
    low: str
    expected: str
    high: str
    scale: int
    confidence: str
    blocks: int
    source: str
    is_changed: bool = False


@dataclass(frozen=True, slots=True)
class Bar:
    """One input of the list of effects, drawn from the value of the case, as tried, to either end, in percent of the width."""

    name: str
    low: str
    high: str
    low_label: str
    high_label: str
    low_x: float
    low_width: float
    high_x: float
    high_width: float


@dataclass(frozen=True, slots=True)
class Story:
    """A case told: `flow` as tried, `low` and `high` with every input at one end, `cash` without hours released."""

    case: ValueCase
    flow: roi.CashFlow
    low: roi.CashFlow
    high: roi.CashFlow
    cash: roi.CashFlow
    hours: Decimal | None
    inputs: list[Input]
    bars: list[Bar]
    weakest: str
    assumed: int
    rate: Decimal
    method: list[str]

    @property
    def fits(self) -> bool:
        """Whether it can be told: see metrics/value_limits.py."""
        return all(fits(flow) for flow in (self.flow, self.low, self.high))


def story_of(case: ValueCase, changed: Mapping[str, Decimal]) -> Story:
    """Compute a story in three statements; `changed` holds tried inputs by key, 0 to 1 for shares and the discount rate."""
    rows = list(lines_of(case))
    lines, periods, rate = metric_lines(case, rows), periods_of(case), changed.get(RATE_KEY, case.discount_rate)
    low, high = (flow_of(lines, rate, periods, inputs_of(lines, end) | dict(changed)) for end in (Scenario.LOW, Scenario.HIGH))
    flow = flow_of(lines, rate, periods, changed)
    hours = [found for line in lines if (found := line.hours(changed))]
    inputs = list({shown.key: shown for row in reversed(rows) for shown in reversed(inputs_of_line(row, changed))}.values())[::-1]
    inputs.append(rate_input(case, rate))
    benefits = [row for row in rows if row.is_benefit]
    return Story(
        case=case,
        flow=flow,
        low=low,
        high=high,
        cash=flow_of(cash_lines(lines), rate, periods, changed),
        hours=sum((sum(found, roi.ZERO) for found in hours), roi.ZERO) if hours else None,
        inputs=inputs,
        bars=bars(moves(lines, rate, periods, changed), flow.npv, {shown.key: shown for shown in inputs}, case.currency),
        weakest=max((row.certainty for row in benefits), key=Confidence.values.index, default=""),
        assumed=sum(row.certainty == Confidence.ASSUMED for row in benefits),
        rate=rate,
        method=case_method(rows, case),
    )


def rate_input(case: ValueCase, rate: Decimal) -> Input:
    """The discount rate as an input of the page. It is agreed and no guess, so it has neither ends nor a confidence."""
    return Input(
        key=RATE_KEY, name=_("Discount rate"), line=_("Discount rate"), unit=_("percent a year"), low=formats.DASH, expected=f"{(rate * PERCENT).normalize():f}", high=formats.DASH,
        scale=PERCENT, confidence="", blocks=0, source="", is_changed=rate != case.discount_rate,
    )


def inputs_of_line(line: ValueLine, changed: Mapping[str, Decimal]) -> list[Input]:
    if line.basis == ValueLine.Basis.AMOUNTS:
        return [_input(range_of(line), line.name, line, unit=_("of the amounts"), scale=PERCENT, confidence=line.confidence, source=line.source, changed=changed)]
    return [
        _input(
            metric_driver(driver), driver.name, line, unit=unit_word(driver, line), scale=PERCENT if driver.unit == ValueDriver.Unit.SHARE else 1,
            confidence=driver.confidence, source=formats.listed(filter(None, [driver.get_source_kind_display(), driver.source])), changed=changed,
        )
        for driver in line.drivers.all()
    ]


def _input(
    driver: Driver, name: str, line: ValueLine, *, unit: str, scale: int, confidence: str, source: str, changed: Mapping[str, Decimal]
) -> Input:
    def shown(value: Decimal) -> str:
        return formats.in_unit(value * scale, "%" if scale == PERCENT else "")

    tried = changed.get(driver.key, driver.expected)
    return Input(
        key=driver.key, name=name, line=line.name, unit=unit, low=shown(driver.low), expected=f"{(tried * scale).normalize():f}", high=shown(driver.high),
        scale=scale, confidence=str(Confidence(confidence).label), blocks=BLOCKS[Confidence(confidence)], source=source,
        is_changed=driver.key in changed and tried != driver.expected,
    )


def unit_word(driver: ValueDriver, line: ValueLine) -> str:
    per = line.get_per_display()
    words = {ValueDriver.Unit.COUNT: per, ValueDriver.Unit.MONEY: line.currency or line.case.currency, ValueDriver.Unit.SHARE: "%"}
    if driver.unit == ValueDriver.Unit.MONEY_PER_HOUR:
        return _("%(currency)s per hour") % {"currency": line.currency or line.case.currency}
    return str(words.get(ValueDriver.Unit(driver.unit), driver.get_unit_display()))


def bars(found: list, base: Decimal, shown: Mapping[str, Input], currency: str) -> list[Bar]:
    """The list of effects as bars on one scale; at most ten, the largest first."""
    kept = found[:10]
    ends = [value for move in kept for value in (move.low, move.high)] + [base]
    least, width = min(ends), (max(ends) - min(ends)) or Decimal(1)

    def at(value: Decimal) -> float:
        return float((value - least) / width * 100)

    return [
        Bar(
            name=shown[move.key].name,
            low=formats.short_money(move.low, currency),
            high=formats.short_money(move.high, currency),
            low_label=shown[move.key].low,
            high_label=shown[move.key].high,
            low_x=min(at(move.low), at(base)),
            low_width=abs(at(move.low) - at(base)),
            high_x=min(at(move.high), at(base)),
            high_width=abs(at(move.high) - at(base)),
        )
        for move in kept
    ]
