"""Observations: recorded, confirmed by somebody else, disputed with a word, derived from use."""

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest

from engagements.forms.observations import ObservationForm
from engagements.metrics.health_facts import OutcomeFact
from engagements.models import MetricSnapshot, Observation, OutcomeAgreement, OutcomeRebaseline
from engagements.selectors.health_facts import read_history
from engagements.services.counted import archive_counted
from engagements.services.observations import (
    restore_observation,
    save_observation,
    take_in_observations,
)
from engagements.services.outcome_states import Refused
from engagements.services.usage_observations import derive_observations
from engagements.services.verdicts import decide_figure
from fde_portal.accounts.models import AuditEvent
from tests.factories.outcomes import ObservationFactory, OutcomeFactory
from tests.factories.people import UserFactory

pytestmark = pytest.mark.django_db

TODAY = date(2026, 3, 11)
NOW = datetime(2026, 3, 11, 12, tzinfo=UTC)
State = OutcomeAgreement.State


def form(observation: Observation, **data: object) -> ObservationForm:
    typed = {
        "period_from": "2026-02-01", "period_to": "2026-02-28", "numerator": "10", "confidence": "observed", "version": observation.version,
    } | data  # fmt: skip
    found = ObservationForm(typed, instance=observation, today=TODAY)
    assert found.is_valid(), found.errors
    return found


def test_the_first_observation_begins_the_measuring():
    agreement = OutcomeFactory(state=State.AGREED)
    observation = save_observation(form(Observation(agreement=agreement)), by=agreement.our_person, today=TODAY)

    agreement.refresh_from_db()
    assert (agreement.state, observation.value, observation.recorded_on) == (State.MEASURING, 10, TODAY)
    assert agreement.changes.last().state == State.MEASURING


@pytest.mark.parametrize("state", [State.DRAFT, State.MET, State.RETIRED])
def test_nothing_is_recorded_of_an_outcome_that_does_not_run(state):
    agreement = OutcomeFactory(state=state)
    with pytest.raises(Refused):
        save_observation(form(Observation(agreement=agreement)), by=agreement.our_person, today=TODAY)
    with pytest.raises(Refused):
        take_in_observations([ObservationFactory.build(agreement=agreement)], today=TODAY, by=agreement.our_person)
    assert (Observation.objects.count(), AuditEvent.objects.count()) == (0, 0)


def test_whoever_recorded_it_cannot_confirm_it():
    writer, checker = UserFactory(), UserFactory()
    observation = ObservationFactory(recorded_by=writer)
    with pytest.raises(Refused):
        decide_figure(observation, confirmed=True, name="V", today=TODAY, by=writer)
    assert (Observation.objects.get().state, AuditEvent.objects.count()) == ("provisional", 0)

    decide_figure(observation, confirmed=True, name="Ilse de Wit", today=TODAY, by=checker)
    found = Observation.objects.get()
    assert (found.state, found.decided_on, found.decided_by) == ("confirmed", TODAY, "Ilse de Wit")
    assert (AuditEvent.objects.get().verb, AuditEvent.objects.get().actor_label) == ("confirm", "Ilse de Wit")


def test_a_dispute_owes_a_word_and_a_correction_asks_for_a_new_verdict():
    observation = ObservationFactory()
    with pytest.raises(Refused):
        decide_figure(observation, confirmed=False, comment=" ", name="V", today=TODAY, by=None)
    decide_figure(observation, confirmed=False, comment="Two desks are missing", name="V", today=TODAY, by=None)
    assert Observation.objects.get().comment == "Two desks are missing"

    save_observation(form(Observation.objects.get(), numerator="11"), by=observation.agreement.our_person, today=TODAY)
    found = Observation.objects.get()
    assert (found.state, found.comment, found.decided_on, found.numerator) == ("provisional", "", None, 11)


def test_saving_the_same_figures_keeps_the_verdict():
    observation = ObservationFactory(state="confirmed", decided_on=TODAY)
    save_observation(form(observation), by=observation.agreement.our_person, today=TODAY)

    assert Observation.objects.get().state == "confirmed"


