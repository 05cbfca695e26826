"""What would turn it green, and which fact moved it: facts are tried, not guessed."""

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

from engagements.metrics.bands import Band, Bands
from engagements.metrics.health import assess
from engagements.metrics.health_facts import (
    AdoptionFacts,
    BlockerFact,
    BlockerFacts,
    FreshnessFacts,
    HealthFacts,
    MilestoneFact,
    RelationshipFacts,
    ScheduleFacts,
    StanceFact,
    with_next,
)
from engagements.metrics.health_inputs import facts_from_json, facts_to_json
from engagements.metrics.health_model import HealthModel
from engagements.metrics.health_moves import moves
from engagements.metrics.health_tries import single_tries, way_to_green
from engagements.metrics.outcomes import OutcomeLine
from engagements.metrics.trend import Trend
from tests.engagements.metrics.test_health import FACTS, TODAY, ago, ahead

QUIET = HealthFacts(
    phase="discovery",
    adoption=AdoptionFacts(None, None),
    schedule=ScheduleFacts(with_next([MilestoneFact(ahead(10), ref=1), MilestoneFact(ahead(40), ref=2)]), reviewed_on=TODAY),
    relationship=RelationshipFacts([StanceFact("supporter", 4, TODAY, ref=7)]),
    freshness=FreshnessFacts(started_on=ago(90), last_update_on=TODAY),
    blockers=BlockerFacts([], reviewed_on=TODAY),
)


def late(facts: HealthFacts, ref: int, by: int) -> HealthFacts:
    rows = [replace(fact, expected=fact.baseline + timedelta(days=by)) if fact.ref == ref else fact for fact in facts.schedule.milestones]
    return replace(facts, schedule=replace(facts.schedule, milestones=with_next(rows)))


def test_stored_facts_come_back_as_they_were():
    facts = replace(
        FACTS,
        adoption=AdoptionFacts(30, Decimal("50.25"), Trend.FALLING),
        relationship=replace(FACTS.relationship, pulses=[3, 5], sponsor_left_on=ago(3)),
        failed_hard_criteria=1,
    )

    back = facts_from_json(facts_to_json(facts))

    assert back == facts
    assert isinstance(back.outcomes.agreements[0].line, OutcomeLine)
    assert assess(back, TODAY) == assess(facts, TODAY)


def test_facts_of_an_older_release_get_the_defaults_of_what_they_lack():
    facts = replace(FACTS, relationship=replace(FACTS.relationship, pulses=[]))
    data = facts_to_json(facts)
    del data["failed_hard_criteria"]

    assert facts_from_json(data) == facts


def test_nothing_is_tried_where_all_is_green():
    way = way_to_green(QUIET, TODAY)

    assert (way.steps, way.reaches) == ((), True)


def test_the_most_helpful_fact_comes_first_and_the_score_after_it_is_that_of_the_changed_facts():
    # Schedule 0 with the next milestone a month late, blockers 12: 15 of 50 and 10 of 50 of the weight.
    facts = late(late(QUIET, 1, 30), 2, 30)
    facts = replace(facts, blockers=BlockerFacts([BlockerFact(ago(30), ago(21), ref=5)], reviewed_on=TODAY))
    assert round(assess(facts, TODAY).score, 1) == Decimal((15 * 0 + 15 * 80 + 10 * 12 + 10 * 100) / 50).quantize(Decimal("0.1"))

    way = way_to_green(facts, TODAY)

    assert [(step.done.code, step.done.ref) for step in way.steps] == [("green.milestone_kept", 1), ("green.blocker", 5)]
    # The next milestone counts double: (2 x 100 + 0) / 3; then nothing stands in the way.
    first, second = (round(step.score, 4) for step in way.steps)
    assert first == round((Decimal(15) * 200 / 3 + 1200 + 120 + 1000) / 50, 4)
    assert second == round((Decimal(15) * 200 / 3 + 1200 + 1000 + 1000) / 50, 4)
    assert (way.steps[-1].band, way.reaches) == (Band.ON_TRACK, True)


