"""Acts on notes about people."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.forms import ModelForm

from customers.services import note_contact, record_stance
from engagements.models import NoteRevision, StakeholderNote
from fde_portal.accounts.models import User
from fde_portal.accounts.records import save_record

# A stance is recorded again only when one of these changed: correcting a typo in an old note
# says nothing new about what people think.
STANCE_FIELDS = frozenset({"stakeholders", "stance_observed", "happened_on"})


@transaction.atomic
def save_note(form: ModelForm, *, by: User, now: datetime) -> StakeholderNote:
    """Save a note from a valid form: the earlier text is kept, people were met, their stance was seen.

    Raises Conflict (accounts.records) when somebody else saved in between.
    """
    is_new = form.instance.pk is None
    if is_new:
        form.instance.author = by
    note = save_record(form, by=by)
    if not is_new and note.text != form.initial["text"]:
        NoteRevision.objects.create(note=note, text=form.initial["text"], replaced_at=now, replaced_by=by)
    if is_new or STANCE_FIELDS & set(form.changed_data):
        _follow_up(note, by=by)
    return note


def _follow_up(note: StakeholderNote, *, by: User) -> None:
    stakeholders = note.stakeholders.all()
    note_contact(stakeholders, on=note.happened_on)
    if note.stance_observed:
        for stakeholder in stakeholders:
            record_stance(stakeholder=stakeholder, stance=note.stance_observed, on=note.happened_on, by=by)
