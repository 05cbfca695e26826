"""Answering behind a link: no session, a mailed code, and nothing of anybody else's."""

import re
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from urllib.parse import urljoin

import pytest
import time_machine
from django.core import mail, signing
from django.test import Client
from django.urls import reverse

from engagements.models import Response
from engagements.public_page.content import (
    SharedAsk,
    SharedDeliverable,
    SharedGate,
    SharedMilestone,
    canonical_json,
)
from engagements.public_page.visit import salt_of
from fde_portal.accounts.tokens import digest_of
from tests.factories.customers import MembershipFactory, StakeholderFactory
from tests.factories.engagements import AskFactory, DeliverableFactory, EngagementFactory
from tests.factories.gates import GateDecisionFactory
from tests.factories.people import ContactFactory
from tests.factories.responses import AnnulmentFactory, ResponseFactory
from tests.factories.shares import SECRET, EditionFactory, ShareFactory, content_for

NOW = datetime(2026, 11, 23, 9, tzinfo=UTC)
TOKEN = SECRET + "token"
ADDRESS = "pieter@harbourline.example"
pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def clock():
    with time_machine.travel(NOW, tick=False) as traveller:
        yield traveller


def edition_of(engagement, **fields):
    return EditionFactory(engagement=engagement, content=canonical_json(content_for(engagement, **fields)))


@pytest.fixture
def engagement():
    return EngagementFactory(lead__name="Maya Okafor")


@pytest.fixture
def ask(engagement):
    return AskFactory(engagement=engagement, text="Name a reviewer")


@pytest.fixture
def deliverable(engagement):
    return DeliverableFactory(engagement=engagement, name="Audit log", state="submitted", is_shared=True)


@pytest.fixture
def edition(engagement, ask, deliverable):
    return edition_of(
        engagement,
        asks=(SharedAsk(ask.pk, ask.text, "Pieter Bakker", date(2026, 11, 27), ""),),
        deliverables=(SharedDeliverable(deliverable.pk, "Audit log", date(2026, 11, 20), ("Every change is listed",)),),
        milestones=(SharedMilestone(7, "Pilot", "", date(2026, 11, 2), date(2026, 11, 9), True),),
    )


@pytest.fixture
def share(edition):
    return ShareFactory(engagement=edition.engagement, token_digest=digest_of(TOKEN))


def page(token=TOKEN):
    return reverse("shared_page", args=[token])


def answer_url(topic, pk, token=TOKEN):
    return reverse("link_answer", args=[token, topic, pk])


def said(**fields):
    return {"kind": "answer", "who_will": "Grace Mensah", "by_on": "2026-11-26", "text": "", "name": "Pieter Bakker", "email": ADDRESS} | fields


def code_in(message):
    return re.search(r"\d{4} \d{4}", message.body)[0]


def after(response):
    """Where the answer to a form leads. The address is relative: the link stands in no answer."""
    assert response.status_code == 302, response.content.decode()
    assert TOKEN not in response["Location"]
    return response["Location"]


def after_at(own, response):
    """The same, as an absolute path from the page `own`."""
    return urljoin(own, after(response))


def give(client, url, **fields):
    """Send a form and return the address of the answer's own page."""
    location = after(client.post(url, said(**fields)))
    key = re.search(r"answers/([^/]+)/", location)[1]
    return reverse("link_answer_own", args=[TOKEN, key])


def confirm(client, own):
    return client.post(own, {"code": code_in(mail.outbox[-1])})


def test_the_page_offers_what_can_be_answered_by_relative_links(client, share, ask, deliverable):
    text = client.get(page()).content.decode()
    for path in (f"answer/ask/{ask.pk}/", f"answer/deliverable/{deliverable.pk}/", "answer/pulse/7/", "answer/question/0/"):
        assert f'href="{path}?lang=en"' in text
        assert client.get(page() + path).status_code == 200
    assert "Every change is listed" in text
    assert TOKEN not in text


def test_from_the_answer_over_the_code_to_the_page(client, share, ask):
    own = give(client, answer_url("ask", ask.pk))
    assert not Response.objects.counted().exists()
    assert "Pieter Bakker answered" not in client.get(page()).content.decode()
    assert ADDRESS in client.get(own).content.decode()

    after(confirm(client, own))
    response = Response.objects.counted().get()
    assert (response.kind, response.item, response.item_text) == ("answer", ask.pk, "Name a reviewer")
    assert (response.name, response.email, response.who_will, response.by_on) == (
        "Pieter Bakker", ADDRESS, "Grace Mensah", date(2026, 11, 26),
    )  # fmt: skip
    assert response.share == share
    ask.refresh_from_db()
    assert ask.state == "answered"
    text = Client().get(page()).content.decode()
    assert "Pieter Bakker (p…@harbourline.example) answered, 23 November. Grace Mensah, by Thursday 26 November." in text
    assert ADDRESS not in text


