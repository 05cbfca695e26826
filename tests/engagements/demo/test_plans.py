"""The stories as plain data: they hold on every weekday and around the turn of the year."""

from collections.abc import Iterator
from datetime import date, timedelta

import pytest

from engagements.demo.clock import TUE, Clock
from engagements.demo.facts import FactBook, weeks_of_use
from engagements.demo.flights import shifted_flights
from engagements.demo.plans import EngagementPlan, UsePlan
from engagements.demo.script import read_script
from engagements.demo.stories import STORIES
from engagements.demo.stories.reference import FLIGHTS
from engagements.demo.usage import SWAY, make_use, people_on_curve
from engagements.intake.rows import UsageLine

DAYS = [date(2026, 11, 20), date(2026, 11, 21), date(2027, 1, 4), date(2028, 2, 29)]
PLANS = [(story.customer, plan) for story in STORIES for plan in story.engagements]
PLAN = UsePlan(source="Log", curve=((-4, 10), (0, 50)), habit=0.6, events_a_day=5)


@pytest.mark.parametrize(("today", "week_0"), [
    (date(2026, 11, 20), date(2026, 11, 9)),  # Friday: this week's updates are still to come
    (date(2026, 11, 21), date(2026, 11, 16)),
    (date(2026, 11, 22), date(2026, 11, 16)),
    (date(2026, 11, 23), date(2026, 11, 16)),
])
def test_week_0_is_that_of_the_last_friday_before_today(today, week_0):
    assert Clock(today).anchor == week_0


def texts(plan: EngagementPlan, today: date, use: list[UsageLine]) -> Iterator[tuple[str, int]]:
    """Each text with the length its column has room for."""
    clock = Clock(today)
    fixed = {"licences": 1, "payback_months": 1}
    book = FactBook(clock, "en", plan.milestones, weeks_of_use(use, clock), fixed)
    script = read_script(plan.slug)
    for number, week in enumerate(script, start=1 - len(script) - plan.silent_weeks):
        facts = book.at(number)
        yield week.headline.format_map(facts), 140
        yield from ((text.format_map(facts), 500) for __, text in week.shared + week.internal)


def use_of(zone: str, plan: EngagementPlan, today: date) -> list[UsageLine]:
    clock = Clock(today)
    if plan.slug == FLIGHTS:
        return shifted_flights(clock)
    made = (make_use(part.use, prefix=plan.slug, zone=zone, clock=clock) for part in plan.deliverables if part.use)
    return [line for lines in made for line in lines]


@pytest.mark.parametrize("today", DAYS, ids=str)
def test_every_text_finds_its_figures(today):
    for customer, plan in PLANS:
        for text, room in texts(plan, today, use_of(customer.time_zone, plan, today)):
            assert 0 < len(text) <= room
            assert "{" not in text


@pytest.mark.parametrize(("customer", "plan"), PLANS, ids=lambda value: value.slug)
def test_a_story_begins_with_its_engagement(customer, plan):
    first_week = 1 - len(read_script(plan.slug)) - plan.silent_weeks
    people = {person.name for person in customer.people}

    assert first_week >= plan.starts[0]
    assert [week for __, week in plan.phases] == sorted(week for __, week in plan.phases)
    assert {name for note in plan.notes for name in note.people} <= people
    assert {ask.person for week in read_script(plan.slug) for ask in week.asks} <= people


@pytest.mark.parametrize(("customer", "plan"), PLANS, ids=lambda value: value.slug)
def test_a_note_saw_the_stance_that_is_recorded(customer, plan):
    stances = {person.name: person.stances for person in customer.people}

    for note in (note for note in plan.notes if note.stance):
        for name in note.people:
            held = [stance for week, stance in stances[name] if (week, TUE) <= note.day]
            assert held[-1] == note.stance, (name, note.day)


def test_the_same_plan_gives_the_same_use_and_ends_yesterday():
    today = date(2026, 11, 18)
    first, second = (make_use(PLAN, prefix="x", zone="Europe/London", clock=Clock(today)) for __ in range(2))

    assert first == second
    assert max(line.day for line in first) == today - timedelta(days=1)


def test_use_follows_the_curve_week_by_week():
    clock = Clock(date(2026, 11, 18))
    weeks = weeks_of_use(make_use(PLAN, prefix="x", zone="Europe/London", clock=clock), clock)

    people = [len(weeks[week].people) for week in range(-4, 1)]
    assert people == pytest.approx([10, 20, 30, 40, 50], rel=4 * SWAY)
    assert [people_on_curve(PLAN.curve, week) for week in (-5, -2, 9)] == [0, 30, 50]


def test_people_come_and_go():
    clock = Clock(date(2026, 11, 18))
    level = UsePlan(source="Log", curve=((-10, 40), (0, 40)), habit=0.6, events_a_day=5)
    weeks = weeks_of_use(make_use(level, prefix="x", zone="Europe/London", clock=clock), clock)

    assert weeks[-1].people != weeks[-2].people
    assert weeks[-1].people & weeks[-2].people


def test_hardly_anybody_works_on_a_holiday():
    clock = Clock(date(2027, 1, 20))
    busy = UsePlan(source="Log", curve=((-8, 200), (0, 200)), habit=0.8, events_a_day=5)
    days = [line.day for line in make_use(busy, prefix="x", zone="Europe/London", clock=clock)]

    assert days.count(date(2026, 12, 25)) < days.count(date(2026, 12, 18)) / 3


def test_a_line_with_an_unknown_mark_is_refused(tmp_path, monkeypatch):
    monkeypatch.setattr("engagements.demo.script.STORIES", tmp_path)
    (tmp_path / "x.txt").write_text("# Headline\n* what is this\n")

    with pytest.raises(ValueError, match="unknown mark"):
        read_script("x")
