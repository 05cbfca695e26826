"""The page that explains health, a manager's judgement beside it, and one figure of one day everywhere."""

import csv
import json
from datetime import date, timedelta
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.test import Client
from django.utils import timezone

from engagements.metrics.overrides import override_end
from engagements.models import HealthOverride, HealthSnapshot, PortfolioRow, WeekSkip
from engagements.selectors.weekly_update import Week
from engagements.services import override_ends
from engagements.services.health_models import save_health_model
from engagements.services.health_overrides import set_override
from engagements.services.recomputes import run_recompute
from engagements.services.week_duties import skip_week
from fde_portal.accounts.models import AuditEvent
from fde_portal.core import formats
from tests.engagements.deliveries import noon
from tests.engagements.health_world import compute, computed, healthy, publish, slip
from tests.factories.concerns import BlockerFactory
from tests.factories.engagements import EngagementFactory
from tests.factories.people import ContactFactory, ManagerFactory, UserFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def today() -> date:
    return timezone.localdate()


@pytest.fixture
def late(today):
    """Well until three days ago, when its only milestone was put off by 24 days; a stranger is worse off."""
    stranger = healthy(today)
    slip(stranger, by=30, on=today)
    computed(stranger)
    engagement = healthy(today)
    slip(engagement, by=24, on=today - timedelta(days=3))
    return computed(engagement)


def signed_in(person) -> Client:
    client = Client()
    client.force_login(person)
    return client


def page_of(engagement, person=None, query="") -> str:
    return signed_in(person or engagement.lead).get(f"/engagements/{engagement.slug}/health/{query}").content.decode()


def explained(engagement, **options) -> dict:
    out = StringIO()
    call_command("explain_health", engagement.slug, json=True, stdout=out, **options)
    return json.loads(out.getvalue())


# What moved it, and what would help


def test_the_fact_that_moved_a_component_is_named_with_its_record(late, today):
    page = page_of(late)

    before, after = today + timedelta(days=20), today + timedelta(days=44)
    assert f"“Readiness agreed” is expected on {formats.day(after)}, before on {formats.day(before)}." in page
    assert f'href="/engagements/{late.slug}/milestones/"' in page


def test_what_would_turn_it_green_was_tried(late):
    BlockerFactory(engagement=late, text="No access to SAP", opened_on=timezone.localdate() - timedelta(days=30))
    slip(late, by=60, on=timezone.localdate())
    compute(late)

    report = explained(late)

    assert report["reaches_green"]
    assert report["score"] < 70
    # 15 of 50 lost with the schedule: nothing else is worth more.
    assert [step["do"] for step in report["to_green"]] == ["Bring “Readiness agreed” back to the date promised"]


def test_a_healthy_engagement_has_nothing_to_change(today):
    page = page_of(computed(healthy(today)))

    assert "It is on track. Nothing has to change for that." in page
    assert "What each fact would bring by itself" not in page


def test_a_skipped_week_that_moved_freshness_is_named(today):
    engagement = healthy(today)
    engagement.weekly_updates.filter(published_at__gt=noon(today - timedelta(days=15))).delete()
    week = Week(*(today - timedelta(days=7)).isocalendar()[:2])
    skip_week(engagement=engagement, week=week, reason=WeekSkip.Reason.HOLIDAY, by=engagement.lead)

    page = page_of(computed(engagement))

    assert "A week was skipped with a reason." in page


def test_before_anything_is_computed_the_page_says_so():
    assert "Health is calculated within seconds" in page_of(EngagementFactory())


def test_strangers_do_not_find_it_and_customers_may_not(late):
    assert signed_in(UserFactory()).get(f"/engagements/{late.slug}/health/").status_code == 404
    assert signed_in(ContactFactory()).get(f"/engagements/{late.slug}/health/").status_code == 403


def test_the_days_on_which_the_band_changed_are_history(today):
    engagement = healthy(today)
    slip(engagement, by=30, on=today - timedelta(days=5))
    slip(engagement, by=90, on=today - timedelta(days=3))
    page = page_of(computed(engagement))

    changed = HealthSnapshot.objects.filter(engagement=engagement, band="watch").order_by("day").first()
    assert "When the band changed" in page
    assert f"{changed.day.day} {changed.day:%b} {changed.day.year}" in page


