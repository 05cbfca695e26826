"""Lists across engagements: a manager sees what of each kind waits, narrows it, and shares the address."""

from datetime import UTC, datetime, timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from engagements.models import Asset, Engagement, GateCondition
from engagements.selectors.across import KINDS
from fde_portal.accounts.models import User
from tests.factories.concerns import IncidentFactory, ReleaseFactory
from tests.factories.customers import CustomerFactory, MembershipFactory, StakeholderFactory
from tests.factories.engagements import (
    AskFactory,
    DeliverableFactory,
    EngagementFactory,
    MilestoneFactory,
    NoteFactory,
    WeeklyUpdateFactory,
)
from tests.factories.gates import GateCriterionFactory, GateDecisionFactory
from tests.factories.people import ManagerFactory, UserFactory

pytestmark = pytest.mark.django_db

NOON = datetime(2026, 3, 6, 12, tzinfo=UTC)
TODAY = timezone.localdate()
LATE, SOON = TODAY - timedelta(days=9), TODAY + timedelta(days=9)
FACTORIES = {
    "asks": lambda engagement, **more: AskFactory(engagement=engagement, stakeholder=StakeholderFactory(customer=engagement.customer), **more),
    "milestones": lambda engagement, **more: MilestoneFactory(engagement=engagement, **more),
    "deliverables": lambda engagement, **more: DeliverableFactory(engagement=engagement, owner=engagement.lead, **more),
    "assets": lambda engagement, **more: Asset.objects.create(engagement=engagement, **{"name": f"Asset {Asset.objects.count()}"} | more),
    "releases": lambda engagement, **more: ReleaseFactory(deliverable=DeliverableFactory(engagement=engagement), **more),
    "incidents": lambda engagement, **more: IncidentFactory(deliverable=DeliverableFactory(engagement=engagement), **more),
    "notes": lambda engagement, **more: NoteFactory(customer=engagement.customer, engagement=engagement, **more),
}
NAMES = {"asks": "text", "milestones": "title", "deliverables": "name", "assets": "name", "releases": "name", "incidents": "title", "notes": "text"}
RECORDS = [kind for kind in KINDS if kind.key in FACTORIES]


@pytest.fixture
def fde() -> User:
    return UserFactory()


@pytest.fixture
def own(fde: User) -> Engagement:
    return EngagementFactory(lead=fde, customer=CustomerFactory(name="Harbourline"))


def shown(client: Client, kind: str, **query: object) -> list[str]:
    answer = client.get(reverse("across"), {"kind": kind} | query)
    assert answer.status_code == 200
    return [row.title for row in answer.context["page"].object_list]


@pytest.mark.parametrize("kind", RECORDS, ids=lambda kind: kind.key)
def test_each_list_holds_what_one_sees_and_finds_it_by_its_words(client: Client, fde: User, own: Engagement, kind) -> None:
    name = NAMES[kind.key]
    FACTORIES[kind.key](own, **{name: "Crane schedule"})
    FACTORIES[kind.key](own, **{name: "Another one"})
    FACTORIES[kind.key](EngagementFactory(), **{name: "Crane of a stranger"})
    FACTORIES[kind.key](own, **{name: "Crane put away", "archived_at": NOON})
    FACTORIES[kind.key](EngagementFactory(lead=fde, archived_at=NOON), **{name: "Crane of archived work"})
    client.force_login(fde)
    assert len(shown(client, kind.key)) == 2
    [found] = shown(client, kind.key, q="crane harbourline")
    assert found.startswith("Crane schedule")
    assert shown(client, kind.key, q="nothing like this") == []
    [archived] = shown(client, kind.key, archived=1)
    assert archived.startswith("Crane put away")


@pytest.mark.parametrize("kind", RECORDS, ids=lambda kind: kind.key)
def test_what_is_archived_can_be_brought_back_from_the_list(client: Client, fde: User, own: Engagement, kind) -> None:
    FACTORIES[kind.key](own, **{NAMES[kind.key]: "Crane schedule", "archived_at": NOON})
    client.force_login(fde)
    [row] = client.get(reverse("across"), {"kind": kind.key, "archived": 1}).context["page"].object_list
    assert client.post(row.restore_url).status_code == 302
    assert len(shown(client, kind.key)) == 1


@pytest.mark.parametrize("kind", RECORDS, ids=lambda kind: kind.key)
def test_every_row_leads_to_a_page(client: Client, fde: User, own: Engagement, kind) -> None:
    FACTORIES[kind.key](own)
    client.force_login(fde)
    [row] = client.get(reverse("across"), {"kind": kind.key}).context["page"].object_list
    assert client.get(row.url).status_code == 200


