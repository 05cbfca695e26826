"""A sentence of a note becomes a record, and both lead to each other."""

import pytest
from django.test import Client
from django.urls import reverse

from engagements.models import Ask, Blocker, Decision, Risk, StakeholderNote
from engagements.selectors.note import sentences_of
from engagements.views.note_outcomes import NOTE_OUTCOMES
from fde_portal.accounts.models import AuditEvent
from tests.engagements.views.test_log import NEEDED
from tests.factories.customers import StakeholderFactory
from tests.factories.engagements import EngagementFactory, NoteFactory
from tests.factories.log import DecisionFactory
from tests.factories.people import ContactFactory, UserFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def note(client: Client) -> StakeholderNote:
    engagement = EngagementFactory()
    client.force_login(engagement.lead)
    return NoteFactory(customer=engagement.customer, engagement=engagement, text="They will wait. Anneke decides.")


def make_url(note: StakeholderNote, kind: str) -> str:
    return reverse("note_record_new", args=[note.pk, kind])


@pytest.mark.parametrize("outcome", NOTE_OUTCOMES, ids=lambda outcome: outcome.key)
def test_a_sentence_becomes_any_kind_and_the_note_shows_it(client, note, outcome) -> None:
    form = client.get(make_url(note, outcome.key), {"text": "They  will wait."}).context["form"]
    assert form.initial["text"] == "They will wait."
    data = {"text": "They will wait.", "noted_on": "2026-03-02"} | NEEDED.get(outcome.key, {})
    response = client.post(make_url(note, outcome.key), data)
    assert response.url == reverse("note", args=[note.pk])
    record = outcome.form._meta.model.objects.get()
    assert (record.engagement, record.origin_note, record.text) == (note.engagement, note, "They will wait.")
    assert AuditEvent.objects.get().verb == "create"
    page = client.get(response.url).content.decode()
    assert f'href="{outcome.url(record)}">They will wait.' in page


def test_the_note_offers_each_sentence_and_each_kind(client, note) -> None:
    page = client.get(reverse("note", args=[note.pk])).content.decode()
    assert 'value="Anneke decides."' in page
    assert all(f'formaction="{make_url(note, outcome.key)}"' in page for outcome in NOTE_OUTCOMES)


def test_sentences_come_without_markdown() -> None:
    text = "# Call\n\nGo-live **moves**. Why?\n\n- R&D asks\n- 他们同意。下周见"
    assert sentences_of(text) == ["Call", "Go-live moves.", "Why?", "R&D asks", "他们同意。", "下周见"]


def test_an_ask_goes_to_a_person_of_that_customer(client, note) -> None:
    elsewhere, person = StakeholderFactory(), StakeholderFactory(customer=note.customer)
    assert client.post(make_url(note, "ask"), {"text": "Decide", "stakeholder": elsewhere.pk}).status_code == 422
    client.post(make_url(note, "ask"), {"text": "Decide", "stakeholder": person.pk})
    assert Ask.objects.open().get().stakeholder == person


def test_a_general_note_asks_for_the_engagement(client, note) -> None:
    general = NoteFactory(customer=note.customer)
    hidden = EngagementFactory(customer=note.customer)
    elsewhere = EngagementFactory(lead=note.engagement.lead)
    data = {"text": "Wait", "noted_on": "2026-03-02"}
    for slug in ("", hidden.slug, elsewhere.slug):
        assert client.post(f"{make_url(general, 'decision')}?engagement={slug}", data).status_code == 404
    client.post(f"{make_url(general, 'decision')}?engagement={note.engagement.slug}", data)
    assert Decision.objects.get().engagement == note.engagement


def test_others_make_nothing_of_it(client, note) -> None:
    data = {"text": "Wait", "noted_on": "2026-03-02"}
    for person, status in ((UserFactory(), 404), (ContactFactory(), 403)):
        client.force_login(person)
        assert client.get(make_url(note, "decision")).status_code == status
        assert client.post(make_url(note, "decision"), data).status_code == status
    assert Decision.objects.count() == 0


def test_an_unknown_kind_is_not_found(client, note) -> None:
    assert client.get(make_url(note, "training")).status_code == 404


def test_what_came_of_it_leaves_out_what_is_archived_or_not_seen(client, note) -> None:
    general = NoteFactory(customer=note.customer)
    mine = DecisionFactory(engagement=note.engagement, origin_note=general)
    DecisionFactory(engagement=EngagementFactory(customer=note.customer), origin_note=general)
    DecisionFactory(engagement=note.engagement, origin_note=general, archived_at="2026-03-02T00:00Z")
    came_of_it = client.get(reverse("note", args=[general.pk])).context["came_of_it"]
    assert [made["record"] for made in came_of_it] == [mine]


@pytest.mark.parametrize("outcome", [outcome for outcome in NOTE_OUTCOMES if outcome.key != "ask"], ids=lambda outcome: outcome.key)
def test_whoever_may_not_read_the_note_is_not_led_there(client, note, outcome) -> None:
    data = {"text": "They will wait.", "noted_on": "2026-03-02"} | NEEDED.get(outcome.key, {})
    client.post(make_url(note, outcome.key), data)
    page = outcome.url(outcome.form._meta.model.objects.get())
    assert reverse("note", args=[note.pk]) in client.get(page).content.decode()
    note.engagement = EngagementFactory(customer=note.customer)
    note.save()
    assert reverse("note", args=[note.pk]) not in client.get(page).content.decode()


def test_a_blocker_and_a_risk_from_a_note_begin_as_any_other(client, note) -> None:
    for kind in ("blocker", "risk"):
        client.post(make_url(note, kind), {"text": "They will wait."} | NEEDED[kind])
    blocker, risk = Blocker.objects.get(), Risk.objects.get()
    assert [change.state for change in blocker.changes.all()] == ["open"]
    assert [(row.likelihood, row.impact) for row in risk.assessments.all()] == [(3, 3)]
    assert (blocker.owner, risk.owner) == (note.engagement.lead, note.engagement.lead)


def test_the_record_outlives_its_note(note) -> None:
    entry = DecisionFactory(engagement=note.engagement, origin_note=note)
    note.delete()
    entry.refresh_from_db()
    assert entry.origin_note is None
