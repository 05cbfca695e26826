"""The page on which a milestone is promised anew."""

from datetime import date

import pytest
from django.test import Client
from django.urls import reverse

from engagements.models import Milestone, Rebaseline
from tests.factories.engagements import MilestoneFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def milestone(client: Client) -> Milestone:
    milestone = MilestoneFactory(title="Go-live", baseline_on=date(2026, 3, 2))
    client.force_login(milestone.engagement.lead)
    return milestone


def url(name: str, milestone: Milestone) -> str:
    return reverse(name, args=[milestone.engagement.slug, milestone.pk])


def test_a_new_promise_is_shown_with_the_old_one_and_its_reason(client, milestone):
    data = {"new_on": "2026-05-04", "reason": "Both sides changed the plan"}
    tab = client.post(url("milestone_rebaseline", milestone), data, follow=True)
    page = client.get(url("milestone_edit", milestone)).content.decode()

    assert [line.first_promise for line in tab.context["lines"]] == [date(2026, 3, 2)]
    assert "first 2 Mar 2026" in tab.content.decode()
    assert "2 Mar 2026, then 4 May 2026" in page
    assert "Both sides changed the plan" in page


@pytest.mark.parametrize(
    ("data", "field"), [({"new_on": "2026-05-04", "reason": " "}, "reason"), ({"new_on": "2026-03-02", "reason": "Kept words"}, "new_on")]
)
def test_a_promise_without_reason_or_change_is_refused_and_kept(client, milestone, data, field):
    response = client.post(url("milestone_rebaseline", milestone), data)

    assert (response.status_code, list(response.context["form"].errors)) == (422, [field])
    assert data["new_on"] in response.content.decode()
    assert (Milestone.objects.get().baseline_on, Rebaseline.objects.count()) == (date(2026, 3, 2), 0)


def test_a_new_promise_is_taken_back_and_both_stay_on_record(client, milestone):
    was = milestone.baseline_on
    client.post(url("milestone_rebaseline", milestone), {"new_on": "2026-09-01", "reason": "Review"})
    (way,) = client.get(reverse("just_done")).context["ways_back"]
    client.post(way.path)
    milestone.refresh_from_db()
    assert milestone.baseline_on == was
    assert [promise.reason for promise in milestone.rebaselines.all()] == ["Review", "Taken back"]