def test_an_observation_comes_back_unless_its_period_is_taken():
    observation = ObservationFactory()
    archive_counted(observation, by=observation.agreement.our_person, now=NOW)
    restore_observation(observation, by=observation.agreement.our_person)
    archive_counted(observation, by=observation.agreement.our_person, now=NOW)
    ObservationFactory(agreement=observation.agreement)

    with pytest.raises(Refused):
        restore_observation(observation, by=observation.agreement.our_person)


def weeks(agreement: OutcomeAgreement, *counts: int | None) -> None:
    starts = [date(2026, 2, 2), date(2026, 2, 9), date(2026, 2, 16)]
    series = [{"start": start.isoformat(), "wau": users, "partial": False} for start, users in zip(starts, counts, strict=False)]
    series.append({"start": "2026-03-09", "wau": 99, "partial": True})
    MetricSnapshot.objects.update_or_create(
        engagement=agreement.engagement, deliverable=None, day=TODAY,
        defaults={"definition_version": 1, "values": {}, "series": {"weeks": series}, "computed_at": NOW, "watermark": 1},
    )


def test_complete_measured_weeks_become_observations_once_and_follow_late_data():
    agreement = OutcomeFactory(state=State.AGREED, usage_figure="weekly_users")
    weeks(agreement, 10, None, 14)
    assert [derive_observations(agreement.engagement, today=TODAY) for _ in range(2)] == [2, 0]
    agreement.refresh_from_db()
    assert agreement.state == State.MEASURING

    decided = Observation.objects.get(period_to="2026-02-08")
    decide_figure(decided, confirmed=True, name="V", today=TODAY, by=None)
    weeks(agreement, 11, None, 15)
    assert derive_observations(agreement.engagement, today=TODAY) == 1
    assert list(Observation.objects.values_list("numerator", "origin")) == [(15, "usage"), (10, "usage")]


def test_nothing_is_derived_for_outcomes_that_somebody_observes():
    agreement = OutcomeFactory()
    weeks(agreement, 10)
    assert (derive_observations(agreement.engagement, today=TODAY), Observation.objects.count()) == (0, 0)


def facts(agreement: OutcomeAgreement, day: date) -> list[OutcomeFact]:
    return list(read_history(agreement.engagement, now=NOW).facts(day).outcomes.agreements)


def test_health_of_a_day_knows_only_what_was_known_then():
    agreement = OutcomeFactory()
    ObservationFactory(agreement=agreement, numerator=13, period_from=date(2026, 1, 1), period_to=date(2026, 1, 31), recorded_on=date(2026, 2, 2))
    later = ObservationFactory(agreement=agreement, numerator=9, recorded_on=date(2026, 3, 4))
    decide_figure(later, confirmed=False, comment="Wrong desk", name="V", today=date(2026, 3, 8), by=None)
    ObservationFactory(numerator=1)  # a stranger's

    seen = {day: [fact.value for fact in facts(agreement, day)] for day in (date(2026, 1, 11), date(2026, 1, 20), date(2026, 3, 3), date(2026, 3, 5), TODAY)}
    assert list(seen.values()) == [[], [None], [13], [9], [13]]


def test_health_of_a_day_uses_the_line_of_that_day():
    agreement = OutcomeFactory(target=Decimal(5))
    OutcomeRebaseline.objects.create(
        agreement=agreement, changed_on=date(2026, 3, 1), old_baseline=14, old_baseline_on=date(2026, 1, 5), old_baseline_kind="measured",
        old_target=6, old_due_on=date(2026, 6, 29), reason="R", approved_by=agreement.their_person, approved_on=date(2026, 3, 1),
    )
    assert [facts(agreement, day)[0].line.target for day in (date(2026, 2, 28), date(2026, 3, 1))] == [6, 5]


def test_a_retired_outcome_leaves_health_and_a_decided_one_never_ages():
    assert facts(OutcomeFactory(state=State.RETIRED), TODAY) == []
    assert [fact.cadence_days for fact in facts(OutcomeFactory(state=State.MET), TODAY)] == [None]
