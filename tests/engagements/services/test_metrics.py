"""Snapshots of the headline figures: what they hold, of which day, and when they are replaced."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest

from engagements.metrics.rounding import round_half_up
from engagements.models import Actor, Deliverable, MetricSnapshot, ValueAmount, ValueCase, ValueLine
from engagements.selectors.metric import latest_deliverable_metrics, latest_metrics
from engagements.services.activity import rebuild_days
from engagements.services.metrics import refresh_metrics
from engagements.services.recomputes import request_recompute, run_recompute
from engagements.services.targets import name_targets
from tests.engagements.deliveries import compute, deliver, noon
from tests.engagements.metrics.published import cases
from tests.factories.engagements import DeliverableFactory, EngagementFactory
from tests.factories.usage import TargetPopulationFactory, UsageSourceFactory

pytestmark = pytest.mark.django_db

MONDAY = date(2026, 3, 2)
SUNDAY = MONDAY + timedelta(days=6)


@pytest.fixture
def engagement():
    return EngagementFactory()


@pytest.fixture
def source(engagement):
    return UsageSourceFactory(deliverable=DeliverableFactory(engagement=engagement))


def values(engagement) -> dict:
    return latest_metrics(engagement).values


# The day the figures are made for


def test_figures_are_of_yesterday_until_usage_of_today_arrives(engagement, source):
    deliver(source, {MONDAY: ["ann"], MONDAY + timedelta(days=1): ["ann"]})
    compute(engagement, on=MONDAY + timedelta(days=2))
    assert latest_metrics(engagement).day == MONDAY + timedelta(days=1)

    deliver(source, {MONDAY + timedelta(days=2): ["ben"]})
    compute(engagement, on=MONDAY + timedelta(days=2))

    assert latest_metrics(engagement).day == MONDAY + timedelta(days=2)
    assert (values(engagement)["dau"], values(engagement)["wau"]) == (1, 2)


def test_today_is_that_of_the_engagement():
    engagement = EngagementFactory(time_zone="Asia/Shanghai")
    request_recompute(engagement.pk)

    run_recompute(engagement.pk, now=datetime(2026, 3, 2, 17, tzinfo=UTC))  # 01:00 on the 3rd there

    assert latest_metrics(engagement).day == MONDAY


# What the headline holds


def test_headline_counts_people_and_days(engagement, source):
    deliver(source, {MONDAY - timedelta(days=20): ["cas"], MONDAY: ["ann", "ben"], SUNDAY: ["ann"]}, seconds_saved=60)

    compute(engagement, on=SUNDAY)

    assert values(engagement) == {
        "as_of": "2026-03-08",
        "dau": 1,
        "wau": 2,
        "mau28": 3,
        "stickiness": "0.047619",  # 4 active days / 28 / 3
        "adoption": {
            "numerator": 2,
            "denominator": None,
            "rate": None,
            "beyond_target": 0,
            "more_users_than_licences": False,
            "basis": None,
        },
        "activation": None,
        "weekly_target": None,
        "seconds_saved_28": 240,
        "last_usage_day": "2026-03-08",
        "feed_stopped": False,
        "covered_until": "2026-03-08",
        "value": None,
        "reached": {
            "begun_on": "2026-01-05",
            "first_value_on": "2026-02-10",
            "days_to_value": 36,
            "people": None,
            "first_accepted_on": None,
            "days_to_accepted": None,
            "costed_from": "2026-02-10",
            "outcomes": [4, 0, 0, 0, 0],
            "operating_cost": None,
            "cost_of_one": None,
            "currency": "",
        },
    }


def test_what_was_never_measured_is_unknown_and_not_zero(engagement, source):
    compute(engagement, on=SUNDAY)

    found = latest_metrics(engagement)
    assert [found.values[key] for key in ("dau", "wau", "mau28", "stickiness", "last_usage_day")] == [None] * 5
    assert found.series == {"weeks": [], "retention": {"rows": [], "running": None}, "cumulative": []}


def test_engagement_counts_a_person_of_two_deliverables_once(engagement, source):
    other = UsageSourceFactory(deliverable=DeliverableFactory(engagement=engagement))
    deliver(source, {SUNDAY: ["ann", "ben"]})
    deliver(other, {SUNDAY: ["ben", "cas", "dot"]})

    compute(engagement, on=SUNDAY)

    parts = latest_deliverable_metrics(engagement)
    assert values(engagement)["wau"] == 4
    assert {pk: part.values["wau"] for pk, part in parts.items()} == {
        source.deliverable_id: 2,
        other.deliverable_id: 3,
    }


def test_strangers_of_another_engagement_do_not_count(engagement, source):
    deliver(UsageSourceFactory(), {SUNDAY: ["eve"]})
    deliver(source, {SUNDAY: ["ann"]})

    compute(engagement, on=SUNDAY)

    assert values(engagement)["wau"] == 1


def test_archived_deliverable_leaves_the_figures(engagement, source):
    deliver(source, {SUNDAY: ["ann"]})
    compute(engagement, on=SUNDAY)
    engagement.deliverables.update(archived_at=noon(SUNDAY))

    compute(engagement, on=SUNDAY + timedelta(days=1))

    assert values(engagement)["wau"] is None
    assert latest_deliverable_metrics(engagement) == {}


def test_target_list_counts_the_person_behind_an_alias_and_no_staff(engagement, source):
    deliver(source, {SUNDAY: ["ann", "ann-old", "bot"]})
    ann, old, bot = Actor.objects.order_by("ordinal")
    Actor.objects.filter(pk=old.pk).update(alias_of=ann)
    Actor.objects.filter(pk=bot.pk).update(kind=Actor.Kind.BOT)
    rebuild_days(source.deliverable_id, [SUNDAY])
    for actor in (ann, old, bot):
        TargetPopulationFactory(deliverable=source.deliverable, actor=actor, licences=None)

    compute(engagement, on=SUNDAY)

    adoption = values(engagement)["adoption"]
    assert (adoption["numerator"], adoption["denominator"], adoption["basis"]) == (1, 1, "named")


def test_activation_follows_the_rule_of_its_deliverable_and_is_told_of_single_ones_only(engagement, source):
    people, tuesday = ["ann", "ben", "cas"], MONDAY + timedelta(days=1)
    other = UsageSourceFactory(deliverable=DeliverableFactory(engagement=engagement, name="Second", activation_within=5))
    Deliverable.objects.filter(pk=source.deliverable_id).update(activation_days=2, activation_within=3)
    for feed in (source, other):
        deliver(feed, {MONDAY: people[:2], tuesday: ["ann"]})
        name_targets(deliverable=feed.deliverable, names=people, by=engagement.lead, starts_on=MONDAY)

    compute(engagement, on=SUNDAY)

    found = {pk: stored.values["activation"] for pk, stored in latest_deliverable_metrics(engagement).items()}
    assert found == {
        source.deliverable_id: {"reached": 1, "old_enough": 3, "too_young": 0},
        other.deliverable_id: {"reached": 2, "old_enough": 3, "too_young": 0},
    }
    assert values(engagement)["activation"] is None


def test_last_day_of_the_week_decides_its_target(engagement, source):
    TargetPopulationFactory(
        deliverable=source.deliverable, licences=14, starts_on=MONDAY, full_adoption_on=MONDAY + timedelta(days=14)
    )
    deliver(source, {MONDAY: ["ann"]})

    compute(engagement, on=MONDAY)

    assert values(engagement)["weekly_target"] == 6
    assert [week["target"] for week in latest_metrics(engagement).series["weeks"]] == [6]


@pytest.mark.parametrize(
    ("cadence", "silent_days", "stopped"), [(1, 3, False), (1, 4, True), (7, 14, False), (7, 15, True)]
)
def test_feed_has_stopped_after_two_cadences_but_not_over_a_weekend(engagement, source, cadence, silent_days, stopped):
    source.cadence_days = cadence
    source.save()
    deliver(source, {MONDAY: ["ann"]})

    # One day more, because figures are of yesterday.
    compute(engagement, on=MONDAY + timedelta(days=silent_days + 1))

    assert values(engagement)["feed_stopped"] is stopped


def test_source_that_never_delivered_has_not_stopped(engagement, source):
    compute(engagement, on=SUNDAY)

    assert values(engagement)["feed_stopped"] is False


# Value


def save_case(engagement, title: str, **fields) -> ValueCase:
    return ValueCase.objects.create(engagement=engagement, title=title, starts_on=MONDAY, **fields)


def save_line(case: ValueCase, kind: str, amounts: list, **fields) -> None:
    line = ValueLine.objects.create(case=case, name=kind, kind=kind, **fields)
    for year, amount in enumerate(amounts):
        ValueAmount.objects.create(line=line, year=year, amount=amount)


@pytest.mark.parametrize("published", cases("roi.json", "tei_cash_flow"), ids=lambda case: case["id"])
def test_published_cash_flow_is_stored_to_the_dollar(engagement, published):
    given, expected = published["input"], published["expected"]
    case = save_case(
        engagement, "Study", years=len(given["costs"]) - 1, discount_rate=given["discount_rate"], weighs_confidence=False
    )
    save_line(case, "revenue", given["benefits"])
    save_line(case, "engineering", given["costs"])

    compute(engagement, on=MONDAY)

    value = values(engagement)["value"]
    money = expected.keys() & value.keys() - {"roi_pct"}
    assert {key: round_half_up(Decimal(value[key])) for key in money} == {key: expected[key] for key in money}
    roi_pct = Decimal(value["roi_pct"])
    assert expected["roi_pct"] in {int(roi_pct), int(round_half_up(roi_pct))}  # printed rounded or cut
    months = Decimal(value["payback_years"]) * 12
    assert months == expected["payback_months"] if "payback_months" in expected else months < 6
    net = [benefit - cost for benefit, cost in zip(given["benefits"], given["costs"], strict=True)]
    rows = latest_metrics(engagement).series["cumulative"]
    assert [Decimal(row["net"]) for row in rows] == net
    assert Decimal(rows[-1]["cumulative"]) == sum(net)


def test_newest_case_that_is_not_archived_is_the_one_shown(engagement):
    save_case(engagement, "Older", currency="CNY")
    save_case(engagement, "Newest", archived_at=noon(MONDAY))

    compute(engagement, on=MONDAY)

    value = values(engagement)["value"]
    assert (value["title"], value["currency"], value["npv"], value["roi_pct"]) == ("Older", "CNY", "0.00", None)


def test_deliverable_has_no_value_of_its_own(engagement, source):
    save_case(engagement, "Study")
    deliver(source, {MONDAY: ["ann"]})

    compute(engagement, on=MONDAY)

    assert latest_deliverable_metrics(engagement)[source.deliverable_id].values["value"] is None


# Series


def test_weeks_begin_with_the_first_measured_one_and_end_with_the_running_one(engagement, source):
    deliver(source, {MONDAY - timedelta(days=3): ["ann"], MONDAY + timedelta(days=8): ["ann", "ben"]})

    compute(engagement, on=MONDAY + timedelta(days=8))

    weeks = latest_metrics(engagement).series["weeks"]
    assert [(week["start"], week["partial"], week["wau"], week["new"], week["dormant"]) for week in weeks] == [
        ("2026-02-23", True, 1, 1, 0),
        ("2026-03-02", False, 0, 0, 1),
        ("2026-03-09", True, 2, 1, 0),
    ]


def test_series_keeps_26_whole_weeks_before_the_running_one_and_the_newcomers_of_before(engagement, source):
    days = {MONDAY - timedelta(weeks=back): ["ann"] for back in range(40)}
    deliver(source, days)

    compute(engagement, on=MONDAY)

    series = latest_metrics(engagement).series
    assert (len(series["weeks"]), series["weeks"][0]["new"], series["weeks"][-1]["partial"]) == (27, 0, True)
    assert [row["size"] for row in series["retention"]["rows"]] == [0] * 12


def test_retention_follows_those_who_started(engagement, source):
    deliver(
        source,
        {MONDAY: ["ann", "ben"], MONDAY + timedelta(days=7): ["ben", "cas"], MONDAY + timedelta(days=20): ["cas"]},
    )

    compute(engagement, on=MONDAY + timedelta(days=20))

    rows = latest_metrics(engagement).series["retention"]["rows"]
    assert [(row["start"], row["size"], row["cells"]) for row in rows] == [
        ("2026-03-02", 2, [2, 1, 0]),
        ("2026-03-09", 1, [1, 1]),
        ("2026-03-16", 0, [0]),
    ]


# Replacing


def test_late_data_change_the_stored_days_from_theirs_on_and_no_earlier_one(engagement, source):
    deliver(source, {MONDAY: ["ann"]})
    for day in range(5):
        compute(engagement, on=MONDAY + timedelta(days=day))

    deliver(source, {MONDAY + timedelta(days=2): ["ben"]})
    assert run_recompute(engagement.pk, now=noon(MONDAY + timedelta(days=5)))

    rows = engagement.metric_snapshots.filter(deliverable=None).order_by("day")
    assert [(row.day.day, row.values["wau"]) for row in rows] == [(2, 1), (3, 1), (4, 2), (5, 2), (6, 2)]


def test_usage_after_a_day_is_unknown_to_its_snapshot(engagement, source):
    deliver(source, {MONDAY: ["ann"]})
    compute(engagement, on=MONDAY)
    before = latest_metrics(engagement)

    deliver(source, {MONDAY + timedelta(days=3): ["ben"]})
    refresh_metrics(engagement, now=noon(MONDAY + timedelta(days=3)), watermark=9, since=MONDAY)

    after = engagement.metric_snapshots.get(deliverable=None, day=MONDAY)
    assert (after.values, after.series, after.data_until) == (before.values, before.series, before.data_until)


def test_days_missed_while_no_worker_ran_are_stored_as_if_one_had(engagement, source):
    deliver(source, {MONDAY: ["ann"], MONDAY + timedelta(days=2): ["ben"]})
    compute(engagement, on=MONDAY)
    MetricSnapshot.objects.filter(day__gt=MONDAY).delete()

    refresh_metrics(engagement, now=noon(MONDAY + timedelta(days=4)), watermark=9)

    rows = engagement.metric_snapshots.order_by("deliverable", "day")
    assert [row.day - MONDAY for row in rows] == [timedelta(days=n) for n in range(4)] * 2
    assert [row.values["wau"] for row in rows] == [1, 1, 2, 2] * 2


def test_a_gap_longer_than_120_days_is_filled_from_there(engagement, source):
    deliver(source, {MONDAY: ["ann"]})
    compute(engagement, on=MONDAY)

    last = MONDAY + timedelta(days=300)
    refresh_metrics(engagement, now=noon(last + timedelta(days=1)), watermark=9)

    days = sorted(engagement.metric_snapshots.filter(deliverable=None).values_list("day", flat=True))
    assert (days[0], days[1], days[-1], len(days)) == (MONDAY, last - timedelta(days=119), last, 121)


def test_the_lease_is_kept_after_each_day(engagement, source):
    deliver(source, {MONDAY: ["ann"]})
    compute(engagement, on=MONDAY)
    kept = []

    refresh_metrics(engagement, now=noon(MONDAY + timedelta(days=4)), watermark=9, keep=lambda: kept.append(1))

    assert len(kept) == 3


def test_computing_twice_changes_nothing(engagement, source):
    deliver(source, {MONDAY: ["ann"]})
    compute(engagement, on=MONDAY)
    stored = list(MetricSnapshot.objects.order_by("pk").values())

    refresh_metrics(engagement, now=noon(MONDAY), watermark=engagement.recompute.have)

    assert list(MetricSnapshot.objects.order_by("pk").values()) == stored


def test_older_computation_never_overwrites_a_newer_one(engagement, source):
    deliver(source, {MONDAY: ["ann"]})
    compute(engagement, on=MONDAY)
    MetricSnapshot.objects.update(watermark=9, values={"wau": 77})

    refresh_metrics(engagement, now=noon(MONDAY), watermark=8)

    assert {row.values["wau"] for row in MetricSnapshot.objects.all()} == {77}
    refresh_metrics(engagement, now=noon(MONDAY), watermark=9)
    assert {row.values["wau"] for row in MetricSnapshot.objects.all()} == {1}


@pytest.mark.parametrize("deliverables", [1, 3])
def test_statements_do_not_grow_with_deliverables(engagement, deliverables, django_assert_max_num_queries):
    for _ in range(deliverables):
        deliver(UsageSourceFactory(deliverable__engagement=engagement), {MONDAY: ["ann"]})
    compute(engagement, on=MONDAY)

    with django_assert_max_num_queries(13):
        refresh_metrics(engagement, now=noon(MONDAY), watermark=9)
