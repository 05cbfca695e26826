"""Taking something back: a tombstone in every edition, and the editions as they were."""

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
import time_machine
from django.urls import reverse

from engagements.models import Edition, Withdrawal
from engagements.public_page.content import (
    SharedAdoption,
    SharedAsk,
    SharedBlocker,
    SharedDeliverable,
    SharedMilestone,
    SharedOutcome,
    SharedRealised,
    SharedValue,
    SharedWeek,
    WeekOfUse,
    canonical_json,
    content_from,
    hash_of,
)
from engagements.public_page.tombstones import items_in, remaining
from engagements.services.withdrawals import NotShared, put_item_back, withdraw_item
from fde_portal.accounts.models import AuditEvent
from fde_portal.accounts.tokens import digest_of
from tests.factories.customers import MembershipFactory
from tests.factories.engagements import EngagementFactory
from tests.factories.people import ContactFactory
from tests.factories.shares import SECRET, EditionFactory, ShareFactory, content_for

NOW = datetime(2026, 11, 20, 15, tzinfo=UTC)
BROWSER = {"HTTP_USER_AGENT": "Mozilla/5.0 (X11; Linux x86_64) Firefox/140.0"}
DAY = date(2026, 11, 18)
pytestmark = pytest.mark.django_db

# Everything a page can show, each text only once.
FULL = {
    "week": SharedWeek(None, "Headline-word", ("Progress-word",), ("Next-word",)),
    "asks": (SharedAsk(1, "Ask-word", "Person-word", DAY, "Consequence-word"),),
    "deliverables": (SharedDeliverable(2, "Deliverable-word", DAY, ("Criterion-word",)),),
    "blockers": (SharedBlocker(3, "Blocker-word", "customer", DAY, "Milestone-word", DAY, DAY),),
    "milestones": (SharedMilestone(4, "Milestone-word", "Summary-word", DAY, date(2026, 12, 9), False),),
    "outcomes": (SharedOutcome(5, "Outcome-word", "minutes", Decimal("7.8"), Decimal(14), Decimal(6)),),
    "realised": (
        SharedRealised(6, "Realised-word", True, Decimal(71234), "EUR", DAY, DAY),
        SharedRealised(8, "Realised-word", True, Decimal(5678), "EUR", date(2026, 8, 1), date(2026, 8, 31)),
    ),
    "adoption": SharedAdoption(4321, 5000, (WeekOfUse(date(2026, 11, 2), 4300, 5000), WeekOfUse(date(2026, 11, 9), 4310, 5000))),
    "value": SharedValue("EUR", True, date(2026, 6, 1), (Decimal(-50), Decimal(98765)), Decimal("0.5")),
}
WORDS = {
    "headline": ["Headline"], "line": ["Progress", "Next"], "ask": ["Ask", "Person", "Consequence"],
    "deliverable": ["Deliverable", "Criterion"], "blocker": ["Blocker"], "milestone": ["Milestone", "Summary"], "outcome": ["Outcome"],
    "realised": ["Realised"],
}


@pytest.fixture(autouse=True)
def now():
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def engagement():
    engagement = EngagementFactory()
    for number, headline in ((1, "Older-word"), (2, "Headline-word")):
        week = SharedWeek(None, headline, ("Progress-word",), ("Next-word",))
        EditionFactory(engagement=engagement, number=number, content=canonical_json(content_for(engagement, **FULL | {"week": week})))
    ShareFactory(engagement=engagement, token_digest=digest_of(f"{SECRET}x"), created_at=NOW)
    return engagement


def names_of(kind):
    return [item.name for item in items_in(content_from(canonical_json(content_for(EngagementFactory.build(), **FULL)))) if item.name.startswith(kind)]


def pages(client):
    base = reverse("shared_page", args=[f"{SECRET}x"])
    return [client.get(base + path, **BROWSER).content.decode() for path in ("", "editions/1/", "editions/2/")]


@pytest.mark.parametrize("kind", WORDS)
def test_an_item_is_gone_from_every_edition_and_leaves_a_note(client, engagement, kind):
    shown = [f"{word}-word" for word in WORDS[kind] if word != "Headline"]
    assert all(word in page for page in pages(client) for word in shown)
    before = list(Edition.objects.values_list("content", "content_hash"))
    for name in names_of(kind):
        withdraw_item(engagement=engagement, item=name, by=engagement.lead, now=NOW)
    after = pages(client)
    assert not any(f"{word}-word" in page for page in after for word in WORDS[kind])
    assert "taken back" in after[0]
    assert list(Edition.objects.values_list("content", "content_hash")) == before
    assert [hash_of(content) for content, _ in before] == [digest for _, digest in before]


