"""Six prepared engagements in one sitting at the keyboard: keys, clicks and required inputs are counted and printed.

The time is that of the keystroke-level model (Card, Moran and Newell 1980): 0.2 s a key, 1.1 s to point, 0.1 s to press,
0.4 s to move a hand, 1.35 s to make up one's mind; reading at 250 words a minute.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

import pytest

from engagements.models import CheckIn, WeeklyUpdate
from engagements.selectors.weekly_update import Week
from tests.factories.concerns import BlockerFactory
from tests.factories.customers import StakeholderFactory
from tests.factories.engagements import AskFactory, EngagementFactory, MilestoneFactory, WeeklyUpdateFactory
from tests.factories.log import DecisionFactory
from tests.factories.people import UserFactory
from tests.factories.work import WorkItemFactory
from tests.flows.browser import person

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

KEY, POINT, PRESS, HOME, MIND = 0.2, 1.1, 0.1, 0.4, 1.35
WORDS_A_SECOND = 250 / 60
MOST_REQUIRED, MOST_MINUTES = 3, 12
NAMES = ("Alder", "Birch", "Cedar", "Dogwood", "Elm", "Fir")


@dataclass
class Sitting:
    """A page, and what it costs to use it."""

    page: object
    keys: int = 0
    clicks: int = 0
    decisions: int = 0
    words: int = 0
    required: list[int] = field(default_factory=list)

    def read(self) -> None:
        """Everything on the page below its navigation, once."""
        self.words += len(self.page.locator("main").inner_text().split())

    def decide(self) -> None:
        self.decisions += 1

    def type(self, text: str) -> None:
        self.keys += len(text)
        self.page.keyboard.type(text)

    def press(self, key: str) -> None:
        self.keys += key.count("+") + 1
        self.page.keyboard.press(key)

    def click(self, name: str) -> None:
        self.clicks += 1
        self.page.get_by_role("button", name=name).click()

    @property
    def seconds(self) -> float:
        hands = self.clicks * (POINT + PRESS + 2 * HOME)
        return self.keys * KEY + hands + self.decisions * MIND + self.words / WORDS_A_SECOND

    def report(self) -> str:
        return (
            f"six engagements and the check-in: {self.keys} keys, {self.clicks} clicks, {self.decisions} decisions, "
            f"{self.words} words read, required inputs {self.required}, {self.seconds / 60:.1f} minutes"
        )


@pytest.fixture
def maya():
    """Six engagements with a plan of last week, an ask, a blocker, and something that happened in each but the last."""
    maya = UserFactory(name="Maya Okafor")
    now = datetime.now(UTC)
    week, before = Week.of(now.date()), Week.of(now.date()).previous
    for name in NAMES:
        engagement = EngagementFactory(lead=maya, customer__name=name)
        update = WeeklyUpdateFactory(
            engagement=engagement, iso_year=before.year, iso_week=before.number, state="published",
            published_at=now - timedelta(days=7), published_by=maya, schedule_rating="watch", adoption_rating="on_track",
        )
        for text in ("Train the night shift", "Agree a date for the review"):
            update.shared_lines.create(kind="next", text=text)
        person_there = StakeholderFactory(customer=engagement.customer)
        AskFactory(engagement=engagement, raised_in=update, stakeholder=person_there, text="Name a reviewer")
        BlockerFactory(engagement=engagement, text="The review has no date", opened_on=before.monday)
        if name != NAMES[-1]:
            MilestoneFactory(engagement=engagement, title="Pilot desk", baseline_on=week.monday, actual_on=week.monday)
            DecisionFactory(engagement=engagement, text="Keep the old queue until May", noted_on=week.monday)
            WorkItemFactory(engagement=engagement, title="Read faxed pages", happened_at=datetime.combine(week.monday, now.time(), UTC))
    StakeholderFactory(name="Stranger")
    return maya


def log_one(sitting: Sitting) -> None:
    """Headline, the plan's first line is done, one drafted line is left out; all else is right as it came."""
    page = sitting.page
    sitting.read()
    sitting.decide()
    assert page.evaluate("document.activeElement.name") == "headline"
    sitting.type("The night shift is trained and works alone")
    for __ in range(3):
        sitting.press("Tab")
    sitting.decide()
    sitting.press("ArrowLeft")
    page.get_by_role("group", name="Drafted from this week’s records").last.get_by_role("radio", name="Keep").first.focus()
    sitting.press("Tab")
    sitting.decide()
    sitting.press("x")
    sitting.decide()
    sitting.press("Control+Enter")
    sitting.required.append(1)


def test_six_engagements_are_logged_in_under_twelve_minutes(chromium, live_server, maya):
    with person(chromium, live_server.url, maya.email) as page:
        page.goto("/weekly-log/")
        sitting = Sitting(page)
        for name, following in zip(NAMES, [*NAMES[1:], None], strict=True):
            page.locator("h2", has_text=name).first.wait_for()
            if following:
                log_one(sitting)
            else:
                sitting.read()
                sitting.decide()
                sitting.click("No change this week")
                sitting.required.append(0)
        page.get_by_role("heading", name="Check in").wait_for()
        sitting.read()
        for group, answer in (("my mood", "Fine"), ("confidence in my commitments", "4")):
            sitting.decide()
            sitting.clicks += 1
            page.get_by_role("radiogroup", name=group).get_by_text(answer, exact=True).click()
        sitting.click("Check in")
        sitting.required.append(2)
        page.get_by_role("heading", name="is done").wait_for()
        print(sitting.report())
    assert max(sitting.required) <= MOST_REQUIRED
    assert sitting.seconds < MOST_MINUTES * 60
    updates = WeeklyUpdate.objects.filter(engagement__lead=maya, iso_week=Week.of(datetime.now(UTC).date()).number)
    assert sorted(updates.values_list("state", flat=True)) == ["published"] * 6
    first = updates.get(engagement__customer__name=NAMES[0])
    texts = [line.text for line in first.shared_progress]
    assert texts[0] == "Train the night shift"
    assert texts[1].startswith("“Pilot desk” was reached")
    assert [key.partition("-")[0] for key in first.left_out] == ["decision"]
    assert [line.text for line in first.internal_lines.all()] == ["1 change merged in acme/claims: Read faxed pages"]
    assert updates.get(engagement__customer__name=NAMES[-1]).headline.startswith("Nothing new since the week of")
    assert CheckIn.objects.get().person == maya
