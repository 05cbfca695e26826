"""The audit page: filters, paging, export, and who may read it."""

import csv
import io
from datetime import UTC, datetime

import pytest
from django.test import Client
from django.urls import reverse
from openpyxl import load_workbook

from engagements.services.handovers import hand_over
from fde_portal.accounts import audit
from fde_portal.accounts.models import AuditEvent, User
from fde_portal.accounts.permissions import Role
from tests.factories.customers import CustomerFactory
from tests.factories.engagements import EngagementFactory, MilestoneFactory
from tests.factories.people import ContactFactory, ManagerFactory, UserFactory
from tests.factories.portfolio import PortfolioRowFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def manager() -> User:
    return ManagerFactory(name="Ruth Adeyemi", time_zone="Asia/Shanghai")


@pytest.fixture
def maya() -> User:
    return UserFactory(name="Maya Okafor")


def listed(client: Client, **query: object) -> list[str]:
    return [line.text for line in client.get(reverse("audit"), query).context["lines"]]


def test_acts_are_told_newest_first_with_customer_and_engagement(client: Client, manager: User, maya: User) -> None:
    engagement = EngagementFactory(name="Copilot", customer__name="Harbourline")
    audit.record("create", engagement, by=maya)
    audit.record("reach", MilestoneFactory(engagement=engagement, title="Go-live"), by=None, label="a token")
    client.force_login(manager)
    lines = client.get(reverse("audit")).context["lines"]
    assert [(line.event.actor_label, line.text, line.customer.name, line.engagement.name) for line in lines] == [
        ("a token", "Marked milestone “Go-live” as reached", "Harbourline", "Copilot"),
        ("Maya Okafor", "Created engagement “Copilot”", "Harbourline", "Copilot"),
    ]


def test_filters(client: Client, manager: User, maya: User) -> None:
    harbourline, rival = CustomerFactory(name="Harbourline"), CustomerFactory(name="Rival")
    audit.record("create", harbourline, by=maya)
    audit.record("edit", harbourline, by=manager, fields=["name"])
    audit.record("create", rival, by=manager)
    milestone = MilestoneFactory(title="Go-live", engagement__customer=harbourline)
    audit.record("create", milestone, by=manager)
    client.force_login(manager)
    assert listed(client, actor=maya.pk) == ["Created customer “Harbourline”"]
    assert listed(client, verb="edit") == ["Edited customer “Harbourline”"]
    assert listed(client, subject_type="milestone") == ["Created milestone “Go-live”"]
    assert listed(client, customer=rival.pk) == ["Created customer “Rival”"]
    assert len(listed(client, customer=harbourline.pk)) == 3
    assert listed(client, q="go-l") == ["Created milestone “Go-live”"]


def test_days_are_the_viewers(client: Client, manager: User, maya: User, time_machine) -> None:
    time_machine.move_to(datetime(2026, 3, 2, 22, tzinfo=UTC), tick=False)  # the 3rd in Shanghai
    audit.record("create", CustomerFactory(name="Late"), by=maya)
    client.force_login(manager)
    assert listed(client, since="2026-03-03", until="2026-03-03") == ["Created customer “Late”"]
    assert listed(client, until="2026-03-02") == []


def test_it_is_paged_with_a_steady_number_of_statements(client: Client, manager: User, django_assert_max_num_queries) -> None:
    client.force_login(manager)
    for many in (1, 3, 130):
        for __ in range(many):
            audit.record("create", EngagementFactory(lead=manager), by=manager)
        with django_assert_max_num_queries(11):
            client.get(reverse("audit"))
    assert len(listed(client)) == 100
    assert len(listed(client, page=2)) == 34


def test_exports_hold_what_the_filters_leave_and_no_formula(client: Client, manager: User, maya: User) -> None:
    evil = ["=1+1", "  @SUM(A1)", "\t-2", "+3", "\r=4", "plain = text"]
    for name in evil:
        audit.record("create", CustomerFactory(name=name), by=maya)
    audit.record("edit", CustomerFactory(name="Left out"), by=maya)
    client.force_login(manager)
    answer = client.get(reverse("audit_export", args=["csv"]), {"verb": "create"})
    rows = list(csv.reader(io.StringIO(b"".join(answer.streaming_content).decode("utf-8-sig"), newline="")))
    assert rows[0][:3] == ["Time", "Person", "Act"]
    safe = ["plain = text", "'\r=4", "'+3", "'\t-2", "'  @SUM(A1)", "'=1+1"]
    assert [row[4] for row in rows[1:]] == safe

    answer = client.get(reverse("audit_export", args=["xlsx"]), {"verb": "create"})
    sheet = load_workbook(io.BytesIO(answer.content)).active
    assert [cell.data_type for cell in sheet["E"]] == ["s"] * 7
    assert [cell.value.replace("\n", "\r") for cell in sheet["E"]][1:] == safe
    assert answer["Content-Disposition"] == 'attachment; filename="audit-trail.xlsx"'


def test_what_is_handed_over_names_both_people_by_their_names_of_then(client: Client, manager: User, maya: User) -> None:
    engagement, tom = EngagementFactory(name="Copilot", lead=maya), UserFactory(name="Tom Berg")
    hand_over(maya, {f"lead:{engagement.pk}": tom}, by=manager)
    User.objects.filter(pk=tom.pk).update(name="Somebody else")
    audit.record("hand_over", engagement, by=manager, role="lead", old=1, new=2)  # from before names were kept
    client.force_login(manager)
    lines = client.get(reverse("audit")).context["lines"]
    assert [(line.text, line.details) for line in lines] == [
        ("Handed over engagement “Copilot”", ""), ("Handed over engagement “Copilot”", "Lead: Maya Okafor, now Tom Berg"),
    ]  # fmt: skip


def test_who_takes_a_file_stands_in_the_trail(client: Client, manager: User) -> None:
    engagement = EngagementFactory(name="Copilot")
    PortfolioRowFactory(engagement=engagement)
    client.force_login(manager)
    files = {
        reverse("portfolio_export", args=["xlsx"]): "portfolio.xlsx",
        reverse("audit_export", args=["csv"]): "audit-trail.csv",
        f"{reverse('portfolio_adoption')}?csv=engagements": "portfolio-adoption.csv",
        reverse("portfolio_value_export"): "portfolio-value.csv",
        f"{reverse('engagement_health', args=[engagement.slug])}?csv": f"{engagement.slug}-health.csv",
    }
    for address, file in files.items():
        assert client.get(address).status_code == 200, address
        event = AuditEvent.objects.latest("pk")
        assert (event.verb.startswith("export_"), event.actor, event.details) == (True, manager, {"file": file})
    client.get(f"{reverse('portfolio_adoption')}?csv=nonsense")
    assert AuditEvent.objects.count() == len(files)
    lines = client.get(reverse("audit")).context["lines"]
    assert (lines[0].text, lines[0].engagement) == ("Exported figures of engagement “Copilot”", engagement)
    assert [line.details for line in lines] == list(files.values())[::-1]


@pytest.mark.parametrize("address", ["/audit/", "/audit/export/csv/", "/audit/export/xlsx/"])
def test_doors(client: Client, address: str) -> None:
    assert reverse("account_login") in client.get(address).url
    for person in (UserFactory(), ContactFactory(), UserFactory(role=Role.NONE, is_administrator=True)):
        client.force_login(person)
        assert client.get(address).status_code == 403


def test_there_is_no_other_file_format(client: Client, manager: User) -> None:
    client.force_login(manager)
    assert client.get("/audit/export/exe/").status_code == 404
    assert not AuditEvent.objects.exists()
