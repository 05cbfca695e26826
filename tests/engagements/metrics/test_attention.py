"""The order of attention and the reason shown."""

from decimal import Decimal
from random import Random

import pytest

from engagements.metrics.attention import AttentionFacts, attention_key, attention_reason
from engagements.metrics.health_facts import Reason

SPONSOR_GONE = Reason("hard.sponsor_gone")

# Written from the most urgent to the least; each line differs from the next in one thing.
IN_ORDER = [
    AttentionFacts("at_risk", fall=Decimal(8)),
    AttentionFacts("at_risk", fall=Decimal(3), overdue_milestones=0),
    AttentionFacts("at_risk"),
    AttentionFacts("watch", fall=Decimal(9)),
    AttentionFacts("watch", overdue_milestones=2),
    AttentionFacts("watch", overdue_milestones=1, silence_days=40),
    AttentionFacts("watch", overdue_milestones=1, silence_days=20, staleness_days=30),
    AttentionFacts("watch", staleness_days=30),
    AttentionFacts("watch", staleness_days=9, value_at_stake=Decimal(900)),
    AttentionFacts("watch", staleness_days=9, value_at_stake=Decimal(100)),
    AttentionFacts("on_track", fall=Decimal(20)),
    AttentionFacts("unknown", overdue_milestones=1),
    AttentionFacts("on_track", value_at_stake=Decimal(5000)),
]


def test_the_order_is_band_fall_overdue_silence_staleness_value():
    shuffled = Random(7).sample(IN_ORDER, len(IN_ORDER))

    assert sorted(shuffled, key=attention_key) == IN_ORDER


def test_a_rise_is_no_more_urgent_than_an_unknown_change():
    assert attention_key(AttentionFacts("watch", fall=Decimal(-12))) == attention_key(AttentionFacts("watch"))


@pytest.mark.parametrize(
    ("facts", "code"),
    [
        (AttentionFacts("at_risk", hard_rules=(SPONSOR_GONE,), fall=Decimal(9)), "hard.sponsor_gone"),
        (AttentionFacts("watch", fall=Decimal(3), overdue_milestones=1), "attention.fell"),
        (AttentionFacts("watch", fall=Decimal(2), overdue_milestones=1, silence_days=99), "attention.overdue"),
        (AttentionFacts("watch", silence_days=15, staleness_days=99), "attention.silent"),
        (AttentionFacts("watch", silence_days=14, staleness_days=8), "attention.stale"),
        (AttentionFacts("watch", staleness_days=8, cadence_days=14), "attention.band"),
        (AttentionFacts("at_risk"), "attention.band"),
    ],
)
def test_the_first_reason_that_applies_is_shown(facts, code):
    assert attention_reason(facts).code == code


def test_a_quiet_engagement_has_no_reason():
    assert attention_reason(AttentionFacts("on_track", silence_days=3, staleness_days=2)) is None


def test_the_reason_carries_its_figure():
    assert attention_reason(AttentionFacts("on_track", fall=Decimal(6))).params == {"count": Decimal(6)}


@pytest.mark.parametrize(
    ("facts", "rank"),
    [
        (AttentionFacts("on_track", silence_days=14), 2),
        (AttentionFacts("on_track", silence_days=15), 1),
        (AttentionFacts("on_track", staleness_days=14), 2),
        (AttentionFacts("on_track", staleness_days=15), 1),
        (AttentionFacts("on_track", staleness_days=28, cadence_days=14), 2),
        (AttentionFacts("unknown", silence_days=15), 1),
        (AttentionFacts("at_risk", silence_days=90), 0),
    ],
)
def test_what_went_quiet_stands_with_those_on_watch(facts, rank):
    assert facts.rank == rank


def test_small_moves_do_not_bury_a_silent_customer():
    silent = AttentionFacts("on_track", silence_days=30, staleness_days=3)
    noise = [AttentionFacts("watch", fall=Decimal("2.9"), silence_days=9, staleness_days=7), AttentionFacts("on_track", fall=Decimal("2.5"))]

    assert min([*noise, silent], key=attention_key) == silent


def test_a_rosy_report_speaks_before_the_fall_but_after_a_hard_rule():
    rosy = AttentionFacts("at_risk", fall=Decimal(9), rosier_weeks=2)

    assert attention_reason(rosy) == Reason("attention.rosier", {"count": 2})
    assert attention_reason(AttentionFacts("at_risk", hard_rules=(SPONSOR_GONE,), rosier_weeks=5)) == SPONSOR_GONE


def test_a_fall_that_only_silence_of_the_author_made_is_told_as_staleness():
    stale = AttentionFacts("on_track", fall=Decimal(9), told_fall=Decimal(1), staleness_days=18)

    assert attention_reason(stale).code == "attention.stale"


def test_a_fall_is_told_as_the_scores_beside_it_show_it():
    fell = AttentionFacts("watch", fall=Decimal("23.6"), told_fall=Decimal(11), shown_fall=24, staleness_days=18)

    assert attention_reason(fell).params == {"count": 24}
    assert attention_reason(AttentionFacts("watch", fall=Decimal("2.6"), told_fall=Decimal("2.6"), shown_fall=3)).code == "attention.band"
