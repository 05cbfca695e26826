"""The same three questions to every page and act of this app: signed out, invisible, not allowed."""

import pytest
from django.urls import reverse

from customers.models import Customer, CustomerMembership, Stakeholder
from fde_portal.accounts.models import AuditEvent, Invitation
from tests.factories.customers import MembershipFactory, StakeholderFactory
from tests.factories.engagements import EngagementFactory
from tests.factories.people import InvitationFactory

pytestmark = pytest.mark.django_db

GENERAL_PAGES = ["customers:list", "customers:new"]
PAGES = ["customers:detail", "customers:edit", "customers:stakeholder_new", "customers:contact_new"]
WRITES = ["customers:edit", "customers:archive", "customers:restore", "customers:stakeholder_new", "customers:contact_new"]
ROW_WRITES = [
    "customers:stakeholder_edit",
    "customers:stakeholder_archive",
    "customers:stakeholder_restore",
    "customers:contact_remove",
    "customers:invitation_resend",
    "customers:invitation_revoke",
]


@pytest.fixture
def urls(customer):
    """Addresses of everything there is at the customer."""
    rows = {name: row_for(name, customer) for name in ROW_WRITES}
    named = {name: reverse(name, args=[customer.slug]) for name in {*PAGES, *WRITES}}
    return named | {name: reverse(name, args=[customer.slug, row.pk]) for name, row in rows.items()}


def row_for(name, customer):
    if "invitation" in name:
        return InvitationFactory(role="contact", customer_id=customer.pk)
    return MembershipFactory(customer=customer) if "contact" in name else StakeholderFactory(customer=customer)


def everything():
    rows = [Invitation.objects.order_by("pk"), Customer.objects.order_by("pk"), Stakeholder.objects.order_by("pk"), CustomerMembership.objects.order_by("pk")]
    return [list(queryset.values()) for queryset in rows]


@pytest.mark.parametrize("name", GENERAL_PAGES)
def test_signed_out_goes_to_sign_in_from_general_pages(client, name):
    assert client.get(reverse(name)).headers["Location"].startswith(reverse("account_login"))


@pytest.mark.parametrize("name", GENERAL_PAGES)
def test_contact_may_not_open_general_pages(as_contact, name):
    assert as_contact.get(reverse(name)).status_code == 403


@pytest.mark.parametrize("name", [*PAGES, "customers:stakeholder_edit"])
def test_pages_are_closed(client, urls, stranger, name):
    assert client.get(urls[name]).headers["Location"].startswith(reverse("account_login"))
    client.force_login(stranger)
    assert client.get(urls[name]).status_code == 404


@pytest.mark.parametrize("name", [*PAGES, "customers:stakeholder_edit"])
def test_contact_may_not_open_pages(as_contact, urls, name):
    assert as_contact.get(urls[name]).status_code == 403


@pytest.mark.parametrize("name", WRITES + ROW_WRITES)
def test_strangers_and_the_signed_out_write_nothing(client, urls, stranger, name):
    before = everything()
    typed = {"name": "Changed", "email": "x@example.org", "role": "sponsor", "influence": "3"}
    assert client.post(urls[name], typed).headers["Location"].startswith(reverse("account_login"))
    client.force_login(stranger)
    assert client.post(urls[name], typed).status_code == 404
    assert everything() == before
    assert not AuditEvent.objects.exists()


@pytest.mark.parametrize("name", WRITES + ROW_WRITES)
def test_contacts_write_nothing(as_contact, urls, name):
    before = everything()
    assert as_contact.post(urls[name], {"name": "Changed"}).status_code == 403
    assert everything() == before


@pytest.mark.parametrize("name", ["customers:archive", "customers:restore", *ROW_WRITES[1:]])
def test_acts_are_no_pages(as_fde, urls, name):
    assert as_fde.get(urls[name]).status_code == 405


@pytest.mark.parametrize("name", ROW_WRITES)
def test_a_row_is_not_found_under_another_customer(as_fde, fde, urls, name, engagement):
    other = EngagementFactory(lead=fde).customer
    address = urls[name].replace(f"/{engagement.customer.slug}/", f"/{other.slug}/")
    assert as_fde.post(address, {}).status_code == 404
