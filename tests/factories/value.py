"""Value cases. `case_data` is what a browser sends for one."""

from datetime import date
from decimal import Decimal

import factory

from engagements.models import ValueAmount, ValueCase, ValueDriver, ValueLine
from tests.factories.engagements import EngagementFactory


class ValueCaseFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = ValueCase

    engagement = factory.SubFactory(EngagementFactory)
    title = factory.Sequence(lambda n: f"Case {n}")
    starts_on = date(2026, 1, 5)


class ValueLineFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = ValueLine

    case = factory.SubFactory(ValueCaseFactory)
    name = factory.Sequence(lambda n: f"Line {n}")
    kind = ValueLine.Kind.COST_AVOIDED


class ValueAmountFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = ValueAmount

    line = factory.SubFactory(ValueLineFactory)
    year = 1
    amount = Decimal(1000)


class ValueDriverFactory(factory.django.DjangoModelFactory):
    """Six minutes, unless more is said."""

    class Meta:
        model = ValueDriver

    line = factory.SubFactory(ValueLineFactory, basis="drivers", kind=ValueLine.Kind.HOURS_RELEASED)
    name = factory.Sequence(lambda n: f"Driver {n}")
    unit = ValueDriver.Unit.MINUTES
    expected = Decimal(6)
    low = factory.SelfAttribute("expected")
    high = factory.SelfAttribute("expected")


# What the rest of a line's fields say when nobody opened them.
UNTOUCHED = {
    "basis": "amounts", "per": "month", "begins_month": "1", "ramp_months": "0", "low_share": "100", "high_share": "100", "capture": "100",
    "exchange_rate": "1",
}  # fmt: skip


def case_data(lines: list[dict], **fields) -> dict[str, str]:
    """Fields of the form: `lines` hold name, kind and `amounts` as typed, from time 0 on."""
    data = {"title": "Case", "currency": "USD", "starts_on": "2026-01-05", "years": "3", "layout": "years", "discount_rate": "10", "source": ""}
    known = sum("id" in line for line in lines)
    data |= {"lines-TOTAL_FORMS": str(len(lines)), "lines-INITIAL_FORMS": str(known)}
    for number, line in enumerate(lines):
        facts = UNTOUCHED | {"kind": "cost_avoided", "confidence": "observed", "attribution": "100", "risk_adjustment": "0"} | line
        amounts = facts.pop("amounts")
        facts |= {f"year_{year}": str(amount) for year, amount in enumerate(amounts)}
        data |= {f"lines-{number}-{name}": str(value) for name, value in facts.items()}
    return data | fields
