from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from engagements.models import NoteRevision, StakeholderNote
from fde_portal.accounts.models import AuditEvent
from tests.factories.customers import StakeholderFactory, StanceRecordFactory
from tests.factories.engagements import EngagementFactory, NoteFactory
from tests.factories.people import ContactFactory, ManagerFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def engagement():
    return EngagementFactory()


@pytest.fixture
def note(engagement):
    return NoteFactory(customer=engagement.customer, engagement=engagement, text="First")


@pytest.fixture
def as_lead(client, engagement):
    client.force_login(engagement.lead)
    return client


@pytest.fixture
def stranger():
    return EngagementFactory().lead


@pytest.fixture
def urls(engagement, note):
    place, row = [engagement.slug], [note.pk]
    customer = [engagement.customer.slug]
    return {
        "engagement_people": reverse("engagement_people", args=place),
        "note_new": reverse("note_new", args=place),
        "customer_notes": reverse("customer_notes", args=customer),
        "customer_note_new": reverse("customer_note_new", args=customer),
        **{name: reverse(name, args=row) for name in ("note", "note_edit", "note_archive", "note_restore")},
    }


PAGES = ["engagement_people", "note_new", "customer_notes", "customer_note_new", "note", "note_edit"]
WRITES = ["note_new", "customer_note_new", "note_edit", "note_archive", "note_restore"]


def fields(**changes):
    return {"text": "Called back", "kind": "call", "happened_on": "2026-03-02"} | changes


@pytest.mark.parametrize("name", PAGES)
def test_pages_are_closed(client, urls, stranger, name):
    assert client.get(urls[name]).headers["Location"].startswith(reverse("account_login"))
    client.force_login(stranger)
    assert client.get(urls[name]).status_code == 404
    client.force_login(ContactFactory())
    assert client.get(urls[name]).status_code == 403


@pytest.mark.parametrize("name", WRITES)
def test_nobody_else_writes(client, urls, stranger, note, name):
    assert client.post(urls[name], fields()).headers["Location"].startswith(reverse("account_login"))
    client.force_login(stranger)
    assert client.post(urls[name], fields()).status_code == 404
    client.force_login(ContactFactory())
    assert client.post(urls[name], fields()).status_code == 403
    assert list(StakeholderNote.objects.values_list("pk", "text", "archived_at")) == [(note.pk, "First", None)]
    assert not AuditEvent.objects.exists()


def test_team_of_another_engagement_with_the_same_customer_does_not_find_the_note(client, engagement, urls):
    client.force_login(EngagementFactory(customer=engagement.customer).lead)
    assert client.get(urls["note"]).status_code == 404
    assert b"First" not in client.get(urls["customer_notes"]).content


def test_written_on_the_people_tab_it_belongs_to_the_engagement(as_lead, engagement, urls):
    person = StakeholderFactory(customer=engagement.customer)
    response = as_lead.post(urls["note_new"], fields(stakeholders=[person.pk], engagement=engagement.pk))
    assert response.headers["Location"] == urls["engagement_people"]
    made = StakeholderNote.objects.latest("pk")
    assert (made.engagement, made.customer, made.author) == (engagement, engagement.customer, engagement.lead)
    assert list(made.stakeholders.all()) == [person]
    assert AuditEvent.objects.get(verb="create").engagement_id == engagement.pk


def test_the_people_tab_preselects_its_engagement(as_lead, engagement, urls):
    assert as_lead.get(urls["note_new"]).context["form"]["engagement"].value() == engagement.pk


def test_written_on_the_customers_page_it_is_general(as_lead, engagement, urls):
    response = as_lead.post(urls["customer_note_new"], fields())
    assert response.headers["Location"] == reverse("customers:detail", args=[engagement.customer.slug])
    assert StakeholderNote.objects.latest("pk").engagement is None


def test_the_person_one_comes_from_is_preselected(as_lead, engagement, urls):
    person = StakeholderFactory(customer=engagement.customer)
    response = as_lead.get(urls["customer_note_new"], {"about": person.pk})
    assert f'value="{person.pk}" id="id_stakeholders_0" checked' in response.content.decode()


