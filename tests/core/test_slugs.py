import pytest

from customers.models import Customer
from fde_portal.core.slugs import free_slug
from tests.factories.customers import CustomerFactory

pytestmark = pytest.mark.django_db


def slug_of(name: str) -> str:
    return free_slug(name, Customer.objects.all(), fallback="customer")


def test_latin_names_become_words():
    assert slug_of("Harbourline Logistics") == "harbourline-logistics"


def test_a_taken_name_gets_a_number():
    CustomerFactory(slug="acme")
    assert slug_of("Acme") == "acme-2"
    CustomerFactory(slug="acme-2")
    assert slug_of("Acme") == "acme-3"


def test_a_longer_name_that_begins_alike_takes_nothing_away():
    CustomerFactory(slug="acme-mining")
    assert slug_of("Acme") == "acme"


def test_names_without_latin_letters_get_the_fallback_and_a_number():
    assert slug_of("华岭银行") == "customer-1"
    CustomerFactory(slug="customer-1")
    assert slug_of("澄江精密") == "customer-2"


def test_words_that_addresses_use_are_not_given_away():
    assert slug_of("New") == "new-2"


def test_long_names_leave_room_for_a_number():
    CustomerFactory(slug=slug_of("a" * 120))
    second = slug_of("a" * 120)
    assert second.endswith("-2")
    assert len(second) <= 60
