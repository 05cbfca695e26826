"""Who sees customers and what hangs on them. Strangers have rows of their own, so that "nothing" is not an accident."""

import pytest

from customers.models import Customer, CustomerMembership, Stakeholder, StanceRecord
from customers.selectors import visible_customers
from engagements.models import NoteRevision, StakeholderNote, TeamMember
from tests.factories.customers import CustomerFactory, MembershipFactory, StakeholderFactory, StanceRecordFactory
from tests.factories.engagements import EngagementFactory, NoteFactory
from tests.factories.people import ContactFactory, ManagerFactory, UserFactory

pytestmark = pytest.mark.django_db


def fill(customer: Customer) -> dict[type, object]:
    """One row of each kind that hangs on the customer."""
    stakeholder = StakeholderFactory(customer=customer)
    return {
        Customer: customer,
        Stakeholder: stakeholder,
        StanceRecord: StanceRecordFactory(stakeholder=stakeholder),
        CustomerMembership: MembershipFactory(customer=customer),
        StakeholderNote: NoteFactory(customer=customer),
    }


@pytest.fixture
def engagement():
    return EngagementFactory()


@pytest.fixture
def ours(engagement):
    return fill(engagement.customer)


@pytest.fixture
def theirs():
    return fill(EngagementFactory().customer)


KINDS = [Customer, Stakeholder, StanceRecord, CustomerMembership, StakeholderNote]


@pytest.mark.parametrize("model", KINDS)
def test_lead_sees_own_customer_only(model, engagement, ours, theirs):
    assert list(model.objects.visible_to(engagement.lead)) == [ours[model]]


@pytest.mark.parametrize("model", KINDS)
def test_backup_and_team_see_what_the_lead_sees(model, engagement, ours, theirs):
    backup, member = UserFactory(), UserFactory()
    engagement.backup = backup
    engagement.save()
    TeamMember.objects.create(engagement=engagement, user=member)
    assert list(model.objects.visible_to(backup)) == [ours[model]]
    assert list(model.objects.visible_to(member)) == [ours[model]]


@pytest.mark.parametrize("model", KINDS)
def test_account_owner_sees_the_customer_without_an_engagement(model, ours, theirs):
    owner = UserFactory()
    Customer.objects.filter(pk=ours[Customer].pk).update(account_owner=owner)
    assert list(model.objects.visible_to(owner)) == [ours[model]]


@pytest.mark.parametrize("model", KINDS)
def test_manager_sees_all(model, ours, theirs):
    assert set(model.objects.visible_to(ManagerFactory())) == {ours[model], theirs[model]}


@pytest.mark.parametrize("model", KINDS)
def test_stranger_and_contact_see_nothing(model, ours, theirs):
    contact = ContactFactory()
    MembershipFactory(customer=ours[Customer], user=contact)
    assert not model.objects.visible_to(UserFactory()).exists()
    assert not model.objects.visible_to(contact).exists()


@pytest.mark.parametrize("model", KINDS)
def test_a_person_switched_off_sees_nothing(model, engagement, ours):
    engagement.lead.is_active = False
    assert not model.objects.visible_to(engagement.lead).exists()


def test_two_engagements_with_a_customer_show_it_once(engagement):
    EngagementFactory(customer=engagement.customer, lead=engagement.lead)
    assert list(Customer.objects.visible_to(engagement.lead)) == [engagement.customer]


def test_a_note_of_another_engagement_with_the_same_customer_is_hidden(engagement):
    other = EngagementFactory(customer=engagement.customer)
    hidden = NoteFactory(customer=engagement.customer, engagement=other)
    NoteRevision.objects.create(note=hidden, text="before", replaced_at="2026-01-01T00:00Z")
    assert not StakeholderNote.objects.visible_to(engagement.lead).exists()
    assert not NoteRevision.objects.visible_to(engagement.lead).exists()
    assert list(StakeholderNote.objects.visible_to(other.lead)) == [hidden]


def test_account_owner_does_not_read_notes_of_engagements_they_are_not_on(engagement):
    owner = UserFactory()
    Customer.objects.filter(pk=engagement.customer_id).update(account_owner=owner)
    NoteFactory(customer=engagement.customer, engagement=engagement)
    assert not StakeholderNote.objects.visible_to(owner).exists()


def test_visible_customers_holds_archived_apart():
    owner = UserFactory()
    current = CustomerFactory(account_owner=owner)
    archived = CustomerFactory(account_owner=owner, archived_at="2026-01-01T00:00Z")
    assert list(visible_customers(owner)) == [current]
    assert list(visible_customers(owner, archived=True)) == [archived]
