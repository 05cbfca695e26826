"""Agreed outcomes as pages show them: how far along their line, and whether an observation is owed."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.db.models import OuterRef, Prefetch, QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from engagements.metrics.bands import band_of
from engagements.metrics.outcomes import OutcomeLine, next_observation_due, outcome_score
from engagements.models import Engagement, Guardrail, Observation, OutcomeAgreement
from engagements.public_page import wording
from fde_portal.accounts.models import User
from fde_portal.core import formats
from fde_portal.core.json_rows import JsonRows
from fde_portal.core.prepared import Param, prepared

State = OutcomeAgreement.State
DECIDED_BANDS = {State.MET: "good", State.MISSED: "risk", State.RETIRED: "idle", State.DRAFT: "idle"}


@dataclass(frozen=True, slots=True)
class OutcomeRow:
    """An agreement as of one local day. `share` is the part of the way made, None while nothing counts."""

    agreement: OutcomeAgreement
    band: str
    share: Decimal | None
    progress: str
    owed: str
    is_overdue: bool
    newest: Observation | None
    broken: list[Guardrail]


def outcomes_of(engagement: Engagement, user: User) -> QuerySet[OutcomeAgreement]:
    """What `user` sees of the engagement's agreements, with all that a row of the list needs."""
    return with_observations(OutcomeAgreement.objects.visible_to(user).filter(engagement=engagement))


def with_observations(rows: QuerySet[OutcomeAgreement]) -> QuerySet[OutcomeAgreement]:
    seen = Prefetch("observations", Observation.objects.current().select_related("agreement"), to_attr="seen")
    rails = Prefetch("guardrails", Guardrail.objects.current(), to_attr="rails")
    people = ("engagement__customer", "our_person", "their_person", "producer", "verifier")
    return rows.select_related(*people).prefetch_related(seen, rails)


def running_of(person: User, engagements: Iterable[Engagement]) -> list[OutcomeAgreement]:
    """Running agreements that `person` answers for on our side, with what `owed_on` looks at. One statement."""
    agreements = _answered_for(person=person, engagements=list(engagements))
    for agreement in agreements:
        agreement.seen = [Observation(period_to=date.fromisoformat(day), state=state) for day, state in agreement.observed or ()]
    return agreements


@prepared
def _answered_for(*, person: Param, engagements: Param) -> QuerySet[OutcomeAgreement]:
    observed = JsonRows(Observation.objects.current().filter(agreement=OuterRef("pk")), "period_to", "state")
    mine = OutcomeAgreement.objects.running().filter(engagement__in=engagements, our_person=person)
    return mine.annotate(observed=observed)


def outcome_rows(agreements: Iterable[OutcomeAgreement], *, today: date) -> list[OutcomeRow]:
    """Rows of agreements read by `with_observations`."""
    return [outcome_row(agreement, today) for agreement in agreements]


def outcome_row(agreement: OutcomeAgreement, today: date) -> OutcomeRow:
    newest = newest_of(agreement)
    line, value = agreement.line, newest.value if newest else None
    owed_by = owed_on(agreement)
    is_overdue = owed_by is not None and owed_by < today
    return OutcomeRow(
        agreement=agreement,
        band=band(agreement, value, is_overdue, today),
        share=line.progress(value) if line and value is not None else None,
        progress=progress_sentence(agreement, value, today),
        owed=owed_sentence(owed_by, today),
        is_overdue=is_overdue,
        newest=newest,
        broken=[rail for rail in agreement.rails if rail.is_broken],
    )


def newest_of(agreement: OutcomeAgreement) -> Observation | None:
    """The newest observation that nobody disputes: the one that counts."""
    return next((row for row in agreement.seen if row.state != Observation.State.DISPUTED), None)


def owed_on(agreement: OutcomeAgreement) -> date | None:
    """The day by which the next observation is owed; None unless the agreement is running."""
    since = agreement.agreed_on or agreement.baseline_on
    if not agreement.is_running or since is None:
        return None
    newest = newest_of(agreement)
    last = newest.period_to if newest else None
    return next_observation_due(last, max(since, agreement.baseline_on or since), agreement.cadence_days)


def band(agreement: OutcomeAgreement, value: Decimal | None, is_overdue: bool, today: date) -> str:
    if not agreement.is_running:
        return DECIDED_BANDS[State(agreement.state)]
    if agreement.line is None or value is None or is_overdue:
        return "unknown"
    return band_of(outcome_score(agreement.line, value, today))


def progress_sentence(agreement: OutcomeAgreement, value: Decimal | None, today: date) -> str:
    """Progress in words, to be read aloud."""
    line = agreement.line
    if line is None:
        return _("Baseline and target are not agreed yet.")
    if value is None:
        return _("From %(baseline)s to %(target)s by %(day)s. Nothing is observed yet.") % _line_words(agreement, line)
    words = _line_words(agreement, line) | {"value": formats.in_unit(value, agreement.unit)}
    where = _("%(value)s now, from %(baseline)s; the target is %(target)s by %(day)s.") % words
    return formats.sentences(where, _pace(line, value, today))


def _line_words(agreement: OutcomeAgreement, line: OutcomeLine) -> dict[str, str]:
    return {
        "baseline": formats.in_unit(line.baseline, agreement.unit),
        "target": formats.in_unit(line.target, agreement.unit),
        "day": formats.day(line.due, "year"),
    }


def _pace(line: OutcomeLine, value: Decimal, today: date) -> str:
    """How much of the way is made, against how much was due."""
    made, due = line.progress(value), line.progress_due(today)
    if made >= 1:
        return _("The target is reached.")
    if made < 0:
        return _("It is worse than at the baseline.")
    words = {"made": formats.percent(made), "due": formats.percent(due)}
    return _("%(made)s of the way is made, %(due)s was due by now.") % words


def owed_sentence(owed_by: date | None, today: date) -> str:
    if owed_by is None:
        return ""
    days = (today - owed_by).days
    if days > 0:
        return ngettext("An observation is %(days)s day overdue.", "An observation is %(days)s days overdue.", days) % {"days": days}
    return _("Next observation by %(day)s.") % {"day": formats.day(owed_by)}


def outcomes_sentence(rows: Iterable[OutcomeRow]) -> str:
    """One line to read aloud: how many outcomes run, how many are behind, how many are decided."""
    rows = list(rows)
    running = [row for row in rows if row.agreement.is_running]
    behind = sum(row.band in ("watch", "at_risk") for row in running)
    met = sum(row.agreement.state == State.MET for row in rows)
    run = ngettext("%(count)s outcome is being measured.", "%(count)s outcomes are being measured.", len(running)) % {"count": len(running)}
    late = ngettext("%(count)s is behind its line.", "%(count)s are behind their lines.", behind) % {"count": behind}
    won = ngettext("%(count)s is met.", "%(count)s are met.", met) % {"count": met}
    return formats.sentences(run, late if behind else "", won if met else "", verdicts_sentence(rows))


def verdicts_sentence(rows: Iterable[OutcomeRow]) -> str:
    """Of the newest figures, what is confirmed, open and disputed, each apart; "" without a figure."""
    newest = [row.agreement.seen[0].state for row in rows if row.agreement.seen]
    counts = [newest.count(state) for state in (Observation.State.CONFIRMED, Observation.State.PROVISIONAL, Observation.State.DISPUTED)]
    return wording.verdicts(*counts) if newest else ""
