from datetime import date

import pytest

from engagements.models import Milestone
from engagements.selectors.milestone import finding, milestone_lines, milestones_of, timeline_of
from tests.factories.engagements import EngagementFactory, MilestoneFactory

TODAY = date(2026, 3, 10)


def lines(*milestones: dict) -> list:
    rows = [Milestone(title=str(n), **dates) for n, dates in enumerate(milestones)]
    return milestone_lines(rows, begin=date(2026, 1, 5), today=TODAY)


def test_work_on_a_milestone_begins_when_the_one_before_was_due() -> None:
    found = lines(
        {"baseline_on": date(2026, 3, 10), "actual_on": date(2026, 3, 3)},
        {"baseline_on": date(2026, 4, 1)},
        {"baseline_on": date(2026, 5, 1)},
    )
    assert [(line.state, line.slip) for line in found] == [("done", -7), ("running", 0), ("planned", 0)]


def test_an_open_milestone_whose_day_is_over_slips_on_with_each_day() -> None:
    [line] = lines({"baseline_on": date(2026, 3, 1), "forecast_on": date(2026, 3, 8)})
    assert (line.slip, line.is_overdue) == (9, True)


@pytest.mark.parametrize(
    ("milestones", "sentence"),
    [
        ([{"baseline_on": date(2026, 4, 1)}], "0 of 1 milestone is reached."),
        ([{"baseline_on": date(2026, 3, 1), "actual_on": date(2026, 3, 9)}] * 2, "2 of 2 milestones are reached."),
        ([{"baseline_on": date(2026, 3, 1)}], "0 of 1 milestone is reached. 1 open one is later than promised."),
        ([{"baseline_on": date(2026, 3, 1)}] * 2, "0 of 2 milestones are reached. 2 open ones are later than promised."),
    ],
)
def test_the_timeline_says_what_it_shows(milestones: list[dict], sentence: str) -> None:
    assert finding(lines(*milestones)) == sentence


@pytest.mark.django_db
def test_the_timeline_leaves_out_archived_and_foreign_milestones(django_assert_num_queries) -> None:
    engagement = EngagementFactory()
    MilestoneFactory(engagement=engagement, title="Ours", kind="go_live", is_shared=False, baseline_on=date(2026, 3, 1))
    MilestoneFactory(engagement=engagement, archived_at="2026-03-01T00:00Z")
    MilestoneFactory()
    with django_assert_num_queries(1):
        found = milestones_of(engagement)
    [row] = timeline_of(engagement, milestone_lines(found, begin=engagement.started_on, today=TODAY), TODAY).rows
    assert (row.name, row.hint, row.slip, row.date) == ("Ours", "Go-live · only us", 9, TODAY)
