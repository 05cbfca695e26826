"""The database does not check the keys of usage rows: the services see to it that each row has its parents."""

import pytest
from django.apps import apps
from django.db import OperationalError, connection, models, transaction
from django.utils import timezone

from engagements.models import Actor, UsageEvent, UsageRow, UsageSource
from engagements.services import usage_loading
from engagements.services.actors import erase_actor, keep_people
from tests.engagements.services.test_usage_limits import actor
from tests.engagements.services.test_usage_loads import load, receive
from tests.engagements.services.test_usage_races import at_once
from tests.engagements.services.test_usages import MONDAY, UsageLine, counted, send
from tests.factories.people import UserFactory
from tests.factories.usage import UsageSourceFactory


def unchecked_keys() -> list[models.ForeignKey]:
    fields = [field for model in apps.get_models() for field in model._meta.get_fields() if isinstance(field, models.ForeignKey)]
    return [field for field in fields if not field.db_constraint]


def orphans() -> list[str]:
    """Rows whose key names nobody, as model and field."""
    found = []
    for field in unchecked_keys():
        values = field.model._default_manager.values_list(field.attname, flat=True).distinct()
        there = field.related_model._default_manager.filter(pk__in=list(values)).count()
        found += [str(field)] * (len(values) - there)
    return found


@pytest.fixture(params=UsageSource.Kind.values)
def source(request, db) -> UsageSource:
    return UsageSourceFactory(kind=request.param)


def lines(*actors: str) -> list[UsageLine]:
    return [UsageLine(name, MONDAY, event_id=f"{name} {number}") for number, name in enumerate(actors)]


def test_only_the_truth_of_usage_goes_unchecked() -> None:
    assert {field.model for field in unchecked_keys()} == {UsageRow, UsageEvent}
    assert {field.name for field in unchecked_keys()} == {"batch", "deliverable", "actor", "source"}


@pytest.mark.parametrize("of", ["source", "source.deliverable", "source.deliverable.engagement.customer"])
def test_whatever_is_deleted_takes_its_rows_along(source: UsageSource, of: str) -> None:
    stranger = UsageSourceFactory(kind=source.kind)
    batch = send(source, *lines("ann", "bob")).batch
    send(stranger, *lines("ann"))
    parent = batch
    for name in of.split("."):
        parent = getattr(parent, name)
    if isinstance(parent, type(source.deliverable.engagement.customer)):
        source.deliverable.engagement.delete()
    parent.delete()
    assert orphans() == []
    assert UsageRow.objects.count() + UsageEvent.objects.count() == 1
    assert counted(stranger) == {MONDAY: (1, 1)}


def test_somebody_erased_between_two_parts_of_a_load_comes_in_as_somebody_new(source: UsageSource, monkeypatch) -> None:
    monkeypatch.setattr(usage_loading, "ROWS_AT_ONCE", 10)
    batch, by, parts = receive(source), UserFactory(), []

    def store_and_erase(self, lines, store=usage_loading.Loading.store):
        store(self, lines)
        parts.append(len(lines))
        if len(parts) == 1:
            parts.append(actor(source, "user1").pk)
            erase_actor(actor(source, "user1"), by=by)

    monkeypatch.setattr(usage_loading.Loading, "store", store_and_erase)
    assert load(batch, now=timezone.now())
    assert orphans() == []
    # Four parts of ten rows, eight by each of five people: of user1, two were erased.
    assert sum(events for __, events in counted(source).values()) == 38
    assert actor(source, "user1").pk != parts[1]


@pytest.mark.django_db(transaction=True)
def test_erasing_while_deliveries_arrive_leaves_no_row_without_its_person() -> None:
    source, by = UsageSourceFactory(), UserFactory()
    send(source, *lines("ann", "bob"), key="first")

    def deliver(name: str) -> None:
        for number in range(8):
            send(source, *lines("ann", "bob", name), key=f"{name} {number}")

    def erase() -> None:
        for __ in range(8):
            found = Actor.objects.exclude(key_hash=actor(source, "bob").key_hash).first()
            if found:
                erase_actor(found, by=by)

    at_once(lambda: deliver("cem"), lambda: deliver("dee"), erase)
    assert orphans() == []


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_who_writes_rows_holds_people_back_from_being_erased() -> None:
    source, by = UsageSourceFactory(), UserFactory()
    send(source, *lines("ann"))
    people, refused = source.deliverable.engagement.customer_id, []

    def erase() -> None:
        with connection.cursor() as cursor:
            cursor.execute("SET lock_timeout = '300ms'")
        try:
            erase_actor(actor(source, "ann"), by=by)
        except OperationalError as fault:
            refused.append(fault)

    with transaction.atomic():
        keep_people(people)
        at_once(lambda: send(source, *lines("bob"), key="two"), erase)
    assert len(refused) == 1
    assert counted(source) == {MONDAY: (2, 2)}
