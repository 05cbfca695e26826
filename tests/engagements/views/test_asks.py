"""Asks on pages of their own: an engineer makes one outside the weekly log, follows it up and settles it."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from engagements.models import Ask, Edition, Engagement, WeeklyUpdate
from engagements.public_page.content import content_from
from engagements.selectors.drafting import facts_of
from engagements.selectors.my_week import work_of
from engagements.selectors.my_week.customer import asks_overdue
from engagements.selectors.weekly_update import Week
from engagements.services.asks import AskDraft, close_ask
from engagements.services.editions import publish_edition
from engagements.services.weekly_updates import WeekDraft, open_draft, save_draft, stored_content
from fde_portal.accounts.models import AuditEvent
from fde_portal.accounts.search import search
from fde_portal.core.messages import ways_back
from fde_portal.core.search.index import reindex
from tests.factories.customers import StakeholderFactory
from tests.factories.engagements import AskFactory, EngagementFactory, NoteFactory, WeeklyUpdateFactory
from tests.factories.responses import ResponseFactory

pytestmark = pytest.mark.django_db

NOON = datetime(2026, 3, 6, 12, tzinfo=UTC)


@pytest.fixture
def engagement() -> Engagement:
    return EngagementFactory(slug="copilot")


@pytest.fixture
def fde(client: Client, engagement: Engagement) -> Client:
    AskFactory(text="Of a stranger", due_on=date(2026, 3, 1))
    client.force_login(engagement.lead)
    return client


def page(fde: Client, ask: Ask) -> str:
    return fde.get(ask.get_absolute_url()).content.decode()


def listed(fde: Client, engagement: Engagement) -> dict[str, list[str]]:
    context = fde.get(reverse("engagement_asks", args=[engagement.slug])).context
    lines = {name: [line.ask.text for line in context[name]] for name in ("open", "answered", "settled")}
    return lines | {"archived": [ask.text for ask in context["archived"]]}


def state(fde: Client, ask: Ask, to: str) -> int:
    return fde.post(reverse("ask_state", args=[ask.engagement.slug, ask.pk, to])).status_code


def weeks_found(engagement: Engagement, text: str) -> list[str]:
    groups = search(engagement.lead, text, per_kind=8)
    return [hit.title for group in groups if str(group.label) == "Weekly updates" for hit in group.hits]


def owed(engagement: Engagement) -> list[str]:
    """Where my week of its lead leads for what the customer owes."""
    return [need.url for need in asks_overdue(work_of(engagement.lead, date(2026, 3, 6)))]


def test_a_new_one_is_put_away_again_with_one_click_and_that_has_its_way_back_too(fde: Client, engagement: Engagement) -> None:
    def undo() -> str:
        path = fde.get(reverse("just_done")).context["ways_back"][0].path
        assert fde.post(path).status_code == 302
        return path

    fde.post(reverse("ask_new", args=[engagement.slug]), {"text": "Name a reviewer"})
    ask = Ask.objects.get(engagement=engagement)
    assert undo() == reverse("ask_archive", args=[engagement.slug, ask.pk])
    assert listed(fde, engagement) == {"open": [], "answered": [], "settled": [], "archived": ["Name a reviewer"]}
    assert undo() == reverse("ask_restore", args=[engagement.slug, ask.pk])
    assert listed(fde, engagement)["open"] == ["Name a reviewer"]


def test_one_made_outside_the_log_is_asked_with_the_next_edition(fde: Client, engagement: Engagement) -> None:
    person = StakeholderFactory(customer=engagement.customer, name="Grace")
    typed = {"text": "Name a reviewer", "stakeholder": person.pk, "due_on": "2026-03-20", "consequence": "The pilot waits."}
    answer = fde.post(reverse("ask_new", args=[engagement.slug]), typed)
    assert answer.url == reverse("engagement_asks", args=[engagement.slug])
    ask = Ask.objects.get(engagement=engagement)
    assert (ask.text, ask.stakeholder, ask.due_on, ask.consequence) == ("Name a reviewer", person, date(2026, 3, 20), "The pilot waits.")
    assert "Not on their page yet" in page(fde, ask)
    edition = publish_edition(engagement=engagement, by=engagement.lead, now=NOON)
    assert [item.text for item in content_from(edition.content).asks] == ["Name a reviewer"]
    assert "On their page now, in edition 1" in page(fde, ask)
    Ask.objects.filter(pk=ask.pk).update(text="Name two reviewers")
    assert "still has the earlier words" in page(fde, ask)


def test_nonsense_is_named_by_its_field_and_changes_nothing(fde: Client, engagement: Engagement) -> None:
    stranger = StakeholderFactory()
    typed = {"text": "", "stakeholder": stranger.pk, "due_on": "soon", "consequence": "Kept as typed"}
    answer = fde.post(reverse("ask_new", args=[engagement.slug]), typed)
    assert answer.status_code == 422
    assert set(answer.context["form"].errors) == {"text", "stakeholder", "due_on"}
    assert "Kept as typed" in answer.content.decode()
    assert not Ask.objects.filter(engagement=engagement).exists()


def test_each_state_stands_in_its_place_and_can_be_taken_back(fde: Client, engagement: Engagement) -> None:
    ask = AskFactory(engagement=engagement, text="Name a reviewer")
    assert listed(fde, engagement) == {"open": ["Name a reviewer"], "answered": [], "settled": [], "archived": []}
    assert state(fde, ask, "done") == 302
    assert listed(fde, engagement)["settled"] == ["Name a reviewer"]
    assert Ask.objects.get(pk=ask.pk).closed_on == timezone.localdate(timezone=engagement.zone)
    fde.post(reverse("ask_state", args=[engagement.slug, ask.pk, "open"]))  # the way back
    assert listed(fde, engagement)["open"] == ["Name a reviewer"]
    assert state(fde, ask, "withdrawn") == 302
    assert state(fde, ask, "withdrawn") == 302
    steps = [step.text for step in fde.get(ask.get_absolute_url()).context["steps"]]
    assert steps == ["Withdrawn", "Open", "Done"]
    assert state(fde, ask, "nonsense") == 404


def test_an_answered_one_marked_done_goes_back_to_answered(fde: Client, engagement: Engagement) -> None:
    ask = AskFactory(engagement=engagement, state="answered", closed_on=date(2026, 3, 2))
    state(fde, ask, "done")
    [way_back] = ways_back(fde.get(reverse("just_done")).wsgi_request, now=timezone.now())
    assert way_back.path == reverse("ask_state", args=[engagement.slug, ask.pk, "answered"])
    assert fde.post(way_back.path).status_code == 302
    assert listed(fde, engagement)["answered"] == [ask.text]


def test_its_page_tells_where_it_comes_from_and_what_came_back(fde: Client, engagement: Engagement) -> None:
    note = NoteFactory(customer=engagement.customer, engagement=engagement)
    update = WeeklyUpdateFactory(engagement=engagement, iso_week=9, state="published", published_at=NOON)
    ask = AskFactory(engagement=engagement, origin_note=note, raised_in=update)
    other = AskFactory(engagement=engagement)
    edition = publish_edition(engagement=engagement, by=engagement.lead, now=NOON)
    given = {"edition": edition, "kind": "answer", "confirmed_at": NOON}
    ResponseFactory(item=ask.pk, item_text=ask.text, text="Grace Okafor will do it", name="Ilse", **given)
    ResponseFactory(item=ask.pk, item_text=ask.text, text="Taken back", taken_back_at=NOON, **given)
    ResponseFactory(item=other.pk, item_text=other.text, text="About another", **given)
    body = page(fde, ask)
    assert "Grace Okafor will do it" in body
    assert "Taken back" not in body
    assert "About another" not in body
    assert reverse("note", args=[note.pk]) in body
    assert reverse("engagement_update", args=[engagement.slug, update.pk]) in body
    assert "Week 9" in body


def test_a_closed_one_still_on_the_page_says_so(fde: Client, engagement: Engagement) -> None:
    ask = AskFactory(engagement=engagement)
    publish_edition(engagement=engagement, by=engagement.lead, now=NOON)
    close_ask(ask, state=Ask.State.DONE, on=date(2026, 3, 6), by=engagement.lead)
    assert "Still on their page" in page(fde, ask)
    publish_edition(engagement=engagement, by=engagement.lead, now=NOON + timedelta(hours=1))
    assert "Still on their page" not in page(fde, ask)


def test_two_who_edit_at_once_are_told(fde: Client, engagement: Engagement) -> None:
    ask = AskFactory(engagement=engagement, text="Name a reviewer")
    url = reverse("ask_edit", args=[engagement.slug, ask.pk])
    assert fde.post(url, {"text": "Mine", "version": 1}).status_code == 302
    answer = fde.post(url, {"text": "Theirs", "version": 1})
    assert answer.status_code == 409
    assert "Theirs" in answer.content.decode()
    assert Ask.objects.get(pk=ask.pk).text == "Mine"


def test_an_archived_one_is_asked_nowhere_and_comes_back(fde: Client, engagement: Engagement) -> None:
    ask = AskFactory(engagement=engagement, text="Name a reviewer", due_on=date(2026, 1, 1))
    fde.post(reverse("ask_archive", args=[engagement.slug, ask.pk]))
    assert listed(fde, engagement) == {"open": [], "answered": [], "settled": [], "archived": ["Name a reviewer"]}
    assert not Ask.objects.filter(engagement=engagement).open().exists()
    edition = publish_edition(engagement=engagement, by=engagement.lead, now=NOON)
    assert content_from(edition.content).asks == ()
    assert owed(engagement) == []
    assert state(fde, ask, "done") == 404
    fde.post(reverse("ask_restore", args=[engagement.slug, ask.pk]))
    assert listed(fde, engagement)["open"] == ["Name a reviewer"]
    assert owed(engagement) == [ask.get_absolute_url()]


def test_the_week_that_raised_an_archived_one_says_it_no_longer(fde: Client, engagement: Engagement) -> None:
    update = WeeklyUpdateFactory(engagement=engagement, iso_week=9, headline="Calm", state="published", published_at=NOON)
    ask, kept = (AskFactory(engagement=engagement, raised_in=update, text=text) for text in ("Name a reviewer", "Open the firewall"))
    reindex()
    week = reverse("engagement_update", args=[engagement.slug, update.pk])
    assert weeks_found(engagement, "reviewer") == ["Calm"]

    fde.post(reverse("ask_archive", args=[engagement.slug, ask.pk]))
    page = fde.get(week).content.decode()
    assert [f'href="{one.get_absolute_url()}"' in page for one in (ask, kept)] == [False, True]
    assert weeks_found(engagement, "reviewer") == []

    fde.post(reverse("ask_restore", args=[engagement.slug, ask.pk]))
    assert f'href="{ask.get_absolute_url()}"' in fde.get(week).content.decode()
    assert weeks_found(engagement, "reviewer") == ["Calm"]


def test_an_archived_one_is_not_told_as_done(engagement: Engagement) -> None:
    update = WeeklyUpdateFactory(engagement=engagement, iso_week=9, state="published", published_at=NOON)
    done = {"engagement": engagement, "raised_in": update, "state": "done", "closed_on": date(2026, 3, 4)}
    kept, put_away = AskFactory(**done), AskFactory(archived_at=NOON, **done)
    facts = facts_of(engagement, Week(2026, 10))
    assert f"ask-{kept.pk}-done" in facts
    assert f"ask-{put_away.pk}-done" not in facts


def test_what_a_draft_says_is_changed_in_the_log(fde: Client, engagement: Engagement) -> None:
    draft = WeeklyUpdateFactory(engagement=engagement, iso_week=10)
    ask = AskFactory(engagement=engagement, raised_in=draft, text="Name a reviewer")
    body = page(fde, ask)
    assert reverse("weekly_log_entry", args=[engagement.slug, "2026-W10"]) in body
    assert listed(fde, engagement)["open"] == []
    assert state(fde, ask, "done") == 404
    for name in ("ask_edit", "ask_archive"):
        assert fde.post(reverse(name, args=[engagement.slug, ask.pk]), {"text": "Changed"}).status_code == 404
    assert not AuditEvent.objects.filter(subject_type="ask").exists()


def test_a_published_one_that_is_put_away_survives_saving_a_correction(engagement: Engagement) -> None:
    today = date(2026, 3, 6)
    draft = open_draft(engagement=engagement, year=2026, week=10, by=engagement.lead)
    content = WeekDraft(headline="News", asks=[AskDraft("First"), AskDraft("Second")])
    save_draft(update=draft, content=content, seen=draft.version, by=engagement.lead, today=today)
    Ask.objects.filter(text="First").update(archived_at=NOON)
    assert [ask.text for ask in stored_content(draft).asks] == ["Second"]
    draft.refresh_from_db()
    save_draft(update=draft, content=stored_content(draft), seen=draft.version, by=engagement.lead, today=today)
    assert set(draft.asks.values_list("text", flat=True)) == {"First", "Second"}


def test_my_week_and_search_lead_to_its_page(fde: Client, engagement: Engagement) -> None:
    published = WeeklyUpdate.State.PUBLISHED
    update = WeeklyUpdateFactory(engagement=engagement, iso_week=9, state=published, published_at=NOON)
    ask = AskFactory(engagement=engagement, text="Name a crane reviewer", due_on=date(2026, 1, 1), raised_in=update)
    state(fde, ask, "open")
    close_ask(ask, state=Ask.State.DONE, on=date(2026, 3, 6), by=engagement.lead)
    close_ask(ask, state=Ask.State.OPEN, on=date(2026, 3, 6), by=engagement.lead)
    assert owed(engagement) == [ask.get_absolute_url()]
    [group] = fde.get(reverse("search"), {"q": "crane"}).context["groups"]
    assert [(hit.title, hit.url) for hit in group.hits] == [("Name a crane reviewer", ask.get_absolute_url())]


@pytest.mark.parametrize("count", [1, 3, 12])
def test_a_long_list_asks_the_database_no_more(fde: Client, engagement: Engagement, count: int, django_assert_num_queries) -> None:
    for _ in range(count):
        person = StakeholderFactory(customer=engagement.customer)
        AskFactory(engagement=engagement, stakeholder=person)
        AskFactory(engagement=engagement, state="done", closed_on=date(2026, 3, 2))
    with django_assert_num_queries(7):
        fde.get(reverse("engagement_asks", args=[engagement.slug]))


def test_no_edition_is_made_by_acting_on_asks(fde: Client, engagement: Engagement) -> None:
    """The customer's page changes when somebody publishes, not behind their back."""
    ask = AskFactory(engagement=engagement)
    state(fde, ask, "done")
    fde.post(reverse("ask_archive", args=[engagement.slug, ask.pk]))
    assert not Edition.objects.exists()
