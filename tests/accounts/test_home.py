"""Where people start, and that a change of what they may do acts on their next request."""

import pytest
from django.urls import reverse

from fde_portal.accounts.models import User
from fde_portal.accounts.permissions import Role
from tests.factories.people import AdministratorFactory, ContactFactory, ManagerFactory, UserFactory

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("make", "page"),
    [
        (UserFactory, "my_week"),
        (ManagerFactory, "portfolio"),
        (AdministratorFactory, "portfolio"),
        (ContactFactory, "shared_pages"),
        (lambda: UserFactory(role=Role.NONE, is_administrator=True), "admin:index"),
        (lambda: UserFactory(role=Role.NONE), "accounts:profile"),
        (lambda: UserFactory(is_administrator=True), "my_week"),
    ],
)
def test_everybody_starts_where_their_work_is(client, make, page):
    client.force_login(make())
    assert client.get("/").headers["Location"] == reverse(page)


def test_signed_out_starts_at_the_sign_in_page(client):
    assert client.get("/").headers["Location"] == reverse("account_login") + "?next=/"


def test_a_new_role_acts_on_the_next_request(client):
    person = UserFactory()
    client.force_login(person)
    assert client.get("/customers/").status_code == 200
    User.objects.filter(pk=person.pk).update(role=Role.CONTACT)
    assert client.get("/customers/").status_code == 403


def test_somebody_switched_off_is_out_on_the_next_request(client):
    person = UserFactory()
    client.force_login(person)
    User.objects.filter(pk=person.pk).update(is_active=False)
    assert client.get("/customers/").headers["Location"].startswith(reverse("account_login"))
    User.objects.filter(pk=person.pk).update(is_active=True)
    assert client.get("/customers/").status_code == 200


@pytest.mark.parametrize(
    ("make", "labels"),
    [
        (UserFactory, ["My week", "Weekly log", "Portfolio", "Risks", "Customers", "Lists"]),
        (ManagerFactory, ["My week", "Weekly log", "Portfolio", "Risks", "Team", "Customers", "Lists"]),
        (ContactFactory, ["Shared with you"]),
        (lambda: UserFactory(role=Role.NONE), []),
    ],
)
def test_navigation_shows_what_one_may_open(client, make, labels):
    client.force_login(make())
    response = client.get(reverse("accounts:profile"))
    assert [str(item.label) for item in response.context["navigation"]] == labels
