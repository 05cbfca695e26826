"""Plain records: no lost update, nothing twice, a trail that cannot be changed."""

from datetime import UTC, datetime

import pytest

from customers.forms import CustomerForm
from customers.models import Customer
from fde_portal.accounts import audit
from fde_portal.accounts.models import AuditEvent
from fde_portal.accounts.records import Conflict, archive_record, restore_record, save_record
from tests.factories.customers import CustomerFactory
from tests.factories.people import UserFactory

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 3, 2, 12, tzinfo=UTC)


@pytest.fixture
def by():
    return UserFactory()


def form_for(customer, **changes):
    form = CustomerForm(CustomerForm(instance=customer).initial | changes, instance=customer)
    assert form.is_valid(), form.errors
    return form


def test_a_save_counts_the_version_and_names_the_changed_fields(by):
    customer = CustomerFactory()
    save_record(form_for(customer, name="New name", industry="Rail"), by=by)
    customer.refresh_from_db()
    assert (customer.name, customer.version) == ("New name", 2)
    event = AuditEvent.objects.get()
    assert (event.verb, event.actor, event.customer_id) == ("edit", by, customer.pk)
    assert event.details == {"fields": ["industry", "name"]}


def test_the_second_of_two_forms_opened_together_is_a_conflict(by):
    customer = CustomerFactory()
    first, second = (form_for(Customer.objects.get(pk=customer.pk), name=name) for name in ("First", "Second"))
    save_record(first, by=by)
    with pytest.raises(Conflict):
        save_record(second, by=by)
    assert Customer.objects.get().name == "First"
    assert AuditEvent.objects.count() == 1


def test_archive_and_restore_happen_once_each(by):
    customer = CustomerFactory()
    for _ in range(2):
        archive_record(customer, by=by, now=NOW)
    assert Customer.objects.get().archived_at == NOW
    for _ in range(2):
        restore_record(customer, by=by)
    assert Customer.objects.get().archived_at is None
    assert list(AuditEvent.objects.order_by("pk").values_list("verb", flat=True)) == ["archive", "restore"]


def test_an_archive_makes_an_open_form_a_conflict(by):
    customer = CustomerFactory()
    form = form_for(Customer.objects.get(), name="Typed")
    archive_record(customer, by=by, now=NOW)
    with pytest.raises(Conflict):
        save_record(form, by=by)


def test_events_cannot_be_changed_or_deleted(by):
    event = audit.record("edit", CustomerFactory(), by=by)
    for act in (event.save, event.delete, AuditEvent.objects.all().delete, lambda: AuditEvent.objects.update(verb="x")):
        with pytest.raises(TypeError, match="append-only"):
            act()
    assert AuditEvent.objects.get().verb == "edit"


def test_events_outlive_their_actor(by):
    audit.record("edit", CustomerFactory(), by=by)
    name = by.name
    by.delete()
    event = AuditEvent.objects.get()
    assert (event.actor, event.actor_label) == (None, name)
