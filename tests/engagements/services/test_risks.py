"""How a risk was judged is kept by day; closing is an act."""

from datetime import UTC, date, datetime

import pytest
from django.db import IntegrityError, transaction

from engagements.forms.risks import RiskForm
from engagements.models import Risk
from engagements.selectors.risk import risk_lines, with_weight
from engagements.services.counted import archive_counted
from engagements.services.risks import save_risk, set_risk_state
from fde_portal.accounts.models import AuditEvent
from tests.factories.concerns import RiskFactory
from tests.factories.engagements import EngagementFactory, MilestoneFactory
from tests.factories.portfolio import PortfolioRowFactory

pytestmark = pytest.mark.django_db

TODAY = date(2026, 3, 11)
NOW = datetime(2026, 3, 11, 12, tzinfo=UTC)


def form(risk: Risk, **data: object) -> RiskForm:
    typed = {"text": risk.text or "It may rain", "likelihood": risk.likelihood, "impact": risk.impact, "version": risk.version}
    return RiskForm(typed | data, instance=risk, user=risk.engagement.lead, today=TODAY)


def save(risk: Risk, **data: object) -> Risk:
    found = form(risk, **data)
    assert found.is_valid(), found.errors
    return save_risk(found, by=risk.engagement.lead, today=TODAY)


def test_each_new_judgement_is_kept_and_other_edits_are_not():
    risk = save(Risk(engagement=EngagementFactory()))
    assert risk.owner == risk.engagement.lead
    save(risk, likelihood=5, impact=4)
    save(risk, likelihood=5, impact=4, mitigation="An umbrella")

    assert list(risk.assessments.values_list("assessed_on", "likelihood", "impact")) == [(TODAY, 3, 3), (TODAY, 5, 4)]


def test_closing_is_kept_and_done_once():
    risk = RiskFactory()
    for _ in range(2):
        set_risk_state(risk, state=Risk.State.CLOSED, today=TODAY, by=risk.engagement.lead)

    assert list(risk.assessments.values_list("state", flat=True)) == ["open", "closed"]
    assert list(AuditEvent.objects.values_list("verb", flat=True)) == ["close"]


def test_an_archived_risk_is_in_no_list():
    risk = RiskFactory()
    archive_counted(risk, by=risk.engagement.lead, now=NOW)

    assert not Risk.objects.open().exists()


def test_a_trigger_needs_its_number_and_a_stopped_feed_needs_none():
    risk = RiskFactory()

    assert list(form(risk, trigger="weekly_users").errors) == ["threshold"]
    assert save(risk, trigger="feed_stopped", threshold=7).threshold is None
    with pytest.raises(IntegrityError), transaction.atomic():
        Risk.objects.update(trigger="no_update", threshold=None)


@pytest.mark.parametrize(
    ("trigger", "threshold", "alert"),
    [
        ("weekly_users", 50, "42 weekly users, below 50."),
        ("weekly_users", 42, ""),
        ("milestone_slip", 5, "A milestone slips 9 days, more than 5."),
        ("no_update", 9, "No update for 10 days, more than 9."),
        ("feed_stopped", None, "Usage has stopped arriving."),
    ],
)
def test_an_alert_says_which_fact_came_true(trigger, threshold, alert):
    risk = RiskFactory(trigger=trigger, threshold=threshold)
    PortfolioRowFactory(engagement=risk.engagement, weekly_users=42, feed_stopped=True, last_update_on=date(2026, 3, 1))
    MilestoneFactory(engagement=risk.engagement, baseline_on=date(2026, 3, 2))
    MilestoneFactory(baseline_on=date(2026, 1, 2))  # of a stranger

    assert [line.alert for line in risk_lines(with_weight(Risk.objects.all()), today=TODAY)] == [alert]
