"""A deliverable's own page: steps, evidence, releases and incidents, and their lines on the chart."""

from datetime import UTC, date, datetime

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from engagements.intake.rows import UsageLine
from engagements.models import Deliverable, DeliverableChange, Engagement, EvidenceLink, Incident, Release
from engagements.selectors.release import HAPPENED, Happening, happenings_of
from engagements.services.metrics import refresh_metrics
from engagements.views.adoption_charts import chart_marks
from tests.engagements.views.test_adoption_study import deliver
from tests.factories.concerns import IncidentFactory, ReleaseFactory
from tests.factories.engagements import DeliverableFactory, EngagementFactory
from tests.factories.usage import UsageSourceFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def deliverable(client: Client) -> Deliverable:
    deliverable = DeliverableFactory(acceptance_criteria="Under six minutes\n\nFewer holds")
    client.force_login(deliverable.engagement.lead)
    return deliverable


def url(name: str, deliverable: Deliverable, *rest: int) -> str:
    return reverse(name, args=[deliverable.engagement.slug, deliverable.pk, *rest])


def test_the_page_shows_criteria_and_the_steps_that_follow(client, deliverable):
    response = client.get(url("deliverable", deliverable))

    assert deliverable.criteria == ["Under six minutes", "Fewer holds"]
    assert [name for name, __ in response.context["steps"]] == ["deliverable_begin", "deliverable_supersede"]
    assert "Fewer holds" in response.content.decode()


def test_a_step_is_one_click_with_a_way_back(client, deliverable):
    page = client.post(url("deliverable_begin", deliverable), follow=True).content.decode()
    undo = url("deliverable_take_back", deliverable, DeliverableChange.objects.get().pk)
    assert undo in page

    client.post(undo)
    deliverable.refresh_from_db()
    assert deliverable.state == "planned"


def test_a_step_that_does_not_follow_is_a_conflict(client, deliverable):
    response = client.post(url("deliverable_accept", deliverable))

    assert response.status_code == 409
    assert "Nothing was changed" in response.content.decode()
    assert (Deliverable.objects.get().state, DeliverableChange.objects.count()) == ("planned", 0)


def test_a_rejection_without_reason_is_refused(client, deliverable):
    Deliverable.objects.update(state="submitted")
    response = client.post(url("deliverable_reject", deliverable), {"reason": "  "})
    assert (response.status_code, list(response.context["rejection_form"].errors)) == (422, ["reason"])
    assert Deliverable.objects.get().state == "submitted"

    page = client.post(url("deliverable_reject", deliverable), {"reason": "Takes nine minutes"}, follow=True).content.decode()
    assert Deliverable.objects.get().state == "rejected"
    assert "Takes nine minutes" in page


def test_evidence_is_added_taken_away_and_brought_back(client, deliverable):
    typed = {"evidence-label": "Report", "evidence-url": "example.org/report"}
    client.post(url("evidence_new", deliverable), typed)
    link = EvidenceLink.objects.get()
    assert (link.label, link.url) == ("Report", "https://example.org/report")

    page = client.post(url("evidence_archive", deliverable, link.pk), follow=True).content.decode()
    assert url("evidence_restore", deliverable, link.pk) in page
    client.post(url("evidence_restore", deliverable, link.pk))
    assert EvidenceLink.objects.current().get() == link


def test_evidence_that_is_no_address_is_refused_and_kept(client, deliverable):
    response = client.post(url("evidence_new", deliverable), {"evidence-label": "Kept", "evidence-url": "javascript:alert(1)"})

    assert (response.status_code, list(response.context["evidence_form"].errors)) == (422, ["url"])
    assert "Kept" in response.content.decode()
    assert not EvidenceLink.objects.exists()