def answers_under(client, engagement, ask, name):
    """The page after somebody answered under a name with the address of Pieter Bakker, whom we know."""
    StakeholderFactory(customer=engagement.customer, name="Pieter Bakker", email="Pieter@harbourline.example")
    StakeholderFactory(name=name, email=ADDRESS)
    after(confirm(client, give(client, answer_url("ask", ask.pk), name=name)))
    return Client().get(page()).content.decode()


@pytest.mark.parametrize("name", ["Pieter Bakker", "pieter  bakker"])
def test_whom_we_know_by_this_name_stands_there_without_an_address(client, share, engagement, ask, name):
    assert f"{name} answered, 23 November." in answers_under(client, engagement, ask, name)


def test_of_many_answers_the_newest_two_stand_open_and_the_others_are_folded(client, share, edition, ask):
    def folded():
        text = client.get(page()).content.decode()
        return re.search(r"<details class=\"said-before\"><summary>(.*?)</summary>(.*?)</details>", text)

    for number in range(1, 5):
        ResponseFactory(edition=edition, item=ask.pk, name=f"Reader {number}", confirmed_at=NOW + timedelta(minutes=number))
        if number == 2:
            assert folded() is None
    head, before = folded().groups()
    assert head == "2 earlier answers"
    assert re.findall(r"Reader \d", before) == ["Reader 1", "Reader 2"]


def test_whoever_answers_in_another_name_is_seen_to(client, share, engagement, ask):
    assert "Anneke Visser (p…@harbourline.example) answered" in answers_under(client, engagement, ask, "Anneke Visser")


def test_an_address_keeps_the_name_of_its_first_answer_in_every_browser(client, share, ask, deliverable):
    after(confirm(client, give(client, answer_url("ask", ask.pk))))
    elsewhere = Client()
    after(confirm(elsewhere, give(elsewhere, answer_url("deliverable", deliverable.pk), kind="accept", name="Anneke Visser")))
    assert set(Response.objects.counted().values_list("name", flat=True)) == {"Pieter Bakker"}
    after(client.post(answer_url("question", 0), said(text="Why?", name="The Board")))
    assert not Response.objects.filter(name="The Board").exists()


def test_what_somebody_else_sent_under_an_address_does_not_count_once_it_is_proven(share, ask, deliverable):
    """Pieter proves his address for his own answer; the acceptance a stranger signed with it waits on."""
    stranger, pieter = Client(), Client()
    after(stranger.post(answer_url("deliverable", deliverable.pk), said(kind="accept")))
    own = give(pieter, answer_url("ask", ask.pk), kind="acknowledge")
    assert "Audit log" not in pieter.get(own).content.decode()
    after(confirm(pieter, own))
    assert list(Response.objects.counted().values_list("kind", flat=True)) == ["acknowledge"]
    deliverable.refresh_from_db()
    assert deliverable.state == "submitted"


def test_one_code_confirms_all_that_one_browser_gave_and_says_which(client, share, ask, deliverable, clock):
    give(client, answer_url("ask", ask.pk), kind="acknowledge")
    give(client, answer_url("question", 0), text="Who else reads it?", email="anneke@harbourline.example")
    clock.shift(timedelta(minutes=5))
    own = give(client, answer_url("deliverable", deliverable.pk), kind="accept")
    asked = client.get(own).content.decode()
    assert "The code confirms these answers" in asked
    assert "Seen: Name a reviewer" in asked and "Accepted: Audit log" in asked
    assert "Who else reads it?" not in asked
    kept = client.get(after_at(own, confirm(client, own))).content.decode()
    assert "These count too" in kept and "Seen: Name a reviewer" in kept
    also = client.get(urljoin(own, re.search(r'href="([^"]+)">Seen:', kept)[1])).content.decode()
    assert "Thank you" in also and "Take it back" in also
    assert set(Response.objects.counted().values_list("kind", flat=True)) == {"acknowledge", "accept"}
    deliverable.refresh_from_db()
    assert deliverable.state == "accepted"


