import re
from datetime import UTC, date, datetime

import pytest
from django.core import mail

from customers import services
from customers.models import CustomerMembership, Stakeholder, StanceRecord
from customers.services import (
    LiveEngagements,
    NotAContact,
    archive_customer,
    archive_stakeholder,
    invite_contact,
    note_contact,
    record_stance,
    remove_contact,
    restore_stakeholder,
)
from engagements.models import Status
from fde_portal.accounts.models import AuditEvent, Invitation, User
from fde_portal.accounts.permissions import Role
from fde_portal.accounts.services.invitations import AlreadyInvited, Gone, accept_invitation
from tests.factories.customers import CustomerFactory, MembershipFactory, StakeholderFactory
from tests.factories.engagements import EngagementFactory
from tests.factories.people import ContactFactory, UserFactory

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 3, 2, 12, tzinfo=UTC)
Stance = Stakeholder.Stance


@pytest.fixture
def by():
    return UserFactory()


@pytest.fixture
def heard(monkeypatch):
    """What is told to those who follow relationships."""
    calls = []
    monkeypatch.setattr(services, "_relationship_listeners", [lambda customer_id, since: calls.append((customer_id, since))])
    return calls


def stances(stakeholder):
    return list(stakeholder.stances.values_list("stance", "recorded_on"))


class TestRecordStance:
    def test_first_and_changed_stances_are_kept_with_their_day(self, by, heard):
        person = StakeholderFactory()
        record_stance(stakeholder=person, stance=Stance.NEUTRAL, on=date(2026, 1, 5), by=by)
        record_stance(stakeholder=person, stance=Stance.SCEPTIC, on=date(2026, 2, 2), by=by)
        assert stances(person) == [("neutral", date(2026, 1, 5)), ("sceptic", date(2026, 2, 2))]
        assert heard == [(person.customer_id, date(2026, 1, 5)), (person.customer_id, date(2026, 2, 2))]

    def test_the_same_stance_again_writes_nothing(self, by, heard):
        person = StakeholderFactory()
        record_stance(stakeholder=person, stance=Stance.NEUTRAL, on=date(2026, 1, 5), by=by)
        assert record_stance(stakeholder=person, stance=Stance.NEUTRAL, on=date(2026, 2, 2), by=by) is None
        assert stances(person) == [("neutral", date(2026, 1, 5))]
        assert len(heard) == 1

    def test_an_earlier_day_is_compared_with_what_held_then(self, by):
        person = StakeholderFactory()
        record_stance(stakeholder=person, stance=Stance.SCEPTIC, on=date(2026, 2, 2), by=by)
        record_stance(stakeholder=person, stance=Stance.SCEPTIC, on=date(2026, 1, 5), by=by)
        assert stances(person) == [("sceptic", date(2026, 1, 5)), ("sceptic", date(2026, 2, 2))]

    def test_the_trail_names_the_day_and_not_the_stance(self, by):
        person = StakeholderFactory()
        record_stance(stakeholder=person, stance=Stance.BLOCKER, on=date(2026, 1, 5), by=by)
        event = AuditEvent.objects.get()
        assert (event.verb, event.actor, event.subject_id, event.customer_id) == ("record_stance", by, person.pk, person.customer_id)
        assert event.details == {"on": "2026-01-05"}


def test_archiving_and_restoring_a_stakeholder_is_told_to_health(by, heard):
    person = StakeholderFactory()
    archive_stakeholder(person, by=by, now=NOW)
    restore_stakeholder(person, by=by)
    assert heard == [(person.customer_id, None)] * 2
    assert list(AuditEvent.objects.order_by("pk").values_list("verb", flat=True)) == ["archive", "restore"]


def test_last_contact_only_moves_forward():
    older, newer, never = (
        StakeholderFactory(last_contact_on=date(2026, 1, 1)),
        StakeholderFactory(last_contact_on=date(2026, 5, 1)),
        StakeholderFactory(),
    )
    note_contact([older, newer, never], on=date(2026, 3, 2))
    days = dict(Stakeholder.objects.values_list("pk", "last_contact_on"))
    assert [days[person.pk] for person in (older, newer, never)] == [date(2026, 3, 2), date(2026, 5, 1), date(2026, 3, 2)]


