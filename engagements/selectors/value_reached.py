"""What an engagement reached so far, from its usage and its value case."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from pyroaring import BitMap

from engagements.metrics import firsts
from engagements.metrics.adoption import MONTH_WINDOW
from engagements.metrics.quality import Outcomes
from engagements.metrics.reached import Reached, first_use
from engagements.metrics.value_ledger import DAY, amortised, costs_before
from engagements.models import Engagement, ValueLine
from engagements.selectors.metric import Metrics
from engagements.selectors.usage_facts import Usage
from engagements.selectors.usage_figures import day_of, iso, written
from engagements.selectors.value_ledger import Ledger

# What it takes to keep it running, and what it took to build and to teach it.
OPERATING = frozenset({ValueLine.Kind.MODEL_AND_CLOUD, ValueLine.Kind.LICENCES, ValueLine.Kind.SUPPORT})
DELIVERY = frozenset({ValueLine.Kind.ENGINEERING, ValueLine.Kind.CHANGE})


def reached_by(engagement: Engagement, usage: Usage, ledger: Ledger | None) -> Reached:
    """What was reached as of the last day of `usage`; the cost is that of the last 28 days, or of those measured."""
    as_of = usage.as_of
    begin = max(as_of - timedelta(days=MONTH_WINDOW - 1), usage.first_day or as_of)
    provisioned = usage.provisioned
    return Reached(
        begun_on=engagement.started_on,
        as_of=as_of,
        first_value_on=first_use(usage.days, BitMap(provisioned) if provisioned else None),
        people=firsts.time_to_value(provisioned, usage.days, as_of=as_of) if provisioned else None,
        first_accepted_on=usage.first_delivered_on,
        costed_from=begin,
        outcomes=usage.outcomes(begin, as_of),
        operating_cost=operating_cost(ledger, begin, as_of) if ledger else None,
    )


def operating_cost(ledger: Ledger, begin: date, end: date) -> Decimal | None:
    """The full cost from `begin` to `end`: what running it costs, and the share of delivery that these days of the case bear.

    As booked, else as planned. None where the case says nothing of running it: delivery alone is not the full cost.
    """
    running, delivery = ([row.dated for row in ledger.rows if row.line.kind in kinds] for kinds in (OPERATING, DELIVERY))
    cost = costs_before(running, ledger.plan, end + DAY) - costs_before(running, ledger.plan, begin)
    return cost + amortised(delivery, ledger.plan, ledger.case.years, begin, end) if cost else None


def reached_values(found: Reached, currency: str) -> dict[str, Any]:
    """As JSON holds it: ISO days, money as text."""
    people, outcomes = found.people, found.outcomes
    return {
        "begun_on": found.begun_on.isoformat(),
        "first_value_on": iso(found.first_value_on),
        "days_to_value": found.days_to_value,
        "people": people and {"middle": people.middle, "arrived": people.arrived, "waiting": people.waiting},
        "first_accepted_on": iso(found.first_accepted_on),
        "days_to_accepted": found.days_to_accepted,
        "costed_from": found.costed_from.isoformat(),
        "outcomes": [outcomes.cases, outcomes.accepted, outcomes.edited, outcomes.rejected, outcomes.failed],
        "operating_cost": written(found.operating_cost, 2),
        "cost_of_one": written(found.cost_of_one, 4),
        "currency": currency,
    }


def stored_reached(metrics: Metrics | None) -> Reached | None:
    """What `reached_values` wrote; None in a snapshot from before."""
    stored = metrics.values.get("reached") if metrics else None
    return reached_from(stored, metrics.day) if metrics and stored else None


def reached_from(stored: dict[str, Any], as_of: date) -> Reached:
    people = stored["people"]
    return Reached(
        begun_on=date.fromisoformat(stored["begun_on"]),
        as_of=as_of,
        first_value_on=day_of(stored["first_value_on"]),
        people=firsts.TimeToValue(**people) if people else None,
        first_accepted_on=day_of(stored["first_accepted_on"]),
        costed_from=date.fromisoformat(stored["costed_from"]),
        outcomes=Outcomes(*stored["outcomes"]),
        operating_cost=Decimal(stored["operating_cost"]) if stored["operating_cost"] else None,
    )
