"""Acts on observations: record, take in from a file, archive."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from django.db import transaction
from django.forms import ModelForm

from engagements.models import Observation, OutcomeAgreement
from engagements.services.outcome_states import Refused, begin_measuring
from engagements.services.recomputes import request_recompute
from engagements.services.verdicts import without_verdict
from fde_portal.accounts import audit
from fde_portal.accounts.models import User
from fde_portal.accounts.records import restore_record, save_record


@transaction.atomic
def save_observation(form: ModelForm, *, by: User, today: date) -> Observation:
    """Save an observation from a valid form; one whose figures changed waits for its verdict again.

    Raises Refused when the agreement is not running, Conflict when somebody else saved in between.
    """
    observation: Observation = form.instance
    _require_running(observation.agreement)
    if observation.pk is None:
        observation.recorded_on, observation.recorded_by = today, by
    elif form.has_changed():
        without_verdict(observation)
    saved = save_record(form, by=by)
    _observed(saved.agreement, today, by)
    return saved


@transaction.atomic
def take_in_observations(observations: Iterable[Observation], *, today: date, by: User) -> int:
    """Save new observations of one agreement, all or none; say how many. Raises Refused when it is not running."""
    rows = list(observations)
    for row in rows:
        _require_running(row.agreement)
        row.recorded_on, row.recorded_by = today, by
        row.save(force_insert=True)
        audit.record("observe", row, by=by, origin=row.origin)
    if rows:
        _observed(rows[0].agreement, today, by)
    return len(rows)


def _require_running(agreement: OutcomeAgreement) -> None:
    if not agreement.is_running:
        raise Refused


def _observed(agreement: OutcomeAgreement, today: date, by: User | None) -> None:
    begin_measuring(agreement, today=today, by=by)
    request_recompute(agreement.engagement_id)


@transaction.atomic
def restore_observation(observation: Observation, *, by: User) -> None:
    """Bring an observation back. Raises Refused when another one took its period meanwhile."""
    same = Observation.objects.current().filter(
        agreement=observation.agreement_id, period_from=observation.period_from, period_to=observation.period_to
    )
    if same.exclude(pk=observation.pk).exists():
        raise Refused
    restore_record(observation, by=by)
    request_recompute(observation.engagement_id)