def test_a_hard_rule_is_taken_away_before_any_points():
    lost = replace(late(QUIET, 1, 20), relationship=replace(QUIET.relationship, sponsor_left_on=ago(3)))

    way = way_to_green(lost, TODAY)

    assert way.steps[0].done.code == "green.sponsor"
    assert way.reaches


def test_a_missed_go_live_turns_green_only_when_it_is_reached():
    missed = MilestoneFact(ago(20), ahead(5), is_go_live=True, ref=1)
    facts = replace(QUIET, schedule=ScheduleFacts(with_next([missed]), reviewed_on=TODAY))

    way = way_to_green(facts, TODAY)

    assert (way.steps[0].done.code, way.steps[0].done.ref) == ("green.milestone_reached", 1)


def test_too_little_known_is_filled_before_points_are_sought():
    unseen = replace(QUIET, schedule=replace(QUIET.schedule, reviewed_on=ago(40)), blockers=BlockerFacts(), freshness=FreshnessFacts(ago(90)))
    assert assess(unseen, TODAY).closing_score is None

    way = way_to_green(unseen, TODAY)

    assert [step.done.code for step in way.steps] == ["green.update"]
    assert way.reaches


def test_what_nobody_can_change_does_not_reach_green():
    unknown = replace(FACTS, adoption=AdoptionFacts(None, None), outcomes=replace(FACTS.outcomes, agreements=[]))

    way = way_to_green(unknown, TODAY)

    # Half of the weight stays unknown, however well the rest does.
    assert not way.reaches
    assert {step.band for step in way.steps} == {Band.UNKNOWN}


def test_each_fact_alone_is_listed_by_what_it_brings():
    found = single_tries(FACTS, TODAY)

    assert [(step.done.code, round(step.score, 1)) for step in found] == [
        ("green.use", Decimal("78.0")),
        ("green.milestone_kept", Decimal("75.5")),
        ("green.outcome_on_line", Decimal("75.5")),
        ("green.blocker", Decimal("72.0")),
    ]
    assert found[0].done.params == {"missing": 20}


def test_other_bands_ask_for_less():
    assert way_to_green(FACTS, TODAY, HealthModel(bands=Bands(60, 45))).steps == ()


# Which fact moved it


def test_the_milestone_that_slipped_most_moved_the_schedule():
    now = late(late(QUIET, 1, 6), 2, 9)

    found = moves(QUIET, now, TODAY)

    # The first counts double: 2 x 20 of 300 points against 30 of 300.
    assert set(found) == {"schedule"}
    moved = found["schedule"]
    assert (moved.field, moved.ref, moved.before.expected, moved.after.expected) == ("milestones", 1, None, ahead(16))
    assert round(moved.points, 4) == round(Decimal(15) * Decimal(-40) / 300, 4)


def test_a_blocker_that_came_and_one_that_was_cleared_are_changes_with_one_side():
    one, other = BlockerFact(ago(30), ago(3), ref=1), BlockerFact(ago(9), ref=2)
    before = replace(QUIET, blockers=BlockerFacts([other], reviewed_on=ago(7)))
    now = replace(QUIET, blockers=BlockerFacts([one], reviewed_on=ago(7)))

    moved = moves(before, now, TODAY)["blockers"]

    assert (moved.ref, moved.before, moved.after, moved.points) == (1, None, one, Decimal("-1.6"))


def test_facts_without_records_are_named_by_their_field():
    before = replace(FACTS, adoption=AdoptionFacts(40, Decimal(50)))

    moved = moves(before, FACTS, TODAY)["adoption"]

    assert (moved.field, moved.ref, moved.before, moved.after, moved.points) == ("weekly_active", None, 40, 30, Decimal(-5))


def test_nothing_moved_where_only_time_went_by():
    assert moves(QUIET, QUIET, TODAY + timedelta(days=7)) == {}


def test_a_fact_that_changed_without_effect_moved_nothing():
    before = replace(QUIET, freshness=replace(QUIET.freshness, last_update_on=ago(5)))

    assert moves(before, QUIET, TODAY) == {}


def test_dates_stay_dates():
    assert facts_from_json(facts_to_json(QUIET)).schedule.milestones[0].baseline == date(2024, 7, 8)