def test_what_waited_longer_than_an_hour_or_in_a_closed_browser_needs_its_own_code(client, share, ask, deliverable, clock):
    give(client, answer_url("ask", ask.pk), kind="acknowledge")
    assert client.cookies["waiting"]["max-age"] == ""  # until the browser is closed
    clock.shift(timedelta(minutes=61))
    after(confirm(client, give(client, answer_url("deliverable", deliverable.pk), kind="accept")))
    assert list(Response.objects.counted().values_list("kind", flat=True)) == ["accept"]


def test_keys_in_a_cookie_of_another_link_or_a_forged_one_let_nothing_count(client, share, ask, deliverable):
    stranger = Client()
    after(stranger.post(answer_url("deliverable", deliverable.pk), said(kind="accept")))
    own = give(client, answer_url("ask", ask.pk), kind="acknowledge")
    other = ShareFactory(engagement=share.engagement, token_digest=digest_of(SECRET + "other"))
    keys = [response.key for response in Response.objects.all()]
    for value in (signing.dumps(keys), signing.dumps(keys, salt=salt_of(other, "waiting")), "nonsense"):
        client.cookies["waiting"] = value
        assert "Audit log" not in client.get(own).content.decode()
    after(confirm(client, own))
    assert list(Response.objects.counted().values_list("kind", flat=True)) == ["acknowledge"]


@pytest.mark.parametrize(("day", "proposed"), [(NOW.date(), "2026-11-23"), (date(2026, 11, 22), None)])
def test_a_day_is_proposed_only_while_it_has_not_passed(client, engagement, ask, day, proposed):
    edition_of(engagement, asks=(SharedAsk(ask.pk, ask.text, "Pieter Bakker", day, ""),))
    ShareFactory(engagement=engagement, token_digest=digest_of(TOKEN))
    assert ('value="2026-11-2' in client.get(answer_url("ask", ask.pk)).content.decode()) is (proposed is not None)


def test_the_pages_read_no_session_and_are_private(client, share, ask):
    client.force_login(share.engagement.lead)
    response = client.get(answer_url("ask", ask.pk))
    assert not response.cookies
    assert response["Cache-Control"] == "private, no-store"
    assert response["Referrer-Policy"] == "no-referrer"
    assert TOKEN not in response.content.decode()
    assert "Maya Okafor" not in response.content.decode()


def test_a_form_from_another_site_is_refused(share, ask):
    strict = Client(enforce_csrf_checks=True)
    url = answer_url("ask", ask.pk)
    for site in ("cross-site", "same-site"):
        assert strict.post(url, said(), headers={"Sec-Fetch-Site": site}).status_code == 403
    assert not Response.objects.exists()
    assert strict.post(url, said(), headers={"Sec-Fetch-Site": "same-origin"}).status_code == 302


def test_a_proven_address_is_remembered_and_asked_for_once(client, share, ask, deliverable):
    after(confirm(client, give(client, answer_url("ask", ask.pk))))
    form = client.get(answer_url("deliverable", deliverable.pk)).content.decode()
    assert 'name="email"' not in form
    assert 'name="name"' not in form
    assert f"You answer as Pieter Bakker, {ADDRESS}." in form
    own = give(client, answer_url("deliverable", deliverable.pk), kind="accept", text="")
    assert len(mail.outbox) == 1
    assert Response.objects.counted().filter(kind="accept").get().email == ADDRESS
    assert "Thank you" in client.get(own).content.decode()
    assert "Pieter Bakker (p…@harbourline.example) accepted it, 23 November." in client.get(page()).content.decode()


@pytest.mark.parametrize(("code", "why"), [("", "required"), ("0000 0000", "This code does not open it.")])
def test_a_wrong_code_keeps_the_answer_waiting_and_is_told_after_a_redirect(client, share, ask, code, why):
    own = give(client, answer_url("ask", ask.pk))
    again = client.get(after_at(own, client.post(own, {"code": code})))
    assert again.status_code == 422
    assert why in again.content.decode()
    assert f'value="{code}"' in again.content.decode() or not code
    assert not Response.objects.counted().exists()
    after(confirm(client, own))
    assert "Thank you" in client.get(own).content.decode()


def test_what_was_wrong_with_one_code_is_not_said_of_another_answer(client, share, ask):
    first, second = (give(client, answer_url("ask", ask.pk)) for _ in range(2))
    client.post(first, {"code": "0000 0000"})
    assert client.get(second).status_code == 200
    assert client.get(first).status_code == 422
    after(client.post(first + "code/"))
    assert client.get(first).status_code == 200


