"""Rows of another table as one column."""

from datetime import UTC, date, datetime

import pytest
from django.db.models import OuterRef

from engagements.models import Engagement, Incident, Milestone
from fde_portal.core.json_rows import JsonRows, instant
from tests.factories.concerns import IncidentFactory
from tests.factories.engagements import EngagementFactory, MilestoneFactory

pytestmark = pytest.mark.django_db


def with_milestones():
    rows = Milestone.objects.filter(engagement=OuterRef("pk")).order_by("-baseline_on")
    return Engagement.objects.annotate(promised=JsonRows(rows, "title", "baseline_on"))


def test_rows_keep_their_order_and_belong_to_their_record():
    engagement = EngagementFactory()
    for title, day in (("“Go-live”", 4), ("上线", 9)):
        MilestoneFactory(engagement=engagement, title=title, baseline_on=date(2026, 3, day))
    MilestoneFactory(title="A stranger's")
    found = with_milestones().get(pk=engagement.pk)
    assert found.promised == [["上线", "2026-03-09"], ["“Go-live”", "2026-03-04"]]


def test_without_rows_there_is_nothing():
    assert not with_milestones().get(pk=EngagementFactory().pk).promised


def test_a_moment_stays_the_same_moment():
    incident = IncidentFactory(started_at=datetime(2026, 3, 4, 23, 30, 15, tzinfo=UTC))
    rows = Incident.objects.filter(pk=OuterRef("pk"))
    (((text,),),) = Incident.objects.annotate(at=JsonRows(rows, "started_at")).values_list("at", flat=True)
    assert instant(text) == incident.started_at