def test_people_and_engagements_of_others_cannot_be_named(as_lead, engagement, urls):
    hidden = EngagementFactory(customer=engagement.customer)
    elsewhere = StakeholderFactory()
    response = as_lead.post(urls["note_new"], fields(stakeholders=[elsewhere.pk], engagement=hidden.pk))
    assert response.status_code == 422
    assert set(response.context["form"].errors) == {"stakeholders", "engagement"}
    assert StakeholderNote.objects.count() == 1


def test_a_day_to_come_and_a_stance_of_nobody_are_refused(as_lead, urls):
    tomorrow = (timezone.now() + timedelta(days=2)).date().isoformat()
    response = as_lead.post(urls["note_new"], fields(happened_on=tomorrow, stance_observed="sceptic"))
    assert response.status_code == 422
    assert set(response.context["form"].errors) == {"happened_on", "stakeholders"}
    assert "Called back" in response.content.decode()


def test_an_edit_shows_the_earlier_text_on_its_page(as_lead, urls):
    as_lead.post(urls["note_edit"], fields(text="Second", version=1))
    content = as_lead.get(urls["note"]).content.decode()
    assert "<p>Second</p>" in content
    assert "<p>First</p>" in content
    assert NoteRevision.objects.get().text == "First"


def test_archived_it_leaves_the_lists_and_can_come_back(as_lead, urls, note):
    response = as_lead.post(urls["note_archive"], follow=True)
    assert response.redirect_chain == [(urls["engagement_people"], 302)]
    assert f'action="{urls["note_restore"]}"' in response.content.decode()
    assert list(response.context["notes"].object_list) == []
    assert list(as_lead.get(urls["engagement_people"], {"archived": "1"}).context["notes"].object_list) == [note]
    as_lead.post(urls["note_restore"])
    assert list(as_lead.get(urls["engagement_people"]).context["notes"].object_list) == [note]


def test_search_and_paging_are_in_the_address(as_lead, engagement, urls):
    wanted = NoteFactory(customer=engagement.customer, text="The gateway")
    NoteFactory.create_batch(50, customer=engagement.customer)
    found = as_lead.get(urls["customer_notes"], {"q": "gateway"}).context["notes"]
    assert list(found.object_list) == [wanted]
    assert len(as_lead.get(urls["customer_notes"], {"page": 2}).context["notes"].object_list) == 2


def test_people_tab_names_people_gaps_and_own_notes(as_lead, engagement, urls):
    person = StakeholderFactory(customer=engagement.customer, name="Anneke Visser", role="sponsor")
    StanceRecordFactory(stakeholder=person, stance="supporter")
    StakeholderFactory(name="Somebody elsewhere")
    NoteFactory(customer=engagement.customer, text="General note")
    response = as_lead.get(urls["engagement_people"])
    content = response.content.decode()
    assert "Anneke Visser" in content
    assert "Supporter" in content
    assert "Somebody elsewhere" not in content
    assert "General note" not in content
    assert [str(gap) for gap in response.context["gaps"]] == [
        "No operational owner named yet",
        "No technical owner named yet",
        "No risk owner named yet",
        "No front-line user named yet",
    ]


def test_manager_reads_every_note(client, urls):
    client.force_login(ManagerFactory())
    assert client.get(urls["note"]).status_code == 200


def test_statements_do_not_grow_with_rows(as_lead, engagement, urls):
    counts = []
    for more in (1, 2, 27):
        for _ in range(more):
            person = StakeholderFactory(customer=engagement.customer)
            StanceRecordFactory(stakeholder=person)
            written = NoteFactory(customer=engagement.customer, engagement=engagement, author=engagement.lead)
            written.stakeholders.add(person)
        with CaptureQueriesContext(connection) as captured:
            as_lead.get(urls["engagement_people"])
        counts.append(len(captured))
    # Session, person, engagement, people, stances, count of notes, notes, people of notes, and the header's own.
    assert counts[0] <= 10
    assert counts == counts[:1] * 3