def test_a_new_code_replaces_the_first(client, share, ask):
    own = give(client, answer_url("ask", ask.pk))
    first = code_in(mail.outbox[0])
    after(client.post(own + "code/"))
    assert len(mail.outbox) == 2
    if first != code_in(mail.outbox[1]):
        client.post(own, {"code": first})
        assert not Response.objects.counted().exists()
    after(confirm(client, own))


def test_codes_are_limited_and_nothing_typed_is_lost(client, share, ask):
    url = answer_url("ask", ask.pk)
    for _ in range(5):
        give(client, url)
    refused = client.post(url, said(text="Grace is back on Monday"))
    assert refused.status_code == 429
    assert "Grace is back on Monday" in refused.content.decode()
    assert Response.objects.count() == 5


def test_answers_of_a_proven_address_are_limited_too(client, share):
    url = answer_url("question", 0)
    after(confirm(client, give(client, url, text="Why?")))
    answers = [client.post(url, said(text="Why?")).status_code for _ in range(30)]
    assert answers == [302] * 29 + [429]


@pytest.mark.parametrize(
    ("topic", "fields", "field"),
    [
        ("ask", {"who_will": "", "by_on": "", "text": ""}, "who_will"),
        ("ask", {"by_on": "soon"}, "by_on"),
        ("ask", {"by_on": "2020-01-01"}, "by_on"),
        ("ask", {"email": "nobody"}, "email"),
        ("ask", {"name": ""}, "name"),
        ("deliverable", {"kind": "reject", "text": ""}, "text"),
        ("deliverable", {"kind": "answer"}, "kind"),
        ("pulse", {"score": "6"}, "score"),
        ("question", {"text": ""}, "text"),
    ],
)  # fmt: skip
def test_what_is_missing_is_named_and_nothing_is_kept(client, share, ask, deliverable, topic, fields, field):
    pk = {"ask": ask.pk, "deliverable": deliverable.pk, "pulse": 7, "question": 0}[topic]
    refused = client.post(answer_url(topic, pk), said(**fields))
    assert refused.status_code == 422
    assert f'id="id_{field}-error"' in refused.content.decode()
    assert not Response.objects.exists()
    assert mail.outbox == []


def test_a_pulse_and_a_question_are_for_the_team_alone(client, share):
    own = give(client, answer_url("pulse", 7), score="2", text="Too slow at night")
    after(confirm(client, own))
    after(client.post(answer_url("question", 0), said(text="Who pays for it?")))
    assert set(Response.objects.counted().values_list("kind", "score")) == {("pulse", 2), ("question", None)}
    text = client.get(page()).content.decode()
    assert "Too slow at night" not in text
    assert "Who pays for it?" not in text


def test_an_answer_is_taken_back_by_its_author_within_ten_minutes(client, share, ask, clock):
    own = give(client, answer_url("ask", ask.pk))
    after(confirm(client, own))
    assert Client().get(own).status_code == 404
    assert Client().post(own + "take-back/").status_code == 404
    clock.shift(timedelta(minutes=10))
    assert "Take it back" in client.get(own).content.decode()
    after(client.post(own + "take-back/"))
    assert not Response.objects.counted().exists()
    assert client.get(own).status_code == 404
    ask.refresh_from_db()
    assert ask.state == "open"


def test_after_ten_minutes_it_stays(client, share, ask, clock):
    own = give(client, answer_url("ask", ask.pk))
    after(confirm(client, own))
    clock.shift(timedelta(minutes=10, seconds=1))
    assert "Take it back" not in client.get(own).content.decode()
    refused = client.post(own + "take-back/")
    assert refused.status_code == 409
    assert "no longer" in refused.content.decode()
    assert Response.objects.counted().exists()


def test_get_consumes_nothing(client, share, ask):
    own = give(client, answer_url("ask", ask.pk))
    code = code_in(mail.outbox[-1])
    for path in (own, own + "code/", own + "take-back/", answer_url("ask", ask.pk), own + f"?code={code}"):
        client.get(path)
    assert len(mail.outbox) == 1
    assert Response.objects.waiting().count() == 1
    after(client.post(own, {"code": code}))


def paths_of(share, ask, key):
    yield from (answer_url("ask", ask.pk), reverse("link_answer_own", args=[TOKEN, key]))
    yield from (reverse(f"link_answer_{step}", args=[TOKEN, key]) for step in ("code", "take_back"))


