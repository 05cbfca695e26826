"""On whichever day the demo is written, its first engineer finds weeks to write, and the record holds together."""

from datetime import UTC, datetime, timedelta

import pytest
from django.urls import reverse

from engagements.demo import seeding
from engagements.demo.stories import harbourline, meridian
from engagements.models import WeeklyUpdate
from engagements.selectors.week_queue import owed, queue_of
from engagements.selectors.weekly_update import Week
from fde_portal.accounts.models import User

pytestmark = pytest.mark.django_db
MONDAY = datetime(2026, 11, 16, 12, tzinfo=UTC)
WEEKDAYS = [MONDAY + timedelta(days=days) for days in range(7)]


@pytest.mark.parametrize("now", WEEKDAYS, ids=lambda day: f"{day:%A}")
def test_maya_always_owes_weeks_and_has_begun_one(now, monkeypatch, time_machine, client):
    time_machine.move_to(now, tick=False)
    monkeypatch.setattr(seeding, "STORIES", (harbourline.STORY, meridian.STORY))  # those Maya works for
    for step in ("create_work", "create_gates", "create_reviews"):  # they speak of the other stories too
        monkeypatch.setattr(seeding, step, lambda *told, **named: None)
    seeding.seed(now=now)
    maya = User.objects.get(email__startswith="maya@")
    left = owed(queue_of(maya, Week.of(now.date())))
    client.force_login(maya)

    assert len(left) >= 2
    assert [item.progress for item in left].count("writing") == 1
    assert client.get(reverse("weekly_log")).url == reverse("weekly_log_entry", args=[left[0].slug, Week.of(now.date())])
    assert not WeeklyUpdate.objects.filter(published_at__gt=now).exists()
