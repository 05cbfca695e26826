"""What a sentence of a note can become: one line here for a record that has `text`, `engagement` and `origin_note`."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.http import Http404
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from engagements.forms.asks import AskForm
from engagements.forms.blockers import BlockerForm
from engagements.forms.log_entries import LogForm
from engagements.forms.risks import RiskForm
from engagements.models import StakeholderNote
from engagements.services.blockers import save_blocker
from engagements.services.risks import save_risk
from engagements.views.log_kinds import LOG_KINDS, LogKind
from fde_portal.accounts.models import User
from fde_portal.accounts.records import save_record


def save_plain(form: LogForm) -> Any:
    return save_record(form, by=form.user)


def save_as_blocker(form: BlockerForm) -> Any:
    return save_blocker(form, by=form.user, today=form.today, now=timezone.now())


def save_as_risk(form: RiskForm) -> Any:
    return save_risk(form, by=form.user, today=form.today)


@dataclass(frozen=True, slots=True)
class NoteOutcome:
    """`save` makes the record from the valid form; `url` leads to it, `away` to where it is archived."""

    key: str
    form: type[LogForm]
    name: str | Promise
    new: str | Promise
    url: Callable[[Any], str]
    away: Callable[[Any], str]
    is_shared: bool = False
    save: Callable[[Any], Any] = save_plain


def of_kind(kind: LogKind) -> NoteOutcome:
    return NoteOutcome(kind.key, kind.form, kind.name, kind.new, page_of("log_entry_edit", kind.key), page_of("log_entry_archive", kind.key))


def page_of(name: str, *parts: str) -> Callable[[Any], str]:
    return lambda record: reverse(name, args=[record.engagement.slug, *parts, record.pk])


NOTE_OUTCOMES = (
    NoteOutcome("ask", AskForm, _("Ask"), _("New ask"), page_of("ask"), page_of("ask_archive"), is_shared=True),
    NoteOutcome("blocker", BlockerForm, _("Blocker"), _("New blocker"), page_of("blocker"), page_of("blocker_archive"), save=save_as_blocker),
    NoteOutcome("risk", RiskForm, _("Risk"), _("New risk"), page_of("risk"), page_of("risk_archive"), save=save_as_risk),
    *(of_kind(kind) for kind in LOG_KINDS if kind.from_note),
)


def outcome_or_404(key: str) -> NoteOutcome:
    outcome = next((outcome for outcome in NOTE_OUTCOMES if outcome.key == key), None)
    if outcome is None:
        raise Http404
    return outcome


def outcomes_of(note: StakeholderNote, user: User) -> list[dict[str, Any]]:
    """What came of a note, as far as `user` sees it: one statement a kind, oldest first within it."""
    return [
        {"name": outcome.name, "record": record, "url": outcome.url(record)}
        for outcome in NOTE_OUTCOMES
        for record in outcome.form._meta.model.objects.visible_to(user)
        .filter(origin_note=note)
        .select_related("engagement")
        .order_by("pk")
        if not getattr(record, "archived_at", None)
    ]
