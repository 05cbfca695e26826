"""The portfolio and my week: what is shown, filtered, and what it costs."""

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone
from time_machine import travel

from engagements.models import Ask, Band, GateCondition, Phase, WeeklyUpdate
from engagements.selectors.portfolio import visible_rows
from tests.factories.concerns import BlockerFactory, RiskFactory
from tests.factories.customers import MembershipFactory
from tests.factories.engagements import AskFactory, EngagementFactory, MilestoneFactory, WeeklyUpdateFactory
from tests.factories.gates import GateDecisionFactory
from tests.factories.people import ManagerFactory, UserFactory
from tests.factories.portfolio import PortfolioRowFactory

pytestmark = pytest.mark.django_db
WEDNESDAY = "2026-03-04T09:00:00Z"


def signed_in(person) -> Client:
    client = Client()
    client.force_login(person)
    return client


def listed(client: Client, query: str = "") -> str:
    answer = client.get(f"/portfolio/{query}")
    assert answer.status_code == 200
    return answer.content.decode()


@pytest.mark.parametrize("path", ["/portfolio/", "/my-week/"])
def test_signed_out_people_are_asked_to_sign_in_and_contacts_refused(path) -> None:
    assert Client().get(path).url == f"/accounts/login/?next={path}"
    assert signed_in(MembershipFactory().user).get(path).status_code == 403


def test_search_finds_every_word_in_customer_engagement_or_lead() -> None:
    PortfolioRowFactory(engagement__name="Claims letters", engagement__customer__name="Meridian Mutual")
    PortfolioRowFactory(engagement__name="Outage triage", engagement__customer__name="Kestrel Energy")
    page = listed(signed_in(ManagerFactory()), "?q=meridian+claims")
    assert "Claims letters" in page
    assert "Outage triage" not in page


def test_filters_combine_and_tell_when_nothing_fits() -> None:
    PortfolioRowFactory(engagement__name="Pilot work", engagement__phase=Phase.PILOT, band=Band.WATCH)
    client = signed_in(ManagerFactory())
    assert "Pilot work" in listed(client, "?phase=pilot&band=watch")
    assert "Nothing matches" in listed(client, "?phase=pilot&band=at_risk")


def test_an_unknown_filter_value_is_ignored_and_named() -> None:
    PortfolioRowFactory(engagement__name="Pilot work")
    assert "Pilot work" in listed(signed_in(ManagerFactory()), "?phase=nonsense&page=999")


def test_the_first_page_without_engagements_says_what_belongs_here() -> None:
    assert "No engagements yet" in listed(signed_in(UserFactory()))


def test_a_value_in_another_currency_is_not_called_missing() -> None:
    lead = UserFactory()
    PortfolioRowFactory(engagement__lead=lead, npv=4_420_000, npv_currency="CNY")
    page = listed(signed_in(lead))
    assert "1 in another currency" in page
    assert "no value case yet" not in page


def test_text_from_people_is_escaped() -> None:
    PortfolioRowFactory(engagement__name="<script>alert(1)</script>", headline="<b>bold</b>")
    page = listed(signed_in(ManagerFactory()))
    assert "<script>alert(1)" not in page
    assert "&lt;b&gt;bold" in page


@pytest.mark.parametrize("path", ["/portfolio/", "/my-week/"])
def test_the_number_of_statements_does_not_grow(path, django_assert_num_queries) -> None:
    lead = UserFactory()
    client = signed_in(lead)
    client.get(path)
    for rows in (1, 30, 300):
        for __ in range(rows - visible_rows(lead).count()):
            row = PortfolioRowFactory(engagement__lead=lead, feed_stopped=True)
            MilestoneFactory(engagement=row.engagement)
            AskFactory(engagement=row.engagement, due_on="2026-03-01")
            BlockerFactory(engagement=row.engagement, needed_by="2026-03-01")
            RiskFactory(engagement=row.engagement, trigger="feed_stopped")
            decision = GateDecisionFactory(gate__engagement=row.engagement)
            GateCondition.objects.create(engagement=row.engagement, decision=decision, text="Second run", due_on="2026-03-01", owner=lead)
        with django_assert_num_queries(QUERIES[path]):
            assert client.get(path).status_code == 200


QUERIES = {"/portfolio/": 7, "/my-week/": 17}


@travel(WEDNESDAY, tick=False)
def test_my_week_names_what_is_due_and_leaves_strangers_out() -> None:
    engagement = PortfolioRowFactory(engagement__customer__name="Kestrel Energy").engagement
    MilestoneFactory(engagement=engagement, title="Pilot sign-off", baseline_on=timezone.now().date() - timedelta(days=3))
    AskFactory(engagement=engagement, text="Name a reviewer", due_on=timezone.now().date() - timedelta(days=2))
    AskFactory(engagement=engagement, text="Answered long ago", due_on="2026-02-01", state=Ask.State.DONE)
    MilestoneFactory(title="A stranger's milestone", baseline_on=timezone.now().date())
    page = signed_in(engagement.lead).get("/my-week/").content.decode()
    assert "Kestrel Energy: Pilot sign-off" in page
    assert "The date passed 3 days ago." in page
    assert "2 days over the date" in page
    assert "1 weekly update left" in page
    assert "Answered long ago" not in page
    assert "stranger" not in page


@travel(WEDNESDAY, tick=False)
def test_a_published_week_needs_nothing_more() -> None:
    engagement = PortfolioRowFactory().engagement
    WeeklyUpdateFactory(
        engagement=engagement, iso_year=2026, iso_week=10, state=WeeklyUpdate.State.PUBLISHED, published_at=timezone.now()
    )
    page = signed_in(engagement.lead).get("/my-week/").content.decode()
    assert "Nothing needs you right now." in page
    assert "weekly update left" not in page


def test_a_manager_without_own_engagements_has_an_empty_week() -> None:
    EngagementFactory()
    assert "No engagements of yours yet" in signed_in(ManagerFactory()).get("/my-week/").content.decode()
