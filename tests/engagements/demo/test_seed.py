"""What the demo holds, and that seeding twice changes nothing."""

from collections import Counter
from datetime import date, timedelta
from decimal import Decimal
from io import StringIO

import pytest
from django.apps import apps
from django.contrib.auth import authenticate
from django.core.management import call_command
from django.db.models import Model

from customers.models import Customer, CustomerMembership, Stakeholder
from engagements.demo import seeding
from engagements.demo.people import PASSWORD
from engagements.demo.stories.reference import FLIGHTS
from engagements.models import (
    DeliverableChange,
    Edition,
    Engagement,
    HealthSnapshot,
    MetricSnapshot,
    Milestone,
    PortfolioRow,
    Recompute,
    StakeholderNote,
    TargetPopulation,
    UsageBatch,
    UsageRow,
    WeeklyUpdate,
)
from engagements.public_page.content import content_from
from engagements.selectors.metric import latest_metrics
from engagements.services.recomputes import request_recompute, run_recompute
from engagements.services.weekly_updates import require_something_to_read
from fde_portal.accounts.models import User

pytestmark = pytest.mark.django_db


def row_counts() -> dict[type[Model], int]:
    labels = ("accounts", "customers", "engagements")
    return {model: model._default_manager.count() for label in labels for model in apps.get_app_config(label).get_models()}


def engagement(slug: str) -> Engagement:
    return Engagement.objects.get(slug=slug)


def test_seeding_again_changes_nothing(demo):
    before = row_counts(), list(Recompute.objects.order_by("pk").values())

    assert seeding.seed(now=demo + timedelta(days=3)) is False
    assert (row_counts(), list(Recompute.objects.order_by("pk").values())) == before


def portfolio() -> dict[str, dict]:
    names = [field.attname for field in PortfolioRow._meta.concrete_fields if field.attname not in {"id", "computed_at", "updated_at", "version"}]
    return {row.pop("engagement_id"): row for row in PortfolioRow.objects.values(*names)}


def test_computing_again_changes_nothing(demo):
    before = portfolio()
    for pk in before:
        request_recompute(pk)
        run_recompute(pk, now=demo)
    assert portfolio() == before


def test_no_edition_tells_what_was_seen_after_it(demo):
    told = [(edition.published_at.date(), row.until) for edition in Edition.objects.all() for row in content_from(edition.content).outcomes]
    assert told
    assert [days for days in told if days[1] > days[0]] == []


def test_the_demo_has_the_promised_size(demo):
    assert Engagement.objects.count() == 14
    assert Customer.objects.count() == 9
    assert Counter(User.objects.values_list("role", flat=True)) == {"fde": 5, "manager": 2, "contact": 2}
    assert User.objects.filter(is_administrator=True).count() == 1
    assert CustomerMembership.objects.count() == 2
    assert set(Engagement.objects.values_list("phase", flat=True)) == {"discovery", "prototype", "pilot", "production", "handover"}
    assert set(Engagement.objects.values_list("status", flat=True)) == {"active", "paused", "completed"}


def test_history_covers_26_weeks(demo):
    first = WeeklyUpdate.objects.filter(state="published").earliest("published_at").published_at

    assert 25 <= (demo - first).days / 7 <= 27


def test_everybody_signs_in_with_the_published_password(demo):
    for user in User.objects.all():
        assert authenticate(None, username=user.email, password=PASSWORD) == user


def test_nothing_happened_in_the_future(demo):
    today = demo.date()

    assert not WeeklyUpdate.objects.filter(published_at__gt=demo).exists()
    assert not Milestone.objects.filter(actual_on__gte=today).exists()
    assert not UsageRow.objects.filter(day__gte=today).exists()
    assert not UsageBatch.objects.filter(received_at__gt=demo).exists()
    assert not StakeholderNote.objects.filter(happened_on__gte=today).exists()
    assert not Stakeholder.objects.filter(last_contact_on__gte=today).exists()
    assert not DeliverableChange.objects.filter(changed_at__gt=demo).exists()


def test_every_update_could_have_been_published(demo):
    for update in WeeklyUpdate.objects.filter(published_at__isnull=False):
        require_something_to_read(update)
        update.full_clean(exclude=["derived_health"])


