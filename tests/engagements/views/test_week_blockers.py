"""Blockers where the week is logged, in my week, and on the page the customer reads."""

from datetime import UTC, date, datetime

import pytest
import time_machine
from django.test import Client
from django.urls import reverse

from engagements.models import Blocker
from engagements.public_page.page import shared_page
from engagements.selectors.my_week import needs, work_of
from engagements.selectors.shareable import shareable_content
from engagements.services.blockers import move_blocker
from tests.factories.concerns import BlockerFactory, RiskFactory
from tests.factories.engagements import EngagementFactory, MilestoneFactory
from tests.factories.portfolio import PortfolioRowFactory

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 3, 11, 12, tzinfo=UTC)  # Wednesday of week 11
TODAY = NOW.date()
EMPTY_ROWS = {
    f"{prefix}-{name}": "0"
    for prefix in ("plan", "progress", "next", "notes", "asks")
    for name in ("TOTAL_FORMS", "INITIAL_FORMS")
}


@pytest.fixture(autouse=True)
def _now():
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def engagement(client: Client):
    engagement = EngagementFactory()
    client.force_login(engagement.lead)
    return engagement


def log(client: Client, engagement, **data: str):
    url = reverse("weekly_log_entry", args=[engagement.slug, "2026-W11"])
    return client.post(url, EMPTY_ROWS | {"seen": "1.1", "act": "save"} | data)


def choice(blocker: Blocker, state: str, was: str = "open") -> dict[str, str]:
    return {f"blocker-{blocker.pk}": state, f"was-{blocker.pk}": was}


@pytest.mark.parametrize(("said", "state"), [("open", "open"), ("escalated", "escalated"), ("cleared", "cleared")])
def test_the_log_says_what_became_of_a_blocker(client, engagement, said, state):
    blocker = BlockerFactory(engagement=engagement)
    assert log(client, engagement, **choice(blocker, said)).status_code == 302

    blocker.refresh_from_db()
    assert (blocker.state, blocker.changes.count()) == (state, 1 if said == "open" else 2)


def test_the_log_shows_standing_blockers_of_this_engagement_with_their_age(client, engagement):
    BlockerFactory(engagement=engagement, text="No reviewer", opened_on=date(2026, 2, 20))
    BlockerFactory(text="Of a stranger")
    BlockerFactory(engagement=engagement, text="Long over", state="cleared", cleared_on=date(2026, 3, 4))
    page = client.get(reverse("weekly_log_entry", args=[engagement.slug, "2026-W11"])).content.decode()

    assert "No reviewer" in page
    assert "19 d" in page
    assert "Of a stranger" not in page
    assert "Long over" not in page
    assert "1 blocker" in page  # stays with us


def test_a_form_left_open_does_not_undo_what_a_colleague_did(client, engagement):
    blocker = BlockerFactory(engagement=engagement)
    move_blocker(blocker, to=Blocker.State.CLEARED, today=TODAY, by=engagement.lead)
    log(client, engagement, **choice(blocker, "open", was="open"))

    blocker.refresh_from_db()
    assert blocker.state == "cleared"


def test_a_blocker_of_another_engagement_cannot_be_named_in_the_log(client, engagement):
    foreign = BlockerFactory()
    log(client, engagement, **choice(foreign, "cleared"))

    foreign.refresh_from_db()
    assert foreign.state == "open"


def test_my_week_names_blockers_that_are_due_and_risks_that_begin(engagement):
    BlockerFactory(engagement=engagement, text="Over", needed_by=date(2026, 3, 10))
    BlockerFactory(engagement=engagement, text="Worse", state="escalated")
    BlockerFactory(engagement=engagement, text="Soon", needed_by=date(2026, 3, 18))
    BlockerFactory(engagement=engagement, text="Later", needed_by=date(2026, 3, 19))
    BlockerFactory(text="Of a stranger", state="escalated")
    RiskFactory(engagement=engagement, text="Begins", trigger="weekly_users", threshold=9)
    RiskFactory(engagement=engagement, text="Quiet", trigger="weekly_users", threshold=3)
    PortfolioRowFactory(engagement=engagement, weekly_users=5)

    found = {need.title.split(": ")[-1]: need.band for need in needs(work_of(engagement.lead, TODAY))}
    found.pop("1 weekly update left")
    assert found == {"Over": "at_risk", "Begins": "at_risk", "Worse": "watch", "Soon": ""}


# What the customer reads


def clocks(engagement) -> list[tuple[str, str]]:
    page = shared_page(shareable_content(engagement, now=NOW), ["blockers"])
    return [(row.text, row.clock) for row in page.blockers]


def test_a_blocker_without_wording_or_cleared_or_archived_is_not_shared(engagement):
    BlockerFactory(engagement=engagement)
    BlockerFactory(engagement=engagement, shared_wording="Over", state="cleared", cleared_on=TODAY)
    BlockerFactory(engagement=engagement, shared_wording="Gone", archived_at=NOW)
    BlockerFactory(shared_wording="Of a stranger")

    assert clocks(engagement) == []


@pytest.mark.parametrize(
    ("milestone", "clock"),
    [
        (None, "Waiting on you for nine days."),
        ({"forecast_on": date(2026, 5, 14)}, "Waiting on you for nine days, it moves Go-live to 14 May."),
        ({}, "Waiting on you for nine days. Go-live on 4 May rests on it."),
        ({"is_shared": False, "forecast_on": date(2026, 5, 14)}, "Waiting on you for nine days."),
        ({"actual_on": date(2026, 3, 10)}, "Waiting on you for nine days."),
    ],
)
def test_the_clock_says_how_long_and_what_it_moves(engagement, milestone, clock):
    row = None
    if milestone is not None:
        row = MilestoneFactory(engagement=engagement, title="Go-live", baseline_on=date(2026, 5, 4), **milestone)
    BlockerFactory(engagement=engagement, text="Internal", shared_wording="No reviewer yet", owing_side="customer", milestone=row)

    assert clocks(engagement) == [("No reviewer yet", clock)]


@pytest.mark.parametrize(("side", "clock"), [("us", "Waiting on FDE Portal for nine days."), ("third_party", "Waiting on a third party for nine days.")])
def test_the_clock_names_the_side_that_owes(engagement, side, clock):
    BlockerFactory(engagement=engagement, shared_wording="No reviewer yet", owing_side=side)

    assert clocks(engagement) == [("No reviewer yet", clock)]


def test_a_link_without_the_section_does_not_show_it(engagement):
    BlockerFactory(engagement=engagement, shared_wording="No reviewer yet")

    assert shared_page(shareable_content(engagement, now=NOW), ["asks", "milestones"]).blockers == ()