@pytest.mark.parametrize(
    ("closed", "door"),
    [
        ({"revoked_at": NOW}, 404),
        ({"expires_at": NOW}, 404),
        ({"passcode": "pbkdf2$x"}, 403),
        ({"audience": "recipient", "recipient": "else@example.org"}, 403),
    ],
)
def test_a_closed_link_answers_nothing(client, share, ask, closed, door):
    after(confirm(client, give(client, answer_url("ask", ask.pk))))
    key = Response.objects.get().key
    type(share).objects.filter(pk=share.pk).update(**closed)
    mail.outbox.clear()
    for path in paths_of(share, ask, key):
        assert "Name a reviewer" not in client.get(path).content.decode()
        assert client.post(path, said()).status_code == door
    assert Response.objects.count() == 1
    assert mail.outbox == []


def test_what_a_link_leaves_out_or_another_page_holds_cannot_be_answered(client, share, ask):
    other = AskFactory()
    edition_of(other.engagement, asks=(SharedAsk(other.pk, "Secret ask", "", None, ""),))
    elsewhere = ShareFactory(engagement=other.engagement, token_digest=digest_of(SECRET + "other"))
    assert client.post(answer_url("ask", other.pk), said()).status_code == 404
    assert client.post(answer_url("ask", ask.pk, SECRET + "other"), said()).status_code == 404
    given = ResponseFactory(edition=other.engagement.editions.get(), share=elsewhere, confirmed_at=None)
    assert client.get(reverse("link_answer_own", args=[TOKEN, given.key])).status_code == 404
    assert client.post(reverse("link_answer_take_back", args=[TOKEN, given.key])).status_code == 404
    type(share).objects.filter(pk=share.pk).update(sections=["lines", "milestones"])
    assert client.post(answer_url("ask", ask.pk), said()).status_code == 404
    assert client.post(answer_url("health", 1), said()).status_code == 404
    assert Response.objects.get() == given


def test_a_verdict_from_before_it_was_handed_over_again_is_not_laid_over(client, share, edition, deliverable):
    ResponseFactory(edition=edition, kind="reject", item=deliverable.pk, text="Slow", confirmed_at=NOW - timedelta(days=10))
    assert "did not accept" not in client.get(page()).content.decode()
    ResponseFactory(edition=edition, kind="reject", item=deliverable.pk, text="Still slow")
    assert "Pieter Bakker did not accept it, 23 November. Still slow" in client.get(page()).content.decode()


def test_an_answer_we_annulled_is_said_to_be_taken_back_with_the_next_request_and_can_be_given_again(client, share, edition, deliverable):
    response = ResponseFactory(edition=edition, kind="accept", item=deliverable.pk, text="Fine", name="Pieter Bakker")
    url = f'href="answer/deliverable/{deliverable.pk}/?lang=en"'
    assert url not in client.get(page()).content.decode()
    Response.objects.filter(pk=response.pk).update(taken_back_at=NOW, is_annulled=True)
    AnnulmentFactory(response=response, reason="For us alone", annulled_at=NOW)
    text = client.get(page()).content.decode()
    assert "An answer of 23 November in the name of Pieter Bakker does not count: we took it back on 23 November." in text
    assert url in text
    assert "Fine" not in text
    assert "For us alone" not in text


@pytest.mark.parametrize(("topic", "kind"), [("deliverable", "accept"), ("deliverable", "reject"), ("gate", "sign")])
def test_whoever_has_the_open_link_settles_nothing_without_the_code(client, engagement, deliverable, topic, kind):
    """Under any name: the answer waits, the record stays, and the visitor stands before the question for the code."""
    gate = GateDecisionFactory(gate__engagement=engagement, gate__is_shared=True, gate__shared_wording="Begin").gate
    edition_of(
        engagement,
        deliverables=(SharedDeliverable(deliverable.pk, "Audit log", date(2026, 11, 20), ()),),
        gates=(SharedGate(gate.pk, "Begin", "go", date(2026, 11, 20)),),
    )
    ShareFactory(engagement=engagement, token_digest=digest_of(TOKEN))
    pk = {"deliverable": deliverable.pk, "gate": gate.pk}[topic]
    led = client.post(answer_url(topic, pk), said(kind=kind, text="Because", name="Anneke Visser"), follow=False)
    own = after_at(answer_url(topic, pk), led)
    assert "Confirm your address" in client.get(own).content.decode()
    deliverable.refresh_from_db()
    gate.refresh_from_db()
    assert (deliverable.state, gate.sign_off) == ("submitted", "open")
    assert "Anneke Visser" not in client.get(page()).content.decode()
    assert Response.objects.waiting().count() == 1


