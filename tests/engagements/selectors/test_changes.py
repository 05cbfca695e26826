"""What changed lately: each kind of fact from its record, on its day, and worded."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.utils import translation

from engagements.models import BlockerChange, ForecastChange, HealthOverride, HealthSnapshot, PhaseChange
from engagements.selectors.change_words import change_sentence, moved_words
from engagements.selectors.changes import GRAVEST_FIRST, Change, changes_of, changes_since, stored
from engagements.selectors.portfolio import Moved
from tests.factories.concerns import BlockerFactory, IncidentFactory, ReleaseFactory
from tests.factories.engagements import DeliverableFactory, EngagementFactory, MilestoneFactory, WeeklyUpdateFactory
from tests.factories.gates import GateDecisionFactory
from tests.factories.responses import ResponseFactory
from tests.factories.shares import EditionFactory

pytestmark = pytest.mark.django_db
TODAY = date(2026, 3, 5)
NOON = datetime(2026, 3, 4, 12, tzinfo=UTC)


@pytest.fixture
def engagement():
    return EngagementFactory(started_on=date(2026, 1, 5))


def snapshot(engagement, day, band="on_track", **fields):
    return HealthSnapshot(engagement=engagement, day=day, band=band, **fields)


def found(engagement, *history):
    return [(change.on, change.code, change.params) for change in changes_of(engagement, history, today=TODAY)]


def days_ago(count):
    return TODAY - timedelta(days=count)


def test_a_band_moves_between_judged_days_only(engagement):
    bands = ("on_track", "unknown", "watch", "watch", "at_risk", "on_track")
    history = [snapshot(engagement, days_ago(5 - at), band) for at, band in enumerate(bands)]
    assert found(engagement, *history) == [
        (days_ago(1), "band.worse", {"before": "watch", "after": "at_risk"}),
        (days_ago(3), "band.worse", {"before": "on_track", "after": "watch"}),
        (days_ago(0), "band.better", {"before": "at_risk", "after": "on_track"}),
    ]


def test_a_hard_rule_is_told_on_the_day_it_broke_and_not_again(engagement):
    gone = ["hard.sponsor_gone", {"left_on": "2026-03-03"}]
    history = [snapshot(engagement, days_ago(2)), snapshot(engagement, days_ago(1), reasons=[gone]), snapshot(engagement, TODAY, reasons=[gone])]
    assert found(engagement, *history) == [(days_ago(1), *gone)]
    assert change_sentence(Change(TODAY, *gone)) == "The sponsor left on 3 Mar."


def test_users_are_compared_monday_by_monday_and_small_moves_are_chance(engagement):
    users = {23: 40, 16: 42, 9: 20, 2: 20}
    days = [TODAY.replace(month=2, day=day) if day > 2 else date(2026, 3, 2) for day in (9, 16, 23, 2)]
    history = [snapshot(engagement, day, facts={"adoption": {"weekly_active": count}}) for day, count in zip(days, users.values(), strict=True)]
    assert found(engagement, *history) == [(date(2026, 2, 23), "users.down", {"before": 42, "after": 20})]


def test_unknown_use_is_no_fall(engagement):
    weekly = (40, None, 40)
    mondays = (date(2026, 2, 16), date(2026, 2, 23), date(2026, 3, 2))
    assert found(engagement, *(snapshot(engagement, day, facts={"adoption": {"weekly_active": count}}) for day, count in zip(mondays, weekly, strict=True))) == []


def test_dates_that_moved_passed_or_were_reached(engagement):
    moved, late, done = (MilestoneFactory(engagement=engagement, title=title, baseline_on=TODAY + timedelta(days=9)) for title in ("Pilot", "Review", "Start"))
    for milestone in (moved, late, done):
        ForecastChange.objects.create(milestone=milestone, changed_on=days_ago(60), forecast_on=milestone.baseline_on)
    ForecastChange.objects.create(milestone=moved, changed_on=days_ago(3), forecast_on=TODAY + timedelta(days=90))  # corrected the same day
    ForecastChange.objects.create(milestone=moved, changed_on=days_ago(3), forecast_on=TODAY + timedelta(days=23))
    ForecastChange.objects.create(milestone=done, changed_on=days_ago(1), actual_on=days_ago(1))
    type(done).objects.filter(pk=done.pk).update(actual_on=days_ago(1))
    type(late).objects.filter(pk=late.pk).update(baseline_on=days_ago(2))
    MilestoneFactory(title="A stranger's", baseline_on=days_ago(2))
    assert found(engagement) == [
        (days_ago(1), "milestone.passed", {"title": "Review"}),
        (days_ago(3), "milestone.later", {"title": "Pilot", "days": 14, "to": "2026-03-28"}),
        (days_ago(1), "milestone.reached", {"title": "Start"}),
    ]
    assert change_sentence(Change(TODAY, "milestone.later", {"title": "Pilot", "days": 14, "to": "2026-03-28"})) == "“Pilot” moved back 14 days, to 28 Mar."


def test_blockers_work_gates_weeks_and_answers(engagement):
    blocker = BlockerFactory(engagement=engagement, text="No reviewer.", opened_on=days_ago(4))
    for state, back in (("open", 4), ("escalated", 2)):
        BlockerChange.objects.create(blocker=blocker, state=state, changed_on=days_ago(back))
    deliverable = DeliverableFactory(engagement=engagement)
    IncidentFactory(deliverable=deliverable, title="It guessed", started_at=NOON, detected_at=None, restored_at=None)
    ReleaseFactory(deliverable=deliverable, name="v2", released_on=days_ago(3))
    GateDecisionFactory(gate__engagement=engagement, gate__phase="discovery", decided_on=days_ago(6), outcome="go")
    PhaseChange.objects.create(engagement=engagement, phase="prototype", entered_on=days_ago(6))
    HealthOverride.objects.create(engagement=engagement, band="watch", reason="Their budget", set_on=days_ago(1), until=TODAY, computed_band="on_track")
    WeeklyUpdateFactory(engagement=engagement, iso_year=2026, iso_week=10, state="published", published_at=NOON, headline="Steady")
    edition = EditionFactory(engagement=engagement)
    for item in (1, 2):
        ResponseFactory(edition=edition, item=item, confirmed_at=NOON)
    assert [(on, code) for on, code, __ in found(engagement)] == [
        (NOON.date(), "incident"), (days_ago(2), "blocker.escalated"), (days_ago(4), "blocker.open"), (days_ago(6), "gate"),
        (days_ago(1), "override"), (days_ago(6), "phase"), (days_ago(3), "release"), (NOON.date(), "answers"), (NOON.date(), "update"),
    ]  # fmt: skip
    said = [change_sentence(change) for change in changes_of(engagement, (), today=TODAY)]
    assert said == [
        "Incident: It guessed.", "Escalated: No reviewer.", "Blocked: No reviewer.", "Gate out of Discovery: Go.", "A manager judged it watch.",
        "Entered Prototype.", "Released v2.", "The customer answered 2 times.", "Week 10: Steady",
    ]  # fmt: skip


def test_a_decision_that_was_taken_back_is_not_told(engagement):
    GateDecisionFactory(gate__engagement=engagement, gate__taken_back_at=NOON, decided_on=days_ago(2))
    GateDecisionFactory(decided_on=days_ago(2))  # a stranger's
    assert found(engagement) == []
    GateDecisionFactory(gate__engagement=engagement, gate__round=2, gate__phase="pilot", decided_on=days_ago(1), outcome="hold", reason="Not yet")
    assert found(engagement) == [(days_ago(1), "gate", {"phase": "pilot", "outcome": "hold"})]


def test_what_is_older_than_five_weeks_or_still_ahead_is_left_out(engagement):
    old, ahead = days_ago(36), TODAY + timedelta(days=1)
    for day in (old, ahead):
        PhaseChange.objects.create(engagement=engagement, phase="pilot", entered_on=day)
    assert found(engagement) == []


def test_stored_changes_are_cut_at_a_day_which_counts_itself():
    changes = [Change(days_ago(back), "phase", {"phase": "pilot"}) for back in (1, 7, 8)]
    assert list(changes_since(days_ago(7), stored(changes))) == changes[:2]


@pytest.mark.parametrize("code", [code for code in GRAVEST_FIRST if not code.startswith("hard.")])
def test_every_kind_has_a_sentence_in_both_languages(code):

    params = {
        "before": 10, "after": 20, "title": "T", "text": "T", "name": "T", "days": 2, "to": "2026-03-28", "phase": "pilot", "outcome": "go",
        "band": "watch", "count": 2, "week": 10, "headline": "",
    }  # fmt: skip
    if code.startswith("band."):
        params = {"before": "watch", "after": "at_risk"}
    elif code.startswith(("blocker.", "incident")):
        params = {"text": "T", "title": "T"}
    english = change_sentence(Change(TODAY, code, params))
    with translation.override("zh-hans"):
        assert change_sentence(Change(TODAY, code, params)) not in {"", english}


def test_moves_of_the_portfolio_in_words():
    quiet = dict.fromkeys(("worse", "better", "slipped", "blocked", "updated"), 0)
    assert moved_words(Moved(TODAY, **quiet)) == "nothing moved"
    assert moved_words(Moved(TODAY, **quiet | {"worse": 3, "blocked": 1})) == "3 got worse, 1 is newly blocked"