@pytest.mark.parametrize("kind", RECORDS, ids=lambda kind: kind.key)
@pytest.mark.parametrize("count", [1, 3, 20])
def test_long_lists_ask_the_database_no_more(client: Client, fde: User, kind, count: int, django_assert_num_queries) -> None:
    for _ in range(count):
        FACTORIES[kind.key](EngagementFactory(lead=fde))
    client.force_login(fde)
    # Session, person, organization, counts of all lists, rows counted and read, leads; people of notes.
    with django_assert_num_queries(7 if kind.key == "notes" else 6):
        client.get(reverse("across"), {"kind": kind.key})


def test_gates_are_those_of_the_present_phase_by_what_blocks_them(client: Client, fde: User, own: Engagement) -> None:
    blocked = GateCriterionFactory(gate__engagement=own, answer="fail").gate
    GateCriterionFactory(gate=blocked, answer="unknown")
    GateCriterionFactory(gate__engagement=own, gate__phase="pilot")
    ready = GateCriterionFactory(gate__engagement=EngagementFactory(lead=fde, phase="pilot"), gate__phase="pilot", answer="pass").gate
    GateCriterionFactory(gate__phase="discovery")
    GateDecisionFactory(gate__engagement=EngagementFactory(lead=fde))
    client.force_login(fde)
    assert shown(client, "gates") == ["Leaving Discovery", "Leaving Pilot"]
    [row] = client.get(reverse("across"), {"kind": "gates", "state": "blocked"}).context["page"].object_list
    assert (row.state, row.band, row.url) == ("blocked by 2 hard criteria", "risk", reverse("gate", args=[own.slug, blocked.pk]))
    [row] = client.get(reverse("across"), {"kind": "gates", "state": "ready"}).context["page"].object_list
    assert row.url == reverse("gate", args=[ready.engagement.slug, ready.pk])
    assert shown(client, "gates", state="decided") == ["Leaving Discovery"]


def test_the_tab_counts_gates_and_not_what_they_ask(client: Client, fde: User, own: Engagement) -> None:
    gate = GateCriterionFactory(gate__engagement=own).gate
    GateCriterionFactory.create_batch(2, gate=gate)
    GateCriterionFactory.create_batch(3, gate__phase="discovery")  # of others
    client.force_login(fde)
    tabs = client.get(reverse("across"), {"kind": "gates"}).context["tabs_of_kinds"]
    assert [tab.count for tab in tabs if tab.current] == [1]


@pytest.mark.parametrize("count", [1, 3, 20])
def test_gates_and_conditions_ask_the_database_no_more(client: Client, fde: User, count: int, django_assert_num_queries) -> None:
    for _ in range(count):
        engagement = EngagementFactory(lead=fde)
        GateCriterionFactory(gate__engagement=engagement)
        decision = GateDecisionFactory(gate__engagement=engagement, gate__phase="pilot")
        GateCondition.objects.create(engagement=engagement, decision=decision, text="Second run", due_on=LATE, owner=fde)
    GateCondition.objects.create(engagement=(other := GateDecisionFactory()).gate.engagement, decision=other, text="Theirs", due_on=LATE)
    client.force_login(fde)
    for kind in ("gates", "conditions"):
        with django_assert_num_queries(6):
            client.get(reverse("across"), {"kind": kind})
    assert shown(client, "conditions", state="overdue") == ["Second run"] * count


def test_milestones_are_cut_by_how_they_stand(client: Client, fde: User, own: Engagement) -> None:
    MilestoneFactory(engagement=own, title="Overdue", baseline_on=LATE)
    MilestoneFactory(engagement=own, title="Late by forecast", baseline_on=LATE, forecast_on=SOON)
    MilestoneFactory(engagement=own, title="Reached", baseline_on=LATE, actual_on=LATE)
    MilestoneFactory(engagement=own, title="Ahead", baseline_on=SOON + timedelta(days=1))
    MilestoneFactory(engagement=EngagementFactory(lead=fde, status="paused"), title="Paused", baseline_on=LATE)
    client.force_login(fde)
    assert shown(client, "milestones") == ["Overdue", "Late by forecast", "Ahead"]
    assert shown(client, "milestones", state="overdue") == ["Overdue"]
    assert shown(client, "milestones", state="slipping") == ["Late by forecast"]
    assert shown(client, "milestones", state="reached") == ["Reached"]
    assert set(shown(client, "milestones", state="all")) == {"Overdue", "Late by forecast", "Reached", "Ahead", "Paused"}
    assert shown(client, "milestones", state="nonsense") == shown(client, "milestones")


