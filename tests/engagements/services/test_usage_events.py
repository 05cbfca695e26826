"""Sources of single events: whatever the order, the parts and the repetitions, the days come out the same."""

from datetime import timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from engagements.intake.rows import UsageLine
from engagements.models import UsageEvent, UsageSource
from engagements.services.usages import roll_back_batch, take_back_in
from tests.engagements.services.test_usages import MONDAY, TUESDAY, activity, counted, send
from tests.factories.people import UserFactory
from tests.factories.usage import UsageSourceFactory

pytestmark = pytest.mark.django_db

A, B = UsageLine("ann", MONDAY, event_id="a", accepted=1), UsageLine("bob", TUESDAY, event_id="b")


def events_source(**fields: object) -> UsageSource:
    return UsageSourceFactory(kind=UsageSource.Kind.EVENTS, **fields)


def test_an_event_counts_once_and_stays_as_it_was() -> None:
    source, stranger = events_source(), events_source()
    send(stranger, A)
    send(source, A, A)
    again = send(source, A._replace(events=50), B, key="two")

    assert again.batch.repeated_count == 1
    assert counted(source) == {MONDAY: (1, 1), TUESDAY: (1, 1)}
    assert UsageEvent.objects.filter(source=source).count() == 2
    assert counted(stranger) == {MONDAY: (1, 1)}


def test_an_event_counts_as_long_as_one_accepted_batch_holds_it() -> None:
    source, by = events_source(), UserFactory()
    first, second = send(source, A, key="one").batch, send(source, A, B, key="two").batch

    roll_back_batch(batch=first, by=by)
    assert counted(source) == {MONDAY: (1, 1), TUESDAY: (1, 1)}
    roll_back_batch(batch=second, by=by)
    assert counted(source) == {}
    take_back_in(batch=first, by=by)
    assert counted(source) == {MONDAY: (1, 1)}


def test_events_and_daily_totals_of_one_deliverable_add_up() -> None:
    source = events_source()
    daily = UsageSourceFactory(deliverable=source.deliverable)
    send(source, A)
    send(daily, UsageLine("ann", MONDAY, events=4), UsageLine("cem", MONDAY, events=2))
    assert counted(source) == {MONDAY: (2, 7)}


EVENTS = st.lists(
    st.builds(
        lambda number, actor, day, feature, accepted: UsageLine(
            f"user{actor}", MONDAY + timedelta(days=day), feature, accepted=accepted, event_id=str(number)
        ),
        st.integers(0, 10_000), st.integers(0, 3), st.integers(0, 3), st.sampled_from(["", "draft"]), st.integers(0, 2),
    ),
    min_size=1, max_size=12, unique_by=lambda line: line.event_id,
)  # fmt: skip


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(events=EVENTS, data=st.data())
def test_any_order_duplication_and_splitting_gives_the_same_days(events: list[UsageLine], data: st.DataObject) -> None:
    at_once, in_parts = events_source(), events_source()
    send(at_once, *events)
    repeated = data.draw(st.permutations(events + data.draw(st.lists(st.sampled_from(events), max_size=6))))
    while repeated:
        size = data.draw(st.integers(1, len(repeated)))
        part, repeated = repeated[:size], repeated[size:]
        for _ in range(data.draw(st.integers(1, 2))):  # the same batch, sent once more
            send(in_parts, *part, key=f"{len(repeated)}")

    assert names(at_once, activity(at_once)) == names(in_parts, activity(in_parts))
    assert names(at_once, activity(at_once, "feature")) == names(in_parts, activity(in_parts, "feature"))


def names(source: UsageSource, found: dict) -> dict:
    """Actors by their hash's order of first use differ between customers: compare how many, with the sums."""
    return {key: (len(actors), events) for key, (actors, events) in found.items()}