@pytest.mark.parametrize("facts", [1, 3, 12])
def test_statements_do_not_grow_with_facts_or_days(today, facts, django_assert_max_num_queries):
    engagement = healthy(today)
    for __ in range(facts):
        BlockerFactory(engagement=engagement, opened_on=today - timedelta(days=30))
    computed(engagement, days=3 * facts)
    client = signed_in(ManagerFactory())
    with django_assert_max_num_queries(19):
        assert client.get(f"/engagements/{engagement.slug}/health/").status_code == 200


# One figure of one day


def test_a_day_has_one_figure_on_portfolio_page_my_week_command_and_export(late, today):
    score = explained(late)["score"]
    manager = ManagerFactory()

    assert score is not None
    assert PortfolioRow.objects.get(engagement=late).score == score
    for path in ("/portfolio/", f"/engagements/{late.slug}/", f"/engagements/{late.slug}/health/"):
        assert f">{score}<" in signed_in(manager).get(path).content.decode(), path
    answer = signed_in(late.lead).get(f"/engagements/{late.slug}/health/?csv")
    rows = list(csv.DictReader(StringIO(answer.getvalue().decode().lstrip("\ufeff"))))
    last = next(row for row in rows if row["Day"] == today.isoformat())
    assert (last["Score"], last["Health"]) == (str(score), "On track" if score >= 70 else "Watch")


def test_an_earlier_day_is_told_as_it_was_stored(late, today):
    day = today - timedelta(days=10)
    stored = HealthSnapshot.objects.get(engagement=late, day=day)

    report = explained(late, day=day)

    assert (report["day"], report["score"], report["band"]) == (day.isoformat(), round(stored.score), stored.band)
    assert {part["key"] for part in report["components"]} == {"schedule", "relationship", "blockers", "freshness"}
    assert sum(part["contribution"] for part in report["components"]) == pytest.approx(float(stored.score), abs=0.3)


def test_a_day_of_before_facts_were_kept_is_told_without_what_moved_it(late, today):
    HealthSnapshot.objects.filter(engagement=late).update(facts={})

    answer = signed_in(late.lead).get(f"/engagements/{late.slug}/health/")
    found = answer.context["explained"]
    assert (answer.status_code, found.to_green, found.alone, found.snapshot.day) == (200, [], [], today)


def test_a_day_without_health_is_refused_with_the_newest(late, today):
    with pytest.raises(CommandError, match=f"The newest is {today}"):
        explained(late, day=today - timedelta(days=400))


def test_the_table_for_people_names_every_component(late):
    out = StringIO()
    call_command("explain_health", late.slug, stdout=out)
    assert all(word in out.getvalue() for word in ("schedule", "relationship", "blockers", "freshness"))


# A manager's judgement


def judge(engagement, person, **changes):
    data = {"band": "at_risk", "reason": "Their budget is frozen", "until": (timezone.localdate() + timedelta(days=10)).isoformat()}
    return signed_in(person).post(f"/engagements/{engagement.slug}/health/override/", data | changes)


def test_a_judgement_stands_beside_the_computed_band_everywhere(late):
    manager = ManagerFactory(name="Ruth Ames")
    score = explained(late)["score"]
    assert judge(late, manager).status_code == 302
    assert run_recompute(late.pk, now=timezone.now())

    row = PortfolioRow.objects.get(engagement=late)
    assert (row.score, row.override_band) == (score, "at_risk")
    for path in (f"/engagements/{late.slug}/", f"/engagements/{late.slug}/health/"):
        page = signed_in(late.lead).get(path).content.decode()
        assert "Ruth Ames, until" in page
        assert "Their budget is frozen" in page
        assert f">{score}<" in page
    assert "Judged at risk until" in signed_in(manager).get("/portfolio/").content.decode()
    assert explained(late)["override"]["reason"] == "Their budget is frozen"
    assert AuditEvent.objects.filter(verb="override_health", actor=manager).count() == 1


def test_only_managers_judge(late):
    assert judge(late, late.lead).status_code == 403
    assert HealthOverride.objects.count() == 0
    assert "Judge it yourself" not in page_of(late)


@pytest.mark.parametrize("bad", [{"reason": ""}, {"until": "2020-01-01"}, {"until": "2099-01-01"}, {"band": "unknown"}, {"until": ""}])
def test_what_cannot_be_judged_is_refused_and_kept(late, bad):
    response = judge(late, ManagerFactory(), **bad)

    assert response.status_code == 422
    assert HealthOverride.objects.count() == 0
    assert "reason" in bad or "Their budget is frozen" in response.content.decode()


