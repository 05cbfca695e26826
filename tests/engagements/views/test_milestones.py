from datetime import date, timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from engagements.models import Engagement, ForecastChange, Milestone
from tests.factories.engagements import EngagementFactory, MilestoneFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def engagement(client: Client) -> Engagement:
    engagement = EngagementFactory(time_zone="Pacific/Kiritimati")
    client.force_login(engagement.lead)
    return engagement


def listing(engagement: Engagement) -> str:
    return reverse("engagement_milestones", args=[engagement.slug])


def test_an_empty_tab_leads_to_the_first_milestone(client: Client, engagement: Engagement) -> None:
    MilestoneFactory()
    page = client.get(listing(engagement)).content.decode()
    assert "No milestones yet" in page
    assert reverse("milestone_new", args=[engagement.slug]) in page


def test_a_title_and_a_date_are_enough(client: Client, engagement: Engagement) -> None:
    data = {"title": "Go-live", "baseline_on": "2026-03-02", "kind": "ordinary"}
    assert client.post(reverse("milestone_new", args=[engagement.slug]), data).url == listing(engagement)
    milestone = Milestone.objects.get()
    assert (milestone.engagement, milestone.title, milestone.baseline_on) == (engagement, "Go-live", date(2026, 3, 2))
    assert ForecastChange.objects.get().changed_on == timezone.localdate(timezone=engagement.zone)


def test_a_milestone_without_a_date_is_refused_and_its_title_kept(client: Client, engagement: Engagement) -> None:
    response = client.post(reverse("milestone_new", args=[engagement.slug]), {"title": "Typed title", "kind": "ordinary"})
    assert (response.status_code, list(response.context["form"].errors)) == (422, ["baseline_on"])
    assert "Typed title" in response.content.decode()
    assert not Milestone.objects.exists()


def test_a_day_to_come_is_not_reached(client: Client, engagement: Engagement) -> None:
    milestone = MilestoneFactory(engagement=engagement)
    tomorrow = timezone.localdate(timezone=engagement.zone) + timedelta(days=1)
    data = {"title": milestone.title, "kind": "ordinary", "actual_on": tomorrow, "version": 1}
    response = client.post(reverse("milestone_edit", args=[engagement.slug, milestone.pk]), data)
    assert (response.status_code, list(response.context["form"].errors)) == (422, ["actual_on"])


def test_the_tab_says_slips_in_words(client: Client, engagement: Engagement) -> None:
    today = timezone.localdate(timezone=engagement.zone)
    before, after = today - timedelta(days=14), today + timedelta(days=30)
    MilestoneFactory(engagement=engagement, title="Late", baseline_on=before, actual_on=today)
    MilestoneFactory(engagement=engagement, title="On plan", baseline_on=after)
    MilestoneFactory(engagement=engagement, title="Early", baseline_on=after, forecast_on=after - timedelta(days=7))
    MilestoneFactory(engagement=engagement, title="Overdue", baseline_on=today - timedelta(days=3))
    response = client.get(listing(engagement))
    lines = {line.milestone.title: (line.slip, line.state, line.is_overdue) for line in response.context["lines"]}
    assert lines == {
        "Late": (14, "done", False),
        "On plan": (0, "running", False),
        "Early": (-7, "planned", False),
        "Overdue": (3, "running", True),
    }
    page = response.content.decode()
    assert all(words in page for words in ("14 d late", "on plan", "7 d early", "3 d late", "over, still open"))
    assert response.context["finding"] == "1 of 4 milestones are reached. 1 open one is later than promised."


def test_reached_today_is_one_click_with_a_way_back(client: Client, engagement: Engagement) -> None:
    milestone = MilestoneFactory(engagement=engagement)
    page = client.post(reverse("milestone_reach", args=[engagement.slug, milestone.pk]), follow=True).content.decode()
    undo = reverse("milestone_reopen", args=[engagement.slug, milestone.pk])
    assert undo in page
    assert Milestone.objects.get().actual_on == timezone.localdate(timezone=engagement.zone)
    client.post(undo)
    assert Milestone.objects.get().actual_on is None


def test_an_archived_milestone_can_be_restored_from_the_tab(client: Client, engagement: Engagement) -> None:
    milestone = MilestoneFactory(engagement=engagement)
    client.post(reverse("milestone_archive", args=[engagement.slug, milestone.pk]))
    restore = reverse("milestone_restore", args=[engagement.slug, milestone.pk])
    response = client.get(listing(engagement))
    assert response.context["lines"] == []
    assert restore in response.content.decode()
    client.post(restore)
    assert Milestone.objects.current().get() == milestone


def test_the_tab_asks_as_often_for_thirty_milestones_as_for_one(client: Client, engagement: Engagement) -> None:
    MilestoneFactory(engagement=engagement)
    client.get(listing(engagement))
    counts = []
    for more in (0, 2, 27):
        MilestoneFactory.create_batch(more, engagement=engagement)
        with CaptureQueriesContext(connection) as queries:
            client.get(listing(engagement))
        counts.append(len(queries))
    assert len(set(counts)) == 1
