"""Closed days change no more; an erased person is gone everywhere, and nobody else is."""

import pytest
from django.core import serializers

from engagements.intake.files import read_rows
from engagements.intake.rows import RowsRejected
from engagements.models import Actor, MetricSnapshot, TargetPopulation, UsageEvent, UsageRow, UsageSource
from engagements.selectors.usage import row_reader
from engagements.services.actors import erase_actor, hashes_of, set_alias
from engagements.services.recomputes import run_recompute
from engagements.services.sources import close_period, open_period
from engagements.services.targets import name_targets
from engagements.services.usages import PeriodClosed, roll_back_batch
from fde_portal.accounts.models import AuditEvent
from tests.engagements.services.test_usages import MONDAY, NOW, TUESDAY, UsageLine, counted, send
from tests.factories.people import UserFactory
from tests.factories.usage import UsageSourceFactory

pytestmark = pytest.mark.django_db


def read(source: UsageSource, content: bytes) -> list[UsageLine]:
    return read_rows([content], "csv", row_reader(source, NOW))


def test_closed_days_take_nothing_in_and_give_nothing_back() -> None:
    source, other, by = UsageSourceFactory(), UsageSourceFactory(), UserFactory()
    batch = send(source, UsageLine("ann", MONDAY)).batch
    close_period(source, until=MONDAY, by=by, now=NOW)

    with pytest.raises(RowsRejected) as refused:
        read(source, b"actor,date\nann,2026-03-02\nann,2026-03-03\n")
    assert [(error.row, error.column) for error in refused.value.errors] == [(2, "date")]
    with pytest.raises(PeriodClosed):
        roll_back_batch(batch=batch, by=by)
    assert counted(source) == {MONDAY: (1, 1)}
    assert len(read(other, b"actor,date\nann,2026-03-02\n")) == 1

    open_period(source, by=by)
    open_period(source, by=by)
    roll_back_batch(batch=batch, by=by)
    assert counted(source) == {}
    assert list(AuditEvent.objects.order_by("pk").values_list("verb", flat=True)) == ["receive", "close_period", "open_period", "roll_back"]


def actor(source: UsageSource, name: str) -> Actor:
    customer_id = source.deliverable.engagement.customer_id
    return Actor.objects.get(customer=customer_id, key_hash=hashes_of(customer_id, [name])[name])


def test_an_erased_person_is_gone_everywhere_and_nobody_else_is() -> None:
    daily = UsageSourceFactory(keeps_names=True)
    events = UsageSourceFactory(deliverable=daily.deliverable, kind=UsageSource.Kind.EVENTS)
    stranger, by = UsageSourceFactory(), UserFactory()
    send(daily, UsageLine("ann", MONDAY), UsageLine("bob", MONDAY), UsageLine("a.n.n", TUESDAY))
    send(events, UsageLine("ann", TUESDAY, event_id="1"))
    send(stranger, UsageLine("ann", MONDAY))
    name_targets(deliverable=daily.deliverable, names=["ann", "bob"], by=by, starts_on=MONDAY)
    set_alias(actor(daily, "a.n.n"), actor(daily, "ann"), by=by)
    engagement_id = daily.deliverable.engagement_id
    assert run_recompute(engagement_id, now=NOW)
    assert MetricSnapshot.objects.filter(engagement=engagement_id).first().values["mau28"] == 2

    assert erase_actor(actor(daily, "ann"), by=by) == 4

    assert run_recompute(engagement_id, now=NOW)
    assert counted(daily) == {MONDAY: (1, 1)}
    assert MetricSnapshot.objects.filter(engagement=engagement_id).first().values["mau28"] == 1
    assert counted(stranger) == {MONDAY: (1, 1)}
    assert TargetPopulation.objects.count() == 1
    everything = serializers.serialize("json", [*Actor.objects.all(), *UsageRow.objects.all(), *UsageEvent.objects.all(), *AuditEvent.objects.all()])
    assert '"ann"' not in everything
    assert "a.n.n" not in everything
