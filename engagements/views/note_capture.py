"""Writing a note from anywhere: a page without scripts, a dialog with them; and what completes @ and #."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse, HttpResponseRedirect, JsonResponse, QueryDict
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.translation import gettext as _

from engagements.forms.note_capture import NoteCaptureForm, visible_engagements
from engagements.models import StakeholderNote
from engagements.selectors.mention import suggested_engagements, suggested_people
from engagements.services.notes import save_note
from fde_portal.accounts.access import PortalRequest, PortalView
from fde_portal.accounts.permissions import Permission
from fde_portal.accounts.services.kept_texts import forget_text
from fde_portal.core.messages import success_with_undo

DRAFT_KEY = "note-capture"
FORM = "engagements/note/_capture.html"
PAGE = "engagements/note/capture.html"
SAVED = "engagements/note/_captured.html"


class NoteCapture(PortalView):
    """`?engagement=<slug>` chooses the engagement of the page the writer comes from."""

    permission = Permission.WRITE_RECORDS

    def get(self, request: PortalRequest) -> HttpResponse:
        engagement = visible_engagements(request.user).filter(slug=request.GET.get("engagement", "")).first()
        return self.show(self.form(initial={"engagement": engagement, "happened_on": timezone.localdate()}))

    def post(self, request: PortalRequest) -> HttpResponse:
        form = self.form(request.POST)
        if not form.is_valid():
            return self.show(form, status=422)
        note = save_note(form, by=request.user, now=timezone.now())
        forget_text(person=request.user, key=DRAFT_KEY)
        success_with_undo(request, saved_message(note), reverse("note_archive", args=[note.pk]))
        if request.htmx:
            return render(request, SAVED)
        return HttpResponseRedirect(reverse("note", args=[note.pk]))

    def form(self, *data: QueryDict, **options: Any) -> NoteCaptureForm:
        # In the dialog it stands beside the forms of the page: its fields have ids of their own.
        return NoteCaptureForm(*data, user=self.request.user, today=timezone.localdate(), auto_id="capture_%s", **options)

    def show(self, form: NoteCaptureForm, status: int = 200) -> HttpResponse:
        return render(self.request, FORM if self.request.htmx else PAGE, {"form": form}, status=status)


def saved_message(note: StakeholderNote) -> str:
    link = format_html('<a class="link" href="{}">{}</a>', reverse("note", args=[note.pk]), note.engagement or note.customer)
    return format_html(_("The note is saved with {}. It stays with us."), link)


class Mentions(PortalView):
    """What could follow the @ or # that was typed: `{"items": [{"insert", "label", "hint"}]}`."""

    permission = Permission.WRITE_RECORDS

    def get(self, request: PortalRequest) -> JsonResponse:
        suggest = suggested_engagements if request.GET.get("mark") == "#" else suggested_people
        found = suggest(request.GET.get("q", "").strip(), request.user)
        return JsonResponse({"items": [row._asdict() for row in found]})
