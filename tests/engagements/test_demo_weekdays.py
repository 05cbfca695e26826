"""On whichever day the demo is written, its first engineer finds a week to write. Not in demo/, whose tests share one seed."""

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
def test_maya_always_owes_a_week_that_she_has_begun(now, monkeypatch, time_machine, client):
    time_machine.move_to(now, tick=False)
    monkeypatch.setattr(seeding, "STORIES", (harbourline.STORY, meridian.STORY))  # those Maya works for
    for step in ("create_work", "create_gates", "create_reviews"):  # they speak of the other stories too
        monkeypatch.setattr(seeding, step, lambda *told, **named: None)
    assert seeding.seed(now=now)
    maya = User.objects.get(email__startswith="maya@")
    left = owed(queue_of(maya, Week.of(now.date())))
    client.force_login(maya)

    assert [item.progress for item in left].count("writing") == 1
    assert (len(left) > 1) is (now.weekday() < 5)
    assert client.get(reverse("weekly_log")).url == reverse("weekly_log_entry", args=[left[0].slug, Week.of(now.date())])
    assert not WeeklyUpdate.objects.filter(published_at__gt=now).exists()
