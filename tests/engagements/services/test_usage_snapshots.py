"""What the pages read, the snapshots, after the same data in another order, in other parts, sent again, rolled back."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from engagements.intake.rows import UsageLine
from engagements.models import HealthSnapshot, MetricSnapshot, UsageSource
from engagements.services.recomputes import run_recompute
from engagements.services.usages import roll_back_batch, take_back_in
from tests.engagements.services.test_usage_events import EVENTS
from tests.engagements.services.test_usages import MONDAY, send
from tests.factories.people import UserFactory
from tests.factories.usage import TargetPopulationFactory, UsageSourceFactory

pytestmark = pytest.mark.django_db

NOW = datetime.combine(MONDAY + timedelta(days=5), datetime.min.time(), UTC)
LINES = st.lists(
    st.builds(
        lambda person, day, feature, events, edited: UsageLine(f"user{person}", MONDAY + timedelta(days=day), feature, events=events, edited=edited),
        st.integers(0, 3), st.integers(0, 3), st.sampled_from(["", "draft"]), st.integers(0, 3), st.integers(0, 2),
    ),
    min_size=1, max_size=6,
)  # fmt: skip
quickly = settings(max_examples=8, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


def new_source(kind: str) -> UsageSource:
    source = UsageSourceFactory(kind=kind)
    TargetPopulationFactory(deliverable=source.deliverable, licences=3, starts_on=MONDAY)
    return source


def stored(source: UsageSource) -> dict:
    """All that was computed of the source's engagement: figures and series by subject and day, and its health."""
    engagement = source.deliverable.engagement_id
    while run_recompute(engagement, now=NOW):
        pass
    figures = MetricSnapshot.objects.filter(engagement=engagement).values_list("deliverable", "day", "values", "series")
    health = HealthSnapshot.objects.filter(engagement=engagement).values_list("day", "score", "band", "coverage", "components")
    found = {("figures", deliverable is None, day): told for deliverable, day, *told in figures}
    assert found
    return found | {("health", day): told for day, *told in health}


@quickly
@given(events=EVENTS, data=st.data())
def test_events_in_any_order_parts_and_repetitions_give_the_same_snapshots(events: list[UsageLine], data: st.DataObject) -> None:
    at_once, in_parts = new_source("events"), new_source("events")
    send(at_once, *events)
    repeated = data.draw(st.permutations(events + data.draw(st.lists(st.sampled_from(events), max_size=4))))
    while repeated:
        size = data.draw(st.integers(1, len(repeated)))
        part, repeated = repeated[:size], repeated[size:]
        for __ in range(data.draw(st.integers(1, 2))):
            send(in_parts, *part, key=f"{len(repeated)}")
        if data.draw(st.booleans()):
            stored(in_parts)  # computed in between: nothing of it may stay
    assert stored(in_parts) == stored(at_once)


@quickly
@given(batches=st.lists(LINES, min_size=1, max_size=4), data=st.data())
def test_the_same_batches_of_totals_give_the_same_snapshots_however_often_each_comes(batches: list, data: st.DataObject) -> None:
    once, often = new_source("daily"), new_source("daily")
    for number, lines in enumerate(batches):
        send(once, *lines, key=str(number))
        send(often, *lines, key=str(number))
        for earlier in data.draw(st.lists(st.integers(0, number), max_size=2)):
            assert send(often, *batches[earlier], key=str(earlier)).replayed
        if data.draw(st.booleans()):
            stored(often)
    assert stored(often) == stored(once)


@quickly
@given(batches=st.lists(LINES, min_size=2, max_size=4), place=st.integers(0, 3))
@pytest.mark.parametrize("kind", UsageSource.Kind.values)
def test_a_roll_back_restores_what_was_and_taking_in_again_what_came(kind: str, batches: list, place: int) -> None:
    place %= len(batches)
    pool = [line._replace(event_id=str(number)) for number, line in enumerate(line for lines in batches for line in lines)]
    # Each batch holds again some of what the one before it held.
    batches = [[pool[(number + n) % len(pool)] for n in range(len(lines))] for number, lines in enumerate(batches)]
    without, with_it, by = new_source(kind), new_source(kind), UserFactory()
    for number, lines in enumerate(batches):
        receipt = send(with_it, *lines, key=str(number))
        if number == place:
            batch = receipt.batch
        else:
            send(without, *lines, key=str(number))
    all_of_it = stored(with_it)
    roll_back_batch(batch=batch, by=by)
    assert stored(with_it) == stored(without)
    take_back_in(batch=batch, by=by)
    assert stored(with_it) == all_of_it
