"""Health of a day rests on what was known at its close, and the band on all days before it."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest

from engagements.models import (
    Engagement,
    ForecastChange,
    Gate,
    GateCriterion,
    HealthSnapshot,
    Milestone,
    PhaseChange,
    WeekSkip,
)
from engagements.selectors.health import health_history, latest_health
from engagements.services.activity import rebuild_days
from engagements.services.health import backfill_health, refresh_health
from fde_portal.accounts.models import OrganizationSettings
from tests.engagements.deliveries import deliver, noon
from tests.factories.customers import StakeholderFactory, StanceRecordFactory
from tests.factories.engagements import DeliverableFactory, EngagementFactory, MilestoneFactory, WeeklyUpdateFactory
from tests.factories.usage import TargetPopulationFactory, UsageSourceFactory

pytestmark = pytest.mark.django_db

START = date(2026, 1, 5)
TODAY = date(2026, 3, 11)  # a Wednesday
ROLES = ("sponsor", "operational_owner", "technical_owner", "risk_owner", "front_line_user")


@pytest.fixture
def engagement():
    return EngagementFactory(started_on=START)


def day(back: int) -> date:
    return TODAY - timedelta(days=back)


def created(record, on: date):
    """Make a record as old as it would be had it been entered on that day."""
    type(record).objects.filter(pk=record.pk).update(created_at=noon(on))
    return record


def judged(engagement: Engagement, on: date = TODAY) -> HealthSnapshot:
    """The health of a day as it is computed today."""
    backfill_health(engagement, (TODAY - on).days + 1, now=noon(TODAY))
    return HealthSnapshot.objects.get(engagement=engagement, day=on)


def component(snapshot: HealthSnapshot, key: str) -> dict:
    return next(part for part in snapshot.components if part["key"] == key)


def publish(engagement: Engagement, on: date, **fields):
    week = on.isocalendar()
    return WeeklyUpdateFactory(
        engagement=engagement, iso_year=week.year, iso_week=week.week, state="published", published_at=noon(on), **fields
    )


def person(engagement: Engagement, role: str, *, since: date = START, stance: str = "supporter", **fields):
    found = created(StakeholderFactory(customer=engagement.customer, role=role, **fields), since)
    StanceRecordFactory(stakeholder=found, stance=stance, recorded_on=since)
    return found


# Without later knowledge


def test_update_counts_from_the_day_it_was_published(engagement):
    publish(engagement, day(2))

    assert component(judged(engagement, day(3)), "freshness")["reason"][0] == "freshness.no_update_yet"
    assert component(judged(engagement, day(2)), "freshness")["reason"] == [
        "freshness.updated",
        {"days": 0, "cadence": 7, "feed_stopped": False},
    ]


def test_a_skipped_week_counts_once_it_is_known_and_has_begun(engagement):
    publish(engagement, day(40))
    for week in (9, 12):  # that of 23 February, and one that is still to come
        created(WeekSkip.objects.create(engagement=engagement, iso_year=2026, iso_week=week), day(13))
    WeekSkip.objects.create(engagement=EngagementFactory(), iso_year=2026, iso_week=11)

    before, known, later = (component(judged(engagement, day(back)), "freshness") for back in (14, 13, 0))
    assert "skipped" not in before["reason"][1]
    assert known["reason"][1] == {"days": 27, "cadence": 7, "feed_stopped": False, "skipped": True}
    assert [Decimal(found["score"]) for found in (before, known)] == [0, 100]
    assert 0 < Decimal(later["score"]) < 100


def test_publishing_day_is_that_of_the_engagement():
    engagement = EngagementFactory(started_on=START, time_zone="Asia/Shanghai")
    late = datetime.combine(day(3), datetime.min.time(), UTC) + timedelta(hours=20)
    WeeklyUpdateFactory(engagement=engagement, state="published", published_at=late)

    assert component(judged(engagement, day(2)), "freshness")["reason"][1]["days"] == 0


def test_forecast_counts_from_the_day_it_was_changed(engagement):
    milestone = created(MilestoneFactory(engagement=engagement, baseline_on=day(-10), forecast_on=day(-25)), START)
    ForecastChange.objects.create(milestone=milestone, changed_on=day(2), forecast_on=day(-25))

    before, after = (component(judged(engagement, day(back)), "schedule") for back in (3, 2))

    assert (before["score"], before["reason"]) == (100.0, ["schedule.on_plan", {}])
    assert (after["score"], after["reason"]) == (50.0, ["schedule.late", {"count": 1, "worst_slip": 15}])


def test_milestone_is_open_until_the_day_it_was_reached(engagement):
    milestone = MilestoneFactory(engagement=engagement, baseline_on=day(31), kind=Milestone.Kind.GO_LIVE)
    created(milestone, START)
    ForecastChange.objects.create(milestone=milestone, changed_on=day(2), actual_on=day(2))

    assert [rule[0] for rule in judged(engagement, day(3)).reasons] == ["hard.go_live_missed"]
    assert judged(engagement, day(2)).reasons == []


def test_dates_without_history_are_those_of_the_milestone(engagement):
    created(MilestoneFactory(engagement=engagement, baseline_on=day(1), forecast_on=day(-5)), START)

    assert component(judged(engagement), "schedule")["reason"] == ["schedule.late", {"count": 1, "worst_slip": 6}]


def test_milestone_enters_and_leaves_the_plan_with_its_record(engagement):
    created(MilestoneFactory(engagement=engagement, archived_at=noon(day(1))), day(3))

    found = [component(judged(engagement, day(back)), "schedule")["reason"][0] for back in (4, 3, 2, 1)]
    assert found == ["schedule.no_milestones", "schedule.late", "schedule.late", "schedule.no_milestones"]


def test_look_at_the_schedule_in_an_update_keeps_it_fresh(engagement):
    created(MilestoneFactory(engagement=engagement, baseline_on=day(-10)), START)
    publish(engagement, day(20))
    publish(engagement, day(6), schedule_rating="on_track")

    assert component(judged(engagement), "schedule")["age_days"] == 6


def test_stance_counts_from_the_day_it_was_recorded(engagement):
    sponsor = person(engagement, "sponsor", stance="champion")
    StanceRecordFactory(stakeholder=sponsor, stance="blocker", recorded_on=day(2))

    before, after = (component(judged(engagement, day(back)), "relationship") for back in (3, 2))

    # Four of the five roles have nobody: 30 points less, which is the most.
    assert (before["score"], after["score"]) == (70.0, 0.0)
    assert after["reason"] == ["relationship.critics", {"people": 1, "critics": 1, "gaps": 4}]


def test_covered_roles_leave_no_gap_and_strangers_fill_none(engagement):
    for role in ROLES[1:]:
        person(engagement, role)
    person(EngagementFactory(), "sponsor")

    assert component(judged(engagement), "relationship")["reason"][1]["gaps"] == 1


def test_lost_sponsor_puts_at_risk_on_the_day_and_an_heir_ends_it(engagement):
    publish(engagement, START)
    for role in ROLES[1:]:
        person(engagement, role)
    person(engagement, "sponsor", left_on=day(5))
    assert [judged(engagement, day(back)).band for back in (6, 5, 0)] == ["unknown", "at_risk", "at_risk"]
    assert judged(engagement).reasons == [["hard.sponsor_gone", {"left_on": day(5).isoformat()}]]

    person(engagement, "sponsor", since=day(2))

    assert [bool(judged(engagement, day(back)).reasons) for back in (3, 2)] == [True, False]


def test_backup_person_of_a_lost_sponsor_stands_in(engagement):
    heir = person(engagement, "champion")
    person(engagement, "sponsor", left_on=day(5), backup_person=heir)

    assert judged(engagement).reasons == []


def test_phase_of_the_day_decides_which_components_apply(engagement):
    PhaseChange.objects.create(engagement=engagement, phase="prototype", entered_on=START)
    PhaseChange.objects.create(engagement=engagement, phase="pilot", entered_on=day(2))

    keys = [[part["key"] for part in judged(engagement, day(back)).components] for back in (3, 2)]

    assert keys == [
        ["schedule", "relationship", "blockers", "freshness"],
        ["outcomes", "adoption", "schedule", "relationship", "blockers", "freshness"],
    ]


# Adoption


@pytest.fixture
def pilot():
    engagement = EngagementFactory(started_on=START, phase="pilot")
    return UsageSourceFactory(deliverable=DeliverableFactory(engagement=engagement))


def use(source, weeks: dict[int, int]) -> None:
    """n people on the Monday and the Sunday of each week, counted back from the running week."""
    monday = TODAY - timedelta(days=TODAY.weekday())
    for back, people in weeks.items():
        names = [f"person-{n}" for n in range(people)]
        first = monday - timedelta(weeks=back)
        deliver(source, {first: names, first + timedelta(days=6): names[:1]} if back else {first: names})
    rebuild_days(source.deliverable_id, source.deliverable.dirty_days.values_list("day", flat=True))


def adoption_of(source, on: date = TODAY) -> list:
    return component(judged(source.deliverable.engagement, on), "adoption")["reason"]


def test_adoption_is_judged_by_the_last_whole_week(pilot):
    TargetPopulationFactory(deliverable=pilot.deliverable, licences=10, starts_on=START)
    use(pilot, {2: 3, 1: 6, 0: 9})

    assert adoption_of(pilot) == ["adoption.of_target", {"active": 6, "target": 10.0, "trend": None}]
    assert adoption_of(pilot, day(5)) == ["adoption.of_target", {"active": 3, "target": 10.0, "trend": None}]


def test_trend_of_the_weekly_rate_moves_adoption(pilot):
    TargetPopulationFactory(deliverable=pilot.deliverable, licences=10, starts_on=START)
    use(pilot, {8: 9, 7: 8, 6: 7, 5: 6, 4: 5, 3: 4, 2: 3, 1: 2, 0: 1})

    assert adoption_of(pilot)[1]["trend"] == "falling"


def test_change_of_the_targets_breaks_the_trend(pilot):
    TargetPopulationFactory(deliverable=pilot.deliverable, licences=10, starts_on=START, ends_on=day(20))
    TargetPopulationFactory(deliverable=pilot.deliverable, licences=20, starts_on=day(19))
    use(pilot, {8: 9, 7: 8, 6: 7, 5: 6, 4: 5, 3: 4, 2: 3, 1: 2, 0: 1})

    assert adoption_of(pilot)[1]["trend"] is None


def test_week_that_was_not_measured_in_full_is_unknown(pilot):
    TargetPopulationFactory(deliverable=pilot.deliverable, licences=10, starts_on=START)
    deliver(pilot, {TODAY - timedelta(days=5): ["ann"]})

    assert adoption_of(pilot) == ["adoption.no_usage", {}]


def test_stopped_feed_is_no_fall_of_adoption_but_a_signal_of_its_own(pilot):
    TargetPopulationFactory(deliverable=pilot.deliverable, licences=10, starts_on=START)
    use(pilot, {5: 10, 4: 10})

    found = judged(pilot.deliverable.engagement)

    assert component(found, "adoption")["reason"] == ["adoption.no_usage", {}]
    assert component(found, "freshness")["reason"][1]["feed_stopped"] is True


# Days, bands and storing


def test_first_computation_stores_today_only(engagement):
    refresh_health(engagement, now=noon(TODAY), watermark=1, since=START)

    assert [row.day for row in health_history(engagement, 90)] == [TODAY]


def test_missed_days_are_filled_in_by_what_was_known_then(engagement):
    refresh_health(engagement, now=noon(day(4)), watermark=1)
    publish(engagement, day(2))

    refresh_health(engagement, now=noon(TODAY), watermark=2)

    found = [component(row, "freshness")["age_days"] for row in health_history(engagement, 90)]
    assert found == [(day(4) - START).days, (day(3) - START).days, 0, 1, 2]


def test_gap_longer_than_120_days_is_filled_from_there(engagement):
    refresh_health(engagement, now=noon(day(300)), watermark=1)

    refresh_health(engagement, now=noon(TODAY), watermark=2)

    assert [row.day for row in health_history(engagement, 400)][:2] == [day(300), day(120)]


def test_newest_stored_day_is_closed_with_what_came_after_it_was_stored(engagement):
    refresh_health(engagement, now=noon(day(1)), watermark=1)
    publish(engagement, day(1))

    refresh_health(engagement, now=noon(TODAY), watermark=2)

    assert [component(row, "freshness")["age_days"] for row in health_history(engagement, 2)] == [0, 1]


def test_change_of_a_closed_day_reaches_stored_days_from_there_on(engagement):
    for back in (3, 2, 1, 0):
        refresh_health(engagement, now=noon(day(back)), watermark=1)
    publish(engagement, day(3))

    refresh_health(engagement, now=noon(TODAY), watermark=2, since=day(2))

    ages = [component(row, "freshness")["age_days"] for row in health_history(engagement, 4)]
    assert ages == [(day(3) - START).days, 1, 2, 3]


def close(engagement: Engagement, back: int, score: str) -> None:
    HealthSnapshot.objects.create(
        engagement=engagement, day=day(back), watermark=0, computed_at=noon(day(back)), score=Decimal(score),
        band="unknown", coverage=1, components=[],
    )  # fmt: skip


@pytest.mark.parametrize(
    ("closed", "band"),
    [(["70.0"], "on_track"), (["70.0", "68.0"], "watch"), (["60.0"], "watch"), ([], "watch")],
    ids=["just below for one day", "for the second day", "was below before", "nothing before"],
)
def test_band_is_replayed_over_the_days_closed_before(engagement, closed, band):
    for role in ROLES:
        person(engagement, role, since=day(1), stance="neutral")
    created(MilestoneFactory(engagement=engagement, baseline_on=day(-9), forecast_on=day(-27)), TODAY)
    publish(engagement, TODAY)
    for back, score in enumerate(reversed(closed), start=1):
        close(engagement, back, score)

    found = judged(engagement)

    assert (found.score, found.band) == (Decimal("68.5"), band)


def test_bands_follow_the_settings_of_the_organization(engagement):
    publish(engagement, TODAY)
    for role in ROLES:
        person(engagement, role, stance="neutral", since=day(1))
    created(MilestoneFactory(engagement=engagement, baseline_on=day(-9)), TODAY)
    assert judged(engagement).band == "on_track"

    organization = OrganizationSettings.current()
    organization.on_track_from, organization.watch_from = 99, 10
    organization.save()

    assert judged(engagement).band == "watch"


def test_stored_components_explain_the_whole_score(engagement):
    publish(engagement, TODAY)
    for role in ROLES:
        person(engagement, role, since=day(1))
    created(MilestoneFactory(engagement=engagement, baseline_on=day(-9), forecast_on=day(-24)), TODAY)

    found = judged(engagement)

    assert found.components == [
        {
            "key": "schedule",
            "band": "watch",
            "weight": 15.0,
            "full_weight": 15,
            "score": 50.0,
            "contribution": 15.0,
            "age_days": 0,
            "reason": ["schedule.late", {"count": 1, "worst_slip": 15}],
        },
        {
            "key": "relationship",
            "band": "on_track",
            "weight": 15.0,
            "full_weight": 15,
            "score": 80.0,
            "contribution": 24.0,
            "age_days": 1,
            "reason": ["relationship.no_critics", {"people": 5, "critics": 0, "gaps": 0}],
        },
        {
            "key": "blockers",
            "band": "on_track",
            "weight": 10.0,
            "full_weight": 10,
            "score": 100.0,
            "contribution": 20.0,
            "age_days": 0,
            "reason": ["blockers.none", {"standing": 0, "escalated": 0, "risks": 0}],
        },
        {
            "key": "freshness",
            "band": "on_track",
            "weight": 10.0,
            "full_weight": 10,
            "score": 100.0,
            "contribution": 20.0,
            "age_days": 0,
            "reason": ["freshness.updated", {"days": 0, "cadence": 7, "feed_stopped": False}],
        },
    ]
    assert (found.score, found.coverage, found.band) == (Decimal("79.0"), Decimal("1.000"), "on_track")


def test_score_is_cut_and_not_rounded(engagement):
    """15 for the schedule, 23.16 for the relationship, 20 and 20: 78.16 and more sixes."""
    publish(engagement, TODAY)
    person(engagement, ROLES[0], since=day(1), stance="neutral", influence=1)
    for role in ROLES[1:]:
        person(engagement, role, since=day(1), influence=2)
    created(MilestoneFactory(engagement=engagement, baseline_on=day(-9), forecast_on=day(-24)), TODAY)

    assert judged(engagement).score == Decimal("78.1")


def test_too_little_knowledge_is_unknown_and_has_no_score(engagement):
    publish(engagement, TODAY)

    found = judged(engagement)

    assert (found.score, found.coverage, found.band) == (None, Decimal("0.400"), "unknown")


def test_computing_twice_changes_nothing(engagement):
    publish(engagement, day(2))
    backfill_health(engagement, 5, now=noon(TODAY))
    stored = list(HealthSnapshot.objects.order_by("pk").values())

    backfill_health(engagement, 5, now=noon(TODAY))

    assert list(HealthSnapshot.objects.order_by("pk").values()) == stored


def test_older_computation_never_overwrites_a_newer_one(engagement):
    refresh_health(engagement, now=noon(TODAY), watermark=5)
    publish(engagement, TODAY)

    refresh_health(engagement, now=noon(TODAY), watermark=4)

    assert component(latest_health(engagement), "freshness")["age_days"] == (TODAY - START).days


@pytest.mark.parametrize("days", [1, 60])
def test_statements_do_not_grow_with_days(engagement, days, django_assert_max_num_queries):
    OrganizationSettings.current()

    with django_assert_max_num_queries(27):
        backfill_health(engagement, days, now=noon(TODAY))


def test_a_hard_criterion_that_fails_in_production_counts_from_the_day_it_was_answered(engagement):
    PhaseChange.objects.create(engagement=engagement, phase="production", entered_on=START)
    for owner in (engagement, EngagementFactory()):
        gate = Gate.objects.create(engagement=owner, phase="pilot", round=1)
        GateCriterion.objects.create(gate=gate, text="Rollback tried", answer="fail", answered_at=noon(day(2)))
        GateCriterion.objects.create(gate=gate, text="Shadow run", answer="unknown")

    assert judged(engagement, day(3)).reasons == []
    assert judged(engagement, day(2)).reasons == [["hard.criterion_failed", {"count": 1}]]
