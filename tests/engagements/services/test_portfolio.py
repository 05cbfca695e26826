"""The worker makes the portfolio's line from the newest snapshots and records."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest

from engagements.models import Band, Engagement, HealthSnapshot, MetricSnapshot, PortfolioRow
from engagements.services.portfolio import refresh_portfolio_row
from fde_portal.core import charts
from tests.factories.engagements import EngagementFactory, MilestoneFactory, WeeklyUpdateFactory

pytestmark = pytest.mark.django_db
TODAY = date(2026, 3, 4)
NOW = datetime(2026, 3, 4, 9, 0, tzinfo=UTC)


def health(engagement: Engagement, day: date, score: str | None, band: str = Band.ON_TRACK, reasons: tuple = ()) -> None:
    HealthSnapshot.objects.create(
        engagement=engagement, day=day, watermark=1, computed_at=NOW, band=band, coverage=Decimal(1), reasons=list(reasons),
        score=None if score is None else Decimal(score),
        components=[{"key": "schedule", "weight": 15.0, "full_weight": 15, "score": score and float(score)}],
    )  # fmt: skip


def refreshed(engagement: Engagement) -> PortfolioRow:
    refresh_portfolio_row(engagement, today=TODAY, now=NOW)
    return PortfolioRow.objects.get(engagement=engagement)


def test_a_new_engagement_is_unknown_and_asks_for_nothing() -> None:
    row = refreshed(EngagementFactory(started_on=TODAY))
    assert (row.band, row.score, row.rank, row.reason) == (Band.UNKNOWN, None, 2, None)
    assert (row.weekly_users, row.npv, row.milestone_title) == (None, None, "")


def test_work_that_never_had_an_update_is_as_stale_as_it_is_old() -> None:
    row = refreshed(EngagementFactory(started_on=TODAY - timedelta(days=20)))
    assert (row.rank, row.stale_over, row.reason) == (1, 13, ["attention.stale", {"count": 20}])


def test_the_trend_holds_twelve_weekly_scores_that_end_today() -> None:
    engagement = EngagementFactory()
    for week in range(14):
        health(engagement, TODAY - timedelta(weeks=week), str(80 - week))
    row = refreshed(engagement)
    assert row.trend_svg == charts.spark_svg([69, 70, 71, 72, 73, 74, 75, 76, 77, 78, 79, 80], "good", 70)
    assert (row.score, row.change) == (80, 1)


def test_a_fall_of_two_weeks_is_the_reason() -> None:
    engagement = EngagementFactory()
    health(engagement, TODAY - timedelta(days=14), "75.4")
    health(engagement, TODAY, "60.0", band=Band.WATCH)
    row = refreshed(engagement)
    assert (row.rank, row.fall, row.reason) == (1, Decimal("15.4"), ["attention.fell", {"count": 15}])


def test_the_fall_that_is_told_is_the_one_between_the_scores_shown() -> None:
    engagement = EngagementFactory()
    health(engagement, TODAY - timedelta(days=14), "96.4")
    health(engagement, TODAY, "92.6")
    assert refreshed(engagement).reason == ["attention.fell", {"count": 96 - 93}]


def test_a_fall_of_which_silence_made_a_part_is_told_whole() -> None:
    engagement = EngagementFactory()
    for back, score, met, weight in ((14, "55", 70.0, 15.0), (0, "31", 50.0, 5.0)):
        health(engagement, TODAY - timedelta(days=back), score, band=Band.AT_RISK)
        parts = [{"key": "schedule", "weight": weight, "full_weight": 15, "score": met}]
        HealthSnapshot.objects.filter(engagement=engagement, day=TODAY - timedelta(days=back)).update(components=parts)
    assert refreshed(engagement).reason == ["attention.fell", {"count": 24}]


def test_a_hard_rule_speaks_first() -> None:
    engagement = EngagementFactory()
    health(engagement, TODAY, "80", band=Band.AT_RISK, reasons=(["hard.sponsor_gone", {"left_on": "2026-03-01"}],))
    assert refreshed(engagement).reason == ["hard.sponsor_gone", {"left_on": "2026-03-01"}]


def test_the_next_milestone_is_the_open_one_expected_first() -> None:
    engagement = EngagementFactory()
    MilestoneFactory(engagement=engagement, title="Done", baseline_on=date(2026, 1, 5), actual_on=date(2026, 1, 5))
    MilestoneFactory(engagement=engagement, title="Later", baseline_on=date(2026, 6, 1))
    MilestoneFactory(engagement=engagement, title="Next", baseline_on=date(2026, 3, 10), forecast_on=date(2026, 3, 20))
    row = refreshed(engagement)
    assert (row.milestone_title, row.milestone_on, row.milestone_slip) == ("Next", date(2026, 3, 20), 10)


def test_a_date_that_has_passed_counts_as_late_until_today() -> None:
    engagement = EngagementFactory()
    MilestoneFactory(engagement=engagement, baseline_on=TODAY - timedelta(days=5))
    row = refreshed(engagement)
    assert (row.milestone_slip, row.overdue_milestones) == (5, 1)


def test_users_are_targets_active_and_value_comes_from_the_newest_snapshot() -> None:
    engagement = EngagementFactory()
    values = {
        "wau": 40, "last_usage_day": "2026-03-03", "weekly_target": 50, "feed_stopped": False,
        "adoption": {"numerator": 38, "denominator": 90}, "value": {"npv": "1234.50", "currency": "CNY"},
    }  # fmt: skip
    MetricSnapshot.objects.create(
        engagement=engagement, day=TODAY, definition_version=1, watermark=1, computed_at=NOW, values=values
    )
    row = refreshed(engagement)
    assert (row.weekly_users, row.weekly_target, row.full_target) == (38, 50, 90)
    assert (row.npv, row.npv_currency, row.value_at_stake) == (Decimal("1234.50"), "CNY", Decimal("1234.50"))


def test_the_last_update_is_dated_in_the_engagements_zone() -> None:
    engagement = EngagementFactory(time_zone="Asia/Shanghai")
    WeeklyUpdateFactory(
        engagement=engagement, state="published", headline="Live", published_at=datetime(2026, 3, 1, 20, 0, tzinfo=UTC)
    )
    row = refreshed(engagement)
    assert (row.headline, row.last_update_on) == ("Live", date(2026, 3, 2))


def test_refreshing_twice_leaves_one_row() -> None:
    engagement = EngagementFactory()
    first, second = refreshed(engagement), refreshed(engagement)
    assert first.pk == second.pk


def test_a_row_that_cannot_be_read_is_written_over() -> None:
    engagement = EngagementFactory()
    refreshed(engagement)
    too_long = Decimal("9999999999999999.99")  # which SQLite rounds up to one digit more than the column has
    PortfolioRow.objects.filter(engagement=engagement).update(npv=too_long, value_at_stake=too_long)
    row = refreshed(engagement)
    assert (row.npv, row.value_at_stake) == (None, 0)


def test_a_value_that_the_columns_cannot_hold_is_left_out() -> None:
    engagement = EngagementFactory()
    values = {"feed_stopped": False, "value": {"npv": "11999999999976000000000000.00", "currency": "EUR"}}
    MetricSnapshot.objects.create(engagement=engagement, day=TODAY, definition_version=1, watermark=1, computed_at=NOW, values=values)
    row = refreshed(engagement)
    assert (row.npv, row.npv_currency, row.value_at_stake) == (None, "", 0)


def test_what_a_stopped_feed_last_said_is_unknown_and_not_few() -> None:
    engagement = EngagementFactory()
    values = {"wau": 2, "last_usage_day": "2026-02-20", "weekly_target": 50, "feed_stopped": True,
              "adoption": {"numerator": 2, "denominator": 85}, "value": None}  # fmt: skip
    MetricSnapshot.objects.create(
        engagement=engagement, day=TODAY, definition_version=1, watermark=1, computed_at=NOW, values=values
    )
    row = refreshed(engagement)
    assert (row.weekly_users, row.feed_stopped) == (None, True)


@pytest.mark.parametrize(("reported", "weeks", "reason"), [("on_track", 2, "attention.rosier"), ("watch", 0, "attention.fell")])
def test_two_weeks_reported_better_than_the_facts_are_an_alarm(reported: str, weeks: int, reason: str) -> None:
    engagement = EngagementFactory()
    health(engagement, TODAY - timedelta(days=14), "80")
    health(engagement, TODAY, "60.0", band=Band.WATCH)
    stranger = EngagementFactory()
    for number, week in enumerate((9, 10)):
        published = {"iso_week": week, "state": "published", "published_at": NOW - timedelta(days=7 - 7 * number)}
        for one, rating in ((engagement, reported), (stranger, "on_track")):
            WeeklyUpdateFactory(engagement=one, **published, schedule_rating=rating, derived_health={"band": "watch"})
    row = refreshed(engagement)
    assert (row.rosier_weeks, row.reason[0]) == (weeks, reason)


def test_one_week_reported_better_is_no_alarm_yet() -> None:
    engagement = EngagementFactory()
    for week, frozen in ((9, "on_track"), (10, "at_risk")):
        WeeklyUpdateFactory(engagement=engagement, iso_week=week, state="published", published_at=NOW, value_rating="on_track",
                            derived_health={"band": frozen})  # fmt: skip
    row = refreshed(engagement)
    assert (row.rosier_weeks, row.reason) == (1, None)


def test_a_fall_that_only_a_missing_update_made_is_told_as_that() -> None:
    engagement = EngagementFactory()
    for back, score, fresh in ((14, "84", 100.0), (0, "76", 20.0)):
        health(engagement, TODAY - timedelta(days=back), score)
        parts = [{"key": "schedule", "weight": 15.0, "full_weight": 15, "score": 80.0},
                 {"key": "freshness", "weight": 10.0, "full_weight": 10, "score": fresh}]  # fmt: skip
        HealthSnapshot.objects.filter(engagement=engagement, day=TODAY - timedelta(days=back)).update(components=parts)
    WeeklyUpdateFactory(engagement=engagement, state="published", published_at=NOW - timedelta(days=20))
    row = refreshed(engagement)
    assert (row.fall, row.reason) == (Decimal("8.0"), ["attention.stale", {"count": 20}])