def test_whoever_left_the_code_untyped_is_led_back_to_it_by_the_page_and_nobody_else(client, share, ask):
    own = give(client, answer_url("ask", ask.pk))
    text = client.get(page()).content.decode()
    assert "Your answer to “Name a reviewer” waits for the code we mailed you. It does not count yet." in text
    assert f'href="{own.removeprefix(page())}?lang=en"' in text
    assert "waits for the code" not in Client().get(page()).content.decode()
    after(confirm(client, own))
    assert "waits for the code" not in client.get(page()).content.decode()


def test_answers_cost_the_same_statements_however_many_there_are(client, share, edition, ask, django_assert_num_queries):
    for count in (1, 2, 27):
        ResponseFactory.create_batch(count, edition=edition, item=ask.pk)
        with django_assert_num_queries(4):
            client.head(page())


# Contacts


@pytest.fixture
def contact(engagement):
    person = ContactFactory(name="Anneke Visser", email="anneke@harbourline.example")
    MembershipFactory(customer=engagement.customer, user=person)
    return person


@pytest.fixture
def stranger():
    """A contact of another company, which has a page of its own."""
    person = ContactFactory(name="Bo Berg")
    elsewhere = EngagementFactory()
    edition_of(elsewhere)
    MembershipFactory(customer=elsewhere.customer, user=person)
    return person


def test_a_contact_answers_without_a_code_and_can_take_it_back(client, contact, edition, engagement, ask):
    client.force_login(contact)
    url = reverse("contact_answer", args=[engagement.slug, "ask", ask.pk])
    form = client.get(url).content.decode()
    assert 'name="email"' not in form
    assert 'name="name"' not in form
    answered = client.post(url, said(), follow=True)
    assert "Anneke Visser answered, 23 November." in answered.content.decode()
    response = Response.objects.counted().get()
    assert (response.person, response.email, response.share) == (contact, contact.email, None)
    undo = reverse("contact_answer_take_back", args=[engagement.slug, response.key])
    assert undo in answered.content.decode()
    client.post(undo)
    assert not Response.objects.counted().exists()


def test_contacts_of_another_company_find_nothing_to_answer(client, contact, stranger, edition, engagement, ask):
    given = ResponseFactory(edition=edition, person=contact)
    client.force_login(stranger)
    own = stranger.memberships.get().customer.engagements.get()
    for url in (
        reverse("contact_answer", args=[engagement.slug, "ask", ask.pk]),
        reverse("contact_answer", args=[own.slug, "ask", ask.pk]),
        reverse("contact_answer_take_back", args=[engagement.slug, given.key]),
        reverse("contact_answer_take_back", args=[own.slug, given.key]),
    ):
        assert client.post(url, said()).status_code == 404
    assert Response.objects.counted().get() == given
    ask.refresh_from_db()
    assert ask.state == "open"


def test_a_contact_takes_back_only_what_is_theirs(client, contact, edition, engagement):
    given = ResponseFactory(edition=edition)
    client.force_login(contact)
    assert client.post(reverse("contact_answer_take_back", args=[engagement.slug, given.key])).status_code == 404


def test_staff_do_not_answer_for_customers(client, edition, engagement, ask):
    client.force_login(engagement.lead)
    assert client.post(reverse("contact_answer", args=[engagement.slug, "ask", ask.pk]), said()).status_code == 403


def test_a_second_pulse_is_refused_in_words(client, contact, edition, engagement):
    client.force_login(contact)
    url = reverse("contact_answer", args=[engagement.slug, "pulse", 7])
    assert client.post(url, {"score": "4"}).status_code == 302
    assert client.post(url, {"score": "1"}).status_code == 409
    assert Response.objects.get().score == 4


def test_a_pulse_is_asked_for_six_weeks(client, share, edition, engagement):
    long_ago = SharedMilestone(8, "Study", "", date(2026, 9, 1), date(2026, 10, 8), True)
    edition_of(engagement, milestones=(long_ago, replace(long_ago, id=9, title="Later", is_done=False)))
    text = client.get(page()).content.decode()
    assert "answer/pulse/" not in text
    assert client.get(answer_url("pulse", 8)).status_code == 404
