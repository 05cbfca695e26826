"""Deliverables, releases and incidents as facts of a week."""

from datetime import UTC, date, datetime

import pytest

from engagements.models import DeliverableChange
from engagements.selectors.drafting.deliverables import deliverables_accepted, incidents, releases
from tests.factories.concerns import IncidentFactory, ReleaseFactory
from tests.factories.engagements import DeliverableFactory

pytestmark = pytest.mark.django_db


def accept(deliverable, *, day=18):
    DeliverableChange.objects.create(
        deliverable=deliverable, was="submitted", state="accepted", changed_at=datetime(2026, 11, day, 9, tzinfo=UTC)
    )


def test_a_deliverable_accepted_in_the_week_is_told_once_and_shared_only_if_the_customer_sees_it(engagement, stranger, told):
    copilot = DeliverableFactory(engagement=engagement, name="Copilot", state="accepted", is_shared=True)
    report = DeliverableFactory(engagement=engagement, name="Report", state="accepted")
    taken_back = DeliverableFactory(engagement=engagement, state="submitted")
    theirs = DeliverableFactory(engagement=stranger, state="accepted")
    for deliverable in (copilot, copilot, report, taken_back, theirs):
        accept(deliverable)
    accept(DeliverableFactory(engagement=engagement, state="accepted"), day=13)
    assert told(deliverables_accepted) == [
        (f"deliverable-{copilot.pk}-accepted", "“Copilot” was accepted.", True),
        (f"deliverable-{report.pk}-accepted", "“Report” was accepted.", False),
    ]


def test_a_release_of_the_week_stays_with_us(engagement, stranger, told):
    copilot = DeliverableFactory(engagement=engagement, name="Copilot", is_shared=True)
    release = ReleaseFactory(deliverable=copilot, name="1.4", released_on=date(2026, 11, 17))
    ReleaseFactory(deliverable=copilot, released_on=date(2026, 11, 14))
    ReleaseFactory(deliverable__engagement=stranger, released_on=date(2026, 11, 17))
    assert told(releases) == [(f"release-{release.pk}", "Copilot: 1.4 was released on 17 November.", False)]


def test_an_incident_that_began_or_ended_in_the_week_stays_with_us(engagement, stranger, told):
    copilot = DeliverableFactory(engagement=engagement, name="Copilot", is_shared=True)
    ended = IncidentFactory(
        deliverable=copilot, title="Wrong tariff", severity="major",
        started_at=datetime(2026, 11, 15, 22, tzinfo=UTC), restored_at=datetime(2026, 11, 16, 1, 30, tzinfo=UTC),
    )
    runs = IncidentFactory(deliverable=copilot, title="No answers.", started_at=datetime(2026, 11, 18, tzinfo=UTC))
    IncidentFactory(deliverable__engagement=stranger, started_at=datetime(2026, 11, 18, tzinfo=UTC))
    assert told(incidents) == [
        (f"incident-{ended.pk}", "Copilot, major incident: Wrong tariff. Restored after 210 minutes.", False),
        (f"incident-{runs.pk}", "Copilot, minor incident: No answers. It goes on.", False),
    ]