def test_a_new_judgement_replaces_the_one_before(late):
    manager = ManagerFactory()
    judge(late, manager)
    judge(late, manager, band="watch")

    assert [(row.band, row.ended_because) for row in HealthOverride.objects.order_by("pk")] == [("at_risk", "replaced"), ("watch", "")]


def test_taking_it_back_can_be_undone_while_its_days_last(late):
    manager = ManagerFactory()
    judge(late, manager)
    override = HealthOverride.objects.get()
    client = signed_in(manager)

    client.post(f"/engagements/{late.slug}/health/override/{override.pk}/end/")
    override.refresh_from_db()
    assert override.ended_because == "withdrawn"

    client.post(f"/engagements/{late.slug}/health/override/{override.pk}/resume/")
    override.refresh_from_db()
    assert (override.ended_on, override.ended_because) == (None, "")


def test_it_ends_when_the_computed_band_gets_worse(today):
    engagement = computed(healthy(today))
    judge(engagement, ManagerFactory(), band="on_track")
    slip(engagement, by=200, on=today)
    engagement.customer.stakeholders.filter(role="sponsor").update(left_on=today)
    compute(engagement)

    override = HealthOverride.objects.get()
    assert (override.computed_band, override.ended_because, override.ended_on) == ("on_track", "worse", today)
    assert PortfolioRow.objects.get(engagement=engagement).override_band == ""


def test_stricter_numbers_are_no_worse_news_and_what_gets_worse_by_them_is(today):
    engagement, manager = computed(healthy(today)), ManagerFactory()
    judge(engagement, manager, band="at_risk")
    save_health_model({"on_track_from": 100, "watch_from": 45}, reason="A try", seen=1, by=manager)
    compute(engagement)
    assert HealthSnapshot.objects.filter(engagement=engagement).latest("day").band == "watch"
    assert HealthOverride.objects.get().ended_on is None

    engagement.customer.stakeholders.filter(role="sponsor").update(left_on=today + timedelta(days=1))
    compute(engagement, now=timezone.now() + timedelta(days=1))
    assert HealthOverride.objects.get().ended_because == "worse"


def test_it_ends_after_its_last_day_without_anybody(late, today):
    judge(late, ManagerFactory(), until=today.isoformat())
    compute(late, now=timezone.now() + timedelta(days=1, hours=1))

    assert HealthOverride.objects.get().ended_because == "expired"


def test_a_judgement_that_replaces_one_that_ends_at_the_same_moment_stands(today, monkeypatch):
    engagement, manager = EngagementFactory(), ManagerFactory()
    values = {"band": "watch", "reason": "Their budget is frozen", "until": today - timedelta(days=1), "today": today - timedelta(days=9), "by": manager}
    set_override(engagement, **values)

    def meanwhile(**known):
        set_override(engagement, **values | {"band": "at_risk", "until": today + timedelta(days=9), "today": today})
        return override_end(**known)

    monkeypatch.setattr(override_ends, "override_end", meanwhile)
    override_ends.end_overrides(engagement, now=timezone.now())

    assert list(HealthOverride.objects.order_by("pk").values_list("band", "ended_because")) == [("watch", "replaced"), ("at_risk", "")]


# Reported better than the facts


def test_two_weeks_reported_better_than_the_facts_alarm_the_page_my_week_and_the_portfolio(today):
    engagement = healthy(today)
    engagement.weekly_updates.all().delete()
    for back in (7, 0):
        publish(engagement, today - timedelta(days=back), derived_health={"band": "at_risk", "score": "30.0"})
    computed(engagement)

    sentence = "Reported better than the facts for 2 weeks."
    assert sentence in page_of(engagement)
    assert "reported better than the facts for 2 weeks" in signed_in(engagement.lead).get("/my-week/").content.decode()
    assert sentence in signed_in(ManagerFactory()).get("/portfolio/").content.decode()


def test_one_week_is_told_without_alarm(today):
    engagement = healthy(today)
    engagement.weekly_updates.all().delete()
    publish(engagement, today - timedelta(days=7), derived_health={"band": "on_track"})
    publish(engagement, today, derived_health={"band": "watch"})
    page = page_of(computed(engagement))

    assert "reported better" in page
    assert "Reported better than the facts for" not in page
