"""Beginning from a playbook, the playbooks that ship, and ticks."""

from datetime import UTC, date, datetime

import pytest

from engagements.models import Engagement, Phase, Playbook
from engagements.playbook.standard import CHINESE, ENGLISH
from engagements.services.engagements import create_engagement
from engagements.services.playbooks import (
    begin_from,
    copy_playbook,
    ensure_standard_playbooks,
    take_checklist,
    tick,
    untick,
)
from fde_portal.accounts.models import AuditEvent
from tests.factories.customers import CustomerFactory
from tests.factories.engagements import EngagementFactory
from tests.factories.people import UserFactory
from tests.factories.playbooks import ChecklistItemFactory, PlaybookCriterionFactory, PlaybookMilestoneFactory

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 3, 2, 9, tzinfo=UTC)


def standard(language: str) -> Playbook:
    ensure_standard_playbooks()
    return Playbook.objects.get(key=f"standard:{language}")


def test_an_engagement_gets_what_the_standard_playbook_plans() -> None:
    by = UserFactory()
    work = Engagement(customer=CustomerFactory(), name="Copilot", lead=by, started_on=date(2026, 3, 2))
    create_engagement(engagement=work, by=by, playbook=standard("en"), today=date(2026, 3, 3))

    dates = [(milestone.title, milestone.baseline_on) for milestone in work.milestones.all()]
    assert len(dates) == 9
    assert dates[0] == ("Kick-off", date(2026, 3, 2))
    assert ("Production go-live", date(2026, 7, 27)) in dates
    assert [m.title for m in work.milestones.filter(kind="go_live")] == ["Production go-live"]
    assert {change.changed_on for m in work.milestones.all() for change in m.forecast_changes.all()} == {date(2026, 3, 3)}
    assert dict(work.deliverables.values_list("name", "planned_on"))["Prototype"] == date(2026, 5, 4)
    counts = [work.checklist.filter(phase=phase, done_at=None).count() for phase in Phase]
    assert counts == [6, 2, 6, 3, 6]
    assert [row.name for row in work.planned_integrations.all()] == ["Sign-on", "System of record", "Usage feed"]
    assert AuditEvent.objects.filter(engagement_id=work.pk, verb="begin_from_playbook").count() == 1


def test_the_two_languages_plan_the_same() -> None:
    for one, other in ((ENGLISH.milestones, CHINESE.milestones), (ENGLISH.deliverables, CHINESE.deliverables)):
        assert [(days, kind) for days, __, kind in one] == [(days, kind) for days, __, kind in other]
    assert {phase: len(lines) for phase, lines in ENGLISH.criteria.items()} == {phase: len(lines) for phase, lines in CHINESE.criteria.items()}
    assert len(ENGLISH.integrations) == len(CHINESE.integrations)


def test_standard_playbooks_are_written_once_and_archiving_one_lasts() -> None:
    english = standard("en")
    Playbook.objects.filter(pk=english.pk).update(archived_at=NOW, name="Ours")
    ensure_standard_playbooks()
    assert list(Playbook.objects.order_by("key").values_list("key", "name")) == [("standard:en", "Ours"), ("standard:zh-hans", "标准方案")]
    assert english.milestones.count() == 9


def test_a_copy_stands_on_its_own() -> None:
    line = PlaybookMilestoneFactory(title="Kick-off")
    PlaybookCriterionFactory(playbook=line.playbook, text="Baseline measured")
    copy = copy_playbook(line.playbook, name="Copy", by=UserFactory())
    line.title = "Changed"
    line.save()
    assert [row.title for row in copy.milestones.all()] == ["Kick-off"]
    assert [row.text for row in copy.criteria.all()] == ["Baseline measured"]
    assert (copy.key, line.playbook.milestones.count()) == (None, 1)


def test_changing_a_playbook_leaves_engagements_as_they_are() -> None:
    line = PlaybookMilestoneFactory(title="Kick-off")
    work = EngagementFactory()
    begin_from(line.playbook, engagement=work, today=date(2026, 3, 2), by=work.lead)
    line.delete()
    assert [milestone.title for milestone in work.milestones.all()] == ["Kick-off"]


def test_a_checklist_is_taken_once() -> None:
    line = PlaybookCriterionFactory()
    work = EngagementFactory()
    assert take_checklist(line.playbook, engagement=work, by=work.lead) is True
    assert take_checklist(line.playbook, engagement=work, by=work.lead) is False
    assert work.checklist.count() == 1
    assert AuditEvent.objects.filter(verb="take_checklist").count() == 1


def test_a_tick_keeps_who_was_first_and_can_be_taken_back() -> None:
    item, first, second = ChecklistItemFactory(), UserFactory(), UserFactory()
    tick(item, by=first, now=NOW)
    tick(item, by=second, now=NOW)
    item.refresh_from_db()
    assert (item.done_by, item.done_at) == (first, NOW)
    untick(item, by=second, now=NOW)
    untick(item, by=second, now=NOW)
    item.refresh_from_db()
    assert (item.done_by, item.done_at) == (None, None)
    assert list(AuditEvent.objects.order_by("id").values_list("verb", flat=True)) == ["tick", "untick"]
