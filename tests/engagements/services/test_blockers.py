"""Each change of a blocker is kept with its day, and health of a day knows only what was known then."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.db import IntegrityError, transaction

from engagements.forms.blockers import BlockerForm
from engagements.metrics.health_facts import BlockerFact
from engagements.models import Blocker, BlockerChange, Recompute
from engagements.selectors.health_facts import read_history
from engagements.services.blockers import move_blocker, save_blocker
from engagements.services.counted import archive_counted, restore_counted
from fde_portal.accounts.models import AuditEvent
from fde_portal.accounts.records import Conflict
from tests.factories.concerns import BlockerFactory, RiskFactory
from tests.factories.engagements import EngagementFactory, MilestoneFactory

pytestmark = pytest.mark.django_db

TODAY = date(2026, 3, 11)
NOW = datetime(2026, 3, 11, 12, tzinfo=UTC)
State = Blocker.State


def day(back: int) -> date:
    return TODAY - timedelta(days=back)


def form(blocker: Blocker, **data: object) -> BlockerForm:
    typed = {"text": "No reviewer", "owing_side": "customer", "version": blocker.version} | data
    found = BlockerForm(typed, instance=blocker, user=blocker.engagement.lead, today=TODAY)
    assert found.is_valid(), found.errors
    return found


def standing(engagement, on: date):
    return read_history(engagement, now=NOW).facts(on).blockers


def wants(engagement) -> int:
    return Recompute.objects.filter(engagement=engagement).values_list("want", flat=True).first() or 0


def test_a_new_blocker_is_open_since_today_and_owned_by_its_author():
    engagement = EngagementFactory()
    blocker = save_blocker(form(Blocker(engagement=engagement)), by=engagement.lead, today=TODAY, now=NOW)

    assert (blocker.opened_on, blocker.state, blocker.owner) == (TODAY, State.OPEN, engagement.lead)
    assert list(blocker.changes.values_list("changed_on", "state")) == [(TODAY, "open")]
    assert (AuditEvent.objects.get().verb, wants(engagement)) == ("create", 1)


def test_an_earlier_text_is_kept_and_only_when_it_changed():
    blocker = BlockerFactory(text="Old words")
    save_blocker(form(blocker, text="New words"), by=blocker.engagement.lead, today=TODAY, now=NOW)
    blocker.refresh_from_db()
    save_blocker(form(blocker, text="New words", needed_by="2026-04-01"), by=blocker.engagement.lead, today=TODAY, now=NOW)

    assert list(blocker.revisions.values_list("text", "replaced_by")) == [("Old words", blocker.engagement.lead.pk)]


def test_a_save_over_a_newer_version_is_a_conflict_and_writes_nothing():
    blocker = BlockerFactory(text="Theirs")
    Blocker.objects.update(version=5)

    with pytest.raises(Conflict):
        save_blocker(form(blocker, text="Mine", version=1), by=blocker.engagement.lead, today=TODAY, now=NOW)
    assert (Blocker.objects.get().text, AuditEvent.objects.count()) == ("Theirs", 0)


@pytest.mark.parametrize(("to", "verb", "cleared"), [(State.ESCALATED, "escalate", None), (State.CLEARED, "clear", TODAY)])
def test_a_move_is_dated_audited_and_done_once(to, verb, cleared):
    blocker = BlockerFactory()
    for _ in range(2):
        move_blocker(blocker, to=to, today=TODAY, by=blocker.engagement.lead)

    blocker.refresh_from_db()
    assert (blocker.state, blocker.cleared_on) == (to, cleared)
    assert list(blocker.changes.values_list("state", "changed_on"))[1:] == [(to, TODAY)]
    assert list(AuditEvent.objects.values_list("verb", flat=True)) == [verb]
    assert wants(blocker.engagement) == 1


def test_the_database_refuses_a_cleared_blocker_without_its_day():
    with pytest.raises(IntegrityError), transaction.atomic():
        Blocker.objects.filter(pk=BlockerFactory().pk).update(state=State.CLEARED)


def test_archiving_and_restoring_ask_for_new_figures():
    blocker = BlockerFactory()
    archive_counted(blocker, by=blocker.engagement.lead, now=NOW)
    assert not Blocker.objects.standing().exists()
    restore_counted(blocker, by=blocker.engagement.lead)

    assert Blocker.objects.standing().exists()
    assert wants(blocker.engagement) == 2


def test_health_of_a_day_sees_the_state_at_its_close():
    blocker = BlockerFactory(opened_on=day(9))
    BlockerChange.objects.create(blocker=blocker, changed_on=day(5), state=State.ESCALATED)
    BlockerChange.objects.create(blocker=blocker, changed_on=day(2), state=State.CLEARED)
    BlockerFactory(opened_on=day(9))  # of a stranger

    found = [list(standing(blocker.engagement, day(back)).standing) for back in (10, 9, 6, 5, 3, 2)]

    assert found == [
        [],
        [BlockerFact(day(9), ref=blocker.pk)],
        [BlockerFact(day(9), ref=blocker.pk)],
        [BlockerFact(day(9), day(5), blocker.pk)],
        [BlockerFact(day(9), day(5), blocker.pk)],
        [],
    ]


def test_an_act_taken_back_on_the_same_day_leaves_the_clock_alone():
    blocker = BlockerFactory(opened_on=day(9))
    for on, state in ((day(5), "escalated"), (day(1), "cleared"), (day(1), "escalated")):
        BlockerChange.objects.create(blocker=blocker, changed_on=on, state=state)

    assert list(standing(blocker.engagement, TODAY).standing) == [BlockerFact(day(9), day(5), blocker.pk)]


def test_a_high_risk_counts_while_its_review_is_over_or_missing():
    engagement = EngagementFactory()
    RiskFactory(engagement=engagement, likelihood=5, impact=5, review_on=day(4), assessed=day(8))
    RiskFactory(engagement=engagement, likelihood=2, impact=2, assessed=day(8))
    RiskFactory(likelihood=5, impact=5, assessed=day(8))  # of a stranger

    assert [standing(engagement, day(back)).unreviewed_high_risks for back in (9, 8, 4, 3, 0)] == [0, 0, 0, 1, 1]
    assert [standing(engagement, day(back)).reviewed_on for back in (9, 8, 0)] == [None, day(8), day(8)]


def test_milestones_of_other_engagements_are_not_offered():
    blocker = BlockerFactory()
    other = MilestoneFactory()
    found = BlockerForm({"text": "x", "owing_side": "us", "milestone": other.pk, "version": 1}, instance=blocker, user=other.engagement.lead, today=TODAY)

    assert list(found.errors) == ["milestone"]
