"""Receiving usage: once, whole, in order; and taking it back."""

from datetime import UTC, date, datetime

import pytest
from pyroaring import BitMap

from engagements.intake.rows import UsageLine, content_hash_of
from engagements.models import ActivityDay, Actor, DirtyDay, Recompute, UsageBatch, UsageRow, UsageSource
from engagements.services.activity import rebuild_days
from engagements.services.usages import BatchKeyReused, receive_usage_batch, roll_back_batch, take_back_in
from fde_portal.accounts.models import AuditEvent
from tests.factories.people import UserFactory
from tests.factories.usage import UsageSourceFactory

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 3, 10, 6, 0, tzinfo=UTC)
MONDAY, TUESDAY = date(2026, 3, 2), date(2026, 3, 3)


def send(source: UsageSource, *rows: UsageLine, key: str = "one", by=None, label: str = "nightly"):
    return receive_usage_batch(
        source=source, rows=rows, key=key, content_hash=content_hash_of(rows), by=by, now=NOW, label=label
    )


def activity(source: UsageSource, dimension: str = "all") -> dict:
    """Rebuild what is marked, then return (ordinals, events) by day, or by day and name."""
    marked = DirtyDay.objects.filter(deliverable=source.deliverable).values_list("day", flat=True)
    rebuild_days(source.deliverable_id, list(marked))
    rows = ActivityDay.objects.filter(deliverable=source.deliverable, dimension=dimension)
    return {
        (row.day if dimension == "all" else (row.day, row.name)): (set(BitMap.deserialize(bytes(row.actors))), row.events)
        for row in rows
    }


def counted(source: UsageSource) -> dict:
    """People and events by day."""
    return {day: (len(actors), events) for day, (actors, events) in activity(source).items()}


def test_a_batch_is_stored_with_its_marks_its_request_and_its_trail() -> None:
    source = UsageSourceFactory()
    receipt = send(source, UsageLine("ann", MONDAY), UsageLine("bob", TUESDAY, events=3))

    assert (receipt.replayed, receipt.row_count, receipt.first_day, receipt.last_day) == (False, 2, MONDAY, TUESDAY)
    assert receipt.batch.sequence == 1
    assert receipt.batch.received_at == NOW
    assert set(DirtyDay.objects.values_list("deliverable_id", "day")) == {
        (source.deliverable_id, MONDAY),
        (source.deliverable_id, TUESDAY),
    }
    assert Recompute.objects.get().engagement_id == source.deliverable.engagement_id
    event = AuditEvent.objects.get(verb="receive")
    assert (event.actor, event.actor_label, event.engagement_id) == (None, "nightly", source.deliverable.engagement_id)
    assert event.details == {"rows": 2, "first_day": "2026-03-02", "last_day": "2026-03-03"}


def test_actors_are_kept_as_hashes_that_differ_by_customer() -> None:
    ours, theirs = UsageSourceFactory(), UsageSourceFactory()
    send(ours, UsageLine("ann@example.org", MONDAY))
    send(theirs, UsageLine("ann@example.org", MONDAY))

    one, other = Actor.objects.order_by("pk")
    assert (one.name, other.name) == ("", "")
    assert one.key_hash != other.key_hash
    assert (one.ordinal, other.ordinal) == (0, 0)


def test_names_are_kept_only_where_the_customer_agreed_and_filled_in_later() -> None:
    source = UsageSourceFactory()
    send(source, UsageLine("ann", MONDAY))
    source.keeps_names = True
    send(source, UsageLine("ann", TUESDAY), UsageLine("bob", TUESDAY), key="two")
    assert set(Actor.objects.values_list("name", "ordinal")) == {("ann", 0), ("bob", 1)}


def test_sources_of_one_customer_share_their_actors_and_add_up() -> None:
    source = UsageSourceFactory()
    second = UsageSourceFactory(deliverable=source.deliverable)
    send(source, UsageLine("ann", MONDAY, events=2))
    send(second, UsageLine("ann", MONDAY, events=5), UsageLine("bob", MONDAY))
    assert activity(source) == {MONDAY: ({0, 1}, 8)}


def test_rows_with_the_same_key_are_added_up() -> None:
    source = UsageSourceFactory()
    receipt = send(source, UsageLine("ann", MONDAY, events=2, failed=1), UsageLine("ann", MONDAY, events=3, seconds_saved=60))
    row = UsageRow.objects.get()
    assert (row.events, row.seconds_saved, row.failed) == (5, 60, 1)
    assert receipt.row_count == 2


