"""Milestones as facts of a week."""

from datetime import date

import pytest

from engagements.models import ForecastChange, LineKind
from engagements.selectors.drafting import DraftWeek, facts_of
from engagements.selectors.drafting.milestones import milestones_due, milestones_moved, milestones_reached
from tests.engagements.selectors.drafting.conftest import WEEK
from tests.factories.engagements import MilestoneFactory

pytestmark = pytest.mark.django_db


def milestone(engagement, **fields):
    return MilestoneFactory(engagement=engagement, baseline_on=date(2026, 11, 16), **fields)


def test_a_milestone_reached_in_the_week_is_told_with_its_distance_from_the_promise(engagement, stranger, told):
    pilot = milestone(engagement, title="Pilot", actual_on=date(2026, 11, 18))
    inside = milestone(engagement, title="Dry run", actual_on=date(2026, 11, 16), is_shared=False)
    milestone(engagement, actual_on=date(2026, 11, 15))
    milestone(engagement, actual_on=date(2026, 11, 23))
    milestone(stranger, actual_on=date(2026, 11, 18))
    assert told(milestones_reached) == [
        (f"milestone-{inside.pk}-reached", "“Dry run” was reached on 16 November. That is the promised day.", False),
        (f"milestone-{pilot.pk}-reached", "“Pilot” was reached on 18 November. That is 2 days after the promised one.", True),
    ]


def test_a_forecast_that_changed_in_the_week_is_told_once_with_its_last_day(engagement, stranger, told):
    live = milestone(engagement, title="Go-live", forecast_on=date(2026, 12, 1))
    for day, forecast in ((9, date(2026, 11, 20)), (17, date(2026, 11, 25)), (19, date(2026, 12, 1))):
        ForecastChange.objects.create(milestone=live, changed_on=date(2026, 11, day), forecast_on=forecast)
    same = milestone(engagement, forecast_on=date(2026, 11, 20))
    for day in (9, 17):
        ForecastChange.objects.create(milestone=same, changed_on=date(2026, 11, day), forecast_on=date(2026, 11, 20))
    theirs = milestone(stranger)
    ForecastChange.objects.create(milestone=theirs, changed_on=date(2026, 11, 17), forecast_on=date(2026, 12, 1))
    assert told(milestones_moved) == [(
        f"milestone-{live.pk}-moved-2026-12-01",
        "“Go-live” is now expected on 1 December. That is 15 days after the promised one.",
        True,
    )]


def test_a_milestone_of_next_week_is_a_date_to_come_and_no_event(engagement, stranger, told):
    soon = milestone(engagement, title="Review", forecast_on=date(2026, 11, 24))
    milestone(engagement, forecast_on=date(2026, 11, 30))
    milestone(stranger, forecast_on=date(2026, 11, 24))
    assert told(milestones_due) == [(f"milestone-{soon.pk}-due-2026-11-24", "“Review” is due on 24 November.", True)]
    [fact] = milestones_due(DraftWeek(engagement, WEEK, WEEK.monday))
    assert (fact.kind, fact.is_event, fact.source) == (LineKind.NEXT, False, "Milestone")


def test_a_milestone_moved_into_next_week_is_told_once(engagement):
    row = milestone(engagement, title="Review", forecast_on=date(2026, 11, 24))
    due = f"milestone-{row.pk}-due-2026-11-24"
    assert list(facts_of(engagement, WEEK)) == [due]
    ForecastChange.objects.create(milestone=row, changed_on=date(2026, 11, 17), forecast_on=date(2026, 11, 24))
    assert list(facts_of(engagement, WEEK)) == [f"milestone-{row.pk}-moved-2026-11-24"]
    assert list(facts_of(engagement, WEEK.next)) == []
    type(row).objects.filter(pk=row.pk).update(forecast_on=date(2026, 12, 1))
    assert due not in facts_of(engagement, WEEK)
