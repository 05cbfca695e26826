"""One question to the front line: asked by the team, answered without a name, counted and limited."""

import re
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
import time_machine
from django.urls import reverse

from engagements.models import FrontLineAnswer, FrontLinePulse
from engagements.selectors.front_line_pulse import front_line_results
from fde_portal.accounts.models import AuditEvent
from fde_portal.accounts.tokens import digest_of
from tests.factories.engagements import EngagementFactory
from tests.factories.front_line import FRONT_LINE_SECRET, FrontLineAnswerFactory, FrontLinePulseFactory
from tests.factories.people import ContactFactory

NOW = datetime(2026, 11, 23, 23, tzinfo=UTC)
pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def clock():
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def pulse():
    return FrontLinePulseFactory(
        question="Does it help?", token_digest=digest_of(FRONT_LINE_SECRET), engagement__time_zone="Asia/Shanghai"
    )


@pytest.fixture
def as_lead(client, pulse):
    client.force_login(pulse.engagement.lead)
    return client


PAGE = reverse("front_line_answer", args=[FRONT_LINE_SECRET])


def listed(engagement):
    return reverse("front_line", args=[engagement.slug])


def test_a_new_question_shows_its_link_and_code_once(as_lead, pulse):
    engagement = pulse.engagement
    made = as_lead.post(reverse("front_line_new", args=[engagement.slug]), {"question": "Is it fast?", "language": "zh-hans"})
    text = made.content.decode()
    [secret] = set(re.findall(r"/q/(fdeq_[\w-]+)/", text))
    row = FrontLinePulse.objects.get(question="Is it fast?")
    assert (row.token_digest, row.language, row.created_by) == (digest_of(secret), "zh-hans", engagement.lead)
    assert "<svg" in text
    assert made["Cache-Control"] == "private, no-store"
    assert secret not in as_lead.get(listed(engagement)).content.decode()
    assert not any(secret in str(event) for event in AuditEvent.objects.values())


def test_an_operator_answers_and_nothing_else_is_kept(client, pulse):
    asked = client.get(PAGE)
    assert "Does it help?" in asked.content.decode()
    assert pulse.engagement.customer.name not in asked.content.decode()
    kept = client.post(PAGE, {"score": "4", "comment": "Faster", "name": ""}, REMOTE_ADDR="203.0.113.9")
    assert "Thank you" in kept.content.decode()
    assert not asked.cookies
    assert not kept.cookies
    [row] = FrontLineAnswer.objects.values()
    assert row == {"id": row["id"], "pulse_id": pulse.pk, "score": 4, "comment": "Faster", "name": "", "given_on": date(2026, 11, 24)}
    assert not AuditEvent.objects.exists()


def test_a_name_is_kept_when_it_is_given(client, pulse):
    client.post(PAGE, {"score": "5", "name": "Grace"})
    assert FrontLineAnswer.objects.get().name == "Grace"


def test_who_is_signed_in_makes_no_difference(as_lead, pulse):
    as_lead.post(PAGE, {"score": "1"})
    assert FrontLineAnswer.objects.get().name == ""
    assert pulse.engagement.lead.name not in as_lead.get(PAGE).content.decode()


@pytest.mark.parametrize("score", ["", "0", "6", "x"])
def test_a_score_lies_between_1_and_5(client, pulse, score):
    refused = client.post(PAGE, {"score": score, "comment": "Still here"})
    assert refused.status_code == 422
    assert "Still here" in refused.content.decode()
    assert not FrontLineAnswer.objects.exists()


def test_looking_gives_no_answer_and_other_sites_cannot(client, pulse):
    client.get(PAGE + "?score=5")
    assert client.post(PAGE, {"score": "5"}, headers={"sec-fetch-site": "cross-site"}).status_code == 403
    assert not FrontLineAnswer.objects.exists()


def test_unknown_and_closed_look_the_same(as_lead, pulse):
    assert as_lead.post(reverse("front_line_close", args=[pulse.engagement.slug, pulse.pk])).status_code == 302
    unknown = as_lead.get(reverse("front_line_answer", args=[f"{FRONT_LINE_SECRET}x"]))
    closed = as_lead.get(PAGE)
    assert (unknown.status_code, closed.status_code) == (404, 404)
    assert as_lead.post(PAGE, {"score": "5"}).status_code == 404
    assert not FrontLineAnswer.objects.exists()


def test_answers_from_one_place_are_limited_whatever_they_claim(client, pulse):
    statuses = [client.post(PAGE, {"score": "1"}, headers={"x-forwarded-for": f"10.0.0.{n}"}).status_code for n in range(42)]
    assert statuses == [200] * 40 + [429] * 2
    assert client.post(PAGE, {"score": "3"}, REMOTE_ADDR="203.0.113.9").status_code == 200
    assert FrontLineAnswer.objects.count() == 41


def test_fewer_than_ten_are_answers_and_no_score(pulse):
    FrontLineAnswerFactory.create_batch(20)
    FrontLineAnswerFactory.create_batch(6, pulse=pulse, score=5)
    FrontLineAnswerFactory.create_batch(3, pulse=pulse, score=2, comment="Slow")
    [result] = front_line_results(pulse.engagement)
    assert (result.counts, result.answered, result.score, len(result.comments)) == ((0, 3, 0, 0, 6), 9, None, 3)
    assert [(row.score, row.count, row.share) for row in result.rows] == [(5, 6, 100), (4, 0, 0), (3, 0, 0), (2, 3, 50), (1, 0, 0)]
    FrontLineAnswerFactory(pulse=pulse, score=4)
    [result] = front_line_results(pulse.engagement)
    assert (result.answered, result.score) == (10, Decimal(4))


def test_the_team_reads_what_was_answered_and_others_do_not(as_lead, pulse, client):
    FrontLineAnswerFactory(pulse=pulse, comment="Transit papers come out wrong")
    assert "Transit papers come out wrong" in as_lead.get(listed(pulse.engagement)).content.decode()
    theirs = EngagementFactory()
    foreign = FrontLinePulseFactory(engagement=theirs)
    assert as_lead.get(listed(theirs)).status_code == 404
    assert as_lead.post(reverse("front_line_close", args=[pulse.engagement.slug, foreign.pk])).status_code == 404
    client.force_login(ContactFactory())
    assert client.get(listed(pulse.engagement)).status_code == 403


@pytest.mark.parametrize("count", [1, 3, 12])
def test_the_number_of_statements_does_not_grow(as_lead, pulse, count, django_assert_num_queries):
    for _ in range(count):
        FrontLineAnswerFactory(pulse=FrontLinePulseFactory(engagement=pulse.engagement))
    as_lead.get(listed(pulse.engagement))
    with django_assert_num_queries(6):
        as_lead.get(listed(pulse.engagement))
