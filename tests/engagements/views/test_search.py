"""Search: what is found, in which order, and that nobody finds what they may not see."""


import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from engagements.models import Attachment, Engagement, StakeholderNote
from engagements.views.log_kinds import LOG_KINDS
from fde_portal.accounts.models import User
from fde_portal.accounts.records import archive_record, restore_record
from fde_portal.accounts.search import Group, search
from fde_portal.core.models import SearchEntry
from fde_portal.core.search import matching
from fde_portal.core.search.index import refresh, reindex
from tests.factories.concerns import BlockerFactory, IncidentFactory, ReleaseFactory, RiskFactory
from tests.factories.customers import CustomerFactory, StakeholderFactory
from tests.factories.engagements import DeliverableFactory, EngagementFactory, MilestoneFactory, NoteFactory
from tests.factories.log import FACTORIES
from tests.factories.people import ContactFactory, ManagerFactory, UserFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def fde() -> User:
    return UserFactory()


@pytest.fixture
def own(fde: User) -> Engagement:
    return EngagementFactory(lead=fde, name="Customs copilot", customer__name="Harbourline")


@pytest.fixture
def strange() -> Engagement:
    return EngagementFactory(name="Customs audit", customer__name="Rival Freight")


def titles(groups: list[Group]) -> dict[str, list[str]]:
    return {str(group.label): [hit.title for hit in group.hits] for group in groups}


def found(user: User, text: str) -> dict[str, list[str]]:
    return titles(search(user, text, per_kind=8))


def test_only_what_one_may_see_is_found(fde: User, own: Engagement, strange: Engagement) -> None:
    for engagement in (own, strange):
        MilestoneFactory(engagement=engagement, title=f"Customs go-live of {engagement.name}")
        BlockerFactory(engagement=engagement, text="No customs clearance")
        RiskFactory(engagement=engagement, text="The law changes", mitigation="Ask the customs broker")
        NoteFactory(customer=engagement.customer, engagement=engagement, text="customs duty")
        NoteFactory(customer=engagement.customer, text="customs in general")
        StakeholderFactory(customer=engagement.customer, name="Customs Officer")
    reindex()

    assert found(fde, "customs") == {
        "People": ["Customs Officer"],
        "Engagements": ["Customs copilot"],
        "Milestones": ["Customs go-live of Customs copilot"],
        "Blockers": ["No customs clearance"],
        "Risks": ["The law changes"],
        "Notes": ["Meeting 2026-03-02", "Meeting 2026-03-02"],
    }
    assert found(fde, "rival") == {}
    assert found(ManagerFactory(), "rival") == {"Customers": ["Rival Freight"], "Engagements": ["Customs audit"]}
    assert found(ContactFactory(), "customs") == {}


def test_the_scope_decides_even_where_the_index_is_wrong(fde: User, own: Engagement, strange: Engagement) -> None:
    note = NoteFactory(customer=strange.customer, engagement=strange, text="customs secret")
    reindex()
    SearchEntry.objects.filter(subject_id=note.pk, kind="engagements.stakeholdernote").update(tags=f"zzengagementsstakeholdernote zzengagement{own.pk}")

    assert found(fde, "secret") == {}


@pytest.mark.parametrize("text", ["银行", "华岭", "岭", "银行 pilot", "pilot 银", "PILOT", "pil", "ＰＩＬＯＴ"])
def test_chinese_english_and_both_mixed_are_found(fde: User, own: Engagement, text: str) -> None:
    NoteFactory(customer=own.customer, engagement=own, text="华岭银行 asked for a pilot")
    NoteFactory(customer=own.customer, engagement=own, text="Nothing of it")
    reindex()

    groups = search(fde, text, per_kind=8)

    assert [(str(group.label), len(group.hits)) for group in groups] == [("Notes", 1)]


@pytest.mark.parametrize("text", ["", "  ", "a", "\"", "' OR 1=1 --", "*", "pilot NOT customs", ":* & |", "银河"])
def test_no_query_breaks_and_none_finds_by_chance(fde: User, own: Engagement, text: str) -> None:
    NoteFactory(customer=own.customer, engagement=own, text="华岭银行 asked for a pilot")
    reindex()

    assert found(fde, text) == {}


def test_titles_come_before_texts_and_beginnings_before_the_rest(fde: User, own: Engagement) -> None:
    for title, summary in (("Pilot starts", ""), ("The pilot ends", ""), ("Review", "of the pilot")):
        MilestoneFactory(engagement=own, title=title, summary=summary)
    NoteFactory(customer=own.customer, engagement=own, text="pilot")
    DeliverableFactory(engagement=own, name="Pilot report")
    reindex()

    groups = found(fde, "pilot")

    assert list(groups) == ["Milestones", "Deliverables", "Notes"]
    assert groups["Milestones"] == ["Pilot starts", "The pilot ends", "Review"]


def test_old_records_are_found_behind_many_new_ones(monkeypatch: pytest.MonkeyPatch, fde: User, own: Engagement) -> None:
    monkeypatch.setattr(matching, "NEWEST", 2)
    texts = ["quota a", "quota b", "tariff", "quota c", "tariff"]
    notes = [NoteFactory(customer=own.customer, engagement=own, text=text) for text in texts]
    reindex()
    scopes = [f"engagement:{own.pk}"]

    found_ids = matching.matches(["engagements.stakeholdernote"], ["quota"], scopes, limit=3)["engagements.stakeholdernote"]

    assert found_ids == [notes[3].pk, notes[1].pk, notes[0].pk]


