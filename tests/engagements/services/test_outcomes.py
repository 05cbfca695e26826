"""The life of an agreed outcome: who may bind whom, what is refused, and that the old line stays."""

from datetime import date
from decimal import Decimal

import pytest
from django.db import IntegrityError, transaction

from engagements.models import Observation, OutcomeAgreement, OutcomeChange, OutcomeRebaseline, Recompute
from engagements.services.outcome_states import Refused
from engagements.services.outcomes import agree_outcome, decide_outcome, rebaseline_outcome, reopen_outcome
from fde_portal.accounts.models import AuditEvent
from tests.factories.outcomes import GuardrailFactory, ObservationFactory, OutcomeFactory
from tests.factories.people import ManagerFactory, UserFactory

pytestmark = pytest.mark.django_db

TODAY = date(2026, 3, 11)
State = OutcomeAgreement.State


def agree(agreement: OutcomeAgreement, by) -> None:
    agree_outcome(agreement, on=date(2026, 3, 9), how="Steering meeting", today=TODAY, by=by)


def last_change(agreement: OutcomeAgreement) -> OutcomeChange:
    return agreement.changes.last()


def nothing_written() -> bool:
    return not AuditEvent.objects.exists() and not Recompute.objects.exists()


def test_both_sides_are_bound_with_day_and_way():
    agreement = OutcomeFactory(state=State.DRAFT)
    agree(agreement, agreement.our_person)

    agreement.refresh_from_db()
    assert (agreement.state, agreement.agreed_on, agreement.agreed_how) == (State.AGREED, date(2026, 3, 9), "Steering meeting")
    assert (last_change(agreement).state, last_change(agreement).changed_on) == (State.AGREED, TODAY)
    assert AuditEvent.objects.get().verb == "agree"


def test_a_manager_may_agree_for_us_and_a_colleague_may_not():
    with pytest.raises(Refused):
        agree(OutcomeFactory(state=State.DRAFT), UserFactory())
    assert nothing_written()
    agree(OutcomeFactory(state=State.DRAFT), ManagerFactory())


@pytest.mark.parametrize("missing", ["metric", "unit", "population", "source_of_truth", "target", "due_on", "baseline", "baseline_on", "their_person", "verifier"])
def test_nothing_is_agreed_while_a_part_is_missing(missing):
    empty = "" if missing in ("metric", "unit", "population", "source_of_truth") else None
    agreement = OutcomeFactory(state=State.DRAFT, **{missing: empty})

    with pytest.raises(Refused):
        agree(agreement, agreement.our_person)
    assert (OutcomeAgreement.objects.get().state, agreement.missing, nothing_written()) == (State.DRAFT, [missing], True)


def test_of_two_who_agree_at_once_one_is_refused():
    agreement = OutcomeFactory(state=State.DRAFT)
    other = OutcomeAgreement.objects.get()
    agree(agreement, agreement.our_person)

    with pytest.raises(Refused):
        agree(other, agreement.our_person)
    assert agreement.changes.filter(state=State.AGREED).count() == 1


def test_the_producer_cannot_be_the_verifier():
    agreement = OutcomeFactory()
    agreement.producer = agreement.verifier

    with pytest.raises(IntegrityError), transaction.atomic():
        agreement.save()


NEW = {"baseline": Decimal(12), "baseline_on": date(2026, 2, 1), "baseline_kind": "measured", "target": Decimal(5), "due_on": date(2026, 9, 1)}


def rebaseline(agreement: OutcomeAgreement) -> OutcomeRebaseline:
    approval = {"reason": "A second desk joined", "approved_by": agreement.their_person, "approved_on": TODAY}
    return rebaseline_outcome(agreement, line=NEW, approval=approval, today=TODAY, by=agreement.our_person)


def test_a_new_line_keeps_the_old_one_with_reason_and_approval():
    agreement = OutcomeFactory()
    before = agreement.line
    kept = rebaseline(agreement)

    agreement.refresh_from_db()
    assert (agreement.baseline, agreement.target, agreement.due_on, agreement.state) == (12, 5, date(2026, 9, 1), State.MEASURING)
    assert (kept.line, kept.reason, kept.approved_by, kept.changed_on) == (before, "A second desk joined", agreement.their_person, TODAY)
    assert AuditEvent.objects.get().verb == "rebaseline_outcome"


@pytest.mark.parametrize("state", [State.DRAFT, State.MET, State.MISSED, State.RETIRED])
def test_only_a_running_outcome_gets_a_new_line(state):
    agreement = OutcomeFactory(state=state)

    with pytest.raises(Refused):
        rebaseline(agreement)
    assert (OutcomeAgreement.objects.get().target, OutcomeRebaseline.objects.count(), nothing_written()) == (6, 0, True)


def decide(agreement: OutcomeAgreement, to: State, reason: str = "") -> None:
    decide_outcome(agreement, to=to, reason=reason, today=TODAY, by=agreement.our_person)


def observed(agreement: OutcomeAgreement, value: int, state: str = "confirmed") -> None:
    decided = None if state == "provisional" else TODAY
    ObservationFactory(agreement=agreement, numerator=value, state=state, decided_on=decided, comment="No" if state == "disputed" else "")


def test_an_outcome_is_met_when_a_confirmed_observation_reaches_the_target():
    agreement = OutcomeFactory()
    observed(agreement, 6)
    GuardrailFactory(agreement=agreement, reading=11, read_on=TODAY)
    decide(agreement, State.MET)

    assert (OutcomeAgreement.objects.get().state, last_change(agreement).state) == (State.MET, State.MET)


@pytest.mark.parametrize(
    ("value", "state", "reading"), [(7, "confirmed", None), (6, "provisional", None), (6, "disputed", None), (6, "confirmed", 12)],
    ids=["short of it", "not confirmed", "disputed", "guardrail broken"],
)
def test_it_is_not_met_without_proof(value, state, reading):
    agreement = OutcomeFactory()
    observed(agreement, value, state)
    GuardrailFactory(agreement=agreement, reading=reading, read_on=reading and TODAY)

    with pytest.raises(Refused):
        decide(agreement, State.MET)
    assert (OutcomeAgreement.objects.get().state, nothing_written()) == (State.MEASURING, True)


@pytest.mark.parametrize("to", [State.MISSED, State.RETIRED])
def test_missing_and_retiring_owe_a_reason(to):
    agreement = OutcomeFactory()
    with pytest.raises(Refused):
        decide(agreement, to, " ")
    assert nothing_written()

    decide(agreement, to, "The desk was closed")
    assert (OutcomeAgreement.objects.get().state, last_change(agreement).reason) == (to, "The desk was closed")


def test_a_decision_can_be_taken_back_and_stays_in_the_history():
    agreement = OutcomeFactory()
    decide(agreement, State.MISSED, "Too late")
    reopen_outcome(agreement, today=TODAY, by=agreement.our_person)

    assert OutcomeAgreement.objects.get().state == State.MEASURING
    assert list(agreement.changes.values_list("state", flat=True))[-2:] == [State.MISSED, State.MEASURING]
    with pytest.raises(Refused):
        reopen_outcome(agreement, today=TODAY, by=agreement.our_person)


def test_a_period_has_one_observation_and_an_archived_one_makes_room():
    found = ObservationFactory()
    with pytest.raises(IntegrityError), transaction.atomic():
        ObservationFactory(agreement=found.agreement)
    Observation.objects.update(archived_at="2026-03-01T00:00Z")
    ObservationFactory(agreement=found.agreement)
