"""From rows to days: who counts, what is summed, and that the way the rows came does not matter."""

from datetime import date

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from engagements.intake.rows import UsageLine
from engagements.models import ActivityDay, Actor, DirtyDay, Feature
from engagements.services.activity import mark_days, rebuild_days
from engagements.services.actors import AliasOfItself, set_actor_kind, set_alias
from engagements.services.usages import roll_back_batch
from tests.engagements.services.test_usages import MONDAY, TUESDAY, activity, counted, send
from tests.factories.people import UserFactory
from tests.factories.usage import ActorFactory, UsageSourceFactory

pytestmark = pytest.mark.django_db


def test_a_row_without_events_makes_nobody_active_but_shows_the_day_was_measured() -> None:
    source = UsageSourceFactory()
    send(source, UsageLine("ann", MONDAY, events=0))
    assert activity(source) == {MONDAY: (set(), 0)}


def test_sums_cover_every_kind_of_outcome() -> None:
    source = UsageSourceFactory()
    send(source, UsageLine("ann", MONDAY, "", "", 9, -30, 4, 3, 2, 1), UsageLine("bob", MONDAY, "", "", 1, 90))
    activity(source)
    day = ActivityDay.objects.get()
    assert (day.events, day.seconds_saved, day.accepted, day.edited, day.rejected, day.failed) == (10, 60, 4, 3, 2, 1)


def test_features_and_releases_have_rows_of_their_own() -> None:
    source = UsageSourceFactory()
    send(source, UsageLine("ann", MONDAY, "search", "v2", 2), UsageLine("bob", MONDAY, "draft", "", 3))
    assert activity(source) == {MONDAY: ({0, 1}, 5)}
    assert activity(source, "feature") == {(MONDAY, "search"): ({0}, 2), (MONDAY, "draft"): ({1}, 3)}
    assert activity(source, "release") == {(MONDAY, "v2"): ({0}, 2)}


def test_a_feature_without_value_counts_in_its_own_row_only() -> None:
    source = UsageSourceFactory()
    Feature.objects.create(deliverable=source.deliverable, name="login", bears_value=False)
    send(source, UsageLine("ann", MONDAY, "login", "v2", 7), UsageLine("bob", MONDAY, "draft", "", 1))
    assert activity(source) == {MONDAY: ({1}, 1)}
    assert activity(source, "feature") == {(MONDAY, "login"): ({0}, 7), (MONDAY, "draft"): ({1}, 1)}
    assert activity(source, "release") == {}


@pytest.mark.parametrize("kind", [Actor.Kind.BOT, Actor.Kind.OWN_STAFF])
def test_only_persons_count(kind: str) -> None:
    source = UsageSourceFactory()
    send(source, UsageLine("ann", MONDAY), UsageLine("robot", MONDAY, events=900))
    activity(source)
    set_actor_kind(Actor.objects.get(ordinal=1), kind, by=UserFactory())
    assert activity(source) == {MONDAY: ({0}, 1)}


def test_an_alias_is_the_person_behind_it() -> None:
    source = UsageSourceFactory()
    send(source, UsageLine("ann", MONDAY), UsageLine("ann@old", MONDAY, events=2), UsageLine("ann@old", TUESDAY))
    activity(source)
    ann, old = Actor.objects.order_by("ordinal")
    set_alias(old, ann, by=UserFactory())
    assert activity(source) == {MONDAY: ({0}, 3), TUESDAY: ({0}, 1)}
    set_alias(old, None, by=UserFactory())
    assert activity(source) == {MONDAY: ({0, 1}, 3), TUESDAY: ({1}, 1)}


def test_a_change_of_the_person_reaches_the_days_of_the_aliases() -> None:
    source = UsageSourceFactory()
    send(source, UsageLine("ann", MONDAY), UsageLine("ann@old", TUESDAY))
    ann, old = Actor.objects.order_by("ordinal")
    set_alias(old, ann, by=UserFactory())
    activity(source)
    set_actor_kind(ann, Actor.Kind.OWN_STAFF, by=UserFactory())
    assert counted(source) == {MONDAY: (0, 0), TUESDAY: (0, 0)}


def test_aliases_stay_one_step_deep() -> None:
    source = UsageSourceFactory()
    send(source, *[UsageLine(name, MONDAY) for name in ("a", "b", "c")])
    first, second, third = Actor.objects.order_by("ordinal")
    person = UserFactory()
    set_alias(first, second, by=person)
    set_alias(second, third, by=person)
    assert set(Actor.objects.filter(alias_of=third)) == {first, second}
    with pytest.raises(AliasOfItself):
        set_alias(third, first, by=person)
    with pytest.raises(ValueError, match="same customer"):
        set_alias(third, ActorFactory(), by=person)
    assert counted(source) == {MONDAY: (1, 3)}


def test_a_rebuild_touches_only_its_days_and_takes_their_marks_away() -> None:
    source = UsageSourceFactory()
    send(source, UsageLine("ann", MONDAY), UsageLine("ann", TUESDAY))
    rebuild_days(source.deliverable_id, [MONDAY])
    assert list(ActivityDay.objects.values_list("day", flat=True)) == [MONDAY]
    assert list(DirtyDay.objects.values_list("day", flat=True)) == [TUESDAY]


def test_a_day_without_rows_loses_its_activity() -> None:
    source = UsageSourceFactory()
    batch = send(source, UsageLine("ann", MONDAY, "draft")).batch
    activity(source)
    roll_back_batch(batch=batch, by=UserFactory())
    activity(source)
    assert not ActivityDay.objects.exists()


def test_a_day_marked_twice_has_one_mark() -> None:
    source = UsageSourceFactory()
    mark_days(source.deliverable_id, [MONDAY, TUESDAY])
    mark_days(source.deliverable_id, [TUESDAY, MONDAY, MONDAY])
    assert DirtyDay.objects.count() == 2


LINES = st.lists(
    st.tuples(
        st.sampled_from(["ann", "bob", "cem"]),
        st.sampled_from([MONDAY, TUESDAY, date(2026, 3, 4)]),
        st.sampled_from(["", "draft", "login"]),
        st.sampled_from(["", "v1"]),
        st.integers(0, 3),
    ).map(lambda cells: UsageLine(*cells)),
    min_size=1,
    max_size=8,
)


def stored() -> list[tuple]:
    rows = ActivityDay.objects.order_by("day", "dimension", "name")
    return [(row.day, row.dimension, row.name, bytes(row.actors), row.events) for row in rows]


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(LINES, min_size=1, max_size=3), st.randoms(use_true_random=False))
def test_sending_again_in_any_order_gives_the_same_days(batches: list[list[UsageLine]], chance) -> None:
    source = UsageSourceFactory()
    ActivityDay.objects.all().delete()
    for key, lines in enumerate(batches):
        send(source, *lines, key=str(key))
    activity(source)
    before = stored()

    again = [(key, chance.sample(lines, len(lines))) for key, lines in enumerate(batches)]
    chance.shuffle(again)
    for key, lines in again:
        assert send(source, *lines, key=str(key)).replayed
    mark_days(source.deliverable_id, [day for day, *__ in before])
    activity(source)
    assert stored() == before
