from decimal import Decimal

import pytest

from engagements.selectors.value import value_figures
from engagements.views.value_charts import cumulative_chart, payback_span, value_sentence
from tests.engagements.selectors.test_value import figures, snapshot


@pytest.mark.parametrize(
    ("net", "payback", "sentence"),
    [
        ([-1000, 2000, 2000, 4000], "0.5", "Pays for itself after 6 months, then returns about €3k a year."),
        ([-1000, 12000, 0], "0.08", "Pays for itself after 1 month."),
        ([-1000, 500, 500], "2", "Pays for itself after 24 months."),
        ([-1000, 300, 300, 800], "2.5", "Pays for itself after 2.5 years."),
        ([-1000, 2000, -500], "0.5", "Pays for itself after 6 months."),
        ([0, 700, 500], "0", "Pays from the start and returns about €600 a year."),
        ([-1000, 10], None, "Does not pay for itself within 1 year."),
        ([-1000, 10, 10, 10], None, "Does not pay for itself within 3 years."),
    ],
)
def test_the_result_is_a_sentence(net: list[int], payback: str | None, sentence: str) -> None:
    assert value_sentence(figures(net, payback)) == sentence


@pytest.mark.parametrize(
    ("years", "words"), [("0", "at once"), ("0.01", "1 month"), ("0.5", "6 months"), ("2", "24 months"), ("2.04", "2.0 years")]
)
def test_payback_is_said_in_begun_months_then_in_years(years: str, words: str) -> None:
    assert payback_span(Decimal(years)) == words


def test_the_chart_runs_over_the_horizon_and_marks_payback_between_its_years() -> None:
    chart = cumulative_chart(value_figures(snapshot(payback_years="0.385")), id="value")
    assert (chart.labels, chart.expected, chart.payback) == (("Start", "Year 1"), (-100, 160), 0.385)
    assert cumulative_chart(value_figures(snapshot()), id="value").payback is None
