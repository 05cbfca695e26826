"""The timeline's entries in words, each with the page it leads to."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from customers.models import StanceRecord
from engagements.models import (
    Annulment,
    Ask,
    BlockerChange,
    DeliverableChange,
    Edition,
    Engagement,
    ForecastChange,
    GateDecision,
    GuardrailReading,
    Incident,
    LogEntry,
    Observation,
    OutcomeChange,
    OutcomeRebaseline,
    PhaseChange,
    Rebaseline,
    Release,
    Response,
    RiskAssessment,
    StakeholderNote,
    UsageBatch,
    WeeklyUpdate,
)
from engagements.selectors.log import LOG_MODELS
from engagements.selectors.note import first_line
from engagements.selectors.timeline import Event
from fde_portal.accounts.acts import details_of, sentence_of
from fde_portal.accounts.models import AuditEvent
from fde_portal.core import formats


class Words(NamedTuple):
    """What happened, more about it, where to read on ("" for nowhere)."""

    text: str
    more: str = ""
    url: str = ""


def words_of(event: Event, engagement: Engagement) -> Words:
    return _WORDS[event.kind](event.record, engagement)


def _phase(change: PhaseChange, engagement: Engagement) -> Words:
    text = _("Phase: %(phase)s") % {"phase": change.get_phase_display()}
    return Words(text, url=reverse("engagement_phase", args=[engagement.slug]))


def _gate(decision: GateDecision, engagement: Engagement) -> Words:
    words = {"gate": decision.gate, "outcome": decision.get_outcome_display()}
    said = _("%(gate)s: %(outcome)s, taken back") if decision.gate.taken_back_at else _("%(gate)s: %(outcome)s")
    return Words(said % words, decision.reason, reverse("gate", args=[engagement.slug, decision.gate_id]))


def _update(update: WeeklyUpdate, engagement: Engagement) -> Words:
    said = _("Corrected the update of week %(week)s") if update.revision > 1 else _("Published the update of week %(week)s")
    url = reverse("engagement_update", args=[engagement.slug, update.pk])
    return Words(said % {"week": update.iso_week}, update.headline, url)


def _edition(edition: Edition, engagement: Engagement) -> Words:
    url = reverse("edition", args=[engagement.slug, edition.number])
    return Words(_("The customer's page shows edition %(number)s") % {"number": edition.number}, url=url)


def _ask(ask: Ask, engagement: Engagement) -> Words:
    text = _("Asked the customer: %(ask)s") % {"ask": ask.text}
    more = [ask.stakeholder.name if ask.stakeholder else "", str(ask.get_state_display())]
    return Words(text, formats.listed(filter(None, more)), reverse("ask", args=[engagement.slug, ask.pk]))


def _answer(answer: Response, engagement: Engagement) -> Words:
    said = _("%(person)s, “%(item)s”: %(kind)s") % {
        "person": answer.signed,
        "item": answer.item_text,
        "kind": answer.get_kind_display(),
    }
    url = f"{reverse('engagement_answers', args=[engagement.slug])}#answer-{answer.pk}"
    more = formats.listed(filter(None, [answer.who_will, answer.text]))
    return Words(said, _annulled(answer.annulment, engagement) if answer.is_annulled else more, url)


def _annulled(annulment: Annulment, engagement: Engagement) -> str:
    words = {
        "person": annulment.annulled_by or "–",
        "day": formats.day(timezone.localdate(annulment.annulled_at, engagement.zone), "year"),
        "reason": annulment.reason,
    }
    return _("Annulled by %(person)s on %(day)s: %(reason)s") % words


def _milestone(change: ForecastChange, engagement: Engagement) -> Words:
    text = _milestone_text(change) % {
        "milestone": change.milestone.title,
        "day": formats.day(change.actual_on or change.forecast_on or change.milestone.baseline_on, "year"),
    }
    return Words(text, url=reverse("milestone_edit", args=[engagement.slug, change.milestone_id]))


def _milestone_text(change: ForecastChange) -> str:
    if change.actual_on:
        return _("Milestone “%(milestone)s” reached on %(day)s")
    if change.forecast_on:
        return _("Milestone “%(milestone)s” is expected on %(day)s")
    return _("Milestone “%(milestone)s” is planned for %(day)s")


def _promise(promise: Rebaseline, engagement: Engagement) -> Words:
    text = _("Milestone “%(milestone)s” is promised for %(new)s instead of %(old)s") % {
        "milestone": promise.milestone.title,
        "new": formats.day(promise.new_on, "year"),
        "old": formats.day(promise.old_on, "year"),
    }
    return Words(text, promise.reason, reverse("milestone_edit", args=[engagement.slug, promise.milestone_id]))


def _step(change: DeliverableChange, engagement: Engagement) -> Words:
    text = _("%(deliverable)s: %(state)s") % {"deliverable": change.deliverable, "state": change.get_state_display()}
    return Words(text, change.reason, reverse("deliverable", args=[engagement.slug, change.deliverable_id]))


def _release(release: Release, engagement: Engagement) -> Words:
    text = _("Released %(release)s of %(deliverable)s") % {"release": release.name, "deliverable": release.deliverable}
    return Words(text, release.note, reverse("deliverable", args=[engagement.slug, release.deliverable_id]))


def _incident(incident: Incident, engagement: Engagement) -> Words:
    text = _("Incident with %(deliverable)s: %(incident)s") % {"deliverable": incident.deliverable, "incident": incident.title}
    return Words(text, str(incident.get_severity_display()), reverse("deliverable", args=[engagement.slug, incident.deliverable_id]))


def _blocker(change: BlockerChange, engagement: Engagement) -> Words:
    text = _("Blocker “%(blocker)s”: %(state)s") % {"blocker": change.blocker.text, "state": change.get_state_display()}
    return Words(text, url=reverse("blocker", args=[engagement.slug, change.blocker_id]))


def _risk(row: RiskAssessment, engagement: Engagement) -> Words:
    text = _("Risk “%(risk)s”: %(state)s") % {"risk": row.risk.text, "state": row.get_state_display()}
    more = _("Likelihood %(likelihood)s, impact %(impact)s") % {"likelihood": row.likelihood, "impact": row.impact}
    return Words(text, more, reverse("risk", args=[engagement.slug, row.risk_id]))


def _outcome(change: OutcomeChange, engagement: Engagement) -> Words:
    text = _("Outcome “%(outcome)s”: %(state)s") % {"outcome": change.agreement.outcome, "state": change.get_state_display()}
    return Words(text, change.reason, reverse("outcome", args=[engagement.slug, change.agreement_id]))


def _outcome_line(line: OutcomeRebaseline, engagement: Engagement) -> Words:
    text = _("Outcome “%(outcome)s” has a new line instead of %(target)s by %(day)s") % {
        "outcome": line.agreement.outcome,
        "target": formats.in_unit(line.old_target, line.agreement.unit),
        "day": formats.day(line.old_due_on, "year"),
    }
    return Words(text, line.reason, reverse("outcome", args=[engagement.slug, line.agreement_id]))


def _observation(seen: Observation, engagement: Engagement) -> Words:
    text = _("Observed of “%(outcome)s”: %(value)s") % {
        "outcome": seen.agreement.outcome,
        "value": formats.in_unit(seen.value, seen.agreement.unit),
    }
    period = formats.days(seen.period_from, seen.period_to)
    more = formats.listed([period, str(seen.get_state_display())])
    return Words(text, more, reverse("outcome", args=[engagement.slug, seen.agreement_id]))


def _reading(read: GuardrailReading, engagement: Engagement) -> Words:
    rail = read.guardrail
    text = _("Guardrail “%(guardrail)s”: %(value)s") % {"guardrail": rail, "value": formats.in_unit(read.value, rail.unit)}
    limit = f"{rail.get_bound_display()} {formats.in_unit(read.limit, rail.unit)}"
    more = formats.listed([limit, pgettext("guardrail", "Broken")] if read.is_broken else [limit])
    return Words(text, more, reverse("outcome", args=[engagement.slug, rail.agreement_id]))


def _entry(entry: LogEntry, engagement: Engagement) -> Words:
    text = _("%(kind)s: %(text)s") % {"kind": entry._meta.verbose_name.capitalize(), "text": entry.text}
    return Words(text, entry.state_word, reverse("log_entry_edit", args=[engagement.slug, entry.KEY, entry.pk]))


def _batch(batch: UsageBatch, engagement: Engagement) -> Words:
    text = ngettext(
        "%(count)s row of usage of %(deliverable)s", "%(count)s rows of usage of %(deliverable)s", batch.row_count
    ) % {"count": formats.number(batch.row_count), "deliverable": batch.source.deliverable}
    more = formats.days(batch.first_day, batch.last_day)
    if batch.state == UsageBatch.State.ROLLED_BACK:
        more = formats.listed([more, str(batch.get_state_display())])
    return Words(text, more, reverse("usage_source", args=[engagement.slug, batch.source_id]))


def _note(note: StakeholderNote, engagement: Engagement) -> Words:
    return Words(_("Note: %(kind)s") % {"kind": note.get_kind_display()}, first_line(note), reverse("note", args=[note.pk]))


def _stance(record: StanceRecord, engagement: Engagement) -> Words:
    person = record.stakeholder
    text = _("%(person)s: %(stance)s") % {"person": person, "stance": record.get_stance_display()}
    return Words(text, url=reverse("customers:stakeholder_edit", args=[person.customer.slug, person.pk]))


def _act(event: AuditEvent, engagement: Engagement) -> Words:
    return Words(sentence_of(event), details_of(event), _page_of(event, engagement))


# The page of what an act was about, for kinds that have one in their engagement.
_PAGES = {
    "gate": "gate",
    "asset": "asset_edit",
    "ask": "ask",
    "milestone": "milestone_edit",
    "deliverable": "deliverable",
    "blocker": "blocker",
    "risk": "risk",
    "outcomeagreement": "outcome",
    "valuecase": "value_story",
    "usagesource": "usage_source",
    "reviewquestion": "review_question",
}
_ON_REVIEW = {"review", "help"}
_LOG_KEYS = {model._meta.model_name: model.KEY for model in LOG_MODELS}


def _page_of(event: AuditEvent, engagement: Engagement) -> str:
    if event.subject_type in _PAGES:
        return reverse(_PAGES[event.subject_type], args=[engagement.slug, event.subject_id])
    if event.subject_type in _LOG_KEYS:
        return reverse("log_entry_edit", args=[engagement.slug, _LOG_KEYS[event.subject_type], event.subject_id])
    if event.subject_type in _ON_REVIEW:
        return reverse("engagement_review", args=[engagement.slug])
    if event.subject_type == "stakeholdernote":
        return reverse("note", args=[event.subject_id])
    return ""


_WORDS: dict[str, Callable[..., Words]] = {
    "phases": _phase,
    "gates": _gate,
    "updates": _update,
    "editions": _edition,
    "asks": _ask,
    "answers": _answer,
    "milestones": _milestone,
    "promises": _promise,
    "deliverables": _step,
    "releases": _release,
    "incidents": _incident,
    "blockers": _blocker,
    "risks": _risk,
    "outcomes": _outcome,
    "outcome_lines": _outcome_line,
    "observations": _observation,
    "guardrails": _reading,
    **{model.KEY: _entry for model in LOG_MODELS},
    "usage": _batch,
    "notes": _note,
    "stances": _stance,
    "records": _act,
}