def test_a_change_is_found_at_once_and_what_is_archived_no_more(client: Client, fde: User, own: Engagement) -> None:
    client.force_login(fde)
    client.post(
        reverse("note_new", args=[own.slug]),
        {"text": "They want tariffs first", "kind": "call", "happened_on": "2026-03-02", "engagement": own.pk},
    )
    note = StakeholderNote.objects.get()
    assert list(found(fde, "tariffs")) == ["Notes"]

    client.post(reverse("note_edit", args=[note.pk]), {"text": "They want quotas first", "kind": "call", "happened_on": "2026-03-02", "engagement": own.pk, "version": note.version})
    assert (found(fde, "tariffs"), list(found(fde, "quotas"))) == ({}, ["Notes"])

    note.refresh_from_db()
    archive_record(note, by=fde, now=timezone.now())
    assert found(fde, "quotas") == {}
    assert not SearchEntry.objects.filter(kind="engagements.stakeholdernote").exists()
    restore_record(note, by=fde)
    assert list(found(fde, "quotas")) == ["Notes"]


def test_a_refused_change_leaves_the_index_alone(client: Client, fde: User, own: Engagement) -> None:
    client.force_login(fde)
    refresh(own)
    before = list(SearchEntry.objects.values())
    answer = client.post(reverse("engagement_edit", args=[own.slug]), {"name": "", "version": own.version})
    assert answer.status_code == 422
    assert list(SearchEntry.objects.values()) == before


def test_many_records_cost_as_many_statements_as_one(fde: User, own: Engagement, django_assert_num_queries) -> None:
    counts = []
    for many in (1, 3, 30):
        for __ in range(many):
            NoteFactory(customer=own.customer, engagement=own, text="quota").stakeholders.add(StakeholderFactory(customer=own.customer))
        reindex()
        with django_assert_num_queries(5):  # two scopes, the index, notes with their people
            counts.append(len(search(fde, "quota", per_kind=50)[0].hits))
    assert counts == [1, 4, 34]


def test_a_full_group_leads_to_all_of_its_kind(client: Client, fde: User, own: Engagement) -> None:
    for number in range(9):
        MilestoneFactory(engagement=own, title=f"Quota {number}")
    reindex()
    client.force_login(fde)

    page = client.get(reverse("search"), {"q": "quota"})
    assert [(len(group.hits), group.is_full) for group in page.context["groups"]] == [(8, True)]
    all_of_them = client.get(reverse("search"), {"q": "quota", "kind": "engagements.milestone"})
    assert len(all_of_them.context["groups"][0].hits) == 9


def test_the_palette_offers_pages_and_what_can_be_begun(client: Client, fde: User) -> None:
    client.force_login(fde)
    content = client.get(reverse("search_palette"), {"q": "new"}).content.decode()
    assert reverse("engagement_new") in content and reverse("customers:new") in content
    assert reverse("accounts:organization") not in client.get(reverse("search_palette")).content.decode()


@pytest.mark.parametrize("kind", LOG_KINDS, ids=lambda kind: kind.key)
def test_every_kind_of_the_log_is_found_by_its_words(client: Client, fde: User, own: Engagement, strange: Engagement, kind) -> None:
    for engagement in (own, strange):
        FACTORIES[kind.key](engagement=engagement, text="华岭银行 sends tariffs")
    reindex()

    (group,) = search(fde, "银行 tariffs", per_kind=8)

    assert (group.label, [hit.title for hit in group.hits]) == (kind.title, ["华岭银行 sends tariffs"])
    client.force_login(fde)
    assert client.get(group.hits[0].url).context["form"].instance.engagement == own


def test_releases_incidents_and_files_are_found_where_one_may_see_them(fde: User, own: Engagement, strange: Engagement) -> None:
    for engagement in (own, strange):
        deliverable = DeliverableFactory(engagement=engagement, name=f"Reader of {engagement.name}")
        ReleaseFactory(deliverable=deliverable, name="2.1", note="Reads tariffs")
        IncidentFactory(deliverable=deliverable, title="Tariffs were cut")
        Attachment.objects.create(deliverable=deliverable, name="tariffs.pdf", size=1)
        Attachment.objects.create(deliverable=deliverable, name="old tariffs.pdf", size=1, removed_at=timezone.now())
    reindex()

    assert found(fde, "tariffs") == {"Releases": ["2.1"], "Incidents": ["Tariffs were cut"], "Files": ["tariffs.pdf"]}


def test_the_palette_begins_something_new_in_the_open_engagement(client: Client, fde: User, own: Engagement, strange: Engagement) -> None:
    client.force_login(fde)

    def offered(path: str, text: str = "new") -> str:
        headers = {"HX-Current-URL": f"http://testserver{path}"}
        return client.get(reverse("search_palette"), {"q": text}, headers=headers).content.decode()

    page = offered(reverse("engagement_risks", args=[own.slug]))
    for name, more in (("blocker_new", []), ("log_entry_new", ["decision"]), ("milestone_new", [])):
        assert f'href="{reverse(name, args=[own.slug, *more])}"' in page
    assert reverse("blocker_new", args=[own.slug]) not in offered("/portfolio/")
    assert strange.slug not in offered(reverse("engagement", args=[strange.slug]))
    assert offered("/engagements/", text="blocker") and offered("/engagements/%00/", text="blocker")


@pytest.mark.parametrize("name", ["search", "search_palette"])
def test_doors(client: Client, name: str) -> None:
    assert reverse("account_login") in client.get(reverse(name)).url
    client.force_login(ContactFactory())
    assert client.get(reverse(name)).status_code == 403


def test_titles_are_shown_as_text(client: Client, fde: User) -> None:
    CustomerFactory(name="<script>alert(1)</script>", account_owner=fde)
    reindex()
    client.force_login(fde)
    for name in ("search", "search_palette"):
        assert "<script>alert" not in client.get(reverse(name), {"q": "script"}).content.decode()
