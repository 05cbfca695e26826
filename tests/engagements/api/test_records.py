"""The read API shows each person their own records, in a constant number of statements."""

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from fde_portal.accounts.services.accounts import create_api_token, revoke_api_token
from tests.factories.customers import MembershipFactory
from tests.factories.engagements import DeliverableFactory, EngagementFactory, MilestoneFactory, WeeklyUpdateFactory
from tests.factories.people import ManagerFactory, UserFactory

pytestmark = pytest.mark.django_db
LISTS = [
    "customers", "engagements", "deliverables", "milestones", "updates", "outcomes", "observations", "value-cases", "value-lines", "realised-values",
    "metrics",
]  # fmt: skip


def bearer(secret: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {secret}"}


def signed_in(person) -> Client:
    client = Client()
    client.force_login(person)
    return client


@pytest.fixture
def record():
    """One engagement with a record of each kind, and a stranger's beside it."""
    for engagement in (EngagementFactory(slug="strange"), EngagementFactory(slug="mine")):
        DeliverableFactory(engagement=engagement)
        MilestoneFactory(engagement=engagement)
        WeeklyUpdateFactory(engagement=engagement)
    return engagement


@pytest.mark.parametrize("kind", ["engagements", "deliverables", "milestones", "updates"])
def test_a_list_holds_the_own_records_and_not_the_strangers(record, kind) -> None:
    answer = signed_in(record.lead).get(f"/api/v1/{kind}/").json()
    key = "slug" if kind == "engagements" else "engagement"
    assert [row[key] for row in answer["results"]] == ["mine"]


def test_a_strangers_engagement_is_not_found(record) -> None:
    assert signed_in(record.lead).get("/api/v1/engagements/strange/").status_code == 404


def test_a_manager_reads_all(record) -> None:
    answer = signed_in(ManagerFactory()).get("/api/v1/engagements/").json()
    assert [row["slug"] for row in answer["results"]] == ["mine", "strange"]


@pytest.mark.parametrize("kind", LISTS)
def test_signed_out_gets_401_and_a_contact_403(record, kind) -> None:
    assert Client().get(f"/api/v1/{kind}/").status_code == 401
    contact = MembershipFactory(customer=record.customer).user
    assert signed_in(contact).get(f"/api/v1/{kind}/").status_code == 403


def test_a_token_reads_as_its_person_until_it_is_revoked(record) -> None:
    token, secret = create_api_token(name="sync", by=record.lead)
    answer = Client().get("/api/v1/engagements/", headers=bearer(secret))
    assert [row["slug"] for row in answer.json()["results"]] == ["mine"]

    revoke_api_token(token, by=record.lead, now=timezone.now())
    assert Client().get("/api/v1/engagements/", headers=bearer(secret)).status_code == 401


def test_an_expired_token_and_an_inactive_person_are_refused(record) -> None:
    __, expired = create_api_token(name="old", by=record.lead, expires_at=timezone.now() - timedelta(seconds=1))
    assert Client().get("/api/v1/engagements/", headers=bearer(expired)).status_code == 401

    __, secret = create_api_token(name="sync", by=record.lead)
    record.lead.is_active = False
    record.lead.save()
    assert Client().get("/api/v1/engagements/", headers=bearer(secret)).status_code == 401


def test_the_api_does_not_write(record) -> None:
    client = signed_in(record.lead)
    for method in (client.post, client.put, client.patch, client.delete):
        assert method("/api/v1/engagements/mine/", {}, content_type="application/json").status_code == 405


def test_archived_records_are_left_out(record) -> None:
    record.archived_at = timezone.now()
    record.save()
    client = signed_in(record.lead)
    assert client.get("/api/v1/engagements/").json()["count"] == 0
    assert client.get("/api/v1/milestones/").json()["count"] == 0


def test_filters_narrow_the_list_and_an_unknown_value_is_named(record) -> None:
    client = signed_in(ManagerFactory())
    assert client.get("/api/v1/milestones/?engagement=mine").json()["count"] == 1
    refused = client.get("/api/v1/engagements/?phase=nonsense")
    assert (refused.status_code, list(refused.json())) == (400, ["phase"])


@pytest.mark.parametrize("kind", LISTS)
def test_a_parameter_that_no_filter_has_is_refused_by_name(record, kind) -> None:
    refused = signed_in(record.lead).get(f"/api/v1/{kind}/?page=1&helth=foo")
    assert (refused.status_code, list(refused.json())) == (400, ["helth"])
    assert signed_in(record.lead).get(f"/api/v1/{kind}/?page=1&format=json").status_code == 200


def test_neither_yes_nor_no_is_refused(record) -> None:
    refused = signed_in(record.lead).get("/api/v1/metrics/?whole_engagement=perhaps")
    assert (refused.status_code, list(refused.json())) == (400, ["whole_engagement"])


@pytest.mark.parametrize("kind", ["customers", "engagements", "deliverables", "milestones", "updates"])
def test_the_number_of_statements_does_not_grow(kind, django_assert_num_queries) -> None:
    lead = UserFactory()
    client = signed_in(lead)
    for rows in (1, 3, 30):
        while lead.led_engagements.count() < rows:
            engagement = EngagementFactory(lead=lead)
            for factory in (DeliverableFactory, MilestoneFactory, WeeklyUpdateFactory):
                factory(engagement=engagement)
        with django_assert_num_queries(4):  # session, person, count, rows
            assert client.get(f"/api/v1/{kind}/").json()["count"] == rows


def test_the_schema_describes_every_list(record) -> None:
    paths = signed_in(record.lead).get("/api/v1/schema/").json()["paths"]
    assert {f"/api/v1/{kind}/" for kind in LISTS} <= set(paths)
