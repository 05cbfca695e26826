"""What changed since last week and since one's last visit, and the portfolio beside an earlier week."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.test import Client
from django.urls import reverse
from time_machine import travel

from engagements.models import Band, HealthSnapshot
from engagements.selectors.portfolio import visible_rows
from engagements.selectors.portfolio_compare import compare
from engagements.services.portfolio import refresh_portfolio_row
from fde_portal.accounts.models import OrganizationSettings
from tests.engagements.deliveries import noon
from tests.engagements.health_world import computed, healthy, slip
from tests.factories.engagements import MilestoneFactory
from tests.factories.people import ManagerFactory, UserFactory
from tests.factories.portfolio import PortfolioRowFactory
from tests.factories.value import ValueDriverFactory

pytestmark = pytest.mark.django_db
WEDNESDAY = datetime(2026, 3, 4, 9, tzinfo=UTC)
TODAY = WEDNESDAY.date()
COMPARE = reverse("portfolio_compare")


def signed_in(person) -> Client:
    client = Client()
    client.force_login(person)
    return client


def text_of(client: Client, path: str = "/portfolio/") -> str:
    return client.get(path).content.decode()


def days_ago(count: int) -> date:
    return TODAY - timedelta(days=count)


def phase(back: int) -> list:
    return [days_ago(back).isoformat(), "phase", {"phase": "pilot"}]


@travel(WEDNESDAY, tick=False)
def test_last_week_is_summed_up_over_what_one_sees_and_a_day_earlier_is_not() -> None:
    lead = UserFactory()
    PortfolioRowFactory(engagement__lead=lead, worse_on=days_ago(7), slipped_on=days_ago(8), last_update_on=TODAY)
    PortfolioRowFactory(engagement__lead=lead, better_on=days_ago(1), blocked_on=days_ago(2))
    PortfolioRowFactory(worse_on=TODAY, slipped_on=TODAY)  # a stranger's
    assert "Since last week: 1 got worse, 1 recovered, 1 is newly blocked, 1 was updated." in text_of(signed_in(lead))
    assert "Since last week: 2 got worse" in text_of(signed_in(ManagerFactory()))


def test_since_the_last_visit_is_told_from_the_second_sitting_on_and_survives_reloads() -> None:
    manager = ManagerFactory()
    PortfolioRowFactory(engagement__name="Claims", worse_on=days_ago(2), changes=[phase(2), phase(5)])
    client = signed_in(manager)
    with travel(WEDNESDAY - timedelta(days=3), tick=False):
        assert "Since you last looked" not in text_of(client)
    for minutes in (0, 30, 59):
        with travel(WEDNESDAY + timedelta(minutes=minutes), tick=False):
            page = text_of(client)
            assert "Since you last looked (1 Mar): 1 got worse." in page
            assert page.count('<span class="tag">New</span>') == 1
    with travel(WEDNESDAY + timedelta(hours=3), tick=False):
        page = text_of(client)
        assert "Since you last looked (today): nothing moved." in page
        assert '<span class="tag">New</span>' not in page


@travel(WEDNESDAY, tick=False)
def test_a_row_tells_its_two_gravest_facts_of_the_week_and_leaves_the_update_to_its_headline() -> None:
    told = [[TODAY.isoformat(), "blocker.open", {"text": "<b>No reviewer</b>"}], phase(1), phase(2)]
    older, update = phase(8), [TODAY.isoformat(), "update", {"week": 10, "headline": "Steady"}]
    PortfolioRowFactory(headline="Steady", changes=[update, *told, older])
    page = text_of(signed_in(ManagerFactory()))
    assert page.count('<span class="chg">') == 2
    assert "Blocked: &lt;b&gt;No reviewer&lt;/b&gt;." in page
    assert page.count("Steady") == 1


@travel(WEDNESDAY, tick=False)
def test_those_that_got_worse_are_a_view() -> None:
    PortfolioRowFactory(engagement__name="Fell on Monday", worse_on=days_ago(2))
    PortfolioRowFactory(engagement__name="Fell long ago", worse_on=days_ago(20))
    page = text_of(signed_in(ManagerFactory()), "/portfolio/?view=worse")
    assert "Fell on Monday" in page
    assert "Fell long ago" not in page


@travel(WEDNESDAY, tick=False)
def test_the_worker_keeps_what_changed_with_the_line() -> None:
    engagement = healthy(TODAY)
    slip(engagement, by=40, on=days_ago(3))
    row = computed(engagement).portfolio_row
    told = {code: day for day, code, __ in reversed(row.changes)}
    assert told["milestone.later"] == days_ago(3).isoformat()
    assert told.keys() >= {"band.worse", "update"}
    assert (row.slipped_on, row.better_on, row.blocked_on) == (days_ago(3), None, None)
    assert row.worse_on == date.fromisoformat(told["band.worse"])


def test_of_both_moves_of_the_band_the_last_one_holds() -> None:
    row = PortfolioRowFactory(engagement__started_on=days_ago(60))
    for back, band in ((9, Band.ON_TRACK), (6, Band.AT_RISK), (2, Band.WATCH)):
        HealthSnapshot.objects.create(
            engagement=row.engagement, day=days_ago(back), watermark=1, computed_at=WEDNESDAY, band=band, coverage=1, components=[], score=50
        )
    refresh_portfolio_row(row.engagement, today=TODAY, now=WEDNESDAY)
    row.refresh_from_db()
    assert (row.worse_on, row.better_on) == (None, days_ago(2))


# Compare


@pytest.fixture
def wednesday():
    with travel(WEDNESDAY, tick=False):
        yield


def compared(user, week_back: int = 1):
    sunday = days_ago(TODAY.isoweekday() + 7 * (week_back - 1))
    return compare(visible_rows(user), day=sunday, organization=OrganizationSettings.current())


def judged(engagement, day, band, score, weekly_active=None, week_target=None) -> None:
    facts = {
        "phase": "pilot", "schedule": {}, "relationship": {}, "freshness": {"started_on": "2026-01-05", "last_update_on": day.isoformat()},
        "adoption": {"weekly_active": weekly_active, "week_target": week_target},
    }  # fmt: skip
    values = {"watermark": 1, "computed_at": WEDNESDAY, "coverage": 1, "components": [], "facts": facts}
    HealthSnapshot.objects.create(engagement=engagement, day=day, band=band, score=score, **values)


SUNDAY = date(2026, 3, 1)


def test_what_moved_stands_first_the_worse_before_the_better(wednesday) -> None:
    for name, band, score, then, was in (
        ("same", "on_track", 80, "on_track", 80), ("better", "on_track", 75, "watch", 60), ("worse", "watch", 60, "on_track", 80),
        ("far worse", "at_risk", 20, "on_track", 80), ("points only", "on_track", 75, "on_track", 90), ("more points", "on_track", 60, "on_track", 90),
    ):  # fmt: skip
        row = PortfolioRowFactory(engagement__name=name, band=band, score=score)
        judged(row.engagement, SUNDAY, then, was)
    PortfolioRowFactory(engagement__name="new", band="at_risk", score=10, rank=0)
    rows = compared(ManagerFactory())
    assert [row.line.name for row in rows] == ["far worse", "worse", "better", "new", "same", "points only", "more points"]
    assert [row.move for row in rows] == [2, 1, -1, 0, 0, 0, 0]
    assert rows[3].then is None


def test_a_day_of_before_facts_were_kept_is_not_told(wednesday) -> None:
    row = PortfolioRowFactory(band="watch", score=60)
    judged(row.engagement, SUNDAY, "on_track", 80)
    HealthSnapshot.objects.update(facts={})
    [found] = compared(ManagerFactory())
    assert (found.then, found.move, found.change) == (None, 0, None)


def test_attention_of_a_closed_week_is_what_the_portfolio_said_then(wednesday) -> None:
    """Computed by the same functions: what the line said at the close is found again a week later."""
    engagement = healthy(TODAY, lead=UserFactory())
    overdue = MilestoneFactory(engagement=engagement, baseline_on=days_ago(20))
    type(overdue).objects.filter(pk=overdue.pk).update(created_at=noon(days_ago(60)))
    with travel(datetime(2026, 3, 1, 22, tzinfo=UTC), tick=False):
        said = computed(engagement).portfolio_row
    at_close = (said.band, said.score, said.reason)
    with travel(WEDNESDAY, tick=False):
        computed(engagement)
        [row] = compared(engagement.lead)
    assert (row.then.band, row.then.score, row.then.reason) == at_close
    assert row.then.reason[0] == "attention.fell"


def test_value_counts_what_had_been_recorded_by_then(wednesday) -> None:
    line = ValueDriverFactory().line
    PortfolioRowFactory(engagement=line.case.engagement)
    for back, amount in ((30, 500), (1, 250)):
        line.realised.create(period_from=days_ago(40 + back), period_to=days_ago(35 + back), amount=amount, recorded_on=days_ago(back))
    disputed = {"state": "disputed", "comment": "Not ours", "decided_on": TODAY}
    line.realised.create(period_from=days_ago(90), period_to=days_ago(80), amount=4000, recorded_on=days_ago(30), **disputed)
    [row] = compared(ManagerFactory())
    assert (row.value_then, row.value_now) == (500, 750)


def test_users_now_are_those_of_the_line_and_unknown_is_not_none(wednesday) -> None:
    """Of a feed that rests no day is stored since: what was then does not stand for now."""
    row = PortfolioRowFactory(weekly_users=40, weekly_target=50)
    judged(row.engagement, SUNDAY, "on_track", 80, week_target="60")
    judged(PortfolioRowFactory(weekly_users=7).engagement, SUNDAY, "on_track", 80, weekly_active=12, week_target="50")
    found, silent = compared(ManagerFactory())
    assert ((found.then.users, found.then.target), (found.now.users, found.now.target)) == ((None, 60), (40, 50))
    assert (silent.then.users, silent.now.users, silent.now.target) == (12, 7, None)
    assert "40 of 50" in text_of(signed_in(ManagerFactory()), COMPARE)


def test_what_is_unknown_or_stopped_is_never_told_as_quiet(wednesday) -> None:
    row = PortfolioRowFactory(engagement__name="Stopped", band="unknown", score=None, feed_stopped=True)
    judged(row.engagement, SUNDAY, "on_track", 80)
    page = text_of(signed_in(ManagerFactory()), COMPARE)
    assert '<span class="hint block">Nothing calls for attention.</span>A usage feed has stopped. Too little is known to judge.</td>' in page


def test_the_page_keeps_to_ones_own_and_to_weeks_that_are_over(wednesday) -> None:
    mine, theirs = PortfolioRowFactory(engagement__name="Mine"), PortfolioRowFactory(engagement__name="A stranger's")
    client = signed_in(mine.engagement.lead)
    page = text_of(client, f"{COMPARE}?week=2026-W05")
    assert "Mine" in page
    assert theirs.engagement.name not in page
    assert "Nothing matches" in text_of(client, f"{COMPARE}?q=zzz")
    for week in ("2026-W10", "2026-W99", "soon"):
        assert client.get(COMPARE, {"week": week}).status_code == 404


def test_statements_do_not_grow_with_rows(wednesday, django_assert_num_queries) -> None:
    lead = UserFactory()
    client = signed_in(lead)
    client.get(COMPARE)
    for rows in (1, 3, 60):
        for __ in range(rows - visible_rows(lead).count()):
            row = PortfolioRowFactory(engagement__lead=lead)
            judged(row.engagement, SUNDAY, "watch", 60)
        with django_assert_num_queries(8):
            assert client.get(COMPARE).status_code == 200
