"""Five plain questions an executive has, and the words of a prepared page that answer each, in both languages."""

from datetime import UTC, date, datetime
from decimal import Decimal
from html.parser import HTMLParser

import pytest
import time_machine
from django.urls import reverse

from engagements.public_page.content import (
    SharedAdoption,
    SharedAsk,
    SharedBlocker,
    SharedMilestone,
    SharedValue,
    SharedWeek,
    WeekOfUse,
    canonical_json,
)
from fde_portal.accounts.tokens import digest_of
from tests.factories.engagements import EngagementFactory
from tests.factories.shares import SECRET, EditionFactory, ShareFactory, content_for

NOW = datetime(2026, 11, 20, 15, tzinfo=UTC)
ASIDE = {"script", "style", "svg", "head"}
pytestmark = pytest.mark.django_db

PREPARED = {
    "week": SharedWeek(date(2026, 11, 16), "Go-live moves", ("Trained 19 clerks",), ("Agree a date",)),
    "asks": (SharedAsk(1, "Name a reviewer", "Pieter Bakker", date(2026, 11, 24), "Go-live moves to January"),),
    "blockers": (
        SharedBlocker(2, "No reviewer yet", "customer", date(2026, 11, 11), "Go-live", date(2026, 11, 30), date(2026, 12, 14)),
    ),
    "milestones": (
        SharedMilestone(3, "Pilot", "", date(2026, 10, 16), date(2026, 10, 30), True),
        SharedMilestone(4, "Go-live", "", date(2026, 11, 30), date(2026, 12, 14), False),
    ),
    "adoption": SharedAdoption(121, 180, (WeekOfUse(date(2026, 11, 9), 118, 170),)),
    "value": SharedValue("EUR", True, date(2026, 6, 1), (Decimal(-100_000), Decimal(250_000)), Decimal("0.7")),
}
ANSWERS = {
    "Are we on track?": {
        "en": ["One date has moved", "14 December", "Planned for 30 November.", "Expected two weeks late"],
        "zh-hans": ["1 个日期有变动", "12月14日", "11月30日", "2 周"],
    },
    "What do you need from me?": {
        "en": ["What we need from you", "Name a reviewer", "Pieter Bakker, by Tuesday 24 November", "Go-live moves to January"],
        "zh-hans": ["需要您配合的事项", "Name a reviewer", "Pieter Bakker", "11月24日"],
    },
    "What did you do, and what is next?": {
        "en": ["What we did this week", "Trained 19 clerks", "What is next", "Agree a date"],
        "zh-hans": ["本周进展", "Trained 19 clerks", "下一步", "Agree a date"],
    },
    "Do people use it?": {
        "en": ["People in the week of 9 November 118 plan 170", "118 people used it in the week of 9 November, against a plan of 170."],
        "zh-hans": ["11月9日当周的使用人数 118 计划 170", "11月9日当周有 118 人使用，计划为 170 人。"],
    },
    "Was it worth it?": {
        "en": ["Pays for itself", "February 2027", "€250k after one year"],
        "zh-hans": ["2027年2月", "€25万"],
    },
}


class VisibleText(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.aside, self.parts = 0, []

    def handle_starttag(self, tag: str, attributes: list) -> None:
        self.aside += tag in ASIDE

    def handle_endtag(self, tag: str) -> None:
        self.aside -= tag in ASIDE

    def handle_data(self, data: str) -> None:
        if not self.aside:
            self.parts.append(data)

    @classmethod
    def of(cls, html: str) -> str:
        page = cls()
        page.feed(html)
        return " ".join(" ".join(page.parts).split())


@pytest.fixture
def text(client):
    engagement = EngagementFactory()
    EditionFactory(engagement=engagement, content=canonical_json(content_for(engagement, **PREPARED)))
    ShareFactory(engagement=engagement, token_digest=digest_of(SECRET + "token"))

    def text(language: str) -> str:
        with time_machine.travel(NOW, tick=False):
            return VisibleText.of(client.get(f"{reverse('shared_page', args=[SECRET + 'token'])}?lang={language}").content.decode())

    return text


@pytest.mark.parametrize("language", ["en", "zh-hans"])
@pytest.mark.parametrize("question", ANSWERS)
def test_the_page_answers(text, question, language):
    page = text(language)
    assert [words for words in ANSWERS[question][language] if words not in page] == []


def test_the_text_read_is_what_people_see():
    assert VisibleText.of("<head><title>No</title></head><p>One <b>two</b></p><svg><text>No</text></svg><script>No</script>") == "One two"
