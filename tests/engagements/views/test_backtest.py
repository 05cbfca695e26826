"""The back-test page: what became of a week's warnings, for managers, against two simple rivals."""

from datetime import date, timedelta

import pytest
from django.test import Client
from django.utils import timezone

from engagements.metrics.backtest import Share
from engagements.models import HealthSnapshot
from engagements.selectors.backtest import backtest, weeks_to_test
from fde_portal.accounts import audit
from fde_portal.accounts.models import AuditEvent, OrganizationSettings
from tests.engagements.deliveries import noon
from tests.engagements.health_world import publish
from tests.factories.engagements import EngagementFactory
from tests.factories.people import ManagerFactory, UserFactory
from tests.factories.portfolio import PortfolioRowFactory

pytestmark = pytest.mark.django_db
PAGE = "/portfolio/backtest/"


@pytest.fixture
def week() -> date:
    """The newest Sunday whose eight weeks are over."""
    today = timezone.localdate()
    return today - timedelta(weeks=8, days=today.isoweekday() % 7)


def facts(week: date, *, expected: date, users: int | None, updated: date) -> dict:
    milestone = {"baseline": (week + timedelta(days=90)).isoformat(), "expected": expected.isoformat(), "actual": None, "is_next": True, "is_go_live": False, "ref": 1}
    return {
        "phase": "pilot",
        "adoption": {"weekly_active": users, "week_target": None, "trend": None},
        "schedule": {"milestones": [milestone], "reviewed_on": None},
        "relationship": {"stances": [], "coverage_gaps": 0, "sponsor_left_on": None, "pulses": []},
        "freshness": {"started_on": "2020-01-01", "last_update_on": updated.isoformat(), "cadence_days": 7, "feed_stopped": False},
    }


def lived(week: date, band: str, *, slip: int = 0, users: int = 0, late: int = 0, reported: str = "", zone: str = "UTC"):
    """An engagement with a band in the week, and what its milestone and users did five weeks later."""
    engagement, expected = EngagementFactory(time_zone=zone), week + timedelta(days=90)
    for weeks, moved, lost in ((0, 0, 0), (5, slip, users)):
        day = week + timedelta(weeks=weeks)
        HealthSnapshot.objects.create(
            engagement=engagement, day=day, watermark=1, computed_at=noon(day), band=band, coverage=1, components=[], score=50,
            facts=facts(week, expected=expected + timedelta(days=moved), users=40 - lost, updated=week - timedelta(days=late)),
        )  # fmt: skip
    if reported:
        publish(engagement, week - timedelta(days=2), schedule_rating=reported)
    return engagement


def test_each_end_is_counted_by_warning(week):
    lived(week, "at_risk", slip=10, reported="on_track")
    lived(week, "watch", users=13, late=20)
    lived(week, "watch", slip=6, users=11)
    lived(week, "on_track", reported="watch")
    lived(week, "unknown", slip=30)

    found = backtest(ManagerFactory(), [week]).pooled.contrasts

    assert (found["slipped"]["health"].warned, found["slipped"]["health"].rest) == (Share(1, 3), Share(0, 1))
    assert found["slipped"]["health"].unjudged == 1
    assert found["lost_users"]["health"].warned == Share(1, 3)
    assert found["any"]["health"].warned == Share(2, 3)
    assert (found["slipped"]["self_report"].warned, found["slipped"]["self_report"].rest) == (Share(0, 1), Share(1, 1))
    assert (found["any"]["no_update"].warned, found["any"]["no_update"].rest) == (Share(1, 1), Share(2, 4))


def test_days_of_before_facts_were_kept_are_not_counted(week):
    lived(week, "watch")
    old = lived(week, "at_risk", slip=10)
    HealthSnapshot.objects.filter(engagement=old).update(facts={})
    lived(week - timedelta(weeks=30), "watch")
    HealthSnapshot.objects.filter(day__lt=week).update(facts={})
    manager = ManagerFactory()

    assert backtest(manager, [week]).pooled.judged == 1
    assert weeks_to_test(manager, timezone.localdate()) == [week]


@pytest.mark.parametrize(("days", "counted"), [(10, 1), (56, 1), (60, 0), (-3, 0)])
def test_what_was_cancelled_within_eight_weeks_counts(week, days, counted):
    engagement = lived(week, "watch")
    audit.record("change_status", engagement, by=ManagerFactory(), old="active", new="cancelled")
    moved = noon(week + timedelta(days=days))
    super(type(AuditEvent.objects.all()), AuditEvent.objects.all()).update(at=moved)

    assert backtest(ManagerFactory(), [week]).pooled.contrasts["cancelled"]["health"].warned == Share(counted, 1)


