"""The review pack: what a meeting needs of each chosen engagement, internal, at a constant cost."""

from datetime import UTC, date, datetime

import pytest
from django.test import Client
from django.urls import reverse
from time_machine import travel

from engagements.models import HealthSnapshot
from engagements.views import portfolio_pack
from tests.factories.concerns import BlockerFactory
from tests.factories.engagements import AskFactory, MilestoneFactory
from tests.factories.people import ManagerFactory, UserFactory
from tests.factories.portfolio import PortfolioRowFactory
from tests.factories.reviews import ReviewQuestionFactory

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 3, 4, 10, tzinfo=UTC)
PACK = reverse("portfolio_pack")


@pytest.fixture(autouse=True)
def wednesday():
    with travel(NOW, tick=False):
        yield


def signed_in(person) -> Client:
    client = Client()
    client.force_login(person)
    return client


def text_of(client: Client, query: str = "") -> str:
    answer = client.get(PACK + query)
    assert answer.status_code == 200
    return answer.content.decode()


def troubled(**fields):
    """An engagement with something under each heading."""
    row = PortfolioRowFactory(
        rank=0, band="at_risk", score=41, reason=["attention.silent", {"count": 20}], npv=120000, npv_currency="EUR", weekly_users=40,
        weekly_target=80, headline="Crews use it less", last_update_on=date(2026, 3, 2),
        changes=[["2026-03-03", "blocker.open", {"text": "No reviewer"}], ["2026-02-20", "phase", {"phase": "pilot"}]], **fields,
    )  # fmt: skip
    engagement = row.engagement
    HealthSnapshot.objects.create(
        engagement=engagement, day=NOW.date(), watermark=1, computed_at=NOW, band="at_risk", coverage=1, score=41,
        components=[
            {"key": "schedule", "score": 90.0, "reason": ["schedule.on_plan", {}]},
            {"key": "adoption", "score": 12.0, "reason": ["attention.stale", {"count": 9}]},
            {"key": "outcomes", "score": None, "reason": ["attention.stale", {"count": 1}]},
        ],
    )  # fmt: skip
    MilestoneFactory(engagement=engagement, title="Pilot sign-off", baseline_on=date(2026, 2, 20), forecast_on=date(2026, 3, 20))
    BlockerFactory(engagement=engagement, text="Nobody reads the contract")
    AskFactory(engagement=engagement, text="Name a reviewer")
    ReviewQuestionFactory(engagement=engagement, text="Who follows?", answer="Grace", answered_at=NOW)
    ReviewQuestionFactory(engagement=engagement, text="Read long ago", answer="Yes", answered_at=NOW, read_at=NOW)
    return engagement


def test_each_engagement_tells_all_a_meeting_needs_and_stays_with_us() -> None:
    engagement = troubled(engagement__customer__name="Kestrel Energy")
    page = text_of(signed_in(engagement.lead))
    for told in (
        "Kestrel Energy", "The customer has been silent for 20 days.", "Lowest is Adoption with 12: No update for 9 days.", "Blocked: No reviewer.",
        "Pilot sign-off", "28 d late", "Nobody reads the contract", "Name a reviewer", "40 of 80 weekly users", "€120k planned",
        "Crews use it less", "Who follows?", "Grace",
    ):  # fmt: skip
        assert told in page, told
    assert "Entered Pilot." not in page  # older than a week
    assert "Read long ago" not in page
    assert page.count("Only us") == 1


def test_it_holds_what_the_filters_leave_in_their_order_and_nothing_of_strangers() -> None:
    lead = UserFactory()
    for customer, band, score in (("Bora", "watch", 60), ("Zephyr", "watch", 50), ("Calm", "on_track", 90)):
        PortfolioRowFactory(engagement__lead=lead, engagement__customer__name=customer, band=band, score=score)
    troubled(engagement__customer__name="A stranger's")
    page = text_of(signed_in(lead), "?band=watch&sort=score&hide=val")
    assert page.index("Zephyr") < page.index("Bora")
    assert "Calm" not in page
    assert "stranger" not in page
    assert "2 engagements. Watch." in page
    assert "Nothing matches" in text_of(signed_in(lead), "?q=nowhere")


def test_a_long_pack_has_pages_and_says_so(monkeypatch) -> None:
    monkeypatch.setattr(portfolio_pack, "PACK_SIZE", 2)
    for __ in range(3):
        PortfolioRowFactory()
    client = signed_in(ManagerFactory())
    assert "2 of 3 engagements." in text_of(client)
    assert "1 of 3 engagements." in text_of(client, "?page=2")


def test_statements_do_not_grow_with_engagements(django_assert_num_queries) -> None:
    client = signed_in(ManagerFactory())
    client.get(PACK)
    for count in (1, 2, 20):
        for __ in range(count):
            troubled()
        with django_assert_num_queries(11):
            client.get(PACK)
