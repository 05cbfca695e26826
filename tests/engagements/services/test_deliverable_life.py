"""A deliverable moves in steps; each is kept, and a step that does not follow is refused."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.db import IntegrityError, transaction

from engagements.models import Deliverable, DeliverableChange
from engagements.services.deliverable_life import COMES_FROM, WrongState, next_steps, take_back, take_step
from fde_portal.accounts.models import AuditEvent
from tests.factories.engagements import DeliverableFactory

pytestmark = pytest.mark.django_db

State = Deliverable.State
TODAY = date(2026, 3, 11)
NOW = datetime(2026, 3, 11, 12, tzinfo=UTC)


def step(deliverable: Deliverable, to: State, reason: str = "", now: datetime = NOW) -> DeliverableChange:
    return take_step(deliverable, to=to, by=deliverable.engagement.lead, now=now, today=TODAY, reason=reason)


def state_of(deliverable: Deliverable) -> tuple[str, date | None]:
    return Deliverable.objects.values_list("state", "actual_on").get(pk=deliverable.pk)


def test_the_whole_life_is_kept_with_who_and_when():
    deliverable = DeliverableFactory()
    for to, reason in (("in_progress", ""), ("submitted", ""), ("rejected", "Too slow"), ("in_progress", ""), ("submitted", ""), ("accepted", "")):
        step(deliverable, State(to), reason)
    step(deliverable, State.SUPERSEDED)

    steps = list(deliverable.changes.order_by("pk").values_list("state", "reason", "changed_by"))
    lead = deliverable.engagement.lead.pk
    assert [state for state, *__ in steps] == [
        "in_progress", "submitted", "rejected", "in_progress", "submitted", "accepted", "superseded",
    ]
    assert steps[2] == ("rejected", "Too slow", lead)
    assert state_of(deliverable) == ("superseded", TODAY)
    assert AuditEvent.objects.filter(verb="reject", details={"was": "submitted"}).count() == 1


@pytest.mark.parametrize(("was", "to"), [(was, to) for to in COMES_FROM for was in State if was not in COMES_FROM[to]])
def test_a_step_that_does_not_follow_is_refused_and_changes_nothing(was, to):
    deliverable = DeliverableFactory(state=was)

    with pytest.raises(WrongState):
        step(deliverable, to, "why")
    assert (state_of(deliverable), DeliverableChange.objects.count(), AuditEvent.objects.count()) == ((was, None), 0, 0)
    assert to not in next_steps(deliverable)


def test_of_two_who_act_at_once_one_is_refused():
    deliverable = DeliverableFactory(state="submitted")
    seen_before = Deliverable.objects.get(pk=deliverable.pk)
    step(deliverable, State.ACCEPTED)

    with pytest.raises(WrongState):
        step(seen_before, State.REJECTED, "Too slow")
    assert state_of(deliverable)[0] == "accepted"


def test_the_database_refuses_a_rejection_without_reason():
    with pytest.raises(IntegrityError), transaction.atomic():
        step(DeliverableFactory(state="submitted"), State.REJECTED)


def test_submitting_sets_the_day_of_delivery_and_rejecting_takes_it_away():
    deliverable = DeliverableFactory(state="in_progress")
    step(deliverable, State.SUBMITTED)
    assert state_of(deliverable) == ("submitted", TODAY)
    change = step(deliverable, State.REJECTED, "Too slow")
    assert state_of(deliverable) == ("rejected", None)
    take_back(change, by=deliverable.engagement.lead, now=NOW)
    assert state_of(deliverable) == ("submitted", NOW.date())


def test_a_step_can_be_taken_back_for_ten_minutes_and_stays_in_the_history():
    deliverable = DeliverableFactory(state="submitted", actual_on=TODAY)
    change = step(deliverable, State.ACCEPTED)

    with pytest.raises(WrongState):
        take_back(change, by=deliverable.engagement.lead, now=NOW + timedelta(minutes=11))
    take_back(change, by=deliverable.engagement.lead, now=NOW + timedelta(minutes=9))

    assert state_of(deliverable) == ("submitted", TODAY)
    assert [row.state for row in deliverable.changes.order_by("pk")] == ["accepted", "submitted"]


def test_only_the_newest_step_can_be_taken_back():
    deliverable = DeliverableFactory()
    first = step(deliverable, State.IN_PROGRESS)
    step(deliverable, State.SUBMITTED, now=NOW + timedelta(seconds=1))

    with pytest.raises(WrongState):
        take_back(first, by=deliverable.engagement.lead, now=NOW + timedelta(minutes=1))
