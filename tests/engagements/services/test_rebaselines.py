"""A milestone promised anew: slip counts from the new date, earlier days keep the old one."""

from datetime import date, timedelta

import pytest

from engagements.models import Milestone, Rebaseline
from engagements.selectors.health_facts import read_history
from engagements.services.milestones import rebaseline
from fde_portal.accounts.models import AuditEvent
from fde_portal.accounts.records import Conflict
from tests.engagements.deliveries import noon
from tests.factories.engagements import EngagementFactory, MilestoneFactory

pytestmark = pytest.mark.django_db

TODAY = date(2026, 3, 11)
OLD, NEW = date(2026, 3, 1), date(2026, 4, 1)


@pytest.fixture
def milestone() -> Milestone:
    milestone = MilestoneFactory(engagement=EngagementFactory(started_on=date(2026, 1, 5)), baseline_on=OLD)
    Milestone.objects.update(created_at=noon(date(2026, 1, 5)))
    return milestone


def anew(milestone: Milestone) -> Rebaseline:
    return rebaseline(milestone, new_on=NEW, reason="Both sides changed the plan", today=TODAY, by=milestone.engagement.lead)


def test_slip_counts_from_the_new_promise_and_the_old_one_is_kept(milestone):
    assert milestone.slip_on(TODAY) == 10
    promise = anew(milestone)

    milestone.refresh_from_db()
    assert (milestone.baseline_on, milestone.slip_on(TODAY)) == (NEW, 0)
    assert (promise.old_on, promise.new_on, promise.reason) == (OLD, NEW, "Both sides changed the plan")
    assert AuditEvent.objects.get().details == {"old": "2026-03-01", "new": "2026-04-01"}


def test_health_of_earlier_days_keeps_the_old_promise(milestone):
    anew(milestone)
    history = read_history(milestone.engagement, now=noon(TODAY))

    found = [history.facts(TODAY - timedelta(days=back)).schedule.milestones[0].baseline for back in (30, 1, 0)]
    assert found == [OLD, OLD, NEW]


def test_of_two_promises_at_once_one_is_a_conflict(milestone):
    seen_before = Milestone.objects.get()
    anew(milestone)

    with pytest.raises(Conflict):
        rebaseline(seen_before, new_on=date(2026, 5, 1), reason="Other", today=TODAY, by=milestone.engagement.lead)
    assert Rebaseline.objects.count() == 1
