"""A note from anywhere: @ and # say what it is about, within what the writer sees."""

import pytest
from django.test import Client
from django.urls import reverse

from engagements.models import Engagement, StakeholderNote
from tests.factories.customers import CustomerFactory, StakeholderFactory
from tests.factories.engagements import EngagementFactory
from tests.factories.people import ContactFactory

pytestmark = pytest.mark.django_db
URL = "/notes/new/"


@pytest.fixture
def engagement(client: Client) -> Engagement:
    engagement = EngagementFactory(name="Customs copilot", slug="customs-copilot", customer=CustomerFactory(name="Harbourline"))
    client.force_login(engagement.lead)
    return engagement


@pytest.fixture
def anneke(engagement: Engagement):
    return StakeholderFactory(customer=engagement.customer, name="Anneke Visser")


@pytest.fixture
def stranger() -> Engagement:
    """Somebody else's engagement, with a person of the same name."""
    engagement = EngagementFactory(slug="hidden-work", name="Hidden work")
    StakeholderFactory(customer=engagement.customer, name="Anneke Visser")
    StakeholderFactory(customer=engagement.customer, name="Anna Hidden")
    return engagement


def write(client: Client, text: str, **more):
    return client.post(URL, {"text": text, "kind": "call", "happened_on": "2026-03-02"} | more)


def test_people_and_engagement_are_resolved_from_the_text(client, engagement, anneke, stranger) -> None:
    response = write(client, "@Anneke Visser called about #customs-copilot, see #12 and a@example.org")
    note = StakeholderNote.objects.get()
    assert response.url == reverse("note", args=[note.pk])
    assert (note.customer, note.engagement, note.author) == (engagement.customer, engagement, engagement.lead)
    assert list(note.stakeholders.all()) == [anneke]
    anneke.refresh_from_db()
    assert str(anneke.last_contact_on) == "2026-03-02"


def test_a_person_alone_makes_a_note_about_the_customer(client, engagement, anneke, stranger) -> None:
    write(client, "Met @Anneke Visser")
    assert StakeholderNote.objects.values_list("customer", "engagement").get() == (engagement.customer_id, None)


def test_chinese_names_are_found_without_a_space_after_them(client, engagement) -> None:
    short, long = (StakeholderFactory(customer=engagement.customer, name=name) for name in ("林静", "林静雯"))
    write(client, "@林静雯说可以")
    assert list(StakeholderNote.objects.get().stakeholders.all()) == [long]
    assert short.notes.count() == 0


def test_the_chosen_engagement_counts_before_the_text(client, engagement) -> None:
    write(client, "About #customs-copilot", engagement=engagement.pk)
    assert StakeholderNote.objects.get().engagement == engagement


@pytest.mark.parametrize("text", ["Nobody named", "@Anna Hidden said", "#hidden-work moves", "anneke@Anneke Visser"])
def test_a_note_about_nothing_the_writer_sees_is_refused_and_kept_on_the_page(client, engagement, anneke, stranger, text) -> None:
    response = write(client, text)
    assert (response.status_code, list(response.context["form"].errors)) == (422, ["text"])
    assert text in response.content.decode()
    assert StakeholderNote.objects.count() == 0


def test_a_hidden_engagement_cannot_be_chosen(client, engagement, stranger) -> None:
    response = write(client, "Words", engagement=stranger.pk)
    assert "engagement" in response.context["form"].errors
    assert StakeholderNote.objects.count() == 0


def test_people_of_two_customers_need_the_engagement(client, engagement, anneke) -> None:
    second = EngagementFactory(lead=engagement.lead)
    StakeholderFactory(customer=second.customer, name="Anneke Visser")
    assert write(client, "@Anneke Visser called").status_code == 422
    write(client, "@Anneke Visser called about #customs-copilot")
    assert list(StakeholderNote.objects.get().stakeholders.all()) == [anneke]


def test_two_engagements_in_a_text_need_a_choice(client, engagement) -> None:
    second = EngagementFactory(lead=engagement.lead)
    text = f"#customs-copilot and #{second.slug}"
    assert write(client, text).status_code == 422
    write(client, text, engagement=second.pk)
    assert StakeholderNote.objects.get().engagement == second


def test_the_page_of_an_engagement_offers_it(client, engagement) -> None:
    page = client.get(f"/engagements/{engagement.slug}/people/").content.decode()
    assert f'href="{URL}?engagement=customs-copilot"' in page
    form = client.get(URL, {"engagement": "customs-copilot"}).context["form"]
    assert form.initial["engagement"] == engagement


def test_in_a_dialog_only_the_form_comes_and_then_the_message(client, engagement, anneke) -> None:
    headers = {"HX-Request": "true"}
    assert "<html" not in client.get(URL, headers=headers).content.decode()
    data = {"text": "@Anneke Visser", "kind": "call", "happened_on": "2026-03-02"}
    answer = client.post(URL, data, headers=headers).content.decode()
    assert "data-captured" in answer
    assert "The note is saved with" in answer


def suggested(client: Client, mark: str, words: str) -> list[str]:
    items = client.get(reverse("note_mentions"), {"mark": mark, "q": words}).json()["items"]
    return [item["insert"] for item in items]


def test_completion_offers_only_what_the_writer_sees(client, engagement, anneke, stranger) -> None:
    assert suggested(client, "@", "ann") == ["@Anneke Visser"]
    assert suggested(client, "#", "harbour") == ["#customs-copilot"]
    assert suggested(client, "#", "hidden") == []


def test_people_who_left_are_not_offered(client, engagement, anneke) -> None:
    anneke.left_on = "2026-01-01"
    anneke.save()
    assert suggested(client, "@", "ann") == []


def test_contacts_and_strangers_do_not_write(client, engagement) -> None:
    client.force_login(ContactFactory())
    assert (client.get(URL).status_code, write(client, "#customs-copilot").status_code) == (403, 403)
    assert client.get(reverse("note_mentions")).status_code == 403
    client.logout()
    assert write(client, "#customs-copilot").status_code == 302
    assert StakeholderNote.objects.count() == 0
