"""Many people write one draft at once, through page and API: every word that was acknowledged is still somewhere."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from random import Random

import pytest
from django.db import connection
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from engagements.models import DraftRevision, InternalLine, SharedLine, WeeklyUpdate
from engagements.selectors.weekly_update import Week
from engagements.services.weekly_updates import open_draft
from fde_portal.accounts.models import User
from fde_portal.accounts.services.accounts import create_api_token
from tests.factories.engagements import EngagementFactory
from tests.factories.people import UserFactory

pytestmark = pytest.mark.django_db(transaction=True)
TRIES = 60


@pytest.fixture
def draft():
    engagement = EngagementFactory(started_on=timezone.localdate())
    week = Week.of(timezone.localdate())
    return open_draft(engagement=engagement, year=week.year, week=week.number, by=engagement.lead)


def by_program(person: User, draft: WeeklyUpdate, word: str, chance: Random) -> bool:
    """Append a line to what was read, again until nobody was faster."""
    __, secret = create_api_token(name=word, by=person, may_write=True)
    client, headers = Client(), {"Authorization": f"Bearer {secret}"}
    address = f"/api/v1/updates/{draft.pk}/"
    for _try in range(TRIES):
        etag = client.get(address, headers=headers).headers["ETag"]
        line = {"kind": "progress", "text": word}
        answer = client.post(
            f"{address}lines/", line, content_type="application/json", headers=headers | {"If-Match": etag}
        )
        if answer.status_code == 200:
            return True
        assert answer.status_code == 412, answer.content
    return False


def by_page(person: User, draft: WeeklyUpdate, word: str, chance: Random) -> bool:
    """Let the form save itself; told of a conflict, keep both texts or replace the other."""
    client = Client()
    client.force_login(person)
    args = [draft.engagement.slug, draft.week_label]
    seen = "1.1"
    for turn in range(1, TRIES):
        form = {"seen": seen, "form_key": word, "turn": turn, "progress-0-text": word, "progress-TOTAL_FORMS": 1}
        form |= {f"{name}-TOTAL_FORMS": 0 for name in ("plan", "next", "notes", "asks")}
        form |= {f"{name}-INITIAL_FORMS": 0 for name in ("plan", "progress", "next", "notes", "asks")}
        if client.post(reverse("weekly_log_draft", args=args), form).status_code == 200:
            return True
        if chance.random() < 0.5 and client.post(reverse("weekly_log_merge", args=args), form).status_code == 302:
            return True
        compared = client.post(reverse("weekly_log_entry", args=args), form | {"act": "save"})
        if compared.status_code == 302:
            return True
        seen = compared.context["forms"].head["seen"].value()
    return False


def write_at_once(draft: WeeklyUpdate, count: int) -> list[str]:
    """The words that were acknowledged, of `count` people who write at the same time."""
    lead = draft.engagement.lead
    ways: list[Callable[..., bool]] = [by_program, by_page]
    people = [UserFactory(name=f"Writer {number}") for number in range(count)]
    for person in people:
        draft.engagement.team_members.create(user=person)

    def write(number: int) -> str:
        word = f"word-{number:03}-end"
        try:
            return word if ways[number % 2](people[number], draft, word, Random(number)) else ""
        finally:
            connection.close()

    assert lead not in people
    with ThreadPoolExecutor(max_workers=count) as pool:
        return list(filter(None, pool.map(write, range(count))))


def words_there() -> str:
    texts = [line.text for table in (SharedLine, InternalLine) for line in table.objects.all()]
    return "\n".join([*texts, *(str(revision.content) for revision in DraftRevision.objects.all())])


def check(draft: WeeklyUpdate, count: int) -> None:
    acknowledged = write_at_once(draft, count)
    there = words_there()
    assert [word for word in acknowledged if word not in there] == []
    assert len(acknowledged) == count
    assert WeeklyUpdate.objects.get().is_draft


def test_eight_people_at_once_lose_no_word(draft):
    check(draft, 8)


@pytest.mark.slow
def test_fifty_people_at_once_lose_no_word(draft):
    check(draft, 50)
