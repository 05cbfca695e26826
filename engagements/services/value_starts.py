"""Starting points of value cases: lines and drivers to fill in, all of them assumed until somebody looks."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.db import transaction
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from engagements.models import Confidence, Engagement, ValueCase, ValueDriver, ValueLine
from engagements.services.recomputes import request_recompute
from fde_portal.accounts import audit
from fde_portal.accounts.models import User

Kind, Unit = ValueLine.Kind, ValueDriver.Unit
HALF, ONE = Decimal("0.5"), Decimal(1)
YEARS = 3


@dataclass(frozen=True, slots=True)
class StartDriver:
    name: Promise
    unit: Unit
    low: str
    expected: str
    high: str


@dataclass(frozen=True, slots=True)
class StartLine:
    """A line by month; `capture` is the share of it that becomes value."""

    name: Promise
    kind: Kind
    drivers: tuple[StartDriver, ...]
    work: Promise | str = ""
    capture: Decimal = ONE


@dataclass(frozen=True, slots=True)
class Start:
    """A value case to begin with. `key` stands in addresses."""

    key: str
    title: Promise
    about: Promise
    lines: tuple[StartLine, ...]


# The cases a month that the tool handles.
CASES_HANDLED = (
    StartDriver(_("Cases a month"), Unit.COUNT, "8000", "10000", "11000"),
    StartDriver(_("Share handled with the tool"), Unit.SHARE, "0.4", "0.6", "0.75"),
)
RUNNING_COST = StartLine(_("Running cost"), Kind.MODEL_AND_CLOUD, (StartDriver(_("Cost a month"), Unit.MONEY, "6000", "5000", "4000"),))

STARTS = (
    Start(
        "hours", _("Hours released in a back office"), _("Cases a month × share handled with the tool × minutes saved × cost of an hour."),
        (
            StartLine(
                _("Hours released"), Kind.HOURS_RELEASED,
                (
                    *CASES_HANDLED,
                    StartDriver(_("Minutes saved on each"), Unit.MINUTES, "4", "6", "8"),
                    StartDriver(_("Loaded cost of an hour"), Unit.MONEY_PER_HOUR, "38", "42", "46"),
                ),
                work=_("Handling a case"), capture=HALF,
            ),
            RUNNING_COST,
        ),
    ),
    Start(
        "errors", _("Errors avoided"), _("Cases a month × share handled with the tool × fall in the error rate × cost of one error."),
        (
            StartLine(
                _("Errors avoided"), Kind.COST_AVOIDED,
                (
                    *CASES_HANDLED,
                    StartDriver(_("Fall in the error rate"), Unit.SHARE, "0.02", "0.04", "0.05"),
                    StartDriver(_("Cost of one error"), Unit.MONEY, "30", "45", "60"),
                ),
                work=_("Correcting errors"),
            ),
            RUNNING_COST,
        ),
    ),
    Start(
        "revenue", _("Revenue lift"), _("Offers a month × rise in the share that is won × margin of one."),
        (
            StartLine(
                _("Further business won"), Kind.REVENUE,
                (
                    StartDriver(_("Offers a month"), Unit.COUNT, "300", "400", "450"),
                    StartDriver(_("Rise in the share that is won"), Unit.SHARE, "0.01", "0.02", "0.03"),
                    StartDriver(_("Margin of one"), Unit.MONEY, "1200", "1500", "1700"),
                ),
            ),
            RUNNING_COST,
        ),
    ),
)
BY_KEY = {start.key: start for start in STARTS}


@transaction.atomic
def start_value_case(start: Start, *, engagement: Engagement, starts_on: date, by: User) -> ValueCase:
    """Make a case by month from a starting point, in the language of whoever starts it."""
    case = ValueCase.objects.create(
        engagement=engagement, title=str(start.title), currency=engagement.currency, starts_on=starts_on, years=YEARS, layout=ValueCase.Layout.MONTHS,
        source="",
    )
    for position, line in enumerate(start.lines):
        _start_line(line, case, position)
    audit.record("create", case, by=by, start=start.key)
    request_recompute(engagement.pk)
    return case


def _start_line(plan: StartLine, case: ValueCase, position: int) -> None:
    line = ValueLine.objects.create(
        case=case, name=str(plan.name), kind=plan.kind, position=position, confidence=Confidence.ASSUMED, basis=ValueLine.Basis.DRIVERS,
        work=str(plan.work), capture=plan.capture, begins_month=1, ramp_months=6 if plan.kind in ValueLine.BENEFITS else 0,
    )
    ValueDriver.objects.bulk_create(
        ValueDriver(
            line=line, position=number, name=str(driver.name), unit=driver.unit, low=driver.low, expected=driver.expected, high=driver.high,
            confidence=Confidence.ASSUMED,
        )
        for number, driver in enumerate(plan.drivers)
    )
