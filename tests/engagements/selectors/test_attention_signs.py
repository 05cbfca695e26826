"""What a stored day keeps for the order of attention: as it was known at that close, whatever became known later."""

from datetime import UTC, date, datetime, timedelta

import pytest
from time_machine import travel

from engagements.metrics.health_inputs import facts_from_json
from engagements.models import GateCondition, HealthSnapshot, ShareView
from engagements.selectors.attention_signs import read_attention_signs
from engagements.selectors.portfolio import visible_rows
from engagements.selectors.portfolio_compare import compare
from fde_portal.accounts.models import OrganizationSettings
from tests.engagements.deliveries import noon
from tests.engagements.health_world import computed, healthy, publish
from tests.factories.engagements import EngagementFactory
from tests.factories.gates import GateDecisionFactory
from tests.factories.people import ManagerFactory
from tests.factories.shares import EditionFactory, ShareFactory

pytestmark = pytest.mark.django_db
TODAY = date(2026, 3, 4)
SUNDAY = date(2026, 3, 1)


def days_ago(count: int) -> date:
    return TODAY - timedelta(days=count)


def shared(engagement, on: date, **ends):
    EditionFactory(engagement=engagement, published_at=noon(on))
    with travel(noon(on)):
        return ShareFactory(engagement=engagement, **ends)


def test_the_last_sign_is_the_last_one_by_that_day() -> None:
    engagement = EngagementFactory()
    share = shared(engagement, days_ago(40))
    for back in (30, 2):
        ShareView.objects.create(share=share, edition=engagement.editions.get(), seen_at=noon(days_ago(back)))
    signs = read_attention_signs(engagement)
    assert [signs.on(days_ago(back)).customer_seen_on for back in (41, 40, 31, 30, 3, 2, 0)] == [
        None, days_ago(40), days_ago(40), days_ago(30), days_ago(30), days_ago(2), days_ago(2),
    ]  # fmt: skip


@pytest.mark.parametrize("end", ["revoked_at", "expires_at"])
def test_nobody_was_silent_once_the_only_way_was_closed(end) -> None:
    engagement = EngagementFactory()
    shared(engagement, days_ago(40), **{end: noon(days_ago(10))})
    signs = read_attention_signs(engagement)
    assert [signs.on(days_ago(back)).customer_seen_on for back in (11, 10)] == [days_ago(40), None]


def test_a_condition_is_overdue_from_the_day_after_until_it_is_met() -> None:
    decision = GateDecisionFactory(decided_on=days_ago(20))
    engagement = decision.gate.engagement
    GateCondition.objects.create(engagement=engagement, decision=decision, text="Train", due_on=days_ago(15), done_at=noon(days_ago(5)))
    GateCondition.objects.create(engagement=engagement, decision=decision, text="Owed before it was promised", due_on=days_ago(30))
    stranger = GateDecisionFactory(decided_on=days_ago(60))
    GateCondition.objects.create(engagement=stranger.gate.engagement, decision=stranger, text="Theirs", due_on=days_ago(50))
    signs = read_attention_signs(engagement)
    assert [signs.on(days_ago(back)).overdue_conditions for back in (21, 20, 15, 14, 6, 5)] == [0, 1, 1, 2, 2, 1]


def test_rosy_weeks_are_those_published_by_then_in_the_revision_that_held() -> None:
    engagement, rosy = EngagementFactory(), {"derived_health": {"band": "at_risk"}}
    for back in (21, 14, 7):
        publish(engagement, days_ago(back), **rosy)
    first = engagement.weekly_updates.order_by("iso_year", "iso_week").last()
    type(first).objects.filter(pk=first.pk).update(state="corrected")
    publish(engagement, days_ago(7), revision=2, published_at=noon(days_ago(3)), schedule_rating="at_risk", **rosy)
    publish(EngagementFactory(), days_ago(7), **rosy)
    signs = read_attention_signs(engagement)
    assert [signs.on(days_ago(back)).rosier_weeks for back in (22, 21, 14, 7, 4, 3)] == [0, 1, 2, 3, 3, 0]


@travel(datetime(2026, 3, 4, 9, tzinfo=UTC), tick=False)
def test_a_past_week_tells_of_silence_conditions_and_rosy_reports_as_its_day_did() -> None:
    """What the worker said on the Sunday is found again on Wednesday, after all three were settled."""
    engagement = healthy(TODAY)
    share = shared(engagement, days_ago(60))
    with travel(datetime(2026, 3, 1, 22, tzinfo=UTC), tick=False):
        said = computed(engagement).portfolio_row
    assert said.reason == ["attention.silent", {"count": 57}]
    ShareView.objects.create(share=share, edition=engagement.editions.get(), seen_at=noon(TODAY))
    computed(engagement, days=1)
    stored = facts_from_json(HealthSnapshot.objects.get(engagement=engagement, day=SUNDAY).facts)
    [row] = compare(visible_rows(ManagerFactory()), day=SUNDAY, organization=OrganizationSettings.current())
    assert stored.signs.customer_seen_on == days_ago(60)
    assert (row.then.reason, row.now.reason) == (said.reason, None)
