"""Levels of risks, and the facts that raise an alert."""

import pytest

from engagements.metrics.risks import Level, TriggerFacts, level_of, raised_by


@pytest.mark.parametrize(
    ("likelihood", "impact", "level"),
    [(5, 5, "high"), (3, 5, "high"), (4, 4, "high"), (2, 5, "medium"), (2, 4, "medium"), (3, 2, "low"), (1, 5, "low")],
)
def test_level_is_likelihood_times_impact(likelihood, impact, level):
    assert level_of(likelihood, impact) == Level(level)


@pytest.mark.parametrize(
    ("trigger", "threshold", "facts", "found"),
    [
        ("weekly_users", 40, TriggerFacts(weekly_users=39), 39),
        ("weekly_users", 40, TriggerFacts(weekly_users=40), None),
        ("weekly_users", 40, TriggerFacts(weekly_users=0), 0),
        ("weekly_users", 40, TriggerFacts(weekly_users=None), None),
        ("milestone_slip", 14, TriggerFacts(worst_slip=15), 15),
        ("milestone_slip", 14, TriggerFacts(worst_slip=14), None),
        ("milestone_slip", 14, TriggerFacts(), None),
        ("no_update", 10, TriggerFacts(update_age=11), 11),
        ("no_update", 10, TriggerFacts(update_age=10), None),
        ("feed_stopped", None, TriggerFacts(feed_stopped=True), 1),
        ("feed_stopped", None, TriggerFacts(), None),
        ("", None, TriggerFacts(0, 99, True, 99), None),
    ],
)
def test_a_trigger_is_raised_beyond_its_number_and_never_by_what_is_not_known(trigger, threshold, facts, found):
    assert raised_by(trigger, threshold, facts) == found
