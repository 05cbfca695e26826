"""Tasks: an id in, one service call."""

from datetime import UTC, datetime

import pytest

from engagements import tasks
from engagements.models import Recompute
from engagements.services import recomputes, usage_loading
from engagements.services.recomputes import request_recompute
from fde_portal.celery import SWEEP_EVERY
from tests.engagements.services.test_usage_loads import receive
from tests.factories.engagements import EngagementFactory
from tests.factories.usage import UsageSourceFactory

pytestmark = pytest.mark.django_db


def test_changes_during_a_computation_send_it_to_the_end_of_the_queue_once_more(monkeypatch):
    engagement = EngagementFactory()
    request_recompute(engagement.pk)
    refresh, changes, sent = recomputes.refresh_health, iter(range(1)), []
    monkeypatch.setattr(tasks.run_recompute, "delay", sent.append)

    def change_once(one, **options):
        refresh(one, **options)
        if next(changes, None) is not None:
            request_recompute(one.pk)

    monkeypatch.setattr(recomputes, "refresh_health", change_once)
    tasks.run_recompute(engagement.pk)
    assert (engagement.recompute.want, engagement.recompute.have, sent) == (2, 1, [engagement.pk])

    tasks.run_recompute(engagement.pk)
    engagement.recompute.refresh_from_db()
    assert (engagement.recompute.have, sent) == (2, [engagement.pk])


def test_a_load_sends_its_next_turn_to_the_end_of_the_queue_and_a_turn_taken_meanwhile_ends_it(monkeypatch):
    monkeypatch.setattr(usage_loading, "ROWS_AT_ONCE", 10)
    monkeypatch.setattr(usage_loading, "PARTS_AT_ONCE", 2)
    batch, sent = receive(UsageSourceFactory()), []
    monkeypatch.setattr(tasks.load_usage, "delay", lambda *message: sent.append(message))

    tasks.load_usage(batch.pk)
    assert sent == [(batch.pk, 21)]
    tasks.load_usage(batch.pk)  # as the sweep sends it
    tasks.load_usage(*sent[0])
    assert sent == [(batch.pk, 21), (batch.pk, 41)]
    tasks.load_usage(*sent[1])
    batch.refresh_from_db()
    assert (batch.state, batch.row_count, len(sent)) == ("accepted", 40, 2)


def test_computation_of_an_engagement_that_is_gone_does_nothing():
    tasks.run_recompute(12345)

    assert not Recompute.objects.exists()


def test_sweep_sends_a_short_lived_message_for_each_waiting_row(monkeypatch):
    waiting, done = EngagementFactory(), EngagementFactory()
    for engagement in (waiting, done):
        request_recompute(engagement.pk)
    Recompute.objects.filter(engagement=done).update(have=1)
    sent = []
    monkeypatch.setattr(tasks.run_recompute, "apply_async", lambda *args, **options: sent.append((*args, options)))

    tasks.sweep()

    assert sent == [((waiting.pk,), {"expires": SWEEP_EVERY})]


def test_nightly_asks_for_engagements_without_figures_of_the_day(monkeypatch):
    engagement = EngagementFactory()
    monkeypatch.setattr(tasks.timezone, "now", lambda: datetime(2026, 3, 2, tzinfo=UTC))

    tasks.nightly()

    assert Recompute.objects.get().engagement == engagement