def test_engagements_without_a_milestone_ahead_are_listed(client: Client, fde: User, own: Engagement) -> None:
    MilestoneFactory(engagement=own, actual_on=LATE)
    MilestoneFactory(engagement=own, archived_at=NOON)
    planned = EngagementFactory(lead=fde)
    MilestoneFactory(engagement=planned, baseline_on=SOON)
    EngagementFactory(lead=fde, status="completed")
    EngagementFactory()
    client.force_login(fde)
    assert shown(client, "no-milestone") == [own.name]
    assert shown(client, "no-milestone", archived=1) == [own.name]  # nothing of it is archived or restored here


def test_asks_and_deliverables_are_cut_by_whose_turn_it_is(client: Client, fde: User, own: Engagement) -> None:
    AskFactory(engagement=own, text="Overdue", due_on=LATE)
    AskFactory(engagement=own, text="Open", due_on=SOON)
    AskFactory(engagement=own, text="Answered", state="answered", closed_on=LATE)
    AskFactory(engagement=own, text="Withdrawn", state="withdrawn", closed_on=LATE)
    AskFactory(engagement=own, text="Only drafted", raised_in=WeeklyUpdateFactory(engagement=own))
    DeliverableFactory(engagement=own, name="Copilot", planned_on=LATE)
    DeliverableFactory(engagement=own, name="Handed over", planned_on=LATE, state="submitted")
    DeliverableFactory(engagement=own, name="Taken", state="accepted")
    client.force_login(fde)
    assert shown(client, "asks") == ["Overdue", "Open"]
    assert shown(client, "asks", state="overdue") == ["Overdue"]
    assert shown(client, "asks", state="answered") == ["Answered"]
    assert shown(client, "asks", state="settled") == ["Withdrawn"]
    assert set(shown(client, "deliverables")) == {"Copilot", "Handed over"}
    assert shown(client, "deliverables", state="overdue") == ["Copilot"]
    assert shown(client, "deliverables", state="submitted") == ["Handed over"]
    assert shown(client, "deliverables", state="accepted") == ["Taken"]


def test_a_note_about_a_customer_in_general_is_listed_too(client: Client, fde: User, own: Engagement) -> None:
    NoteFactory(customer=own.customer, text="# They **reorganize**", author=fde)
    NoteFactory(customer=own.customer, engagement=own, text="Of a colleague", author=UserFactory())
    NoteFactory(text="Of a stranger")
    client.force_login(fde)
    assert set(shown(client, "notes")) == {"They reorganize", "Of a colleague"}
    assert shown(client, "notes", state="mine") == ["They reorganize"]


def test_the_lead_narrows_and_the_counts_follow(client: Client, fde: User, own: Engagement) -> None:
    other = EngagementFactory(lead=UserFactory())
    MilestoneFactory(engagement=own, title="Mine")
    MilestoneFactory(engagement=other, title="Theirs")
    client.force_login(ManagerFactory())
    answer = client.get(reverse("across"), {"kind": "milestones", "lead": fde.pk})
    assert [row.title for row in answer.context["page"].object_list] == ["Mine"]
    tabs = {str(tab.label): tab for tab in answer.context["tabs_of_kinds"]}
    assert tabs["Milestones"].count == 1
    assert f"lead={fde.pk}" in tabs["Asks"].url
    assert shown(client, "milestones", lead="nobody") == ["Mine", "Theirs"]


def test_pages_keep_the_address(client: Client, fde: User, own: Engagement) -> None:
    for number in range(51):
        MilestoneFactory(engagement=own, title=f"Crane {number}")
    client.force_login(fde)
    assert len(shown(client, "milestones", q="crane", state="all")) == 50
    assert len(shown(client, "milestones", q="crane", state="all", page=2)) == 1
    body = client.get(reverse("across"), {"kind": "milestones", "q": "crane", "state": "all"}).content.decode()
    assert "kind=milestones&amp;q=crane&amp;state=all&amp;page=2" in body


def test_it_is_for_those_who_may_read_records(client: Client, own: Engagement) -> None:
    assert client.get(reverse("across")).url.startswith(reverse("account_login"))
    client.force_login(MembershipFactory(customer=own.customer).user)
    assert client.get(reverse("across")).status_code == 403


def test_from_one_place_every_list_can_be_reached(client: Client, fde: User) -> None:
    client.force_login(fde)
    answer = client.get(reverse("across"), {"kind": "nonsense"})
    assert answer.context["kind"].key == "asks"
    tabs = [*answer.context["tabs_of_kinds"], *answer.context["tabs_elsewhere"]]
    assert len(tabs) == 21
    for tab in tabs:
        url = tab.url if tab.url.startswith("/") else reverse("across") + tab.url
        assert client.get(url).status_code == 200
    assert any(item.url == reverse("across") and item.current for item in answer.context["navigation"])
