"""What nobody confirmed is forgotten after thirty days."""

from datetime import UTC, datetime, timedelta

import pytest

from engagements import tasks
from engagements.models import AddressProof, Response
from engagements.services.unconfirmed import KEPT, forget_unconfirmed
from fde_portal.accounts.models import AuditEvent
from fde_portal.celery import app
from tests.factories.responses import ResponseFactory
from tests.factories.shares import ShareFactory

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 11, 23, 3, tzinfo=UTC)
LONG_AGO = NOW - KEPT - timedelta(seconds=1)


def proof(address, **fields):
    return AddressProof.objects.create(share=ShareFactory(), address=address, **fields)


def test_an_answer_that_waits_for_its_code_is_forgotten_after_thirty_days():
    ResponseFactory(given_at=LONG_AGO, confirmed_at=None)
    young = ResponseFactory(given_at=NOW - KEPT, confirmed_at=None)
    counted = ResponseFactory(given_at=LONG_AGO, confirmed_at=LONG_AGO)
    taken_back = ResponseFactory(given_at=LONG_AGO, confirmed_at=LONG_AGO, taken_back_at=LONG_AGO)
    assert forget_unconfirmed(now=NOW) == 1
    assert set(Response.objects.all()) == {young, counted, taken_back}
    assert forget_unconfirmed(now=NOW) == 0
    assert not AuditEvent.objects.exists()


def test_what_could_not_count_when_the_code_came_is_forgotten_too():
    ResponseFactory(given_at=LONG_AGO, confirmed_at=None, taken_back_at=LONG_AGO)
    assert forget_unconfirmed(now=NOW) == 1


def test_addresses_without_a_proof_are_forgotten_with_them():
    proof("never@example.org", code_ends_at=LONG_AGO)
    proof("proven@example.org", code_ends_at=LONG_AGO, confirmed_at=LONG_AGO)
    proof("fresh@example.org", code_ends_at=NOW)
    forget_unconfirmed(now=NOW)
    assert set(AddressProof.objects.values_list("address", flat=True)) == {"proven@example.org", "fresh@example.org"}


def test_the_schedule_does_it():
    ResponseFactory(given_at=datetime(2020, 1, 1, tzinfo=UTC), confirmed_at=None)
    assert tasks.forget_unconfirmed.name in {entry["task"] for entry in app.conf.beat_schedule.values()}
    tasks.forget_unconfirmed()
    assert not Response.objects.exists()
