"""Who gets in where: each page and each act of engagement, milestones, deliverables and value."""

import pytest
from django.db import models
from django.test import Client
from django.urls import reverse

from engagements.models import Deliverable, Engagement, Milestone, TeamMember, ValueCase
from fde_portal.accounts.models import AuditEvent
from tests.factories.customers import MembershipFactory
from tests.factories.engagements import DeliverableFactory, EngagementFactory, MilestoneFactory
from tests.factories.people import UserFactory
from tests.factories.value import ValueCaseFactory

pytestmark = pytest.mark.django_db

PAGES = [
    ("engagement_edit", None),
    ("engagement_team", None),
    ("engagement_phase", None),
    ("team_member_remove", TeamMember),
    ("engagement_milestones", None),
    ("milestone_new", None),
    ("milestone_edit", Milestone),
    ("engagement_deliverables", None),
    ("deliverable_new", None),
    ("deliverable_edit", Deliverable),
    ("engagement_value", None),
    ("value_case_new", None),
    ("value_case_edit", ValueCase),
]
ACTS = [
    ("engagement_edit", None),
    ("engagement_archive", None),
    ("engagement_restore", None),
    ("engagement_team", None),
    ("engagement_phase", None),
    ("engagement_status", None),
    ("team_member_new", None),
    ("team_member_edit", TeamMember),
    ("team_member_remove", TeamMember),
    ("milestone_new", None),
    *((f"milestone_{act}", Milestone) for act in ("edit", "archive", "restore", "reach", "reopen")),
    ("deliverable_new", None),
    *((f"deliverable_{act}", Deliverable) for act in ("edit", "archive", "restore")),
    ("value_case_new", None),
    *((f"value_case_{act}", ValueCase) for act in ("edit", "archive", "restore")),
]
PARTS = [act for act in ACTS if act[1] is not None]


@pytest.fixture
def engagement() -> Engagement:
    engagement = EngagementFactory()
    MilestoneFactory(engagement=engagement)
    DeliverableFactory(engagement=engagement)
    ValueCaseFactory(engagement=engagement)
    TeamMember.objects.create(engagement=engagement, user=UserFactory())
    return engagement


def address(name: str, engagement: Engagement, model: type[models.Model] | None) -> str:
    part = [model.objects.get(engagement=engagement).pk] if model else []
    return reverse(name, args=[engagement.slug, *part])


def state() -> list:
    """Everything an act could have changed."""
    tables = (Engagement, Milestone, Deliverable, ValueCase, TeamMember, AuditEvent)
    return [list(table.objects.order_by("pk").values()) for table in tables]


@pytest.mark.parametrize(("name", "model"), PAGES)
def test_pages_are_for_those_on_the_engagement(client: Client, engagement: Engagement, name: str, model) -> None:
    url = address(name, engagement, model)
    assert client.get(url).url.startswith(reverse("account_login"))
    client.force_login(EngagementFactory().lead)
    assert client.get(url).status_code == 404
    client.force_login(MembershipFactory(customer=engagement.customer).user)
    assert client.get(url).status_code == 403
    client.force_login(engagement.lead)
    assert client.get(url).status_code == 200


@pytest.mark.parametrize(("name", "model"), ACTS)
def test_acts_by_others_change_nothing(client: Client, engagement: Engagement, name: str, model) -> None:
    url, stranger = address(name, engagement, model), EngagementFactory().lead
    contact = MembershipFactory(customer=engagement.customer).user
    before = state()
    assert client.post(url, {"confirm": "yes"}).url.startswith(reverse("account_login"))
    client.force_login(stranger)
    assert client.post(url, {"confirm": "yes"}).status_code == 404
    client.force_login(contact)
    assert client.post(url, {"confirm": "yes"}).status_code == 403
    assert state() == before


@pytest.mark.parametrize(("name", "model"), PARTS)
def test_a_part_of_another_engagement_of_the_same_person_is_not_found(client, engagement, name, model) -> None:
    other = EngagementFactory(lead=engagement.lead)
    part = model.objects.get(engagement=engagement)
    before = state()
    client.force_login(engagement.lead)
    assert client.post(reverse(name, args=[other.slug, part.pk]), {"confirm": "yes"}).status_code == 404
    assert state() == before
