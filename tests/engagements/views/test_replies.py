"""Writing back to a customer: once, by mail in their language, kept beside what they said."""

from datetime import UTC, datetime

import pytest
import time_machine
from django.core import mail
from django.urls import reverse

from engagements.models import Response
from fde_portal.accounts.models import AuditEvent
from tests.factories.engagements import EngagementFactory
from tests.factories.people import UserFactory
from tests.factories.portfolio import PortfolioRowFactory
from tests.factories.responses import ResponseFactory
from tests.factories.shares import EditionFactory, ShareFactory

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 11, 25, 9, tzinfo=UTC)


@pytest.fixture(autouse=True)
def wednesday():
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def question():
    engagement = EngagementFactory(customer__name="Harbourline", customer__language="zh-hans", lead=UserFactory(name="Maya Okafor"))
    PortfolioRowFactory(engagement=engagement)
    share = ShareFactory(engagement=engagement, language="en")
    return ResponseFactory(
        edition=EditionFactory(engagement=engagement), share=share, kind="question", item=0, text="When do we start?",
    )  # fmt: skip


@pytest.fixture
def as_lead(client, question):
    client.force_login(question.engagement.lead)
    return client


def url(response: Response) -> str:
    return reverse("answer_reply", args=[response.engagement.slug, response.pk])


def test_a_reply_goes_to_whoever_asked_and_stays_with_the_question(as_lead, question):
    assert "When do we start?" in as_lead.get(url(question)).content.decode()
    answer = as_lead.post(url(question), {"text": "On Monday at nine."}, follow=True)

    question.refresh_from_db()
    assert (question.reply, question.replied_by, question.replied_at) == ("On Monday at nine.", question.engagement.lead, NOW)
    assert question.read_at == NOW
    assert "Maya Okafor replied on" in answer.content.decode()
    (sent,) = mail.outbox
    assert sent.to == ["pieter@harbourline.example"]
    assert sent.subject == f"{question.engagement.name}: a reply from Maya Okafor"
    for part in ("On Monday at nine.", "When do we start?", "/s/"):
        assert part in sent.body
    assert AuditEvent.objects.filter(verb="reply_to_response", actor=question.engagement.lead).count() == 1


def test_without_a_link_it_is_written_in_the_language_of_the_company(as_lead, question):
    Response.objects.filter(pk=question.pk).update(share=None)
    as_lead.post(url(question), {"text": "星期一九点。"})
    assert "您写道" in mail.outbox[0].body
    assert f"/shared/{question.engagement.slug}/" in mail.outbox[0].body


def test_of_two_replies_the_second_is_not_sent_and_not_lost(as_lead, question):
    as_lead.post(url(question), {"text": "On Monday at nine."})
    answer = as_lead.post(url(question), {"text": "On Tuesday."})
    page = answer.content.decode()
    assert answer.status_code == 409
    assert "On Monday at nine." in page
    assert "On Tuesday." in page
    assert len(mail.outbox) == 1


def test_an_empty_reply_is_refused(as_lead, question):
    assert as_lead.post(url(question), {"text": "  "}).status_code == 422
    assert mail.outbox == []


def test_a_stranger_finds_nothing_and_what_does_not_count_gets_no_reply(client, as_lead, question):
    waiting = ResponseFactory(edition=question.edition, confirmed_at=None)
    assert as_lead.post(url(waiting), {"text": "Hello"}).status_code == 404
    client.force_login(UserFactory())
    assert client.post(url(question), {"text": "Hello"}).status_code == 404
    assert mail.outbox == []


def test_my_week_leads_to_the_reply_until_it_is_sent(as_lead, question):
    assert url(question) in as_lead.get("/my-week/").content.decode()
    as_lead.post(url(question), {"text": "On Monday at nine."})
    assert url(question) not in as_lead.get("/my-week/").content.decode()
