"""Health model 1: totals, coverage, decay, hard rules and what would help."""

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

import pytest

from engagements.metrics.bands import Band
from engagements.metrics.health import assess, contributions, faded_weight
from engagements.metrics.health_facts import (
    AdoptionFacts,
    BlockerFact,
    BlockerFacts,
    FreshnessFacts,
    HealthFacts,
    MilestoneFact,
    OutcomeFact,
    OutcomesFacts,
    RelationshipFacts,
    ScheduleFacts,
    StanceFact,
)
from engagements.metrics.health_model import DEFAULT_SPANS, DEFAULT_WEIGHTS, HealthModel
from engagements.metrics.outcomes import OutcomeLine

TODAY = date(2024, 6, 28)


def ago(days: int) -> date:
    return TODAY - timedelta(days=days)


def ahead(days: int) -> date:
    return TODAY + timedelta(days=days)


# outcomes 70, adoption 60, schedule 50, relationship 80, blockers 60, freshness 100
FACTS = HealthFacts(
    phase="pilot",
    adoption=AdoptionFacts(weekly_active=30, week_target=Decimal(50)),
    schedule=ScheduleFacts([MilestoneFact(baseline=TODAY, expected=ahead(15))], reviewed_on=TODAY),
    relationship=RelationshipFacts([StanceFact("supporter", 3, TODAY)]),
    freshness=FreshnessFacts(started_on=ago(100), last_update_on=ago(2)),
    blockers=BlockerFacts([BlockerFact(ago(20), escalated_on=ago(9))], reviewed_on=TODAY),
    outcomes=OutcomesFacts([OutcomeFact(OutcomeLine(Decimal(0), ago(100), Decimal(100), TODAY), Decimal(70), TODAY, 7)]),
)
DISCOVERY = replace(FACTS, phase="discovery")
NO_USAGE = replace(FACTS, adoption=AdoptionFacts(None, Decimal(50)))


def test_the_score_is_the_weighted_mean_of_its_components():
    health = assess(FACTS, TODAY)

    assert {part.key: part.score for part in health.components} == {
        "outcomes": 70,
        "adoption": 60,
        "schedule": 50,
        "relationship": 80,
        "blockers": 60,
        "freshness": 100,
    }
    assert health.score == Decimal(25 * 70 + 25 * 60 + 15 * 50 + 15 * 80 + 10 * 60 + 10 * 100) / 100
    assert (health.coverage, health.band()) == (1, Band.WATCH)


def test_adoption_does_not_apply_before_the_pilot():
    health = assess(DISCOVERY, TODAY)

    assert "adoption" not in [part.key for part in health.components]
    assert health.score == Decimal(15 * 50 + 15 * 80 + 10 * 60 + 10 * 100) / 50
    assert health.coverage == 1


def test_unknown_usage_is_left_out_and_not_counted_as_zero():
    health = assess(NO_USAGE, TODAY)

    assert health.score == Decimal(25 * 70 + 15 * 50 + 15 * 80 + 10 * 60 + 10 * 100) / 75
    assert health.coverage == Decimal(75) / 100


def test_too_little_coverage_is_unknown_and_closes_without_a_score():
    health = assess(replace(NO_USAGE, relationship=RelationshipFacts(), outcomes=OutcomesFacts()), TODAY)

    assert health.coverage == Decimal(35) / 100
    assert (health.band(), health.closing_score) == (Band.UNKNOWN, None)


@pytest.mark.parametrize(("age", "weight"), [(0, 15), (14, 15), (21, Decimal("7.5")), (28, 0), (60, 0), (None, 0)])
def test_human_input_counts_in_full_for_a_span_and_fades_over_one_more(age, weight):
    assert faded_weight(15, age, 14) == weight


def test_a_measurement_never_fades():
    assert faded_weight(15, 400, None) == 15


def test_a_coverage_of_exactly_sixty_percent_is_enough():
    """Freshness 10, blockers 10 and a relationship faded to 10 of 15 are 30 of the 50 that apply."""
    relationship = RelationshipFacts([StanceFact("supporter", 3, ago(60))])
    health = assess(replace(DISCOVERY, schedule=ScheduleFacts(), relationship=relationship), TODAY)

    assert health.coverage == Decimal("0.6")
    assert health.band() == Band.ON_TRACK