def test_a_release_has_its_name_once_and_is_not_to_come(client, deliverable):
    data = {"name": "1.0", "released_on": "2026-03-01"}
    assert client.post(url("release_new", deliverable), data).url == url("deliverable", deliverable)
    again = client.post(url("release_new", deliverable), data)
    later = client.post(url("release_new", deliverable), {"name": "2.0", "released_on": "2199-01-01"})

    assert [list(answer.context["form"].errors) for answer in (again, later)] == [["name"], ["released_on"]]
    assert Release.objects.get().released_on == date(2026, 3, 1)


def test_an_incident_is_restored_after_it_started(client, deliverable):
    data = {"title": "Down", "severity": "major", "started_at": "2026-03-01T08:00", "restored_at": "2026-03-01T07:00"}
    refused = client.post(url("incident_new", deliverable), data)
    assert (refused.status_code, list(refused.context["form"].errors)) == (422, ["restored_at"])

    client.post(url("incident_new", deliverable), data | {"restored_at": "2026-03-01T11:30"})
    incident = Incident.objects.get()
    assert (incident.started_at, incident.lasted.total_seconds()) == (datetime(2026, 3, 1, 8, tzinfo=UTC), 3.5 * 3600)


def test_the_page_asks_as_often_for_thirty_parts_as_for_one(client, deliverable):
    counts = []
    for more in (1, 2, 27):
        ReleaseFactory.create_batch(more, deliverable=deliverable)
        IncidentFactory.create_batch(more, deliverable=deliverable)
        client.get(url("deliverable", deliverable))
        with CaptureQueriesContext(connection) as queries:
            client.get(url("deliverable", deliverable))
        counts.append(len(queries))
    assert len(set(counts)) == 1


def test_its_use_can_be_compared_with_that_of_other_measured_deliverables(client, deliverable):
    day = date(2026, 3, 2)
    other, unmeasured = (DeliverableFactory(engagement=deliverable.engagement) for __ in range(2))
    for measured in (deliverable, other):
        deliver(UsageSourceFactory(deliverable=measured), UsageLine("ann", day), key=str(measured.pk))
    refresh_metrics(deliverable.engagement, now=datetime(2026, 3, 3, 12, tzinfo=UTC), watermark=1)
    page, study = client.get(url("deliverable", deliverable)).content.decode(), reverse("adoption_study", args=[deliverable.engagement.slug])

    assert f'href="{study}?deliverable={deliverable.pk}&amp;compare={other.pk}"' in page
    assert f"compare={unmeasured.pk}" not in page
    assert f"compare={deliverable.pk}" not in page
    assert "Compare with" not in client.get(url("deliverable", unmeasured)).content.decode()


# Marks


def test_what_happened_is_dated_by_the_day_of_the_engagement():
    engagement = EngagementFactory(time_zone="Asia/Shanghai")
    deliverable = DeliverableFactory(engagement=engagement)
    IncidentFactory(deliverable=deliverable, started_at=datetime(2026, 3, 2, 20, tzinfo=UTC))
    ReleaseFactory(deliverable=deliverable, name="1.0", released_on=date(2026, 3, 1))
    ReleaseFactory()  # of a stranger

    found = happenings_of(Engagement.objects.annotate(**HAPPENED).get(pk=engagement.pk))
    assert found == {deliverable.pk: [Happening(date(2026, 3, 1), "1.0"), Happening(date(2026, 3, 3), "Incident")]}


def test_marks_stand_in_the_week_of_the_day_and_are_few():
    weeks = [{"start": f"2026-03-{day:02}"} for day in (2, 9, 16, 23, 30)]
    happened = [Happening(date(2026, 3, day), f"r{day}") for day in (1, 2, 8, 9, 16, 23, 30)]

    assert [(mark.index, mark.label) for mark in chart_marks(weeks, happened)] == [(1, "r9"), (2, "r16"), (3, "r23"), (4, "r30")]
    assert [(mark.index, mark.label) for mark in chart_marks(weeks, happened[:3])] == [(0, "r2 · r8")]
