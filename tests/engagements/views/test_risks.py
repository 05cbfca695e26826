"""The tab of risks and blockers, and the list across engagements."""

from datetime import date, timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from engagements.models import Blocker, BlockerChange, Engagement, Risk
from tests.factories.concerns import BlockerFactory, RiskFactory
from tests.factories.engagements import EngagementFactory, MilestoneFactory
from tests.factories.people import ContactFactory, ManagerFactory

pytestmark = pytest.mark.django_db

HTMX = {"HTTP_HX_REQUEST": "true"}


@pytest.fixture
def engagement(client: Client) -> Engagement:
    engagement = EngagementFactory(time_zone="Pacific/Kiritimati")
    client.force_login(engagement.lead)
    return engagement


def tab(engagement: Engagement) -> str:
    return reverse("engagement_risks", args=[engagement.slug])


def quick(engagement: Engagement, **data: str) -> dict[str, str]:
    return {"blocker-text": "No reviewer", "blocker-owing_side": "customer"} | data


def test_a_line_adds_a_blocker_that_is_open_since_the_local_day(client, engagement):
    response = client.post(reverse("blocker_quick", args=[engagement.slug]), quick(engagement))

    assert response.url == tab(engagement)
    blocker = Blocker.objects.get()
    assert (blocker.engagement, blocker.text, blocker.owing_side) == (engagement, "No reviewer", "customer")
    assert blocker.opened_on == timezone.localdate(timezone=engagement.zone)
    assert blocker.shared_wording == ""


def test_htmx_gets_the_panel_and_the_message_alone(client, engagement):
    page = client.post(reverse("blocker_quick", args=[engagement.slug]), quick(engagement), **HTMX).content.decode()

    assert "No reviewer" in page
    assert "<html" not in page
    assert reverse("blocker_archive", args=[engagement.slug, Blocker.objects.get().pk]) in page  # undo


@pytest.mark.parametrize("headers", [{}, HTMX])
@pytest.mark.parametrize(
    ("name", "data", "field"),
    [
        ("blocker_quick", {"blocker-text": "", "blocker-owing_side": "us", "blocker-needed_by": "2026-05-05"}, "text"),
        ("risk_quick", {"risk-text": "Kept words", "risk-likelihood": "6", "risk-impact": "3"}, "likelihood"),
    ],
)
def test_a_line_that_is_wrong_is_refused_and_kept(client, engagement, name, data, field, headers):
    response = client.post(reverse(name, args=[engagement.slug]), data, **headers)

    form = response.context["blocker_form" if name == "blocker_quick" else "risk_form"]
    assert (response.status_code, list(form.errors)) == (422, [field])
    assert ("2026-05-05" if name == "blocker_quick" else "Kept words") in response.content.decode()
    assert not Blocker.objects.exists()
    assert not Risk.objects.exists()


def test_a_line_adds_a_risk(client, engagement):
    client.post(reverse("risk_quick", args=[engagement.slug]), {"risk-text": "Rain", "risk-likelihood": "5", "risk-impact": "4"})

    risk = Risk.objects.get()
    assert (risk.text, risk.level, risk.owner) == ("Rain", "high", engagement.lead)
    assert "no review planned" in client.get(tab(engagement)).content.decode()


def test_clearing_an_escalated_blocker_offers_the_way_back_to_escalated(client, engagement):
    blocker = BlockerFactory(engagement=engagement)
    client.post(reverse("blocker_escalate", args=[engagement.slug, blocker.pk]))
    page = client.post(reverse("blocker_clear", args=[engagement.slug, blocker.pk]), follow=True).content.decode()
    undo = reverse("blocker_escalate", args=[engagement.slug, blocker.pk])
    assert f'action="{undo}"' in page

    client.post(undo)
    blocker.refresh_from_db()
    assert (blocker.state, blocker.cleared_on) == ("escalated", None)
    assert [change.state for change in BlockerChange.objects.order_by("pk")] == ["open", "escalated", "cleared", "escalated"]


