"""What a sentence of a note can become: one line here for a record that has `text`, `engagement` and `origin_note`."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.http import Http404
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from engagements.forms.asks import AskForm
from engagements.models import StakeholderNote
from engagements.views.log_kinds import LOG_KINDS, LogKind
from fde_portal.accounts.forms import RecordForm
from fde_portal.accounts.models import User


@dataclass(frozen=True, slots=True)
class NoteOutcome:
    """`form` takes `user` and `today`; `url` leads to the record that was made."""

    key: str
    form: type[RecordForm]
    name: str | Promise
    new: str | Promise
    url: Callable[[Any], str]
    is_shared: bool = False


def of_kind(kind: LogKind) -> NoteOutcome:
    def url(record: Any) -> str:
        return reverse("log_entry_edit", args=[record.engagement.slug, kind.key, record.pk])

    return NoteOutcome(kind.key, kind.form, kind.name, kind.new, url)


def updates_url(record: Any) -> str:
    return reverse("engagement_updates", args=[record.engagement.slug])


NOTE_OUTCOMES = (
    NoteOutcome("ask", AskForm, _("Ask"), _("New ask"), updates_url, is_shared=True),
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
