"""Managers change what health is computed with: tried first, saved as a version, restorable."""

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from engagements.forms.health_model import HealthModelForm
from engagements.metrics.bands import rounded
from engagements.models import HealthModelVersion, HealthSnapshot, Recompute
from engagements.models.health_model import NUMBERS
from engagements.selectors.health_preview import preview
from engagements.services.recomputes import run_recompute, sweep
from fde_portal.accounts.models import AuditEvent, OrganizationSettings
from tests.engagements.health_world import computed, healthy, slip
from tests.factories.people import AdministratorFactory, ContactFactory, ManagerFactory, UserFactory

pytestmark = pytest.mark.django_db
PAGE = "/settings/health/"


def signed_in(person) -> Client:
    client = Client()
    client.force_login(person)
    return client


def numbers(**changes) -> dict:
    current = HealthModelVersion.in_force()
    return {name: getattr(current, name) for name in NUMBERS} | {"seen": current.number, "reason": "Schedule matters more"} | changes


def work_through() -> None:
    for pk in sweep(now=timezone.now()):
        assert run_recompute(pk, now=timezone.now())


@pytest.fixture
def world():
    """Five engagements, late by more and more since different days, judged for as long as they last."""
    today = timezone.localdate()
    zones = ("UTC", "Asia/Shanghai", "America/Los_Angeles", "UTC", "UTC")
    rows = [healthy(today, time_zone=zone) for zone in zones]
    for number, engagement in enumerate(rows):
        slip(engagement, by=8 * number, on=today - timedelta(days=3 * number))
        computed(engagement, days=100)
    return rows


def bands() -> dict[int, tuple]:
    newest: dict[int, tuple] = {}
    for row in HealthSnapshot.objects.order_by("day"):
        newest[row.engagement_id] = (row.band, None if row.score is None else rounded(row.score))
    return newest


@pytest.mark.parametrize(
    "changes",
    [
        {"schedule_weight": 90, "freshness_weight": 1},
        {"on_track_from": 85, "watch_from": 60},
        {"on_track_from": 96},
        {"relationship_span": 5, "blockers_span": 1},
        {"update_cadence_days": 1, "freshness_weight": 60},
    ],
)
def test_the_preview_equals_what_saving_does(world, changes):
    manager, before = ManagerFactory(), bands()
    form = HealthModelForm(numbers(**changes), instance=HealthModelVersion.in_force())
    assert form.is_valid(), form.errors
    tried = preview(form.instance.model, user=manager, now=timezone.now())
    expected = {row.engagement.pk: (row.before, row.after, row.score_after) for row in tried.moved}

    assert signed_in(manager).post(PAGE, numbers(**changes, save="")).status_code == 302
    work_through()

    after = bands()
    assert {pk: (before[pk][0], *after[pk]) for pk in after if after[pk][0] != before[pk][0]} == expected
    assert tried.total == len(world)


def test_the_preview_says_how_many_and_which_and_writes_nothing(world):
    response = signed_in(ManagerFactory()).post(PAGE, numbers(schedule_weight=90, freshness_weight=1, preview=""))

    tried = response.context["tried"]
    page = response.content.decode()
    assert 0 < len(tried.moved) < len(world)
    assert f"With these, {len(tried.moved)} of 5 engagements change" in page
    assert all(row.engagement.customer.name in page for row in tried.moved)
    assert 'value="90"' in page
    assert HealthModelVersion.objects.count() == 0
    assert not Recompute.objects.filter(have__lt=1).exists()


def test_an_administrator_without_records_learns_of_none(world):
    response = signed_in(AdministratorFactory(role="none")).post(PAGE, numbers(schedule_weight=90, freshness_weight=1, preview=""))

    assert (response.status_code, response.context["tried"].total) == (200, 0)
    assert all(engagement.customer.name not in response.content.decode() for engagement in world)


@pytest.mark.parametrize("count", [1, 3, 5])
def test_statements_of_the_preview_do_not_grow(world, count, django_assert_max_num_queries):
    for engagement in world[count:]:
        engagement.delete()
    model, manager = HealthModelVersion.in_force().model, ManagerFactory()
    with django_assert_max_num_queries(7):
        assert preview(model, user=manager, now=timezone.now()).total == count


def test_fde_and_contact_may_not_open_or_save():
    for refused in (UserFactory(), ContactFactory()):
        assert signed_in(refused).get(PAGE).status_code == 403
        assert signed_in(refused).post(PAGE, numbers(save="")).status_code == 403
    assert HealthModelVersion.objects.count() == 0


