"""Notices of answers to whoever asked; those of the questions stand with the other kinds."""

from datetime import UTC, datetime, timedelta

import pytest

from engagements.models import Notice, ReviewQuestion
from engagements.selectors.notices.words import reason_of, words_of
from engagements.services.notices import write_owed_notices
from fde_portal.core.models import OutgoingMail
from tests.factories.engagements import EngagementFactory
from tests.factories.people import ManagerFactory, UserFactory
from tests.factories.reviews import ReviewQuestionFactory

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 3, 4, 10, tzinfo=UTC)


@pytest.fixture
def question():
    engagement = EngagementFactory(lead=UserFactory(name="Maya"), customer__name="Harbourline", name="Customs")
    return ReviewQuestionFactory(engagement=engagement, asked_by=ManagerFactory(name="Ruth"), asked_at=NOW - timedelta(hours=1), text="Who follows?")


def told() -> list[tuple[str, str]]:
    return sorted(Notice.objects.values_list("person__name", "kind"))


def answered(question: ReviewQuestion, at: datetime, **fields) -> None:
    values = {"answer": "Grace", "answered_at": at, "answered_by": question.engagement.lead} | fields
    ReviewQuestion.objects.filter(pk=question.pk).update(**values)


def test_whoever_asked_is_told_of_the_answer_and_again_when_it_is_written_anew(question) -> None:
    answered(question, NOW - timedelta(minutes=20))
    write_owed_notices(now=NOW)
    assert told() == [("Ruth", "reply")]
    words = words_of(Notice.objects.get())
    assert (words.title, words.detail) == ("Harbourline: Maya answered you", "Who follows?")
    assert words.url == f"/engagements/{question.engagement.slug}/review/questions/{question.pk}/"
    assert reason_of(Notice.objects.get()) == "Because you asked about Harbourline, Customs."
    answered(question, NOW - timedelta(minutes=5))
    write_owed_notices(now=NOW)
    assert told() == [("Ruth", "reply")] * 2
    assert not OutgoingMail.objects.exists()


@pytest.mark.parametrize("gone", [{"archived_at": NOW}, {"read_at": NOW}, {"answered_at": NOW - timedelta(days=8)}])
def test_what_was_withdrawn_read_or_is_a_week_old_is_no_news(question, gone) -> None:
    answered(question, NOW, **gone)
    write_owed_notices(now=NOW)
    assert told() == []


def test_nobody_is_told_of_what_they_did_themselves(question) -> None:
    lead = question.engagement.lead
    ReviewQuestion.objects.filter(pk=question.pk).update(asked_by=lead)
    answered(question, NOW)
    write_owed_notices(now=NOW)
    assert told() == []