@pytest.mark.parametrize(("zone", "is_within"), [("Pacific/Auckland", False), ("UTC", True), ("Pacific/Honolulu", True)])
@pytest.mark.parametrize("reader", ["Pacific/Auckland", "Pacific/Honolulu"])
def test_days_are_the_engagements_own_whoever_reads(week, zone, is_within, reader):
    """Half past noon in UTC on the Sunday, and on the last day of the eight weeks, is the next day in Auckland."""
    engagement = lived(week, "watch", zone=zone)
    publish(engagement, week - timedelta(days=9), schedule_rating="on_track")
    publish(engagement, week, schedule_rating="watch", published_at=noon(week) + timedelta(minutes=30))
    audit.record("change_status", engagement, by=ManagerFactory(), old="active", new="cancelled")
    moved = noon(week + timedelta(weeks=8)) + timedelta(minutes=30)
    super(type(AuditEvent.objects.all()), AuditEvent.objects.all()).update(at=moved)

    with timezone.override(reader):
        found = backtest(ManagerFactory(), [week]).pooled.contrasts["cancelled"]

    assert found["health"].warned == Share(is_within, 1)
    assert (found["self_report"].warned, found["self_report"].rest) == ((Share(1, 1), Share(0, 0)) if is_within else (Share(0, 0), Share(0, 1)))


def test_only_weeks_that_are_over_are_offered(week):
    lived(week, "watch")
    lived(week + timedelta(weeks=1), "watch")
    lived(week - timedelta(days=1), "watch")

    assert weeks_to_test(ManagerFactory(), timezone.localdate()) == [week]


def signed_in(person) -> Client:
    client = Client()
    client.force_login(person)
    return client


def test_the_page_says_too_few_and_does_not_pretend(week):
    lived(week, "at_risk", slip=10)
    page = signed_in(ManagerFactory()).get(PAGE).content.decode()

    assert "Too few to say" in page
    assert "1 of 1: 100%, between 21% and 100%" in page
    assert "Tells them apart" not in page


def test_enough_on_both_sides_that_differ_are_told_apart(week):
    for number in range(11):
        lived(week, "watch", slip=10)
        lived(week, "on_track", slip=10 if number == 0 else 0)
    page = signed_in(ManagerFactory()).get(f"{PAGE}?since={week}&until={week}").content.decode()

    assert "Tells them apart" in page
    assert "No update for more than 14 days" in page


def test_before_eight_weeks_the_page_says_so():
    assert "Too few weeks yet" in signed_in(ManagerFactory()).get(PAGE).content.decode()


@pytest.mark.parametrize("bad", ["2020-01-05", "soon"])
@pytest.mark.parametrize("end", ["since", "until"])
def test_a_week_that_is_not_offered_is_not_found(week, bad, end):
    lived(week, "watch")
    assert signed_in(ManagerFactory()).get(f"{PAGE}?{end}={bad}").status_code == 404


def test_weeks_are_counted_together_where_no_two_look_at_the_same_weeks_after(week):
    """Of three weeks the newest and the one eight weeks before it; the one between would count the same slip twice."""
    weeks = [week, week - timedelta(weeks=2), week - timedelta(weeks=8)]
    for each in weeks:
        lived(each, "watch", slip=10)
    found = backtest(ManagerFactory(), weeks)
    assert list(found.pooled.weeks) == [weeks[0], weeks[2]]
    assert found.pooled.contrasts["slipped"]["health"].warned == Share(2, 2)
    assert [(one.weeks, one.judged) for one in found.weeks] == [([each], 1) for each in weeks]


def test_each_week_of_many_is_told_as_it_is_told_alone(week):
    weeks = [week - timedelta(weeks=back) for back in range(12)]
    for number, each in enumerate(weeks):
        lived(each, "at_risk" if number % 3 else "on_track", slip=number, users=number, late=number, reported="watch" if number % 2 else "on_track")
    manager = ManagerFactory()
    together = backtest(manager, weeks)
    for one in together.weeks:
        assert one == backtest(manager, one.weeks).pooled


def test_the_page_counts_all_weeks_together_and_lists_each_with_its_own_page(week):
    before = week - timedelta(weeks=8)
    for number in range(6):
        for each in (week, before):
            lived(each, "watch", slip=10)
            lived(each, "on_track", slip=10 if number == 0 else 0)
    client = signed_in(ManagerFactory())
    page = client.get(PAGE).content.decode()
    assert "12 of 12: 100%" in page and "Tells them apart" in page
    assert page.count('<th role="rowheader" scope="row"><a class="link"') == 3  # one of them five weeks after the first
    alone = client.get(f"{PAGE}?since={before}&until={before}").content.decode()
    assert "6 of 6: 100%" in alone and "Tells them apart" not in alone
    assert f'<option value="{before}" selected>' in alone


def test_the_ends_of_a_range_may_be_given_either_way_round(week):
    for back in (0, 8, 16):
        lived(week - timedelta(weeks=back), "watch")
    page = signed_in(ManagerFactory()).get(f"{PAGE}?since={week}&until={week - timedelta(weeks=8)}").content.decode()
    assert "2 engagements counted" in page


def test_only_managers_open_it_and_the_portfolio_leads_there(week):
    assert signed_in(UserFactory()).get(PAGE).status_code == 403
    lead = PortfolioRowFactory().engagement.lead
    assert PAGE in signed_in(ManagerFactory()).get("/portfolio/").content.decode()
    assert PAGE not in signed_in(lead).get("/portfolio/").content.decode()


@pytest.mark.parametrize("count", [1, 3, 12])
def test_statements_do_not_grow_with_engagements_or_weeks(week, count, django_assert_max_num_queries):
    weeks = [week - timedelta(weeks=back) for back in range(count)]
    for each in weeks:
        lived(each, "watch")
    manager = ManagerFactory()
    OrganizationSettings.current()
    with django_assert_max_num_queries(5):
        backtest(manager, weeks)
