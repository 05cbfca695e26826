"""Reasons of health in words, and stored health as pages ask for it."""

import re
from datetime import date, timedelta
from pathlib import Path

import pytest

from engagements.metrics import health, health_components
from engagements.selectors.health import health_history, latest_health, reason_text
from engagements.services.health import backfill_health
from tests.engagements.deliveries import noon
from tests.factories.engagements import EngagementFactory

TODAY = date(2026, 3, 11)


@pytest.mark.parametrize(
    ("code", "params", "sentence"),
    [
        ("adoption.no_usage", {}, "Use is unknown for the last whole week."),
        ("adoption.no_target", {"active": 1}, "1 person used it last week. Nobody said how many should."),
        ("adoption.no_target", {"active": 2}, "2 people used it last week. Nobody said how many should."),
        (
            "adoption.of_target",
            {"active": 1200, "target": 1500.0, "trend": None},
            "1,200 of 1,500 expected people used it last week.",
        ),
        (
            "adoption.of_target",
            {"active": 3, "target": 10.0, "trend": "falling"},
            "3 of 10 expected people used it last week. The trend is falling.",
        ),
        (
            "adoption.of_target",
            {"active": 3, "target": 10.0, "trend": "no_clear_trend"},
            "3 of 10 expected people used it last week.",
        ),
        ("schedule.no_milestones", {}, "No milestone is open."),
        ("schedule.on_plan", {}, "Every milestone is on plan."),
        ("schedule.late", {"count": 1, "worst_slip": 1}, "1 milestone is late. The largest slip is 1 day."),
        ("schedule.late", {"count": 2, "worst_slip": 9}, "2 milestones are late. The largest slip is 9 days."),
        ("relationship.no_stance", {"gaps": 0}, "Nobody's stance is recorded."),
        ("relationship.no_stance", {"gaps": 5}, "Nobody's stance is recorded. 5 roles have nobody."),
        (
            "relationship.critics",
            {"people": 4, "critics": 1, "gaps": 1},
            "1 of 4 people is sceptical or blocks. 1 role has nobody.",
        ),
        (
            "relationship.no_critics",
            {"people": 4, "critics": 0, "gaps": 0},
            "None of the 4 people whose stance we know is critical.",
        ),
        ("blockers.not_reviewed", {}, "Nobody has said yet what stands in the way."),
        ("blockers.none", {"standing": 0, "escalated": 0, "risks": 0}, "Nothing holds the work up."),
        (
            "blockers.standing",
            {"standing": 2, "escalated": 1, "risks": 1},
            "2 blockers stand. 1 of them is escalated. 1 high risk has no review to come.",
        ),
        (
            "freshness.updated",
            {"days": 1, "cadence": 7, "feed_stopped": False},
            "The last update is 1 day old.",
        ),
        (
            "freshness.updated",
            {"days": 9, "cadence": 7, "feed_stopped": True},
            "The last update is 9 days old. A usage feed has stopped.",
        ),
        (
            "freshness.no_update_yet",
            {"days": 12, "cadence": 7, "feed_stopped": False},
            "No update in the 12 days since the start.",
        ),
        ("hard.go_live_missed", {"days": 15}, "Go-live is 15 days overdue."),
        ("hard.sponsor_gone", {"left_on": "2026-03-02"}, "The sponsor left on 2 Mar."),
    ],
)
def test_reason_is_a_plain_sentence(code, params, sentence):
    assert reason_text(code, params) == sentence


def test_every_reason_of_the_model_has_words():
    text = "".join(Path(module.__file__).read_text() for module in (health, health_components))
    codes = set(re.findall(r'"([a-z]+\.[a-z_]+)"', text))
    params = dict.fromkeys(("active", "target", "count", "worst_slip", "people", "critics", "gaps", "days"), 2)
    params |= dict.fromkeys(("standing", "escalated", "risks", "observed", "behind"), 2)
    params |= {"trend": None, "feed_stopped": False, "left_on": "2026-03-02"}

    assert len(codes) >= 12
    assert all(reason_text(code, params) for code in codes)


@pytest.mark.django_db
def test_history_is_the_last_days_of_the_engagement_alone():
    engagement, stranger = EngagementFactory(), EngagementFactory()
    assert (latest_health(engagement), health_history(engagement, 9)) == (None, [])
    backfill_health(engagement, 5, now=noon(TODAY))
    backfill_health(stranger, 9, now=noon(TODAY + timedelta(days=1)))

    assert latest_health(engagement).day == TODAY
    assert all("facts" in row.get_deferred_fields() for row in health_history(engagement, 3))
    assert [row.day for row in health_history(engagement, 3)] == [TODAY - timedelta(days=back) for back in (2, 1, 0)]
