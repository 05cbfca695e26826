"""Shutting somebody out is taken back for ten minutes: contacts, invitations. So is a note that was captured."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse

from customers.models import Customer, CustomerMembership
from engagements.models import StakeholderNote
from fde_portal.accounts.models import AuditEvent, Invitation
from tests.factories.customers import CustomerFactory, MembershipFactory
from tests.factories.engagements import EngagementFactory
from tests.factories.people import ContactFactory, InvitationFactory, ManagerFactory, UserFactory

pytestmark = pytest.mark.django_db
PAGE = reverse("just_done")


@pytest.fixture
def customer(client) -> Customer:
    customer = CustomerFactory(account_owner=UserFactory())
    client.force_login(customer.account_owner)
    return customer


def way_back(client: Client) -> str:
    return client.get(PAGE).context["ways_back"][0].path


def rows() -> list[list]:
    return [list(model.objects.order_by("pk").values_list()) for model in (CustomerMembership, Invitation, StakeholderNote, AuditEvent)]


def refused(client: Client, path: str, words: str) -> HttpResponse:
    before = rows()
    answer = client.post(path)
    assert answer.status_code == 409
    assert words in answer.content.decode()
    assert rows() == before
    return answer


def not_for(path: str, people: dict[Callable, int]) -> None:
    before = rows()
    for make, status in people.items():
        other = Client()
        other.force_login(make())
        assert other.post(path).status_code == status
    assert Client().post(path).url.startswith(reverse("account_login"))
    assert rows() == before


class TestContact:
    @pytest.fixture
    def membership(self, customer, time_machine) -> CustomerMembership:
        time_machine.move_to("2026-03-02 12:00Z", tick=False)
        MembershipFactory()
        return MembershipFactory(customer=customer)

    def shut_out(self, client: Client, membership: CustomerMembership) -> str:
        client.post(reverse("customers:contact_remove", args=[membership.customer.slug, membership.pk]))
        assert not CustomerMembership.objects.filter(user=membership.user).exists()
        return way_back(client)

    def test_reads_the_shared_pages_again(self, client, customer, membership):
        path = self.shut_out(client, membership)
        assert membership.user.email not in path
        assert client.post(path).url == reverse("customers:detail", args=[customer.slug])
        assert customer.memberships.get().user == membership.user
        assert list(AuditEvent.objects.order_by("pk").values_list("verb", flat=True)) == ["remove_contact", "add_contact"]
        client.post(path)
        assert (customer.memberships.count(), AuditEvent.objects.count()) == (1, 2)

    def test_not_after_ten_minutes(self, client, membership, time_machine):
        path = self.shut_out(client, membership)
        time_machine.move_to("2026-03-02 12:10:01Z", tick=False)
        refused(client, path, "ten minutes are over")

    def test_not_for_others(self, client, membership):
        path = self.shut_out(client, membership)
        not_for(path, {UserFactory: 404, ManagerFactory: 404, ContactFactory: 403})

    def test_not_under_another_customer(self, client, customer, membership):
        self.shut_out(client, membership)
        other = CustomerFactory(account_owner=customer.account_owner)
        before = rows()
        assert client.post(reverse("customers:contact_put_back", args=[other.slug, membership.pk])).status_code == 404
        assert rows() == before

    @pytest.mark.parametrize("since", [{"is_active": False}, {"role": "fde"}])
    def test_not_when_they_can_no_longer_be_a_contact(self, client, membership, since):
        path = self.shut_out(client, membership)
        type(membership.user).objects.filter(pk=membership.user_id).update(**since)
        refused(client, path, "switched off, or belongs to one of us")


class TestInvitation:
    """Of a colleague by a manager, and of a contact by whoever owns the customer: the same rules."""

    @pytest.fixture(params=["accounts", "customers"])
    def waiting(self, request, client, customer, time_machine) -> Invitation:
        time_machine.move_to("2026-03-02 12:00Z", tick=False)
        InvitationFactory()
        if request.param == "customers":
            return InvitationFactory(role="contact", customer_id=customer.pk, secret="fdei_back")
        client.force_login(ManagerFactory())
        return InvitationFactory(secret="fdei_back")

    def revoke(self, client: Client, invitation: Invitation) -> str:
        of_customer = [Customer.objects.get(pk=invitation.customer_id).slug] if invitation.customer_id else []
        name = "customers:invitation_revoke" if of_customer else "accounts:invitation_revoke"
        client.post(reverse(name, args=[*of_customer, invitation.pk]))
        assert Client().get(reverse("invitation", args=["fdei_back"])).status_code == 404
        return way_back(client)

    def test_its_link_works_again(self, client, waiting):
        path = self.revoke(client, waiting)
        assert client.post(path).status_code == 302
        assert Client().get(reverse("invitation", args=["fdei_back"])).status_code == 200
        client.post(path)
        assert list(AuditEvent.objects.order_by("pk").values_list("verb", flat=True)) == ["revoke", "put_back_invitation"]

    def test_not_after_ten_minutes(self, client, waiting, time_machine):
        path = self.revoke(client, waiting)
        time_machine.move_to("2026-03-02 12:10:01Z", tick=False)
        refused(client, path, "ten minutes are over")

    def test_not_for_strangers(self, client, waiting):
        path = self.revoke(client, waiting)
        not_for(path, {UserFactory: 404 if waiting.customer_id else 403, ContactFactory: 403})

    def test_not_when_the_address_was_invited_anew(self, client, waiting):
        path = self.revoke(client, waiting)
        InvitationFactory(email=waiting.email.upper())
        refused(client, path, "another invitation or an account")

    def test_not_when_the_address_has_an_account_by_now(self, client, waiting):
        path = self.revoke(client, waiting)
        UserFactory(email=waiting.email)
        refused(client, path, "another invitation or an account")

    def test_not_of_another_customer(self, client, customer, waiting):
        self.revoke(client, waiting)
        client.force_login(customer.account_owner)
        foreign = InvitationFactory(role="contact", customer_id=CustomerFactory().pk, revoked_at=waiting.sent_at)
        for other in (foreign, InvitationFactory(revoked_at=waiting.sent_at)):
            before = rows()
            assert client.post(reverse("customers:invitation_put_back", args=[customer.slug, other.pk])).status_code == 404
            assert rows() == before


class TestCapturedNote:
    @pytest.fixture
    def engagement(self, client):
        engagement = EngagementFactory()
        client.force_login(engagement.lead)
        return engagement

    @pytest.mark.parametrize("headers", [{}, {"HX-Request": "true"}])
    def test_goes_away_again(self, client, engagement, headers):
        typed = {"text": "Said too much", "engagement": engagement.pk, "kind": "meeting", "happened_on": "2026-03-02"}
        answer = client.post(reverse("note_capture"), typed, headers=headers)
        note = StakeholderNote.objects.get()
        archive = reverse("note_archive", args=[note.pk])
        shown = answer if headers else client.get(reverse("note", args=[note.pk]))
        assert f'action="{archive}"' in shown.content.decode()
        assert way_back(client) == archive
        not_for(archive, {UserFactory: 404, ContactFactory: 403})
        client.post(archive)
        note.refresh_from_db()
        assert note.is_archived