def test_decay_takes_the_weight_and_leaves_the_score():
    stale = replace(FACTS, schedule=replace(FACTS.schedule, reviewed_on=ago(21)))
    health = assess(stale, TODAY)

    schedule = next(part for part in health.components if part.key == "schedule")
    assert (schedule.score, schedule.weight, schedule.full_weight, schedule.age_days) == (50, Decimal("7.5"), 15, 21)
    assert health.coverage == Decimal("92.5") / 100


def test_input_that_faded_away_moves_the_score_no_more():
    faded = replace(FACTS, schedule=replace(FACTS.schedule, reviewed_on=ago(28)))
    gone = replace(FACTS, schedule=ScheduleFacts())

    assert assess(faded, TODAY).score == assess(gone, TODAY).score


def test_points_of_the_components_add_up_to_the_score():
    health = assess(FACTS, TODAY)
    parts = contributions(health.components)

    assert [(part.key, round(part.points, 1), round(part.possible, 1)) for part in parts] == [
        ("outcomes", Decimal("17.5"), Decimal("25.0")),
        ("adoption", Decimal("15.0"), Decimal("25.0")),
        ("schedule", Decimal("7.5"), Decimal("15.0")),
        ("relationship", Decimal("12.0"), Decimal("15.0")),
        ("blockers", Decimal("6.0"), Decimal("10.0")),
        ("freshness", Decimal("10.0"), Decimal("10.0")),
    ]
    assert abs(sum(part.points for part in parts) - health.score) < Decimal("1e-20")


def go_live(baseline: date, actual: date | None = None) -> HealthFacts:
    milestone = MilestoneFact(baseline, expected=ahead(5), actual=actual, is_go_live=True)
    return replace(FACTS, schedule=ScheduleFacts([milestone], reviewed_on=TODAY))


@pytest.mark.parametrize(("late", "codes"), [(14, []), (15, ["hard.go_live_missed"])])
def test_a_go_live_missed_by_more_than_two_weeks_is_a_hard_rule(late, codes):
    health = assess(go_live(ago(late)), TODAY)

    assert [rule.code for rule in health.hard_rules] == codes


def test_a_go_live_that_was_reached_late_is_no_longer_missed():
    assert assess(go_live(ago(40), actual=ago(1)), TODAY).hard_rules == ()


def test_a_lost_sponsor_is_at_risk_whatever_the_score():
    lost = RelationshipFacts([StanceFact("champion", 5, TODAY)], sponsor_left_on=ago(3))
    health = assess(replace(FACTS, adoption=AdoptionFacts(50, Decimal(50)), relationship=lost), TODAY)

    assert health.score > 70
    assert health.band() == Band.AT_RISK
    assert [(rule.code, rule.params) for rule in health.hard_rules] == [("hard.sponsor_gone", {"left_on": ago(3)})]


def test_a_failed_hard_criterion_counts_in_production_only():
    failed = replace(FACTS, failed_hard_criteria=2)

    assert assess(failed, TODAY).hard_rules == ()
    for phase in ("production", "handover"):
        rules = assess(replace(failed, phase=phase), TODAY).hard_rules
        assert [(rule.code, rule.params) for rule in rules] == [("hard.criterion_failed", {"count": 2})]


def test_other_weights_spans_and_cadence_give_another_score():
    only = dict.fromkeys(DEFAULT_WEIGHTS, 0) | {"schedule": 60, "freshness": 40}
    model = HealthModel(weights=only, spans=DEFAULT_SPANS | {"schedule": 7}, cadence_days=1)
    facts = replace(FACTS, schedule=replace(FACTS.schedule, reviewed_on=ago(7)))

    # Two days with a cadence of one: half way to nothing. Seven days are still within the span.
    assert assess(facts, TODAY, model).score == Decimal(60 * 50 + 40 * 50) / 100
    # A day later the span of seven has lost a seventh, and the update is three cadences old.
    assert round(assess(facts, ahead(1), model).components[0].weight, 4) == Decimal("51.4286")
    assert assess(facts, ahead(1), model).components[1].score == 0


def test_a_weight_of_nothing_takes_a_component_out_of_the_coverage_too():
    model = HealthModel(weights=DEFAULT_WEIGHTS | {"adoption": 0})

    assert assess(NO_USAGE, TODAY, model).coverage == 1