def test_one_draft_waits_to_be_finished(demo):
    draft = WeeklyUpdate.objects.get(state="draft")

    assert draft.engagement.slug == "customs-declaration-copilot"
    assert draft.monday == date(2026, 11, 16)


def test_figures_are_computed_and_nothing_waits(demo):
    assert PortfolioRow.objects.count() == 14
    assert Edition.objects.count() == 14
    assert not Recompute.objects.exclude(error="").exists()
    # Publishing an edition or opening a draft asks for nothing new.
    assert [row for row in Recompute.objects.all() if row.have != row.want] == []


def test_the_first_page_shows_twelve_weeks(demo):
    claims = engagement("claims-correspondence")

    assert HealthSnapshot.objects.filter(engagement=claims).count() == seeding.publishing.HEALTH_DAYS
    # One line without a gap: it begins once and goes on eleven times.
    assert (claims.portfolio_row.trend_svg.count("M1"), claims.portfolio_row.trend_svg.count("L")) == (1, 11)


@pytest.mark.parametrize(
    ("slug", "is_so"),
    [
        ("outage-triage-assistant", lambda e: e.portfolio_row.reason[0] == "hard.sponsor_gone"),
        ("protocol-library-search", lambda e: latest_metrics(e).values["feed_stopped"]),
        ("home-intake-summaries", lambda e: latest_metrics(e).values["last_usage_day"] is None),
        ("branch-complaint-summaries", lambda e: e.status == "paused"),
        ("freight-invoice-checks", lambda e: e.status == "completed"),
        ("planning-case-intake", lambda e: len(e.name) > 110 and "<" in e.name and "&" in e.name),
        ("hualing-call-quality", lambda e: e.name == "客服质检摘要"),
    ],
)
def test_the_special_cases_are_there(demo, slug, is_so):
    assert is_so(engagement(slug))


def test_only_the_one_feed_has_stopped(demo):
    stopped = [s.engagement.slug for s in MetricSnapshot.objects.filter(deliverable=None) if s.values["feed_stopped"]]

    assert stopped == ["protocol-library-search"]


def test_the_flight_log_is_moved_by_whole_weeks_and_says_what_it_is(demo):
    log = engagement(FLIGHTS)
    rows = UsageRow.objects.filter(deliverable__engagement=log)
    last_sunday = date(2026, 11, 15)
    weeks = latest_metrics(log).series["weeks"]

    # The log's last whole week had 96 aircraft (tests/data/logs/flights/weekly.csv, 2013-12-23).
    assert [week["wau"] for week in weeks if week["start"] == "2026-11-09"] == [96]
    assert rows.filter(day=last_sunday - timedelta(weeks=46)).exists()
    assert log.time_zone == "America/New_York"
    for text in (log.name, log.problem, log.deliverables.get().name):
        assert "aircraft stand for users" in text


def test_every_aircraft_is_named_as_somebody_meant_to_fly(demo):
    targets = TargetPopulation.objects.filter(deliverable__engagement__slug=FLIGHTS)

    assert targets.count() == 291
    assert targets.filter(actor__name="N594AS").count() == 1
    assert latest_metrics(engagement(FLIGHTS)).values["adoption"]["basis"] == "named"


def test_the_published_study_gives_the_published_dollars(demo):
    value = latest_metrics(engagement(FLIGHTS)).values["value"]
    dollars = {name: round(Decimal(value[name])) for name in ("pv_benefits", "pv_costs", "npv", "roi_pct")}

    # Forrester Consulting, The Total Economic Impact Of SalesLoft, page 19.
    assert dollars == {"pv_benefits": 7_168_371, "pv_costs": 1_672_201, "npv": 5_496_170, "roi_pct": 329}
    assert value["title"].startswith("Published study")


def test_the_printed_links_open_their_pages(demo, client):
    out = StringIO()
    call_command("demo_accounts", stdout=out)
    addresses = [line.strip() for line in out.getvalue().splitlines() if "/s/" in line]

    assert PASSWORD in out.getvalue()
    assert "maya@northlight.example" in out.getvalue()
    assert len(addresses) == 5
    for address in addresses:
        assert client.get(address.replace("http://localhost:8000", "")).status_code == 200
