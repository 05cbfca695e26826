"""Who gets in where: asks, blockers, risks, the life of a deliverable, its releases, incidents and evidence, new promises."""

import pytest
from django.apps import apps
from django.test import Client
from django.urls import reverse

from engagements.models import (
    Ask,
    Blocker,
    Deliverable,
    DeliverableChange,
    Engagement,
    EvidenceLink,
    Incident,
    Milestone,
    Release,
    Risk,
)
from fde_portal.accounts.models import AuditEvent
from tests.factories.concerns import BlockerFactory, IncidentFactory, ReleaseFactory, RiskFactory
from tests.factories.customers import MembershipFactory
from tests.factories.engagements import AskFactory, DeliverableFactory, EngagementFactory, MilestoneFactory

pytestmark = pytest.mark.django_db

PAGES = [
    ("engagement_risks", None),
    ("engagement_asks", None),
    ("ask_new", None),
    ("ask", Ask),
    ("ask_edit", Ask),
    ("blocker_new", None),
    ("blocker", Blocker),
    ("blocker_edit", Blocker),
    ("risk_new", None),
    ("risk", Risk),
    ("risk_edit", Risk),
    ("deliverable", Deliverable),
    ("release_new", Deliverable),
    ("release_edit", Release),
    ("incident_new", Deliverable),
    ("incident_edit", Incident),
    ("milestone_rebaseline", Milestone),
]
ACTS = [
    ("ask_new", None),
    *((f"ask_{act}", Ask) for act in ("edit", "state", "archive", "restore")),
    ("blocker_quick", None),
    ("blocker_new", None),
    *((f"blocker_{act}", Blocker) for act in ("edit", "escalate", "clear", "reopen", "archive", "restore")),
    ("risk_quick", None),
    ("risk_new", None),
    *((f"risk_{act}", Risk) for act in ("edit", "close", "reopen", "archive", "restore")),
    *((f"deliverable_{act}", Deliverable) for act in ("begin", "submit", "accept", "reject", "supersede")),
    ("deliverable_take_back", DeliverableChange),
    ("evidence_new", Deliverable),
    ("evidence_archive", EvidenceLink),
    ("evidence_restore", EvidenceLink),
    ("release_new", Deliverable),
    *((f"release_{act}", Release) for act in ("edit", "archive", "restore")),
    ("incident_new", Deliverable),
    *((f"incident_{act}", Incident) for act in ("edit", "archive", "restore")),
    ("milestone_rebaseline", Milestone),
]
TYPED = {
    "blocker-text": "Typed", "blocker-owing_side": "us", "text": "Typed", "owing_side": "us", "risk-text": "Typed",
    "risk-likelihood": 3, "risk-impact": 3, "likelihood": 3, "impact": 3, "reason": "Typed", "evidence-label": "Typed",
    "evidence-url": "https://example.org", "name": "Typed", "released_on": "2026-03-01", "title": "Typed", "severity": "minor",
    "started_at": "2026-03-01T08:00", "new_on": "2026-09-01",
}


def filled(engagement: Engagement) -> Engagement:
    MilestoneFactory(engagement=engagement)
    AskFactory(engagement=engagement)
    BlockerFactory(engagement=engagement)
    RiskFactory(engagement=engagement)
    deliverable = DeliverableFactory(engagement=engagement)
    ReleaseFactory(deliverable=deliverable)
    IncidentFactory(deliverable=deliverable)
    EvidenceLink.objects.create(deliverable=deliverable, label="Report", url="https://example.org")
    DeliverableChange.objects.create(deliverable=deliverable, was="planned", state="planned", changed_at="2026-03-02T08:00Z")
    return engagement


@pytest.fixture
def engagement() -> Engagement:
    return filled(EngagementFactory())


def address(name: str, slug: str, model, owner: Engagement) -> str:
    """The address of an act on a record of `owner`, under the engagement `slug`."""
    if model is None:
        return reverse(name, args=[slug])
    if name == "ask_state":
        return reverse(name, args=[slug, Ask.objects.get(engagement=owner).pk, "done"])
    if model in (Ask, Blocker, Risk, Deliverable, Milestone):
        return reverse(name, args=[slug, model.objects.get(engagement=owner).pk])
    row = model.objects.get(deliverable__engagement=owner)
    return reverse(name, args=[slug, row.deliverable_id, row.pk])


def state() -> list:
    tables = [*apps.get_app_config("engagements").get_models(), AuditEvent]
    return [list(table._default_manager.order_by("pk").values()) for table in tables]


@pytest.mark.parametrize(("name", "model"), PAGES)
def test_pages_are_for_those_on_the_engagement(client: Client, engagement: Engagement, name: str, model) -> None:
    url = address(name, engagement.slug, model, engagement)
    assert client.get(url).url.startswith(reverse("account_login"))
    client.force_login(filled(EngagementFactory()).lead)
    assert client.get(url).status_code == 404
    client.force_login(MembershipFactory(customer=engagement.customer).user)
    assert client.get(url).status_code == 403
    client.force_login(engagement.lead)
    assert client.get(url).status_code == 200


@pytest.mark.parametrize(("name", "model"), ACTS)
def test_acts_by_others_change_nothing(client: Client, engagement: Engagement, name: str, model) -> None:
    url, stranger = address(name, engagement.slug, model, engagement), filled(EngagementFactory()).lead
    contact = MembershipFactory(customer=engagement.customer).user
    before = state()
    assert client.post(url, TYPED).url.startswith(reverse("account_login"))
    client.force_login(stranger)
    assert client.post(url, TYPED).status_code == 404
    client.force_login(contact)
    assert client.post(url, TYPED).status_code == 403
    assert state() == before


@pytest.mark.parametrize(("name", "model"), [act for act in ACTS if act[1]])
def test_a_record_of_another_engagement_of_the_same_person_is_not_found(client, engagement, name, model) -> None:
    other = EngagementFactory(lead=engagement.lead)
    before = state()
    client.force_login(engagement.lead)
    assert client.post(address(name, other.slug, model, engagement), TYPED).status_code == 404
    assert state() == before


def test_a_part_of_another_deliverable_of_the_same_engagement_is_not_found(client, engagement) -> None:
    release, other = Release.objects.get(), DeliverableFactory(engagement=engagement)
    client.force_login(engagement.lead)
    assert client.post(reverse("release_archive", args=[engagement.slug, other.pk, release.pk])).status_code == 404
    assert Release.objects.current().get() == release