class TestArchiveCustomer:
    @pytest.mark.parametrize("status", [Status.ACTIVE, Status.BLOCKED])
    def test_refused_while_work_goes_on(self, by, status):
        customer = EngagementFactory(status=status).customer
        with pytest.raises(LiveEngagements):
            archive_customer(customer, by=by, now=NOW)
        customer.refresh_from_db()
        assert customer.archived_at is None
        assert not AuditEvent.objects.exists()

    def test_done_and_archived_work_does_not_hinder(self, by):
        customer = CustomerFactory()
        EngagementFactory(customer=customer, status=Status.COMPLETED)
        EngagementFactory(customer=customer, archived_at=NOW)
        archive_customer(customer, by=by, now=NOW)
        customer.refresh_from_db()
        assert customer.archived_at == NOW


class TestInviteContact:
    def test_somebody_new_gets_a_link_in_the_language_of_the_customer_and_no_account_yet(self, by):
        customer = CustomerFactory(language="zh-hans", time_zone="Asia/Shanghai")
        assert invite_contact(customer=customer, email="Li.Wei@Example.org", name="李伟", by=by, now=NOW) == Invitation.objects.get()
        invitation = Invitation.objects.get()
        assert (invitation.email, invitation.role, invitation.customer_id) == ("li.wei@example.org", Role.CONTACT, customer.pk)
        assert (invitation.language, invitation.time_zone) == ("zh-hans", "Asia/Shanghai")
        assert [message.to for message in mail.outbox] == [["li.wei@example.org"]]
        assert not User.objects.filter(email="li.wei@example.org").exists()
        assert AuditEvent.objects.values_list("verb", "customer_id").get() == ("invite", customer.pk)

    def test_accepting_links_them_to_each_customer_that_invited_the_address(self, by):
        ours, theirs, stranger = CustomerFactory.create_batch(3)
        for customer in (ours, theirs):
            invite_contact(customer=customer, email="ilse@example.org", name="Ilse", by=by, now=NOW)
        invite_contact(customer=stranger, email="other@example.org", name="Other", by=by, now=NOW)
        person = accept(mail.outbox[0])
        assert set(person.memberships.values_list("customer", flat=True)) == {ours.pk, theirs.pk}
        assert set(Invitation.objects.exclude(accepted_at=None).values_list("customer_id", flat=True)) == {ours.pk, theirs.pk}
        with pytest.raises(Gone):
            accept(mail.outbox[1])

    def test_a_second_one_for_the_same_customer_is_refused(self, by):
        customer = CustomerFactory()
        invite_contact(customer=customer, email="ilse@example.org", name="Ilse", by=by, now=NOW)
        with pytest.raises(AlreadyInvited):
            invite_contact(customer=customer, email="ILSE@example.org", name="Ilse", by=by, now=NOW)
        assert (Invitation.objects.count(), len(mail.outbox)) == (1, 1)

    def test_an_existing_contact_is_linked_at_once_and_keeps_the_name(self, by):
        person = ContactFactory(email="ilse@example.org", name="Ilse de Wit")
        customer = CustomerFactory()
        for __ in range(2):
            invite_contact(customer=customer, email="ILSE@example.org", name="Somebody", by=by, now=NOW)
        person.refresh_from_db()
        assert person.name == "Ilse de Wit"
        assert CustomerMembership.objects.get().user == person
        assert AuditEvent.objects.filter(verb="add_contact").count() == 1
        assert mail.outbox == []

    @pytest.mark.parametrize("person", [{"role": Role.FDE}, {"role": Role.MANAGER}, {"role": Role.CONTACT, "is_active": False}])
    def test_our_own_people_and_people_switched_off_are_refused(self, by, person):
        UserFactory(email="maya@example.org", **person)
        with pytest.raises(NotAContact):
            invite_contact(customer=CustomerFactory(), email="Maya@example.org", name="Maya", by=by, now=NOW)
        assert not CustomerMembership.objects.exists()
        assert not Invitation.objects.exists()


def accept(message):
    secret = re.search(r"/invitations/([^/]+)/", message.body).group(1)
    profile = {"name": "Ilse", "password": "seven wild geese", "language": "en", "time_zone": "UTC"}
    return accept_invitation(secret=secret, now=NOW, **profile)


def test_removing_a_contact_keeps_the_person_and_other_links(by):
    membership = MembershipFactory()
    other = MembershipFactory(user=membership.user)
    remove_contact(membership, by=by)
    assert list(CustomerMembership.objects.all()) == [other]
    assert User.objects.filter(pk=other.user_id).exists()
    assert AuditEvent.objects.get().verb == "remove_contact"


def test_strangers_keep_their_stances(by):
    stranger = StakeholderFactory()
    record_stance(stakeholder=StakeholderFactory(), stance=Stance.BLOCKER, on=date(2026, 1, 5), by=by)
    assert not StanceRecord.objects.filter(stakeholder=stranger).exists()
