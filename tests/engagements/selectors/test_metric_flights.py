"""The stored path, from file to report, against the reference tables of the flight log."""

import json
from decimal import Decimal
from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from tests.engagements.flights import receive_flights
from tests.engagements.metrics.published import DATA, rows

pytestmark = pytest.mark.django_db


@pytest.fixture
def deliverable():
    return receive_flights()


@pytest.fixture(params=["service", "http"])
def delivered(request):
    """The log, by the service and by the address that programs send to."""
    return receive_flights(over_http=request.param == "http")


def report(*options: str) -> dict:
    return json.loads(text("--json", *options))


def text(*options: str) -> str:
    out = StringIO()
    call_command("metrics_report", "flights", *options, stdout=out)
    return out.getvalue()


def known(cells: dict) -> dict[str, Decimal]:
    """The known cells of a row as numbers: the reference writes 1.0 for 1.000000, and nothing for unknown."""
    return {name: Decimal(cell) for name, cell in cells.items() if cell not in ("", None) and name != "week_start"}


def test_report_equals_the_weekly_reference_in_every_column(delivered):
    weeks = report("--from", "2013-01-01", "--to", "2013-12-31")["weeks"]

    reference = rows("logs/flights/weekly.csv")
    assert [list(week) for week in weeks] == [list(week) for week in reference]
    assert [week["week_start"] for week in weeks] == [week["week_start"] for week in reference]
    assert [known(week) for week in weeks] == [known(week) for week in reference]


def test_report_of_the_only_deliverable_equals_that_of_the_engagement(deliverable):
    days = ("--from", "2013-01-01", "--to", "2013-12-31")
    whole, part = report(*days), report(*days, "--deliverable", "Planner")

    assert part.pop("deliverable") == "Planner"
    assert whole.pop("deliverable") is None
    assert part == whole


def test_report_equals_the_habit_reference(delivered):
    summary = json.loads((DATA / "logs/flights/summary.json").read_text())

    habit = report("--to", summary["l28_as_of"])["l28"]

    assert habit == {"as_of": summary["l28_as_of"], "histogram": summary["l28_histogram"]}


def test_report_equals_the_retention_reference(delivered):
    found = report("--from", "2013-01-01", "--to", "2013-02-24")["retention"]

    for row in rows("logs/flights/retention.csv"):
        cohort = next(one for one in found[row["type"]] if one["start"] == row["cohort_week"])
        assert cohort["cells"] == [int(row[f"w{n}"]) for n in range(8) if row[f"w{n}"]]
    assert len(found["on"]) == len(found["on_or_after"]) == 8


def test_readable_report_shows_the_same_figures(deliverable):
    table = [line.split() for line in text("--from", "2013-12-23", "--to", "2013-12-31").splitlines()]

    assert list(rows("logs/flights/weekly.csv")[-2].values()) in table


def test_report_names_the_choices_for_an_unknown_name(deliverable):
    with pytest.raises(CommandError, match="There are: Planner"):
        text("--deliverable", "Nothing")
    with pytest.raises(CommandError, match="There are: flights"):
        call_command("metrics_report", "nothing")


def test_report_refuses_a_range_that_ends_before_it_starts(deliverable):
    with pytest.raises(CommandError, match="ends before"):
        text("--from", "2013-02-01", "--to", "2013-01-01")
