"""The Updates tab: every week, every revision."""

from datetime import UTC, datetime

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from engagements.models import Ask, InternalLine, LineKind, SharedLine, WeeklyUpdate
from engagements.services.editions import publish_edition
from fde_portal.accounts.models import AuditEvent
from tests.factories.engagements import AskFactory, EngagementFactory, WeeklyUpdateFactory
from tests.factories.people import ContactFactory

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 11, 20, 15, tzinfo=UTC)


def published(engagement, week, **fields):
    fields = {"state": "published", "published_at": NOW, "published_by": engagement.lead} | fields
    update = WeeklyUpdateFactory(engagement=engagement, iso_week=week, **fields)
    SharedLine.objects.create(update=update, kind=LineKind.PROGRESS, text=f"Shared {week}")
    InternalLine.objects.create(update=update, kind=LineKind.NOTE, text=f"Internal {week}")
    return update


@pytest.fixture
def engagement():
    published(EngagementFactory(), 9, headline="Somebody else's")
    return EngagementFactory()


@pytest.fixture
def lead(client, engagement):
    client.force_login(engagement.lead)
    return client


def tab(engagement, query=""):
    return reverse("engagement_updates", args=[engagement.slug]) + query


def text_of(response):
    return response.content.decode()


def test_all_revisions_stand_in_the_list_newest_week_first(lead, engagement):
    published(engagement, 9, headline="First wording", state="corrected")
    published(engagement, 9, headline="Corrected wording", revision=2)
    WeeklyUpdateFactory(engagement=engagement, iso_week=10, headline="Draft wording")
    page = text_of(lead.get(tab(engagement)))
    positions = [page.index(text) for text in ("Draft wording", "Corrected wording", "First wording")]
    assert positions == sorted(positions)
    assert "Somebody else" not in page
    assert f"published by {engagement.lead} on 20 Nov" in page


def test_an_engagement_without_updates_says_what_belongs_here(lead, engagement):
    assert "No updates yet" in text_of(lead.get(tab(engagement)))


def test_an_update_shows_both_sides_and_the_health_of_its_day(lead, engagement):
    update = published(engagement, 9, schedule_rating="at_risk", derived_health={"score": "62.0", "band": "watch"})
    page = text_of(lead.get(reverse("engagement_update", args=[engagement.slug, update.pk])))
    assert all(text in page for text in ("Shared 9", "Internal 9", "At risk", "62.0"))


def test_a_published_week_names_every_ask_the_customer_read_with_it(lead, engagement):
    earlier, update = published(engagement, 8), published(engagement, 9)
    for text, raised_in in (("Sign the form", earlier), ("Name a tester", update)):
        AskFactory(engagement=engagement, text=text, raised_in=raised_in)
    publish_edition(engagement=engagement, by=engagement.lead, now=NOW)
    Ask.objects.filter(text="Sign the form").update(text="Other words by now", state="done", closed_on=NOW.date())
    AskFactory(engagement=engagement, text="Asked later", raised_in=None)
    page = text_of(lead.get(reverse("engagement_update", args=[engagement.slug, update.pk])))
    assert all(text in page for text in ("Sign the form", "Done · asked in week 8", "Name a tester"))
    assert "Asked later" not in page
    assert "Other words" not in page
    Ask.objects.filter(text="Name a tester").update(archived_at=NOW)
    page = text_of(lead.get(reverse("engagement_update", args=[engagement.slug, update.pk])))
    assert 'Name a tester <span class="hint">Archived</span>' in page


@pytest.mark.parametrize(("state", "gone", "back"), [
    ("draft", "Draft discarded: {}, week 9.", "The draft is back: {}, week 9."),
    ("published", "Archived: {}, week 9.", "Restored: {}, week 9."),
])  # fmt: skip
def test_what_is_put_away_is_called_by_its_name(lead, engagement, state, gone, back):
    update = published(engagement, 9, state=state, published_at=None if state == "draft" else NOW)
    for name, said in (("update_archive", gone), ("update_restore", back)):
        page = text_of(lead.post(reverse(name, args=[update.pk]), follow=True))
        assert said.format(engagement.customer) in page


def test_an_update_is_archived_and_restored(lead, engagement):
    update = published(engagement, 9, headline="Mistaken")
    lead.post(reverse("update_archive", args=[update.pk]))
    lead.get(tab(engagement))  # takes the message with the headline away
    assert "Mistaken" not in text_of(lead.get(tab(engagement)))
    assert "Mistaken" in text_of(lead.get(tab(engagement, "?archived")))
    lead.post(reverse("update_restore", args=[update.pk]))
    assert "Mistaken" in text_of(lead.get(tab(engagement)))
    assert list(AuditEvent.objects.order_by("id").values_list("verb", flat=True)) == ["archive", "restore"]


@pytest.mark.parametrize("name", ["engagement_updates", "engagement_update", "update_archive", "update_restore"])
def test_strangers_find_nothing_and_change_nothing(client, engagement, name):
    update = published(engagement, 9)
    parts = {"engagement_updates": [engagement.slug], "engagement_update": [engagement.slug, update.pk]}
    address = reverse(name, args=parts.get(name, [update.pk]))
    send = client.get if name in parts else client.post
    assert send(address).url.startswith(reverse("account_login"))
    client.force_login(EngagementFactory().lead)
    assert send(address).status_code == 404
    client.force_login(ContactFactory())
    assert send(address).status_code == 403
    assert WeeklyUpdate.objects.get(pk=update.pk).archived_at is None


def test_an_update_is_not_found_under_another_engagement(lead, engagement):
    update = published(EngagementFactory(lead=engagement.lead), 9)
    assert lead.get(reverse("engagement_update", args=[engagement.slug, update.pk])).status_code == 404


def test_the_list_costs_the_same_for_one_and_for_twenty(lead, engagement):
    published(engagement, 1)
    lead.get(tab(engagement))
    with CaptureQueriesContext(connection) as one:
        lead.get(tab(engagement))
    for week in range(2, 31):
        published(engagement, week)
    with CaptureQueriesContext(connection) as thirty:
        assert "?page=2" in text_of(lead.get(tab(engagement)))
    assert len(one) == len(thirty)


def test_a_correction_shows_what_changed_and_since_which_revision(client, engagement) -> None:
    client.force_login(engagement.lead)
    published = {"engagement": engagement, "published_at": "2026-03-06T15:00Z"}
    words = ("Go-live in May", "Go-live in June", "Go-live in July")
    states = ("corrected", "corrected", "published")
    revisions = [
        WeeklyUpdateFactory(revision=number, headline=text, state=state, iso_week=20, **published)
        for number, (text, state) in enumerate(zip(words, states, strict=True), start=1)
    ]
    WeeklyUpdateFactory(revision=2, headline="Of a stranger", state="corrected", iso_week=20, published_at="2026-03-06T15:00Z")

    def page_of(update, since=""):
        return client.get(f"/engagements/{engagement.slug}/updates/{update.pk}/", {"since": since} if since else {}).content.decode()

    assert "Go-live in <del>June</del><ins>July</ins>" in page_of(revisions[2])
    assert "Go-live in <del>May</del><ins>July</ins>" in page_of(revisions[2], since="1")
    assert "<del>" not in page_of(revisions[0])
