"""Rates of return and what was reached, in words: why there is no figure, and that one is not the only one."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
from django.utils import translation

from engagements.metrics.firsts import TimeToValue
from engagements.metrics.quality import Outcomes
from engagements.metrics.reached import Reached
from engagements.metrics.returns import Return
from engagements.selectors.value import ValueFigures
from engagements.views.value_words import rate_note, value_measures

NOTHING = Decimal(0)
FIGURES = ValueFigures(
    as_of=date(2026, 3, 31), currency="EUR", pv_benefits=NOTHING, pv_costs=NOTHING, npv=NOTHING, roi_pct=None, simple_roi_pct=None,
    payback_years=None, net=(Decimal(-1), Decimal(2)), cumulative=(Decimal(-1), Decimal(1)),
)  # fmt: skip
REACHED = Reached(
    begun_on=date(2026, 3, 2), as_of=date(2026, 3, 31), first_value_on=date(2026, 3, 4), people=TimeToValue(3, 8, 2), first_accepted_on=None,
    costed_from=date(2026, 3, 4), outcomes=Outcomes(30, accepted=6, edited=3, rejected=9), operating_cost=Decimal(90),
)  # fmt: skip


@pytest.mark.parametrize(
    ("found", "net", "english", "chinese"),
    [
        (None, (-1, 2), "follows with the next computation", "下次计算后显示"),
        (Return(None, is_too_short=True), (-1, 2), "the flows span less than 90 days", "流量跨度不足 90 天"),
        (Return(Decimal("0.1"), is_ambiguous=True), (-1, 2), "one of several rates that fit these flows: go by net present value", "这些流量对应多个收益率，此为其一：请以净现值为准"),
        (Return(Decimal("0.1")), (-1, 2), "", ""),
        (Return(None), (0, 2), "none: no period costs more than it brings", "无：没有任何一期的成本高于收益"),
        (Return(None), (-1, 0), "none: no period brings more than it costs", "无：没有任何一期的收益高于成本"),
        (Return(None), (-1, 10**30), "none that means anything: nearly all is lost, or it lies beyond the ten-thousandfold", "没有有意义的收益率：几乎全部损失，或超过一万倍"),
    ],
    ids=["not computed", "short", "several", "one", "no loss", "no gain", "absurd"],
)
def test_a_rate_says_why_it_is_not_given_or_not_the_only_one(found, net, english, chinese):
    figures = replace(FIGURES, net=tuple(Decimal(flow) for flow in net))

    assert rate_note(found, figures) == english
    with translation.override("zh-hans"):
        assert rate_note(found, figures) == chinese


def measures(reached: Reached) -> dict[str, tuple[str, str]]:
    return {figure.label: (figure.value, figure.note) for figure in value_measures(FIGURES, reached)}


def test_the_cost_of_one_never_stands_without_of_how_many():
    assert measures(REACHED)["Cost per accepted outcome"] == ("€10.00", "9 of 30 cases, €90 from 4 Mar to 31 Mar 2026")
    assert measures(replace(REACHED, outcomes=Outcomes(5)))["Cost per accepted outcome"] == ("–", "no outcome was accepted, €90 from 4 Mar to 31 Mar 2026")
    assert measures(replace(REACHED, operating_cost=None))["Cost per accepted outcome"] == ("–", "9 of 30 cases, no running cost in the case")


def test_times_say_their_day_and_those_who_wait():
    found = measures(REACHED)

    assert found["Time to first accepted outcome"] == ("–", "not yet")
    assert found["Time to first value"] == ("2 d", "4 Mar 2026, each person 3 d: 8 arrived, 2 still wait")


def test_before_anything_was_computed_there_is_nothing_to_say():
    assert value_measures(None, None) == []
