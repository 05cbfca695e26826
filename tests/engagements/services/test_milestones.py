from datetime import date

import pytest
from django.utils import timezone

from engagements.forms.milestones import MilestoneForm, MilestoneNewForm
from engagements.models import ForecastChange, Milestone, Recompute
from engagements.services.counted import archive_counted, restore_counted
from engagements.services.milestones import (
    mark_open,
    mark_reached,
    save_milestone,
)
from fde_portal.accounts.models import AuditEvent
from tests.factories.engagements import EngagementFactory, MilestoneFactory
from tests.factories.people import UserFactory

pytestmark = pytest.mark.django_db
TODAY = date(2026, 2, 10)


def kept_dates(milestone: Milestone) -> list[tuple]:
    return list(milestone.forecast_changes.values_list("changed_on", "forecast_on", "actual_on"))


def edit(milestone: Milestone, **changes) -> Milestone:
    data = {"title": milestone.title, "kind": milestone.kind, "version": milestone.version} | changes
    form = MilestoneForm(data, instance=milestone, today=TODAY)
    assert form.is_valid(), form.errors
    return save_milestone(form, by=UserFactory(), today=TODAY)


def test_a_new_milestone_keeps_its_first_dates() -> None:
    by = UserFactory()
    form = MilestoneNewForm(
        {"title": "Go-live", "baseline_on": "2026-03-02", "kind": "go_live"}, instance=Milestone(engagement=EngagementFactory())
    )
    assert form.is_valid(), form.errors
    milestone = save_milestone(form, by=by, today=TODAY)
    assert kept_dates(milestone) == [(TODAY, None, None)]
    assert ForecastChange.objects.get().changed_by == by
    assert Recompute.objects.get(engagement=milestone.engagement).want == 1


def test_each_change_of_a_date_is_kept_and_other_changes_are_not() -> None:
    milestone = MilestoneFactory()
    edit(milestone, forecast_on="2026-03-16")
    edit(milestone, forecast_on="2026-03-16", summary="Only words")
    edit(milestone, forecast_on="2026-03-16", actual_on="2026-02-09")
    assert kept_dates(milestone) == [
        (TODAY, date(2026, 3, 16), None),
        (TODAY, date(2026, 3, 16), date(2026, 2, 9)),
    ]


def test_what_is_open_cannot_be_expected_in_the_past() -> None:
    milestone = MilestoneFactory(baseline_on=date(2026, 3, 2))
    data = {"title": milestone.title, "kind": milestone.kind, "version": milestone.version, "forecast_on": "2001-01-01"}
    form = MilestoneForm(data, instance=milestone, today=TODAY)
    assert list(form.errors) == ["forecast_on"]
    milestone.forecast_on = date(2026, 2, 9)  # it passed since it was given
    assert MilestoneForm(data | {"forecast_on": "2026-02-09"}, instance=milestone, today=TODAY).is_valid()


def test_the_promised_date_stays_whatever_is_sent() -> None:
    milestone = MilestoneFactory(baseline_on=date(2026, 3, 2))
    edit(milestone, baseline_on="2027-01-01", title="Renamed")
    milestone.refresh_from_db()
    assert (milestone.title, milestone.baseline_on) == ("Renamed", date(2026, 3, 2))


def test_reached_and_open_again_are_kept_once_each() -> None:
    milestone, by = MilestoneFactory(), UserFactory()
    stale = Milestone.objects.get(pk=milestone.pk)
    mark_reached(milestone, today=TODAY, by=by)
    mark_reached(stale, today=date(2026, 2, 11), by=by)
    assert Milestone.objects.get().actual_on == TODAY
    mark_open(milestone, today=TODAY, by=by)
    mark_open(milestone, today=TODAY, by=by)
    assert Milestone.objects.get().actual_on is None
    assert kept_dates(milestone) == [(TODAY, None, TODAY), (TODAY, None, None)]
    assert list(AuditEvent.objects.order_by("id").values_list("verb", flat=True)) == ["reach", "reopen"]
    assert Recompute.objects.get().want == 2


def test_archiving_and_restoring_ask_for_new_figures() -> None:
    milestone, by = MilestoneFactory(), UserFactory()
    archive_counted(milestone, by=by, now=timezone.now())
    assert not Milestone.objects.current().exists()
    restore_counted(milestone, by=by)
    assert Milestone.objects.current().get() == milestone
    assert Recompute.objects.get().want == 2