@pytest.mark.parametrize(("name", "section", "figure"), [("adoption", "s-people", "4,310"), ("value", "s-value", "Value after costs")])
def test_a_chart_is_gone_with_its_figures(client, engagement, name, section, figure):
    assert all(f'id="{section}"' in page and figure in page for page in pages(client))
    withdraw_item(engagement=engagement, item=name, by=engagement.lead, now=NOW)
    after = pages(client)
    assert not any(f'id="{section}"' in page or figure in page for page in after)
    assert all("One item was taken back on 20 November 2026." in page for page in after)


def test_what_a_value_line_brought_is_taken_back_period_by_period(client, engagement):
    client.force_login(engagement.lead)
    listed = client.get(reverse("shared_items", args=[engagement.slug, 2])).content.decode()
    assert "Realised-word, 1 Aug – 31 Aug 2026" in listed
    withdraw_item(engagement=engagement, item="realised:6", by=engagement.lead, now=NOW)
    after = pages(client)
    assert not any("71,234" in page for page in after)
    assert all("5,678" in page and "One item was taken back on 20 November 2026." in page for page in after)
    assert all('id="s-value"' in page for page in after)


def test_everything_taken_back_leaves_a_page_without_anything(engagement):
    content = content_for(engagement, **FULL)
    bare = remaining(content, [item.name for item in items_in(content)])
    assert bare == content_for(engagement, week=SharedWeek(None))


def test_it_is_gone_from_the_contacts_home_too(client, engagement):
    person = ContactFactory(language="en")
    MembershipFactory(customer=engagement.customer, user=person)
    client.force_login(person)
    assert "Headline-word" in client.get(reverse("shared_pages")).content.decode()
    [name] = names_of("headline")
    withdraw_item(engagement=engagement, item=name, by=engagement.lead, now=NOW)
    for path in (reverse("shared_pages"), reverse("contact_edition", args=[engagement.slug])):
        assert "Headline-word" not in client.get(path).content.decode()


def test_it_comes_back_as_it_was(client, engagement):
    before = pages(client)
    withdraw_item(engagement=engagement, item="ask:1", by=engagement.lead, now=NOW)
    withdraw_item(engagement=engagement, item="ask:1", by=engagement.lead, now=NOW)
    assert Withdrawal.objects.count() == 1
    put_item_back(engagement=engagement, item="ask:1", by=engagement.lead)
    put_item_back(engagement=engagement, item="ask:1", by=engagement.lead)
    assert pages(client) == before
    verbs = AuditEvent.objects.order_by("pk").values_list("verb", flat=True)
    assert list(verbs) == ["withdraw", "put_back_item"]


def test_what_was_never_shared_cannot_be_taken_back(engagement):
    other = EditionFactory(content=canonical_json(content_for(engagement, asks=(SharedAsk(77, "Theirs", "", None, ""),))))
    for name in ("ask:77", "ask:x", "line:0"):
        with pytest.raises(NotShared):
            withdraw_item(engagement=engagement, item=name, by=engagement.lead, now=NOW)
    withdraw_item(engagement=other.engagement, item="ask:77", by=engagement.lead, now=NOW)
    assert Withdrawal.objects.get().engagement == other.engagement


def test_what_was_taken_back_can_no_longer_be_answered(client, engagement):
    path = reverse("link_answer", args=[f"{SECRET}x", "ask", 1])
    assert client.get(path, **BROWSER).status_code == 200
    withdraw_item(engagement=engagement, item="ask:1", by=engagement.lead, now=NOW)
    assert client.get(path, **BROWSER).status_code == 404


# The pages for us


def test_the_lead_takes_an_item_back_and_undoes_it(client, engagement):
    client.force_login(engagement.lead)
    page = client.get(reverse("shared_items", args=[engagement.slug, 2])).content.decode()
    assert "Ask-word" in page
    answer = client.post(reverse("shared_item_withdraw", args=[engagement.slug, "ask:1"]), follow=True)
    assert reverse("shared_item_put_back", args=[engagement.slug, "ask:1"]) in answer.content.decode()
    assert "taken back on" in client.get(reverse("shared_items", args=[engagement.slug, 2])).content.decode()
    client.post(reverse("shared_item_put_back", args=[engagement.slug, "ask:1"]))
    assert not Withdrawal.objects.exists()
    assert client.post(reverse("shared_item_withdraw", args=[engagement.slug, "ask:9"])).status_code == 404


def test_strangers_take_nothing_back(client, engagement):
    paths = [reverse("shared_items", args=[engagement.slug, 2])]
    acts = [reverse(name, args=[engagement.slug, "ask:1"]) for name in ("shared_item_withdraw", "shared_item_put_back")]
    for person, status in ((EngagementFactory().lead, 404), (ContactFactory(), 403)):
        client.force_login(person)
        assert [client.get(path).status_code for path in paths] == [status]
        assert [client.post(act).status_code for act in acts] == [status] * 2
    assert not Withdrawal.objects.exists()
