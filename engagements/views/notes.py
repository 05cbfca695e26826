"""Notes about people: lists, one note with its earlier texts, writing, archiving."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from customers.models import Customer, ScopedRecordQuerySet
from engagements.forms.notes import NoteForm
from engagements.models import Engagement, StakeholderNote
from engagements.selectors.note import engagements_of, notes_of_customer, search_notes, sentences_of
from engagements.services.notes import save_note
from engagements.views.note_outcomes import NOTE_OUTCOMES, outcomes_of
from fde_portal.accounts.access import PortalRequest, PortalView
from fde_portal.accounts.pages import RecordArchive, RecordFormPage, RecordRestore
from fde_portal.accounts.permissions import Permission

NOTES_PER_PAGE = 50


def notes_context(notes: ScopedRecordQuerySet, request: PortalRequest) -> dict[str, Any]:
    """What templates/engagements/note/_search_and_list.html needs: words, page of notes, archive or not."""
    words = request.GET.get("q", "").strip()
    archived = bool(request.GET.get("archived"))
    found = search_notes(notes.archived() if archived else notes.current(), words)
    page = Paginator(found, NOTES_PER_PAGE).get_page(request.GET.get("page"))
    return {"notes": page, "words": words, "archived": archived}


class CustomerNotes(PortalView):
    """All notes about a customer that the viewer may read."""

    permission = Permission.VIEW_RECORDS

    def get(self, request: PortalRequest, slug: str) -> HttpResponse:
        customer = get_object_or_404(Customer.objects.visible_to(request.user), slug=slug)
        context = {"customer": customer} | notes_context(notes_of_customer(customer, request.user), request)
        return render(request, "engagements/note/list.html", context)


class NoteDetail(PortalView):
    """One note with the texts it had before."""

    permission = Permission.VIEW_RECORDS

    def get(self, request: PortalRequest, pk: int) -> HttpResponse:
        note = visible_note(request, pk)
        context = {
            "note": note,
            "revisions": note.revisions.select_related("replaced_by"),
            "attachments": note.attachments.current().select_related("added_by"),
            "came_of_it": outcomes_of(note, request.user),
            "outcomes": NOTE_OUTCOMES,
            "sentences": sentences_of(note.text),
            "engagements": [] if note.engagement_id else engagements_of(note.customer, request.user),
        }
        return render(request, "engagements/note/detail.html", context)


class NoteFormPage(RecordFormPage):
    form_class = NoteForm
    template_name = "engagements/note/form.html"

    def form_options(self) -> dict[str, Any]:
        return {"user": self.request.user, "today": self.today}

    @property
    def today(self) -> date:
        return timezone.localdate(timezone=self.request.user.zone)

    def save(self, form: NoteForm) -> StakeholderNote:
        return save_note(form, by=self.request.user, now=timezone.now())

    def saved_message(self, record: StakeholderNote) -> str:
        return _("The note is saved. It stays with us.")

    def done_url(self, record: StakeholderNote) -> str:
        return reverse("note", args=[record.pk])


class NewNoteFormPage(NoteFormPage):
    def title(self, record: StakeholderNote) -> str:
        return _("New note about %(customer)s") % {"customer": record.customer}

    def initial(self) -> dict[str, Any]:
        """Today, and the people whose page the writer comes from (`?about=<id>`)."""
        return {"happened_on": self.today, "stakeholders": self.request.GET.getlist("about")}

    def archive_url(self, record: StakeholderNote) -> str:
        return reverse("note_archive", args=[record.pk])


class CustomerNoteNew(NewNoteFormPage):
    """A note from the customer's page."""

    def get_record(self) -> StakeholderNote:
        customers = Customer.objects.visible_to(self.request.user)
        return StakeholderNote(customer=get_object_or_404(customers, slug=self.kwargs["slug"]))

    def done_url(self, record: StakeholderNote) -> str:
        return reverse("customers:detail", args=[record.customer.slug])


class NoteNew(NewNoteFormPage):
    """A note from the People tab of an engagement."""

    def get_record(self) -> StakeholderNote:
        engagements = Engagement.objects.visible_to(self.request.user).select_related("customer")
        engagement = get_object_or_404(engagements, slug=self.kwargs["slug"])
        return StakeholderNote(customer=engagement.customer, engagement=engagement)

    def back_url(self, record: StakeholderNote) -> str:
        return reverse("engagement_people", args=[self.kwargs["slug"]])

    def done_url(self, record: StakeholderNote) -> str:
        # The writer may have taken the note away from the engagement.
        return list_url(record)


class NoteEdit(NoteFormPage):
    def get_record(self) -> StakeholderNote:
        return visible_note(self.request, self.kwargs["pk"])

    def title(self, record: StakeholderNote) -> str:
        return _("Edit note")


class NoteArchive(RecordArchive):
    def get_record(self) -> StakeholderNote:
        return visible_note(self.request, self.kwargs["pk"])

    def restore_url(self, record: StakeholderNote) -> str:
        return reverse("note_restore", args=[record.pk])

    def done_url(self, record: StakeholderNote) -> str:
        return list_url(record)


class NoteRestore(RecordRestore):
    def get_record(self) -> StakeholderNote:
        return visible_note(self.request, self.kwargs["pk"])

    def done_url(self, record: StakeholderNote) -> str:
        return reverse("note", args=[record.pk])


def visible_note(request: PortalRequest, pk: int) -> StakeholderNote:
    notes = StakeholderNote.objects.visible_to(request.user).select_related("customer", "engagement", "author")
    return get_object_or_404(notes, pk=pk)


def list_url(note: StakeholderNote) -> str:
    """Where the note is listed: on the People tab of its engagement, or with the customer."""
    if note.engagement:
        return reverse("engagement_people", args=[note.engagement.slug])
    return reverse("customer_notes", args=[note.customer.slug])
