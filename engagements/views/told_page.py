"""The customer's page as readers get it: an edition with what was answered and taken back since laid over it.

Answers and tombstones are read with every request. What follows from them is made anew only when one of them, the
edition, the sections, the day, the year that dates are told by or the language differs: an equal page has an equal body,
so nothing here can go stale. It is told in the engagement's time zone, wherever it is read.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache
from zoneinfo import ZoneInfo

from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.safestring import SafeString
from django.utils.translation import get_language

from engagements.models.share import Edition
from engagements.public_page.answers import GivenAnswer, ItemKey
from engagements.public_page.content import content_from
from engagements.public_page.page import SharedPage, shared_page
from engagements.selectors.given_answers import given_answers
from engagements.selectors.withdrawal import withdrawn_items
from fde_portal.core import formats

# About 60 kB each.
MOST_TOLD = 128


@dataclass(frozen=True, slots=True)
class Told:
    """A page and the markup of its body."""

    page: SharedPage
    body: SafeString


def told(edition: Edition, sections: Collection[str], *, can_answer: bool, now: datetime) -> Told:
    """`edition` in the active language at the instant `now`, cut down to `sections`. Two statements.

    Where nothing can be answered the page stands at its day of publishing.
    """
    content = content_from(edition.content)
    zone = ZoneInfo(content.time_zone)
    given = given_answers(edition.engagement_id, zone, edition.published_at)
    withdrawn = withdrawn_items(edition.engagement_id, zone)
    with timezone.override(zone):
        return _told(
            edition.content,
            tuple(sections),
            tuple((key, tuple(answers)) for key, answers in given.items()),
            tuple(withdrawn.items()),
            now.astimezone(zone).date() if can_answer else content.published_on,
            can_answer,
            get_language(),
            formats.this_year(),
        )


@lru_cache(maxsize=MOST_TOLD)
def _told(
    text: str,
    sections: tuple[str, ...],
    given: tuple[tuple[ItemKey, tuple[GivenAnswer, ...]], ...],
    withdrawn: tuple[tuple[str, date], ...],
    today: date,
    can_answer: bool,
    language: str,
    year: int,
) -> Told:
    """The active `language` and `year` tell pages apart, nothing more: what tells the page looks them up itself."""
    page = shared_page(content_from(text), sections, dict(given), dict(withdrawn), today)
    return Told(page, render_to_string("public/_content.html", {"page": page, "can_answer": can_answer}))
