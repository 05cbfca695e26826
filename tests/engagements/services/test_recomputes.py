"""The queue: what is asked for is computed once, and nothing that is killed in between is lost."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from engagements import tasks
from engagements.models import ContactVisit, DirtyDay, Engagement, GateCondition, MetricSnapshot, Recompute, Share
from engagements.services import recomputes
from engagements.services.recomputes import (
    COMPUTATIONS,
    LEASE,
    MOST_TRIES,
    request_due,
    request_recompute,
    retry_recompute,
    run_recompute,
    sweep,
    waits,
)
from fde_portal.accounts.models import AuditEvent
from fde_portal.core import queue
from tests.engagements.deliveries import compute, deliver
from tests.factories.engagements import EngagementFactory
from tests.factories.people import AdministratorFactory, ContactFactory
from tests.factories.shares import EditionFactory, ShareFactory
from tests.factories.usage import UsageSourceFactory

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 3, 4, 12, tzinfo=UTC)
TODAY = NOW.date()
YESTERDAY = TODAY - timedelta(days=1)


@pytest.fixture
def engagement():
    return EngagementFactory()


@pytest.fixture
def waiting(engagement):
    """The row of an engagement that was asked for once."""
    request_recompute(engagement.pk)
    return engagement.recompute


@pytest.fixture
def nudges(monkeypatch):
    """Ids of the messages sent to the worker."""
    sent = []
    monkeypatch.setattr(tasks.run_recompute, "delay", sent.append)
    return sent


class WorkerKilled(BaseException):
    """Ends the process without a chance to write anything, as SIGKILL does."""


def killing(*_args, **_kwargs):
    raise WorkerKilled


def failing(*_args, **_kwargs):
    raise ValueError("a flow without a year")


def columns(row: Recompute, *names: str) -> tuple:
    row.refresh_from_db()
    return tuple(getattr(row, name) for name in names)


# Asking


def test_asking_again_raises_want_and_keeps_since_when_it_waits(waiting):
    since = waiting.wanted_at

    request_recompute(waiting.engagement_id)

    assert columns(waiting, "want", "have", "wanted_at") == (2, 0, since)


def test_asking_after_a_computation_waits_from_now_on(waiting):
    run_recompute(waiting.engagement_id, now=NOW)
    assert columns(waiting, "wanted_at") == (None,)

    request_recompute(waiting.engagement_id)

    assert columns(waiting, "want", "have") == (2, 1)
    assert waiting.wanted_at is not None


@pytest.mark.parametrize(("days", "kept"), [([5, 3], 3), ([3, 5], 3), ([None, 5], 5), ([5, None], 5), ([None], None)])
def test_the_earliest_touched_day_is_kept(engagement, days, kept):
    for day in days:
        request_recompute(engagement.pk, since=day and date(2026, 3, day))

    assert engagement.recompute.stale_from == (kept and date(2026, 3, kept))


def test_worker_is_nudged_when_the_change_is_committed(engagement, nudges, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        request_recompute(engagement.pk)
        assert nudges == []

    assert nudges == [engagement.pk]


def test_change_succeeds_while_the_broker_is_away(engagement, monkeypatch, django_capture_on_commit_callbacks):
    monkeypatch.setattr(tasks.run_recompute, "delay", failing)

    with django_capture_on_commit_callbacks(execute=True):
        request_recompute(engagement.pk)

    assert sweep(now=NOW) == [engagement.pk]


@pytest.mark.django_db(transaction=True)
def test_change_that_is_rolled_back_asks_for_nothing(engagement, nudges):
    with pytest.raises(ValueError, match="a flow"), transaction.atomic():
        request_recompute(engagement.pk)
        failing()

    assert (Recompute.objects.count(), nudges) == (0, [])


# Running


def test_run_stores_figures_health_and_portfolio_and_frees_the_row(waiting):
    engagement = waiting.engagement

    assert run_recompute(engagement.pk, now=NOW)

    assert columns(waiting, "want", "have", "lease_until", "attempts") == (1, 1, None, 0)
    assert [row.day for row in engagement.metric_snapshots.all()] == [YESTERDAY]
    assert [row.day for row in engagement.health_snapshots.all()] == [TODAY]
    assert engagement.portfolio_row.computed_at == NOW


def test_run_reads_the_signs_of_attention_once_for_health_and_portfolio(waiting):
    engagement = waiting.engagement
    edition = EditionFactory(engagement=engagement, published_at=NOW - timedelta(days=9))
    Share.objects.filter(pk=ShareFactory(engagement=engagement).pk).update(created_at=NOW - timedelta(days=9))
    ContactVisit.objects.create(edition=edition, person=ContactFactory(), seen_on=YESTERDAY)
    with CaptureQueriesContext(connection) as statements:
        assert run_recompute(engagement.pk, now=NOW)

    for model in (ContactVisit, GateCondition):
        reads = [each for each in statements if f'FROM "{model._meta.db_table}"' in each["sql"]]
        assert len(reads) == 1
    assert engagement.portfolio_row.customer_seen_on == YESTERDAY
    assert engagement.health_snapshots.get().facts["signs"]["customer_seen_on"] == YESTERDAY.isoformat()


def test_run_without_waiting_work_does_nothing(waiting):
    run_recompute(waiting.engagement_id, now=NOW)

    assert not run_recompute(waiting.engagement_id, now=NOW + timedelta(hours=1))
    assert MetricSnapshot.objects.get().computed_at == NOW


def test_run_of_an_engagement_nobody_asked_for_does_nothing(engagement):
    assert not run_recompute(engagement.pk, now=NOW)


@pytest.mark.parametrize(
    "columns",
    [{"lease_until": NOW + timedelta(seconds=1)}, {"next_try_at": NOW + timedelta(seconds=1)}, {"parked_at": NOW}],
    ids=["leased", "paused", "parked"],
)
def test_row_that_is_not_free_is_left_alone(waiting, columns):
    Recompute.objects.update(**columns)

    assert not run_recompute(waiting.engagement_id, now=NOW)
    assert sweep(now=NOW) == []
    assert not MetricSnapshot.objects.exists()


def test_change_during_the_computation_is_computed_next(waiting, monkeypatch):
    refresh = recomputes.refresh_health

    def change_meanwhile(engagement, **options):
        refresh(engagement, **options)
        request_recompute(engagement.pk, since=date(2026, 2, 1))

    monkeypatch.setattr(recomputes, "refresh_health", change_meanwhile)
    assert run_recompute(waiting.engagement_id, now=NOW)
    assert columns(waiting, "want", "have", "stale_from") == (2, 1, date(2026, 2, 1))

    monkeypatch.setattr(recomputes, "refresh_health", refresh)
    assert run_recompute(waiting.engagement_id, now=NOW)
    assert columns(waiting, "want", "have", "stale_from", "wanted_at") == (2, 2, None, None)


def test_very_many_touched_days_take_turns_and_end_the_same(engagement, monkeypatch, nudges):
    monkeypatch.setattr(recomputes, "DAYS_A_TURN", 2)
    deliver(UsageSourceFactory(deliverable__engagement=engagement), {TODAY - timedelta(days=n): ["ann"] for n in range(5)})

    for left in (3, 1):
        assert run_recompute(engagement.pk, now=NOW)
        assert (DirtyDay.objects.count(), waits(engagement.pk), MetricSnapshot.objects.exists()) == (left, True, False)
        assert columns(engagement.recompute, "lease_until", "attempts", "stale_from") == (None, 0, TODAY - timedelta(days=4))
    assert run_recompute(engagement.pk, now=NOW)
    assert (waits(engagement.pk), engagement.metric_snapshots.get(deliverable=None).values["last_usage_day"]) == (False, str(TODAY))


def test_run_that_lost_its_lease_leaves_the_result_to_the_other(waiting, monkeypatch):
    others = NOW + timedelta(hours=1)
    monkeypatch.setattr(recomputes, "refresh_metrics", lambda *_, **__: Recompute.objects.update(lease_until=others))

    assert not run_recompute(waiting.engagement_id, now=NOW)

    assert columns(waiting, "have", "lease_until", "error") == (0, others, "")


@pytest.mark.parametrize(("passed", "is_renewed"), [(LEASE / 4, False), (LEASE / 2, True)])
def test_a_run_of_many_steps_keeps_its_lease(waiting, monkeypatch, passed, is_renewed):
    claim = COMPUTATIONS.claim(now=NOW, engagement_id=waiting.engagement_id)
    monkeypatch.setattr(queue.timezone, "now", lambda: NOW + passed)

    claim.keep()

    assert columns(waiting, "lease_until") == (NOW + LEASE + (passed if is_renewed else timedelta(0)),)


def test_killed_run_is_taken_up_when_its_lease_has_run_out(waiting, monkeypatch):
    with monkeypatch.context() as during, pytest.raises(WorkerKilled):
        during.setattr(recomputes, "refresh_health", killing)
        run_recompute(waiting.engagement_id, now=NOW)
    (lease_until,) = columns(waiting, "lease_until")

    assert sweep(now=lease_until - timedelta(seconds=1)) == []
    assert sweep(now=lease_until) == [waiting.engagement_id]
    assert run_recompute(waiting.engagement_id, now=lease_until)
    assert columns(waiting, "want", "have") == (1, 1)


@pytest.mark.parametrize("step", ["rebuild_days", "refresh_metrics", "refresh_health", "refresh_portfolio_row"])
def test_late_data_reach_a_closed_day_although_the_worker_was_killed(engagement, monkeypatch, step):
    source = UsageSourceFactory(deliverable__engagement=engagement)
    deliver(source, {TODAY - timedelta(days=5): ["ann"]})
    for back in (2, 1, 0):
        compute(engagement, on=TODAY - timedelta(days=back))
    deliver(source, {TODAY - timedelta(days=3): ["ben"]})

    with monkeypatch.context() as during, pytest.raises(WorkerKilled):
        during.setattr(recomputes, step, killing)
        run_recompute(engagement.pk, now=NOW)
    Recompute.objects.update(lease_until=NOW)
    assert run_recompute(engagement.pk, now=NOW)

    snapshots = engagement.metric_snapshots.filter(deliverable=None).order_by("day")
    assert [row.values["wau"] for row in snapshots] == [2, 2, 2]
    assert columns(engagement.recompute, "stale_from") == (None,)


# Failing


def test_failure_is_written_down_and_tried_again_with_growing_pauses(waiting, monkeypatch):
    monkeypatch.setattr(recomputes, "refresh_metrics", failing)
    now, pauses = NOW, []
    for _ in range(MOST_TRIES - 1):
        assert not run_recompute(waiting.engagement_id, now=now)
        (next_try,) = columns(waiting, "next_try_at")
        pauses.append((next_try - now).total_seconds())
        now = next_try

    assert pauses == [10, 20, 40, 80]
    assert columns(waiting, "have", "error", "lease_until", "parked_at") == (
        0,
        "ValueError: a flow without a year",
        None,
        None,
    )


def test_fifth_failure_parks_the_row(waiting, monkeypatch):
    monkeypatch.setattr(recomputes, "refresh_metrics", failing)
    Recompute.objects.update(attempts=MOST_TRIES - 1)

    run_recompute(waiting.engagement_id, now=NOW)

    assert columns(waiting, "parked_at") == (NOW,)
    assert (sweep(now=NOW + timedelta(days=1)), COMPUTATIONS.oldest_waiting()) == ([], None)


def test_row_that_kills_its_worker_each_time_is_parked(waiting, monkeypatch):
    monkeypatch.setattr(recomputes, "refresh_metrics", killing)
    now = NOW
    for _ in range(MOST_TRIES):
        assert sweep(now=now) == [waiting.engagement_id]
        with pytest.raises(WorkerKilled):
            run_recompute(waiting.engagement_id, now=now)
        now += LEASE + timedelta(seconds=1)

    assert sweep(now=now) == []
    assert columns(waiting, "parked_at", "lease_until") == (now, None)
    assert "worker ended" in waiting.error


def test_success_forgets_earlier_failures(waiting):
    Recompute.objects.update(attempts=3, error="ValueError: old", next_try_at=NOW)

    assert run_recompute(waiting.engagement_id, now=NOW)

    assert columns(waiting, "attempts", "error", "next_try_at") == (0, "", None)


def test_operator_gives_a_parked_row_new_tries(waiting, nudges, django_capture_on_commit_callbacks):
    Recompute.objects.update(attempts=MOST_TRIES, parked_at=NOW, next_try_at=NOW + timedelta(days=1), error="old")
    operator = AdministratorFactory()

    with django_capture_on_commit_callbacks(execute=True):
        retry_recompute(waiting, by=operator)

    assert nudges == [waiting.engagement_id]
    assert run_recompute(waiting.engagement_id, now=NOW)
    event = AuditEvent.objects.get(verb="retry")
    assert (event.actor, event.engagement_id) == (operator, waiting.engagement_id)


# Watching


def test_sweep_names_the_longest_waiting_first(waiting):
    late, early = EngagementFactory(), EngagementFactory()
    for engagement, minutes in ((late, 1), (early, 9)):
        request_recompute(engagement.pk)
        Recompute.objects.filter(engagement=engagement).update(wanted_at=NOW - timedelta(minutes=minutes))
    Recompute.objects.filter(pk=waiting.pk).update(wanted_at=NOW)

    assert sweep(now=NOW) == [early.pk, late.pk, waiting.engagement_id]


def test_readiness_sees_since_when_the_oldest_row_waits(waiting):
    assert COMPUTATIONS in queue.queues()
    assert COMPUTATIONS.oldest_waiting() == waiting.wanted_at

    run_recompute(waiting.engagement_id, now=NOW)

    assert COMPUTATIONS.oldest_waiting() is None


# A new day


def ids_wanted() -> set[int]:
    return set(Recompute.objects.filter(recomputes.WAITING).values_list("engagement_id", flat=True))


def test_new_local_day_is_asked_for_once(engagement):
    compute(engagement, on=YESTERDAY)
    request_due(now=NOW.replace(hour=0) - timedelta(minutes=1))
    assert ids_wanted() == set()

    request_due(now=NOW.replace(hour=0))

    assert ids_wanted() == {engagement.pk}


def test_day_begins_by_the_clock_of_the_engagement():
    shanghai, lisbon = EngagementFactory(time_zone="Asia/Shanghai"), EngagementFactory(time_zone="Europe/Lisbon")
    for engagement in (shanghai, lisbon):
        compute(engagement, on=YESTERDAY)

    request_due(now=NOW.replace(hour=0) - timedelta(hours=7))

    assert ids_wanted() == {shanghai.pk}


def test_figures_of_an_older_definition_are_asked_for(engagement):
    compute(engagement, on=TODAY)
    MetricSnapshot.objects.update(definition_version=0)

    request_due(now=NOW)

    assert ids_wanted() == {engagement.pk}


def test_work_that_is_over_follows_a_new_definition_and_is_then_left_alone(engagement):
    archived = EngagementFactory(status="completed", archived_at=NOW)
    for each in (engagement, archived):
        compute(each, on=TODAY - timedelta(days=30))
    Engagement.objects.filter(pk=engagement.pk).update(status="completed")
    request_due(now=NOW)
    assert ids_wanted() == set()
    MetricSnapshot.objects.update(definition_version=0)

    request_due(now=NOW)
    assert ids_wanted() == {engagement.pk}

    run_recompute(engagement.pk, now=NOW)
    request_due(now=NOW)
    assert ids_wanted() == set()


def test_work_that_is_over_is_not_asked_for():
    EngagementFactory(status="completed")
    EngagementFactory(archived_at=NOW)

    request_due(now=NOW)

    assert ids_wanted() == set()
