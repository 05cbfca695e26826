"""Outcomes, value cases, usage sources and playbooks are found by those who may open them, and only by them."""

from datetime import date

import pytest
from django.test import Client
from django.utils import timezone

from engagements.models import Engagement, Playbook, ValueLine
from engagements.services.playbooks import ensure_standard_playbooks
from engagements.services.values import LineEntry, write_lines
from fde_portal.accounts.models import User
from fde_portal.accounts.records import archive_record
from fde_portal.accounts.search import search
from fde_portal.core.search.index import reindex
from tests.factories.engagements import DeliverableFactory, EngagementFactory
from tests.factories.outcomes import OutcomeFactory
from tests.factories.people import ContactFactory, ManagerFactory, UserFactory
from tests.factories.playbooks import PlaybookFactory
from tests.factories.usage import UsageSourceFactory
from tests.factories.value import ValueCaseFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def fde() -> User:
    return UserFactory()


@pytest.fixture
def own(fde: User) -> Engagement:
    return EngagementFactory(lead=fde)


def fill(engagement: Engagement) -> None:
    OutcomeFactory(engagement=engagement, outcome="Tariffs are right at once", metric="Share of right tariffs")
    case = ValueCaseFactory(engagement=engagement, title="What tariffs cost")
    ValueLine.objects.create(case=case, name="Quota desk", kind="revenue")
    deliverable = DeliverableFactory(engagement=engagement, name=f"Reader of {engagement.name}")
    UsageSourceFactory(deliverable=deliverable, name="Tariffs gateway")


def found(user: User, text: str) -> dict[str, list[str]]:
    return {str(group.label): [hit.title for hit in group.hits] for group in search(user, text, per_kind=8)}


def test_each_is_found_and_leads_to_its_page(client: Client, fde: User, own: Engagement) -> None:
    fill(own)
    fill(EngagementFactory())
    reindex()
    groups = {str(group.label): group for group in search(fde, "tariffs", per_kind=8)}
    assert {label: len(group.hits) for label, group in groups.items()} == {"Outcomes": 1, "Value cases": 1, "Usage sources": 1}
    client.force_login(fde)
    for group in groups.values():
        assert own.slug in group.hits[0].url
        assert client.get(group.hits[0].url).status_code == 200
    assert found(fde, "quota") == {"Value cases": ["What tariffs cost"]}
    assert found(ContactFactory(), "tariffs") == {}
    assert len(found(ManagerFactory(), "tariffs")["Outcomes"]) == 2


def test_what_is_archived_is_found_no_more(fde: User, own: Engagement) -> None:
    outcome = OutcomeFactory(engagement=own, outcome="Tariffs are right at once")
    reindex()
    archive_record(outcome, by=fde, now=timezone.now())
    assert found(fde, "tariffs") == {}


def test_playbooks_are_for_those_who_manage_them(client: Client, fde: User) -> None:
    PlaybookFactory(name="Freight pilots", summary="For harbours")
    reindex()
    manager = ManagerFactory()
    [group] = search(manager, "harbours", per_kind=8)
    assert [hit.title for hit in group.hits] == ["Freight pilots"]
    client.force_login(manager)
    assert client.get(group.hits[0].url).status_code == 200
    assert found(fde, "harbours") == {}  # its page would refuse them


def test_the_playbooks_that_come_with_the_portal_are_found_by_their_lines() -> None:
    ensure_standard_playbooks()
    playbook = Playbook.objects.filter(language="en").first()
    milestone = playbook.milestones.first()
    assert playbook.name in found(ManagerFactory(), milestone.title)["Playbooks"]


def test_new_lines_of_a_value_case_are_found_at_once(client: Client, fde: User, own: Engagement) -> None:
    case = ValueCaseFactory(engagement=own, title="Freight", starts_on=date(2026, 1, 1))
    write_lines(case=case, entries=[LineEntry(ValueLine(name="Quota desk", kind="revenue"), {})], now=timezone.now())
    assert found(fde, "quota") == {"Value cases": ["Freight"]}
