"""How each line of a case is worked out, in plain words of both languages."""

from datetime import date
from decimal import Decimal

import pytest
from django.utils import translation

from engagements.models import ValueDriver
from engagements.selectors.value_flow import lines_of
from engagements.selectors.value_method import case_method
from tests.factories.value import ValueCaseFactory, ValueDriverFactory, ValueLineFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def case():
    case = ValueCaseFactory(weighs_confidence=True, currency="EUR")
    hours = ValueLineFactory(
        case=case, name="Hours", kind="hours_released", basis="drivers", attribution="0.9", capture="0.5", risk_adjustment="0.1", begins_month=3,
        ramp_months=6, source="Desk timer",
    )  # fmt: skip
    ValueDriverFactory(line=hours, name="Cases", unit=ValueDriver.Unit.COUNT, confidence="observed")
    ValueDriverFactory(line=hours, name="Minutes", confidence="assumed", position=1)
    ValueLineFactory(
        case=case, name="Licences", kind="licences", currency="USD", exchange_rate=Decimal("0.9"), rate_on=date(2026, 1, 5), risk_adjustment="0.05", position=1
    )
    for name in ("Cloud", "Training"):
        ValueLineFactory(case=case, name=name, kind="change", position=2)
    ValueLineFactory(case=case, name="Empty", basis="drivers", confidence="observed", position=3)
    return case


TOLD = {
    "en": [
        "Hours is Cases × Minutes, each month. It begins in month 3 and counts in full after 6 months. It is multiplied by 90% due to this work, 50% put to "
        "use, 25% for being assumed. Then 10% is cut for risk. Source: Desk timer.",
        "Licences is a fixed amount for each year. Amounts in USD count at 0.9000, the rate of 5 Jan 2026. Then 5% is added for risk.",
        "Empty has no drivers yet, and counts nothing.",
        "Cloud, Training are fixed amounts for each year.",
    ],
    "zh-hans": [
        "Hours = Cases × Minutes，每月计。从第 3 个月开始，6 个月后全额计入。再乘以归因比例 90%、投入使用的 50%、25%（假设）。然后因风险扣减 10%。出处：Desk timer。",
        "Licences为每年固定金额。USD 金额按 0.9000 折算，即2026年1月5日的汇率。然后因风险增加 5%。",
        "Empty还没有驱动因素，不计入。",
        "Cloud、Training为每年固定金额。",
    ],
}


@pytest.mark.parametrize("language", TOLD)
def test_each_line_is_told_in_plain_words_and_what_is_alike_together(case, language):
    with translation.override(language):
        assert case_method(list(lines_of(case)), case) == TOLD[language]


def test_where_confidence_is_not_weighed_it_is_not_mentioned(case):
    case.weighs_confidence = False

    assert "assumed" not in " ".join(case_method(list(lines_of(case)), case))
