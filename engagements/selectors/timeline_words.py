"""The timeline's entries in words, each with the page it leads to."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from customers.models import StanceRecord
from engagements.models import (
    Edition,
    Engagement,
    ForecastChange,
    PhaseChange,
    Response,
    StakeholderNote,
    UsageBatch,
    WeeklyUpdate,
)
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


def _update(update: WeeklyUpdate, engagement: Engagement) -> Words:
    said = _("Corrected the update of week %(week)s") if update.revision > 1 else _("Published the update of week %(week)s")
    url = reverse("engagement_update", args=[engagement.slug, update.pk])
    return Words(said % {"week": update.iso_week}, update.headline, url)


def _edition(edition: Edition, engagement: Engagement) -> Words:
    url = reverse("edition", args=[engagement.slug, edition.number])
    return Words(_("The customer's page shows edition %(number)s") % {"number": edition.number}, url=url)


def _answer(answer: Response, engagement: Engagement) -> Words:
    said = _("%(person)s, “%(item)s”: %(kind)s") % {
        "person": answer.name,
        "item": answer.item_text,
        "kind": answer.get_kind_display(),
    }
    url = f"{reverse('engagement_answers', args=[engagement.slug])}#answer-{answer.pk}"
    return Words(said, formats.listed(filter(None, [answer.who_will, answer.text])), url)


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


def _batch(batch: UsageBatch, engagement: Engagement) -> Words:
    text = ngettext(
        "%(count)s row of usage of %(deliverable)s", "%(count)s rows of usage of %(deliverable)s", batch.row_count
    ) % {"count": formats.number(batch.row_count), "deliverable": batch.source.deliverable}
    more = _("%(first)s to %(last)s") % {"first": formats.day(batch.first_day), "last": formats.day(batch.last_day, "year")}
    if batch.state == UsageBatch.State.ROLLED_BACK:
        more = formats.listed([more, str(batch.get_state_display())])
    return Words(text, more, reverse("usage_source", args=[engagement.slug, batch.source_id]))


def _note(note: StakeholderNote, engagement: Engagement) -> Words:
    first_line = note.text.strip().splitlines()[0] if note.text.strip() else ""
    return Words(_("Note: %(kind)s") % {"kind": note.get_kind_display()}, first_line[:160], reverse("note", args=[note.pk]))


def _stance(record: StanceRecord, engagement: Engagement) -> Words:
    person = record.stakeholder
    text = _("%(person)s: %(stance)s") % {"person": person, "stance": record.get_stance_display()}
    return Words(text, url=reverse("customers:stakeholder_edit", args=[person.customer.slug, person.pk]))


def _act(event: AuditEvent, engagement: Engagement) -> Words:
    return Words(sentence_of(event), details_of(event))


_WORDS: dict[str, Callable[..., Words]] = {
    "phases": _phase,
    "updates": _update,
    "editions": _edition,
    "answers": _answer,
    "milestones": _milestone,
    "usage": _batch,
    "notes": _note,
    "stances": _stance,
    "records": _act,
}
