"""The body of the customer's page is written once for what it rests on, and anew as soon as any of that differs."""

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest
import time_machine
from django.template.loader import render_to_string
from django.utils import timezone, translation

from engagements.models import Response, Withdrawal
from engagements.public_page.content import SharedAsk, canonical_json
from engagements.views import told_page
from engagements.views.told_page import told
from fde_portal.core.formats import this_year
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


@pytest.fixture
def real_year(monkeypatch):
    """Dates are told by the clock, as outside of the tests."""
    monkeypatch.setattr("fde_portal.core.formats.this_year", this_year)


def body_at(edition, now):
    with time_machine.travel(now, tick=False):
        return body(edition, can_answer=False, now=now)


@pytest.mark.usefixtures("real_year")
def test_at_the_turn_of_the_year_dates_of_the_old_one_show_it(edition, written):
    """The page of an earlier edition stands at its day: nothing but the year differs. In Berlin it turns an hour before UTC."""
    before, after = datetime(2026, 12, 31, 22, 59, tzinfo=UTC), datetime(2026, 12, 31, 23, 1, tzinfo=UTC)
    assert "24 November<" in body_at(edition, before)
    assert "24 November 2026<" in body_at(edition, after)
    assert body_at(edition, after) == body_at(edition, after.replace(minute=2))
    assert len(written) == 2


@pytest.mark.usefixtures("real_year")
@pytest.mark.parametrize(("place", "now"), [("Pacific/Auckland", datetime(2026, 12, 31, 12, tzinfo=UTC)), ("America/Lima", datetime(2027, 1, 1, 2, tzinfo=UTC))])
def test_a_reader_in_another_zone_leaves_no_other_year_to_the_next(edition, written, place, now):
    with timezone.override(place):
        abroad = body_at(edition, now)
    assert abroad == body_at(edition, now)
    assert len(written) == 1
    assert ("24 November 2026<" in abroad) is (now.year == 2027)


def test_the_same_words_of_another_engagement_do_not_borrow_its_answers(edition, content, written):
    other = EditionFactory(content=canonical_json(replace(content)))
    ResponseFactory(edition=edition, item=ASK.id)
    assert "answered" in body(edition)
    assert "answered" not in body(other)
