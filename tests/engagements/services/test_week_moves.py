"""Taking a publication back also takes back what its form did to asks and blockers, but not what others did since."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
import time_machine
from django.urls import reverse

from engagements.models import Ask, Blocker, Engagement, LineKind, WeeklyUpdate
from engagements.selectors.share import latest_edition
from engagements.selectors.weekly_update import Line
from engagements.services.asks import close_ask
from engagements.services.blockers import move_blocker
from engagements.services.editions import publish_edition
from engagements.services.publications import TooLate, take_back_publication
from engagements.services.weekly_updates import Sitting, WeekDraft, open_draft, publish_weekly_update, save_draft
from tests.factories.concerns import BlockerFactory
from tests.factories.engagements import AskFactory, EngagementFactory

pytestmark = pytest.mark.django_db

FRIDAY = datetime(2026, 11, 20, 15, tzinfo=UTC)
TODAY = FRIDAY.date()
TEXT = {"headline": "News", "lines": (Line(LineKind.PROGRESS, "Done"),)}


@pytest.fixture
def engagement() -> Engagement:
    return EngagementFactory()


@pytest.fixture
def ask(engagement) -> Ask:
    AskFactory(text="Of a stranger")
    return AskFactory(engagement=engagement, text="Name a reviewer")


@pytest.fixture
def blocker(engagement) -> Blocker:
    BlockerFactory(text="Of a stranger")
    return BlockerFactory(engagement=engagement, state="escalated")


def save(engagement, *, form: str = "", turn: int = 0, **moves) -> WeeklyUpdate:
    update = open_draft(engagement=engagement, year=2026, week=47, by=engagement.lead)
    sitting = Sitting(form=form, turn=turn)
    save_draft(update=update, content=WeekDraft(**TEXT, **moves), seen=update.version, by=engagement.lead, today=TODAY, sitting=sitting)
    return update


def publish(engagement, **options) -> WeeklyUpdate:
    return publish_weekly_update(update=save(engagement, **options), by=engagement.lead, now=FRIDAY)


def take_back(update: WeeklyUpdate, minutes: int = 2) -> int:
    return take_back_publication(update=update, by=update.engagement.lead, now=FRIDAY + timedelta(minutes=minutes))


def stands(*records) -> list[tuple]:
    for record in records:
        record.refresh_from_db()
    return [(str(record.state), record.closed_on if isinstance(record, Ask) else record.cleared_on) for record in records]


def test_what_the_form_closed_is_open_again(engagement, ask, blocker):
    update = publish(engagement, carried_asks={ask: Ask.State.DONE}, blockers={blocker: Blocker.State.CLEARED})
    assert stands(ask, blocker) == [("done", TODAY), ("cleared", TODAY)]
    assert take_back(update) == 2
    assert stands(ask, blocker) == [("open", None), ("escalated", None)]
    assert [change.state for change in blocker.changes.order_by("id")][-2:] == ["cleared", "escalated"]


def test_an_answered_ask_is_answered_again_since_its_day(engagement, ask):
    close_ask(ask, state=Ask.State.ANSWERED, on=date(2026, 11, 17), by=engagement.lead)
    update = publish(engagement, carried_asks={ask: Ask.State.DONE})
    take_back(update)
    assert stands(ask) == [("answered", date(2026, 11, 17))]


def test_what_somebody_changed_since_stays(engagement, ask, blocker):
    update = publish(engagement, carried_asks={ask: Ask.State.DONE}, blockers={blocker: Blocker.State.CLEARED})
    close_ask(ask, state=Ask.State.WITHDRAWN, on=TODAY, by=engagement.lead)
    move_blocker(blocker, to=Blocker.State.OPEN, today=TODAY, by=engagement.lead)
    move_blocker(blocker, to=Blocker.State.CLEARED, today=TODAY, by=engagement.lead)
    assert take_back(update) == 0
    assert stands(ask, blocker) == [("withdrawn", TODAY), ("cleared", TODAY)]


def test_what_was_closed_elsewhere_before_stays_closed(engagement, ask, blocker):
    close_ask(ask, state=Ask.State.DONE, on=TODAY, by=engagement.lead)
    save(engagement, blockers={blocker: Blocker.State.CLEARED})  # on Tuesday, in a form that was left
    update = publish(engagement)
    assert take_back(update) == 0
    assert stands(ask, blocker) == [("done", TODAY), ("cleared", TODAY)]


def test_a_form_that_saved_itself_goes_back_to_where_it_began(engagement, ask, blocker):
    key = "a" * 32
    save(engagement, form=key, turn=1, carried_asks={ask: Ask.State.ANSWERED})
    save(engagement, form=key, turn=2, carried_asks={ask: Ask.State.DONE}, blockers={blocker: Blocker.State.OPEN})
    update = publish(engagement, form=key, turn=3, blockers={blocker: Blocker.State.CLEARED})
    assert take_back(update) == 2
    assert stands(ask, blocker) == [("open", None), ("escalated", None)]


def test_published_and_taken_back_again_nothing_more_moves(engagement, ask):
    update = publish(engagement, carried_asks={ask: Ask.State.DONE})
    take_back(update)
    assert take_back(publish(engagement)) == 0
    assert stands(ask) == [("open", None)]


def test_after_ten_minutes_all_stays_as_it_is(engagement, ask):
    update = publish(engagement, carried_asks={ask: Ask.State.DONE})
    with pytest.raises(TooLate):
        take_back(update, minutes=10)
    assert stands(ask) == [("done", TODAY)]


def test_the_page_that_is_published_anew_asks_again(engagement, ask):
    update = publish(engagement, carried_asks={ask: Ask.State.DONE})
    publish_edition(engagement=engagement, by=engagement.lead, now=FRIDAY + timedelta(minutes=1))
    take_back(update)
    assert "Name a reviewer" in latest_edition(engagement.pk).content


def test_the_click_says_so(client, engagement, ask):
    update = publish(engagement, carried_asks={ask: Ask.State.DONE})
    client.force_login(engagement.lead)
    with time_machine.travel(FRIDAY + timedelta(minutes=1), tick=False):
        page = client.post(reverse("weekly_log_take_back", args=[engagement.slug, "2026-W47"]), follow=True).content.decode()
    assert "Asks and blockers that this form moved stand as before." in page
    assert update.pk == WeeklyUpdate.objects.get().pk