def test_the_page_of_a_blocker_tells_its_history_and_earlier_texts(client, engagement):
    blocker = BlockerFactory(engagement=engagement, text="First words")
    data = {"text": "Second words", "owing_side": "us", "shared_wording": "For them", "version": 1}
    client.post(reverse("blocker_edit", args=[engagement.slug, blocker.pk]), data)
    page = client.get(reverse("blocker", args=[engagement.slug, blocker.pk])).content.decode()

    assert all(words in page for words in ("First words", "Second words", "For them", "Customer sees"))


def test_a_milestone_of_another_engagement_is_refused(client, engagement):
    foreign = MilestoneFactory(engagement=EngagementFactory(lead=engagement.lead))
    data = {"text": "x", "owing_side": "us", "milestone": foreign.pk}
    response = client.post(reverse("blocker_new", args=[engagement.slug]), data)

    assert (response.status_code, list(response.context["form"].errors)) == (422, ["milestone"])
    assert not Blocker.objects.exists()


def test_archived_ones_are_restored_from_the_tab(client, engagement):
    blocker, risk = BlockerFactory(engagement=engagement), RiskFactory(engagement=engagement)
    client.post(reverse("blocker_archive", args=[engagement.slug, blocker.pk]))
    client.post(reverse("risk_archive", args=[engagement.slug, risk.pk]))
    response = client.get(tab(engagement))
    assert (response.context["blockers"], response.context["risks"]) == ([], [])

    for name, row in (("blocker_restore", blocker), ("risk_restore", risk)):
        url = reverse(name, args=[engagement.slug, row.pk])
        assert url in response.content.decode()
        client.post(url)
    assert (Blocker.objects.current().count(), Risk.objects.current().count()) == (1, 1)


@pytest.mark.parametrize("path", ["tab", "/risks/", "/risks/?kind=risks"])
def test_pages_ask_as_often_for_thirty_records_as_for_one(client, engagement, path):
    url = tab(engagement) if path == "tab" else path
    counts = []
    for more in (1, 2, 27):
        for _ in range(more):
            BlockerFactory(engagement=engagement, milestone=MilestoneFactory(engagement=engagement), owner=engagement.lead)
            RiskFactory(engagement=engagement, owner=engagement.lead, trigger="no_update", threshold=3)
        client.get(url)
        with CaptureQueriesContext(connection) as queries:
            client.get(url)
        counts.append(len(queries))
    assert len(set(counts)) == 1


# Across engagements


def texts(response) -> list[str]:
    return [str(getattr(line, "blocker", None) or line.risk) for line in response.context["lines"]]


def test_the_list_holds_what_stands_in_the_live_work_one_sees(client, engagement):
    BlockerFactory(engagement=engagement, text="Mine")
    BlockerFactory(text="Of a stranger")
    BlockerFactory(engagement=EngagementFactory(lead=engagement.lead, status="completed"), text="Over")
    BlockerFactory(engagement=engagement, text="Cleared", state="cleared", cleared_on=date(2026, 3, 3))

    assert texts(client.get("/risks/")) == ["Mine"]
    client.force_login(ManagerFactory())
    assert texts(client.get("/risks/")) == ["Mine", "Of a stranger"]


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("", ["Escalated", "Late", "Ours"]),
        ("?side=us", ["Ours"]),
        ("?state=escalated", ["Escalated"]),
        ("?state=overdue", ["Late"]),
        ("?q=esca", ["Escalated"]),
        ("?side=nonsense&lead=99999", ["Escalated", "Late", "Ours"]),
        ("?kind=risks", ["High one", "Low one"]),
        ("?kind=risks&level=high", ["High one"]),
    ],
)
def test_filters_live_in_the_address(client, engagement, query, found):
    yesterday = timezone.localdate() - timedelta(days=2)
    BlockerFactory(engagement=engagement, text="Escalated", state="escalated")
    BlockerFactory(engagement=engagement, text="Late", needed_by=yesterday)
    BlockerFactory(engagement=engagement, text="Ours", owing_side="us")
    RiskFactory(engagement=engagement, text="Low one", likelihood=1)
    RiskFactory(engagement=engagement, text="High one", likelihood=5, impact=5)

    assert texts(client.get(f"/risks/{query}")) == found


def test_the_list_of_a_contact_is_closed(client):
    client.force_login(ContactFactory())
    assert client.get("/risks/").status_code == 403
