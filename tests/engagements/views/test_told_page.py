"""The body of the customer's page is written once for what it rests on, and anew as soon as any of that differs."""

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest
from django.template.loader import render_to_string
from django.utils import translation

from engagements.models import Response, Withdrawal
from engagements.public_page.content import SharedAsk, canonical_json
from engagements.views import told_page
from engagements.views.told_page import told
from tests.factories.engagements import EngagementFactory
from tests.factories.responses import ResponseFactory
from tests.factories.shares import EditionFactory, content_for

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)
ASK = SharedAsk(1, "Name a reviewer", "Pieter Bakker", date(2026, 11, 24), "")


@pytest.fixture
def content():
    return content_for(EngagementFactory(), asks=(ASK,))


@pytest.fixture
def edition(content):
    return EditionFactory(content=canonical_json(content))


@pytest.fixture
def written(monkeypatch):
    """What was rendered since, as a list."""
    told_page._told.cache_clear()
    found = []

    def render(*arguments):
        found.append(arguments)
        return render_to_string(*arguments)

    monkeypatch.setattr(told_page, "render_to_string", render)
    return found


def body(edition, sections=("asks",), *, can_answer=True, now=NOW):
    return told(edition, sections, can_answer=can_answer, now=now).body


def test_an_equal_page_is_written_once(edition, written):
    assert body(edition) == body(edition)
    assert len(written) == 1


def test_sections_language_day_and_what_can_be_answered_each_have_a_body_of_their_own(edition, written):
    bodies = [body(edition), body(edition, ()), body(edition, can_answer=False), body(edition, now=datetime(2026, 11, 26, 12, tzinfo=UTC))]
    with translation.override("zh-hans"):
        bodies.append(body(edition))
    assert len(set(bodies)) == len(written) == 5
    assert "Name a reviewer" not in bodies[1]
    assert "Two days overdue" in bodies[3]


def test_answers_and_withdrawals_act_at_once_and_so_does_taking_them_back(edition, written):
    before = body(edition)
    answer = ResponseFactory(edition=edition, item=ASK.id)
    assert "Pieter Bakker answered, 23 November." in body(edition)
    Response.objects.filter(pk=answer.pk).update(taken_back_at=NOW)
    assert body(edition) == before
    gone = Withdrawal.objects.create(engagement=edition.engagement, item=f"ask:{ASK.id}", withdrawn_at=NOW)
    assert "Name a reviewer" not in body(edition)
    gone.delete()
    assert body(edition) == before
    assert len(written) == 3


def test_the_same_words_of_another_engagement_do_not_borrow_its_answers(edition, content, written):
    other = EditionFactory(content=canonical_json(replace(content)))
    ResponseFactory(edition=edition, item=ASK.id)
    assert "answered" in body(edition)
    assert "answered" not in body(other)
