"""One FDE with an engagement, and strangers with work and customers of their own."""

import pytest

from tests.factories.engagements import EngagementFactory
from tests.factories.people import ContactFactory, UserFactory


@pytest.fixture
def engagement(db):
    return EngagementFactory(customer__name="Harbourline", customer__slug="harbourline")


@pytest.fixture
def customer(engagement):
    return engagement.customer


@pytest.fixture
def fde(engagement):
    return engagement.lead


@pytest.fixture
def stranger(db):
    """An FDE of another engagement."""
    return EngagementFactory().lead


@pytest.fixture
def as_fde(client, fde):
    client.force_login(fde)
    return client


@pytest.fixture
def as_stranger(client, stranger):
    client.force_login(stranger)
    return client


@pytest.fixture
def as_contact(client, db):
    client.force_login(ContactFactory())
    return client


@pytest.fixture
def as_newcomer(client, db):
    """An FDE who is on no engagement yet."""
    client.force_login(UserFactory())
    return client
