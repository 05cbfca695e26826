from datetime import UTC, date, datetime

import pytest

from engagements.forms.notes import NoteForm
from engagements.models import NoteRevision, StakeholderNote
from engagements.services.notes import save_note
from fde_portal.accounts.models import AuditEvent
from fde_portal.accounts.records import Conflict
from tests.factories.customers import StakeholderFactory
from tests.factories.engagements import EngagementFactory, NoteFactory

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 3, 3, 9, tzinfo=UTC)
TODAY = date(2026, 3, 3)


@pytest.fixture
def engagement():
    return EngagementFactory()


@pytest.fixture
def person(engagement):
    return StakeholderFactory(customer=engagement.customer)


def save(note, engagement, **fields):
    """Save `note` through its form as the engagement's lead."""
    current = {"text": note.text, "kind": note.kind, "happened_on": note.happened_on or date(2026, 3, 2), "version": note.version}
    form = NoteForm(current | fields, instance=note, user=engagement.lead, today=TODAY)
    assert form.is_valid(), form.errors
    return save_note(form, by=engagement.lead, now=NOW)


def new_note(engagement):
    return StakeholderNote(customer=engagement.customer)


def test_a_new_note_has_an_author_and_no_earlier_text(engagement):
    note = save(new_note(engagement), engagement, text="Called back")
    assert (note.author, note.text, note.engagement) == (engagement.lead, "Called back", None)
    assert not NoteRevision.objects.exists()


def test_the_text_before_a_change_is_kept_with_who_and_when(engagement):
    note = NoteFactory(customer=engagement.customer, text="First")
    save(note, engagement, text="Second")
    save(StakeholderNote.objects.get(), engagement, text="Third")
    assert list(NoteRevision.objects.values_list("text", "replaced_at", "replaced_by")) == [
        ("Second", NOW, engagement.lead.pk),
        ("First", NOW, engagement.lead.pk),
    ]


def test_other_line_ends_are_no_new_text(engagement):
    note = NoteFactory(customer=engagement.customer, text="One\nTwo")
    save(note, engagement, text="One\r\nTwo", kind="call")
    assert not NoteRevision.objects.exists()
    assert StakeholderNote.objects.get().text == "One\nTwo"


def test_an_edit_in_between_is_a_conflict_and_writes_nothing(engagement):
    note = NoteFactory(customer=engagement.customer, text="First")
    StakeholderNote.objects.update(version=2)
    with pytest.raises(Conflict):
        save(note, engagement, text="Mine", version=1)
    assert StakeholderNote.objects.get().text == "First"
    assert not NoteRevision.objects.exists()


def test_the_stance_seen_becomes_that_of_the_people_named(engagement, person):
    other = StakeholderFactory(customer=engagement.customer)
    save(new_note(engagement), engagement, text="x", stakeholders=[person.pk], stance_observed="sceptic")
    assert list(person.stances.values_list("stance", "recorded_on")) == [("sceptic", date(2026, 3, 2))]
    assert not other.stances.exists()


def test_people_named_were_met_that_day(engagement, person):
    other = StakeholderFactory(customer=engagement.customer)
    save(new_note(engagement), engagement, text="x", stakeholders=[person.pk])
    person.refresh_from_db()
    other.refresh_from_db()
    assert (person.last_contact_on, other.last_contact_on) == (date(2026, 3, 2), None)


def test_correcting_a_typo_does_not_bring_an_old_stance_back(engagement, person):
    seen = {"stakeholders": [person.pk], "stance_observed": "sceptic"}
    note = save(new_note(engagement), engagement, text="Tpyo", **seen)
    person.stances.create(stance="neutral", recorded_on=date(2026, 3, 2))
    save(StakeholderNote.objects.get(pk=note.pk), engagement, text="Typo", **seen)
    assert list(person.stances.values_list("stance", flat=True)) == ["sceptic", "neutral"]


def test_a_stance_asks_for_health_as_of_its_day(engagement, person):
    save(new_note(engagement), engagement, text="x", stakeholders=[person.pk], stance_observed="blocker")
    engagement.refresh_from_db()
    assert (engagement.recompute.want, engagement.recompute.stale_from) == (1, date(2026, 3, 2))


def test_a_note_without_a_stance_leaves_health_alone(engagement, person):
    save(new_note(engagement), engagement, text="x", stakeholders=[person.pk])
    engagement.refresh_from_db()
    assert not hasattr(engagement, "recompute")


def test_the_trail_holds_no_text(engagement):
    save(NoteFactory(customer=engagement.customer, text="First"), engagement, text="Secret words")
    event = AuditEvent.objects.get()
    assert event.details == {"fields": ["text"]}
    assert "Secret" not in event.subject_label
