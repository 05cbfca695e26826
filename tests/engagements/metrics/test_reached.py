"""First value, first accepted outcome, and what one costs."""

from datetime import date
from decimal import Decimal

import pytest
from pyroaring import BitMap

from engagements.metrics.quality import Outcomes
from engagements.metrics.reached import Reached, first_use

MONDAY = date(2026, 3, 2)
DAYS = {date(2026, 3, 4): BitMap([7]), date(2026, 3, 3): BitMap(), date(2026, 3, 9): BitMap([7, 2])}


def reached(**facts) -> Reached:
    given = {"first_value_on": None, "people": None, "first_accepted_on": None, "outcomes": Outcomes(), "operating_cost": None}
    return Reached(begun_on=MONDAY, as_of=date(2026, 3, 31), costed_from=MONDAY, **given | facts)


@pytest.mark.parametrize(("people", "day"), [(None, date(2026, 3, 4)), (BitMap([2]), date(2026, 3, 9)), (BitMap([5]), None)])
def test_the_first_value_is_that_of_somebody_it_is_meant_for(people, day):
    assert first_use(DAYS, people) == day


def test_times_count_from_the_start_and_what_was_there_before_took_none():
    found = reached(first_value_on=date(2026, 3, 4), first_accepted_on=date(2026, 2, 1))

    assert (found.days_to_value, found.days_to_accepted) == (2, 0)
    assert (reached().days_to_value, reached().days_to_accepted) == (None, None)


def test_one_accepted_outcome_costs_its_share_of_running_it():
    outcomes = Outcomes(30, accepted=6, edited=3, rejected=9)

    assert reached(outcomes=outcomes, operating_cost=Decimal(90)).cost_of_one == 10
    assert reached(outcomes=outcomes).cost_of_one is None
    assert reached(outcomes=Outcomes(30, rejected=9), operating_cost=Decimal(90)).cost_of_one is None
