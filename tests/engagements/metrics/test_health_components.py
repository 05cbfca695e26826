"""How the facts of each component become a score and a reason."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engagements.metrics.health_components import (
    MODEL,
    Finding,
    score_adoption,
    score_blockers,
    score_freshness,
    score_relationship,
    score_schedule,
    slip_days,
)
from engagements.metrics.health_facts import (
    AdoptionFacts,
    BlockerFact,
    BlockerFacts,
    FreshnessFacts,
    MilestoneFact,
    RelationshipFacts,
    ScheduleFacts,
    StanceFact,
)

TODAY = date(2024, 6, 28)


def ago(days: int) -> date:
    return TODAY - timedelta(days=days)


def adoption(active: int | None, target: int | None, trend: str | None = None) -> Finding:
    return score_adoption(AdoptionFacts(active, None if target is None else Decimal(target), trend), TODAY)


@pytest.mark.parametrize(
    ("active", "target", "trend", "score"),
    [
        (30, 50, None, 60),
        (30, 50, "no_clear_trend", 60),
        (30, 50, "falling", 50),
        (30, 50, "rising", 65),
        (80, 50, None, 100),
        (80, 50, "rising", 100),
        (80, 50, "falling", 90),
        (2, 50, "falling", 0),
        (0, 50, None, 0),
    ],
)
def test_adoption_is_the_share_of_the_target_moved_by_the_trend(active, target, trend, score):
    assert adoption(active, target, trend).score == score


@pytest.mark.parametrize(
    ("active", "target", "code"),
    [(None, 50, "adoption.no_usage"), (30, None, "adoption.no_target"), (30, 0, "adoption.no_target")],
)
def test_adoption_without_usage_or_target_is_unknown(active, target, code):
    finding = adoption(active, target)

    assert (finding.score, finding.reason.code) == (None, code)


@pytest.mark.parametrize(
    ("milestone", "slip"),
    [
        (MilestoneFact(ago(10), actual=ago(4)), 6),
        (MilestoneFact(ago(10), actual=ago(12)), -2),
        (MilestoneFact(TODAY, expected=TODAY + timedelta(days=9)), 9),
        (MilestoneFact(ago(10), expected=ago(5)), 10),
        (MilestoneFact(TODAY + timedelta(days=30), expected=TODAY + timedelta(days=9)), -21),
        (MilestoneFact(TODAY + timedelta(days=30), expected=ago(5)), 0),
        (MilestoneFact(ago(10)), 10),
        (MilestoneFact(TODAY + timedelta(days=30)), 0),
    ],
    ids=["reached late", "reached early", "forecast", "forecast passed", "early by forecast", "early forecast passed", "baseline passed", "ahead"],
)
def test_slip_is_what_was_reached_or_can_still_be_reached_against_the_baseline(milestone, slip):
    assert slip_days(milestone, TODAY) == slip


def schedule(*milestones: MilestoneFact) -> Finding:
    return score_schedule(ScheduleFacts(milestones, reviewed_on=ago(3)), TODAY)


def slipped(days: int, **kwargs) -> MilestoneFact:
    return MilestoneFact(TODAY, expected=TODAY + timedelta(days=days), **kwargs)


@pytest.mark.parametrize(("days", "score"), [(0, 100), (-5, 100), (15, 50), (30, 0), (90, 0)])
def test_schedule_falls_to_zero_at_thirty_days_of_slip(days, score):
    assert schedule(slipped(days)).score == score


def test_the_next_milestone_counts_double():
    assert schedule(slipped(30, is_next=True), slipped(0)).score == Decimal(100) / 3


def test_a_milestone_reached_more_than_28_days_ago_is_forgotten():
    late = {"baseline": ago(60)}

    assert schedule(MilestoneFact(**late, actual=ago(28)), slipped(0)).score == 50
    assert schedule(MilestoneFact(**late, actual=ago(29)), slipped(0)).score == 100


def test_the_reason_names_how_many_are_late_and_the_worst():
    reason = schedule(slipped(4), slipped(12), slipped(0)).reason

    assert (reason.code, reason.params) == ("schedule.late", {"count": 2, "worst_slip": 12})


def test_without_milestones_the_schedule_is_unknown():
    finding = schedule()

    assert (finding.score, finding.reason.code) == (None, "schedule.no_milestones")


def relationship(*stances: StanceFact, gaps: int = 0, pulses: tuple[int, ...] = ()) -> Finding:
    return score_relationship(RelationshipFacts(stances, coverage_gaps=gaps, pulses=pulses), TODAY)


def test_influence_weighs_the_stances():
    finding = relationship(StanceFact("champion", 4, ago(30)), StanceFact("blocker", 1, ago(9)))

    assert finding.score == Decimal(4 * 100 + 1 * 5) / 5
    assert (finding.age_days, finding.reason.params["critics"]) == (9, 1)


@pytest.mark.parametrize(("gaps", "score"), [(0, 80), (1, 70), (3, 50), (5, 50)])
def test_each_gap_takes_ten_points_and_thirty_at_most(gaps, score):
    assert relationship(StanceFact("supporter", 2, TODAY), gaps=gaps).score == score


def test_gaps_never_take_the_score_below_zero():
    assert relationship(StanceFact("blocker", 2, TODAY), gaps=2).score == 0


@pytest.mark.parametrize(
    ("pulses", "score"), [((1, 1, 1, 1), 70), ((1, 1, 1, 1, 1), 35), ((5,) * 5, 85), ((1, 2, 3, 4, 5), 60)]
)
def test_from_five_pulses_on_they_count_as_much_as_what_we_see(pulses, score):
    finding = relationship(StanceFact("supporter", 2, TODAY), gaps=1, pulses=pulses)
    assert finding.score == score
    assert finding.reason.params.get("pulses") == (5 if len(pulses) == 5 else None)


def test_without_a_stance_the_relationship_is_unknown():
    finding = relationship(gaps=2)

    assert (finding.score, finding.reason.code) == (None, "relationship.no_stance")


def freshness(age: int, *, cadence: int = 7, feed_stopped: bool = False) -> Finding:
    return score_freshness(FreshnessFacts(ago(400), ago(age), cadence, feed_stopped), TODAY)


@pytest.mark.parametrize(("age", "score"), [(0, 100), (7, 100), (14, 50), (21, 0), (90, 0)])
def test_freshness_is_full_within_a_cadence_and_empty_at_three(age, score):
    assert freshness(age).score == score


@pytest.mark.parametrize(("age", "score"), [(0, 60), (14, 10), (21, 0)])
def test_a_stopped_feed_takes_forty_points(age, score):
    assert freshness(age, feed_stopped=True).score == score


def test_before_the_first_update_the_age_counts_from_the_start():
    finding = score_freshness(FreshnessFacts(started_on=ago(14)), TODAY)

    assert (finding.score, finding.reason.code, finding.age_days) == (50, "freshness.no_update_yet", 14)


def test_weights_and_spans_are_those_of_the_model():
    assert [(row.key, row.weight, row.full_days) for row in MODEL] == [
        ("outcomes", 25, None),
        ("adoption", 25, None),
        ("schedule", 15, 14),
        ("relationship", 15, 45),
        ("blockers", 10, 14),
        ("freshness", 10, None),
    ]


def blockers(*standing: BlockerFact, risks: int = 0, reviewed_on: date | None = TODAY) -> Finding:
    return score_blockers(BlockerFacts(standing, risks, reviewed_on), TODAY)


def test_nothing_in_the_way_is_full_only_when_somebody_looked():
    assert (blockers().score, blockers().reason.code) == (100, "blockers.none")
    assert blockers(reviewed_on=ago(9)).age_days == 9
    assert (blockers(reviewed_on=None).score, blockers(reviewed_on=None).reason.code) == (None, "blockers.not_reviewed")


@pytest.mark.parametrize(("age", "score"), [(0, 100), (3, 100), (4, 98), (40, 98)])
def test_an_open_blocker_costs_two_points_from_the_fourth_day_on(age, score):
    assert blockers(BlockerFact(ago(age))).score == score


@pytest.mark.parametrize(("days", "score"), [(0, 96), (1, 92), (9, 60), (24, 0), (80, 0)])
def test_an_escalated_blocker_costs_four_points_for_each_day(days, score):
    assert blockers(BlockerFact(ago(90), escalated_on=ago(days))).score == score


def test_to_escalate_never_makes_the_score_better():
    assert blockers(BlockerFact(ago(9), escalated_on=TODAY)).score < blockers(BlockerFact(ago(9))).score


def test_blockers_and_risks_without_review_add_up():
    finding = blockers(BlockerFact(ago(9)), BlockerFact(ago(9), escalated_on=ago(1)), BlockerFact(TODAY), risks=2)

    assert finding.score == 100 - 2 - 8 - 30
    assert (finding.reason.code, finding.reason.params) == ("blockers.standing", {"standing": 3, "escalated": 1, "risks": 2})


@given(st.lists(st.integers(-400, 400), min_size=1), st.integers(0, 400), st.integers(1, 60), st.booleans())
def test_scores_stay_between_zero_and_a_hundred(slips, age, cadence, stopped):
    for finding in (schedule(*map(slipped, slips)), freshness(age, cadence=cadence, feed_stopped=stopped)):
        assert 0 <= finding.score <= 100


@pytest.mark.parametrize(("skipped", "score"), [(ago(8), 93), (ago(3), 100), (ago(-4), 100), (ago(30), 0)])
def test_a_skipped_week_does_not_make_the_update_stale(skipped, score):
    finding = score_freshness(FreshnessFacts(ago(400), ago(21), skipped_until=skipped), TODAY)
    assert round(finding.score) == score
    assert finding.reason.params["days"] == 21
    assert finding.reason.params.get("skipped", False) == (skipped != ago(30))