def test_the_same_batch_again_changes_nothing() -> None:
    source = UsageSourceFactory()
    rows = (UsageLine("ann", MONDAY), UsageLine("bob", MONDAY))
    first = send(source, *rows)
    want = Recompute.objects.get().want

    again = send(source, *reversed(rows))

    assert (again.replayed, again.batch, again.row_count) == (True, first.batch, 2)
    assert (UsageBatch.objects.count(), UsageRow.objects.count()) == (1, 2)
    assert UsageSource.objects.get().last_sequence == 1
    assert Recompute.objects.get().want == want
    assert AuditEvent.objects.filter(verb="receive").count() == 1


def test_other_content_under_a_used_key_is_refused_whole() -> None:
    source = UsageSourceFactory()
    send(source, UsageLine("ann", MONDAY))
    with pytest.raises(BatchKeyReused):
        send(source, UsageLine("ann", MONDAY, events=2))
    assert list(UsageRow.objects.values_list("events", flat=True)) == [1]


def test_another_source_may_use_the_same_key() -> None:
    source = UsageSourceFactory()
    second = UsageSourceFactory(deliverable=source.deliverable)
    assert not send(source, UsageLine("ann", MONDAY)).replayed
    assert not send(second, UsageLine("ann", MONDAY, events=2)).replayed


def test_a_race_for_one_key_is_decided_by_the_database(monkeypatch: pytest.MonkeyPatch) -> None:
    source = UsageSourceFactory()
    first = send(source, UsageLine("ann", MONDAY))
    looks = iter([None])  # the first look happens before the other batch is committed
    real = UsageBatch.objects.filter

    def late(*args, **kwargs):
        return UsageBatch.objects.none() if "key" in kwargs and next(looks, 1) is None else real(*args, **kwargs)

    monkeypatch.setattr(UsageBatch.objects, "filter", late)
    again = send(source, UsageLine("ann", MONDAY))
    assert (again.replayed, again.batch) == (True, first.batch)
    assert UsageSource.objects.get().last_sequence == 1


def test_a_later_batch_restates_the_keys_it_names_and_no_others() -> None:
    source = UsageSourceFactory()
    send(source, UsageLine("ann", MONDAY, events=5), UsageLine("bob", MONDAY, events=1), key="one")
    send(source, UsageLine("ann", MONDAY, events=0), key="two")
    assert activity(source) == {MONDAY: ({1}, 1)}


def test_rolling_back_restores_what_the_batch_had_restated() -> None:
    source, person = UsageSourceFactory(), UserFactory()
    send(source, UsageLine("ann", MONDAY, events=5))
    later = send(source, UsageLine("ann", MONDAY, events=1), UsageLine("bob", TUESDAY), key="two").batch
    assert activity(source) == {MONDAY: ({0}, 1), TUESDAY: ({1}, 1)}

    roll_back_batch(batch=later, by=person)

    assert activity(source) == {MONDAY: ({0}, 5)}
    assert UsageRow.objects.filter(batch=later).count() == 2
    event = AuditEvent.objects.get(verb="roll_back")
    assert (event.actor, event.subject_id) == (person, later.pk)


def test_rolling_back_twice_is_one_act() -> None:
    source, person = UsageSourceFactory(), UserFactory()
    batch = send(source, UsageLine("ann", MONDAY)).batch
    roll_back_batch(batch=batch, by=person)
    roll_back_batch(batch=batch, by=person)
    assert AuditEvent.objects.filter(verb="roll_back").count() == 1


def test_a_batch_taken_back_in_counts_in_its_old_place() -> None:
    source, person = UsageSourceFactory(), UserFactory()
    early = send(source, UsageLine("ann", MONDAY, events=5), UsageLine("bob", MONDAY, events=2)).batch
    send(source, UsageLine("ann", MONDAY, events=1), key="two")
    roll_back_batch(batch=early, by=person)
    take_back_in(batch=early, by=person)
    assert activity(source) == {MONDAY: ({0, 1}, 3)}


def test_a_replay_of_a_rolled_back_batch_does_not_bring_it_back() -> None:
    source = UsageSourceFactory()
    batch = send(source, UsageLine("ann", MONDAY)).batch
    roll_back_batch(batch=batch, by=UserFactory())
    assert send(source, UsageLine("ann", MONDAY)).replayed
    assert activity(source) == {}


def test_a_fault_while_storing_leaves_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    source = UsageSourceFactory()

    def break_off(*args, **kwargs):
        raise RuntimeError("power cut")

    monkeypatch.setattr("engagements.services.usages.request_recompute", break_off)
    with pytest.raises(RuntimeError):
        send(source, UsageLine("ann", MONDAY))
    counts = [model.objects.count() for model in (UsageBatch, UsageRow, Actor, DirtyDay, AuditEvent)]
    assert counts == [0, 0, 0, 0, 0]
    assert UsageSource.objects.get().last_sequence == 0