def test_a_save_is_a_version_with_author_and_reason_and_every_snapshot_names_its_own(world):
    manager = ManagerFactory(name="Ruth Ames")
    signed_in(manager).post(PAGE, numbers(schedule_weight=40, update_cadence_days=14, save=""))
    work_through()

    first, second = HealthModelVersion.objects.order_by("number")
    assert (first.number, first.author, first.schedule_weight) == (1, None, 15)
    assert (second.number, second.author, second.schedule_weight, second.reason) == (2, manager, 40, "Schedule matters more")
    assert OrganizationSettings.current().update_cadence_days == 14
    assert AuditEvent.objects.filter(verb="save_health_model", actor=manager).count() == 1
    cut = timezone.localdate() - timedelta(weeks=12, days=1)
    older, newer = HealthSnapshot.objects.filter(day__lt=cut), HealthSnapshot.objects.filter(day__gt=cut + timedelta(days=2))
    assert set(older.values_list("settings_version", flat=True)) == {1}
    assert set(newer.values_list("settings_version", flat=True)) == {2}
    page = signed_in(manager).get(PAGE).content.decode()
    assert "Ruth Ames" in page
    assert "Schedule 15 → 40" in page


def test_what_is_older_than_twelve_weeks_keeps_its_band(world):
    cut = timezone.localdate() - timedelta(weeks=12, days=2)
    before = list(HealthSnapshot.objects.filter(day__lt=cut).order_by("pk").values_list("pk", "band", "score"))
    signed_in(ManagerFactory()).post(PAGE, numbers(on_track_from=99, watch_from=95, save=""))
    work_through()

    assert before
    assert list(HealthSnapshot.objects.filter(day__lt=cut).order_by("pk").values_list("pk", "band", "score")) == before
    assert HealthSnapshot.objects.filter(day__gt=cut, band="at_risk").exists()


def test_restoring_brings_every_band_back_as_a_new_version(world):
    client, before = signed_in(ManagerFactory()), bands()
    client.post(PAGE, numbers(schedule_weight=90, freshness_weight=1, save=""))
    work_through()
    assert bands() != before

    client.post("/settings/health/1/restore/")
    work_through()

    assert bands() == before
    assert (HealthModelVersion.in_force().number, HealthModelVersion.in_force().reason) == (3, "Back to version 1")


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"reason": ""}, "Say why"),
        ({"watch_from": 80}, "must be below"),
        ({"watch_from": 0}, "nothing at risk"),
        ({"schedule_weight": 101}, "100"),
        ({"schedule_span": 0}, "1"),
        ({"adoption_weight": "much"}, "whole number"),
        ({"schedule_weight": 0, "relationship_weight": 0, "blockers_weight": 0, "freshness_weight": 0}, "needs a weight"),
    ],
)
def test_numbers_that_cannot_be_are_refused_in_words_and_kept(changes, words):
    response = signed_in(ManagerFactory()).post(PAGE, numbers(on_track_from=77, save="") | changes)

    assert response.status_code == 422
    assert words in response.content.decode()
    assert 'value="77"' in response.content.decode()
    assert HealthModelVersion.objects.count() == 0


def test_two_managers_do_not_overwrite_each_other():
    client = signed_in(ManagerFactory())
    opened = numbers(save="")
    client.post(PAGE, opened | {"schedule_weight": 20})

    response = client.post(PAGE, opened | {"schedule_weight": 30})

    assert response.status_code == 409
    assert HealthModelVersion.in_force().schedule_weight == 20


def test_versions_are_found_by_who_judges_by_them_or_may_change_them():
    client, keeper = signed_in(ManagerFactory()), AdministratorFactory(role="none")
    client.post(PAGE, numbers(schedule_weight=20, save=""))
    seen = {person.role: HealthModelVersion.objects.visible_to(person).count() for person in (UserFactory(), keeper, ContactFactory())}

    assert seen == {"fde": 2, "none": 2, "contact": 0}
    assert signed_in(keeper).post("/settings/health/1/restore/").status_code == 302
    assert HealthModelVersion.in_force().schedule_weight == 15


def test_a_version_that_never_was_is_not_found():
    assert signed_in(ManagerFactory()).post("/settings/health/9/restore/").status_code == 404


@pytest.mark.parametrize(
    ("path", "status", "words"),
    [(PAGE, 409, "saved other numbers in the meantime"), ("/settings/health/1/restore/", 302, "saved other numbers at the same moment")],
)
def test_a_save_at_the_same_moment_as_another_is_a_conflict(path, status, words, monkeypatch):
    client, typed = signed_in(ManagerFactory()), numbers(schedule_weight=20, save="")
    client.post(PAGE, typed)
    first = HealthModelVersion.objects.get(number=1)
    # The other one read before this save was there.
    monkeypatch.setattr(HealthModelVersion, "in_force", lambda: first)

    answer = client.post(path, typed | {"schedule_weight": 30})

    assert (answer.status_code, words in (answer if path == PAGE else client.get(PAGE)).content.decode()) == (status, True)
    assert list(HealthModelVersion.objects.order_by("number").values_list("schedule_weight", flat=True)) == [15, 20]
    assert AuditEvent.objects.filter(verb="save_health_model").count() == 1
