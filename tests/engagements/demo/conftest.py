"""The demo, seeded once for all tests of this folder and taken back afterwards."""

from collections.abc import Iterator
from datetime import UTC, datetime

import pytest
from django.db import transaction

from engagements.demo.seeding import seed

# A Wednesday, so that the running week is half over.
NOW = datetime(2026, 11, 18, 12, tzinfo=UTC)


@pytest.fixture(scope="package")
def demo(django_db_setup: None, django_db_blocker) -> Iterator[datetime]:
    """The seeded demo and its now. Each test's own changes are rolled back to it as usual."""
    with django_db_blocker.unblock(), transaction.atomic():
        seed(now=NOW)
        yield NOW
        transaction.set_rollback(True)
