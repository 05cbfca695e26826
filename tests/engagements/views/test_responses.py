"""Answers as the team reads them: on their own page, in my week, in the timeline."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest
import time_machine
from django.urls import reverse

from engagements.models import PortfolioRow, Response
from engagements.selectors.response import pulses_of
from fde_portal.accounts.models import OrganizationSettings
from tests.factories.customers import MembershipFactory, StakeholderFactory
from tests.factories.engagements import AskFactory, EngagementFactory
from tests.factories.people import ContactFactory, UserFactory
from tests.factories.portfolio import PortfolioRowFactory
from tests.factories.responses import ResponseFactory
from tests.factories.shares import EditionFactory

NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)
MY_WEEK = reverse("my_week")
pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def clock():
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def engagement():
    engagement = EngagementFactory(customer__name="Harbourline")
    PortfolioRowFactory(engagement=engagement)
    return engagement


@pytest.fixture
def edition(engagement):
    return EditionFactory(engagement=engagement)


@pytest.fixture
def as_lead(client, engagement):
    client.force_login(engagement.lead)
    return client


@pytest.fixture
def strangers_answer():
    return ResponseFactory(item_text="Nobody here knows")


def page(engagement):
    return reverse("engagement_answers", args=[engagement.slug])


def read(engagement, response):
    return reverse("answer_read", args=[engagement.slug, response.pk])


def text_of(response):
    return response.content.decode()


def test_the_page_lists_what_counts_with_who_and_on_which_edition(as_lead, engagement, edition, strangers_answer):
    ResponseFactory(edition=edition, text="Grace knows the <supplier>", who_will="Grace Mensah", by_on=date(2026, 11, 26))
    ResponseFactory(edition=edition, text="Waits for a code", confirmed_at=None)
    ResponseFactory(edition=edition, text="Was taken back", taken_back_at=NOW)
    text = text_of(as_lead.get(page(engagement)))
    for part in ("Pieter Bakker", "Grace knows the &lt;supplier&gt;", "Grace Mensah", f"Edition {edition.number}", "pieter@harbourline.example"):
        assert part in text
    for part in ("Waits for a code", "Was taken back", "Nobody here knows"):
        assert part not in text


def test_an_answer_stays_in_my_week_until_it_is_read(as_lead, engagement, edition, strangers_answer):
    response = ResponseFactory(edition=edition, text="Grace knows")
    week = text_of(as_lead.get(MY_WEEK))
    assert "Harbourline: Pieter Bakker answered “Name a reviewer”" in week
    assert f"{page(engagement)}#answer-{response.pk}" in week
    assert "Nobody here knows" not in week
    assert as_lead.post(read(engagement, response)).status_code == 302
    assert "Pieter Bakker answered" not in text_of(as_lead.get(MY_WEEK))


@pytest.mark.parametrize("kind", Response.Kind)
def test_every_kind_of_answer_has_its_words(as_lead, engagement, edition, kind):
    fields = {"score": 4} if kind == "pulse" else {}
    response = ResponseFactory(edition=edition, kind=kind, text="Because", **fields)
    way = f"/answers/{response.pk}/reply/" if kind == "question" else f"#answer-{response.pk}"
    assert way in text_of(as_lead.get(MY_WEEK))
    timeline = text_of(as_lead.get(reverse("engagement_timeline", args=[engagement.slug])))
    assert "Pieter Bakker, “Name a reviewer”" in timeline
    assert "Because" in timeline


def annul(engagement, response):
    return reverse("answer_annul", args=[engagement.slug, response.pk])


def again(engagement, response):
    return reverse("answer_count_again", args=[engagement.slug, response.pk])


def test_what_waits_for_a_code_is_listed_without_its_words_and_changes_nothing(as_lead, engagement, edition):
    ask = AskFactory(engagement=engagement)
    ResponseFactory(edition=edition, kind="accept", item_text="Audit log", text="Words of a stranger", confirmed_at=None)
    ResponseFactory(edition=edition, item=ask.pk, confirmed_at=None)
    text = text_of(as_lead.get(page(engagement)))
    assert "Waits for confirmation" in text
    assert "Accepted: Audit log" in text
    assert "In the name of Pieter Bakker, pieter@harbourline.example" in text
    assert "Words of a stranger" not in text
    ask.refresh_from_db()
    assert ask.state == "open"


def test_the_lead_annuls_an_answer_for_a_reason_and_undoes_it(as_lead, engagement, edition, strangers_answer):
    ask = AskFactory(engagement=engagement, state="answered", closed_on=date(2026, 11, 23))
    response = ResponseFactory(edition=edition, item=ask.pk)
    assert annul(engagement, response) in text_of(as_lead.get(page(engagement)))
    refused = as_lead.post(annul(engagement, response), {"reason": " "})
    assert refused.status_code == 422
    assert 'id="id_reason-error"' in text_of(refused)
    told = text_of(as_lead.post(annul(engagement, response), {"reason": "Pieter was <asked>"}, follow=True))
    assert again(engagement, response) in told
    assert "Pieter was &lt;asked&gt;" in told
    ask.refresh_from_db()
    assert ask.state == "open"
    timeline = text_of(as_lead.get(reverse("engagement_timeline", args=[engagement.slug])))
    assert f"Annulled by {engagement.lead.name} on 23 Nov 2026: Pieter was &lt;asked&gt;" in timeline
    assert as_lead.post(again(engagement, response)).status_code == 302
    ask.refresh_from_db()
    assert (ask.state, Response.objects.counted().filter(pk=response.pk).exists()) == ("answered", True)
    for act in (annul, again):
        assert as_lead.post(act(engagement, strangers_answer), {"reason": "No"}).status_code == 404


def test_an_answer_whose_effect_moved_on_keeps_the_reason_that_was_typed(as_lead, engagement, edition):
    response = ResponseFactory(edition=edition, kind="sign", item=77)
    refused = as_lead.post(annul(engagement, response), {"reason": "Typed with care"})
    assert refused.status_code == 409
    assert "Typed with care" in text_of(refused)


def test_reading_and_closing_stay_within_ones_own_engagements(as_lead, engagement, strangers_answer):
    theirs = strangers_answer.engagement
    ask = AskFactory(engagement=theirs)
    Response.objects.filter(pk=strangers_answer.pk).update(item=ask.pk)
    assert as_lead.get(page(theirs)).status_code == 404
    for slug in (theirs.slug, engagement.slug):
        for url in (
            reverse("answer_read", args=[slug, strangers_answer.pk]),
            reverse("answer_ask", args=[slug, strangers_answer.pk, "done"]),
        ):
            assert as_lead.post(url).status_code == 404
    strangers_answer.refresh_from_db()
    assert strangers_answer.read_at is None


@pytest.mark.parametrize(("state", "closed_on"), [("done", date(2026, 11, 23)), ("open", None)])
def test_the_lead_says_whether_an_answer_settles_the_ask(as_lead, engagement, edition, state, closed_on):
    ask = AskFactory(engagement=engagement, state="answered", closed_on=date(2026, 11, 23))
    response = ResponseFactory(edition=edition, item=ask.pk)
    url = reverse("answer_ask", args=[engagement.slug, response.pk, state])
    assert url in text_of(as_lead.get(page(engagement)))
    assert as_lead.post(url).status_code == 302
    ask.refresh_from_db()
    response.refresh_from_db()
    assert (ask.state, ask.closed_on, response.read_by) == (state, closed_on, engagement.lead)
    assert as_lead.post(reverse("answer_ask", args=[engagement.slug, response.pk, "withdrawn"])).status_code == 404


@pytest.mark.parametrize("state", ["done", "open"])
def test_an_ask_that_was_put_away_is_neither_offered_nor_changed(as_lead, engagement, edition, state):
    ask = AskFactory(engagement=engagement, state="answered", closed_on=date(2026, 11, 23), archived_at=NOW)
    response = ResponseFactory(edition=edition, item=ask.pk)
    url = reverse("answer_ask", args=[engagement.slug, response.pk, state])
    assert url not in text_of(as_lead.get(page(engagement)))
    assert as_lead.post(url).status_code == 404
    ask.refresh_from_db()
    response.refresh_from_db()
    assert (ask.state, ask.version, response.read_at) == ("answered", 1, None)


def test_a_pulse_offers_nothing_to_close_even_when_an_ask_has_its_number(as_lead, engagement, edition):
    ask = AskFactory(engagement=engagement, state="answered", closed_on=date(2026, 11, 23))
    response = ResponseFactory(edition=edition, item=ask.pk, kind="pulse", score=3)
    url = reverse("answer_ask", args=[engagement.slug, response.pk, "open"])
    assert url not in text_of(as_lead.get(page(engagement)))
    assert as_lead.post(url).status_code == 404


def pulses(edition, count):
    for number in range(count):
        ResponseFactory(edition=edition, kind="pulse", item=7, item_text="Pilot", score=number % 5 + 1, email=f"p{number}@example.org")


def test_fewer_than_ten_pulses_are_answers_and_no_score(as_lead, engagement, edition):
    MembershipFactory(customer=engagement.customer, user=ContactFactory())
    pulses(edition, 9)
    [pulse] = pulses_of(engagement)
    assert (pulse.score, pulse.rate, len(pulse.answers)) == (None, Decimal("0.9"), 9)
    assert "9 of 10 answered (90%)." in text_of(as_lead.get(page(engagement)))
    pulses(EditionFactory(), 12)
    ResponseFactory(edition=edition, kind="pulse", item=7, score=5)
    [pulse] = pulses_of(engagement)
    assert (pulse.score, len(pulse.answers)) == (Decimal(3), 10)


@pytest.mark.parametrize(("days", "is_told"), [(14, False), (15, True)])
def test_silence_beyond_the_limit_stands_in_my_week(as_lead, engagement, days, is_told):
    PortfolioRow.objects.filter(engagement=engagement).update(customer_seen_on=NOW.date() - timedelta(days=days))
    PortfolioRowFactory(customer_seen_on=date(2026, 1, 1))
    week = text_of(as_lead.get(MY_WEEK))
    assert ("Harbourline: silent for" in week) == is_told
    assert week.count("silent for") == is_told


def test_the_organization_says_how_long_silence_may_last(as_lead, engagement):
    OrganizationSettings(silence_days=30).save()
    PortfolioRow.objects.filter(engagement=engagement).update(customer_seen_on=NOW.date() - timedelta(days=30))
    assert "silent for" not in text_of(as_lead.get(MY_WEEK))


def test_my_week_costs_the_same_for_one_answer_and_for_many(client, django_assert_max_num_queries):
    counts = []
    for answers in (1, 3, 9):
        person = UserFactory()
        for edition in (EditionFactory(engagement__lead=person) for _ in range(answers)):
            ResponseFactory(edition=edition)
            PortfolioRowFactory(engagement=edition.engagement)
        client.force_login(person)
        client.get(MY_WEEK)
        with django_assert_max_num_queries(60) as queries:
            client.get(MY_WEEK)
        counts.append(len(queries))
    assert len(set(counts)) == 1


def test_a_name_nobody_vouches_for_is_marked(as_lead, engagement, edition):
    contact = ContactFactory(email="anneke@harbourline.example")
    MembershipFactory(customer=engagement.customer, user=contact)
    StakeholderFactory(customer=engagement.customer, email="Ilse@Harbourline.example")
    StakeholderFactory(email="mallory@evil.example")
    mark = "not among the people we know"
    for address in ("anneke@harbourline.example", "ilse@harbourline.example"):
        ResponseFactory(edition=edition, email=address)
    assert mark not in as_lead.get(page(engagement)).content.decode()
    ResponseFactory(edition=edition, email="mallory@evil.example", name="Anneke Visser")
    assert as_lead.get(page(engagement)).content.decode().count(mark) == 1
