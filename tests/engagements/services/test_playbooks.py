"""Beginning from a playbook, the playbooks that ship, and the gates it opens."""

from datetime import UTC, date, datetime

import pytest

from engagements.metrics.gates import SAFETY_KEYS
from engagements.models import CriterionKey, Engagement, GateCriterion, Phase, Playbook
from engagements.playbook.standard import CHINESE, ENGLISH
from engagements.services.engagements import create_engagement
from engagements.services.playbooks import (
    begin_from,
    copy_playbook,
    ensure_standard_playbooks,
    take_criteria,
)
from fde_portal.accounts.models import AuditEvent
from tests.factories.customers import CustomerFactory
from tests.factories.engagements import EngagementFactory
from tests.factories.gates import GateCriterionFactory, GateFactory
from tests.factories.people import UserFactory
from tests.factories.playbooks import PlaybookCriterionFactory, PlaybookMilestoneFactory

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
    counts = [work.gates.get(phase=phase).criteria.filter(answer="unknown").count() for phase in Phase]
    assert counts == [7, 3, 6, 3, 6]
    assert [row.name for row in work.planned_integrations.all()] == ["Sign-on", "System of record", "Usage feed"]
    assert AuditEvent.objects.filter(engagement_id=work.pk, verb="begin_from_playbook").count() == 1


def test_the_two_languages_plan_the_same() -> None:
    for one, other in ((ENGLISH.milestones, CHINESE.milestones), (ENGLISH.deliverables, CHINESE.deliverables)):
        assert [(days, kind) for days, __, kind in one] == [(days, kind) for days, __, kind in other]
    asked = [{phase: [(line.key, line.is_hard) for line in lines] for phase, lines in text.criteria.items()} for text in (ENGLISH, CHINESE)]
    assert asked[0] == asked[1]
    assert {line.key for lines in ENGLISH.criteria.values() for line in lines} == {"", *CriterionKey.values}
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


def test_criteria_are_taken_once_and_safety_is_asked_whatever_the_playbook_says() -> None:
    line = PlaybookCriterionFactory()
    work = EngagementFactory(customer__language="en")
    assert take_criteria(line.playbook, engagement=work, by=work.lead) is True
    assert take_criteria(line.playbook, engagement=work, by=work.lead) is False
    assert [row.text for row in GateCriterion.objects.filter(gate__engagement=work, key="")] == [line.text]
    keys = GateCriterion.objects.filter(gate__engagement=work, gate__phase="pilot").values_list("key", flat=True)
    assert sorted(keys) == sorted(SAFETY_KEYS)
    assert AuditEvent.objects.filter(verb="take_criteria").count() == 1


def test_an_engagement_whose_gates_ask_too_little_about_safety_is_asked_the_rest() -> None:
    work = EngagementFactory(customer__language="zh-hans")
    gate = GateFactory(engagement=work, phase="pilot")
    GateCriterionFactory(gate=gate, key="rollback", answer="pass")
    assert take_criteria(standard("zh-hans"), engagement=work, by=work.lead) is True
    rows = dict(gate.criteria.values_list("key", "answer"))
    assert rows == dict.fromkeys(SAFETY_KEYS, "unknown") | {"rollback": "pass"}
    assert gate.criteria.get(key="risk_class").text == "AI 风险等级已记录"
