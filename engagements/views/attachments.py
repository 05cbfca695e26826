"""Files with notes, deliverables and evidence: adding, downloading, removing, putting back."""

from __future__ import annotations

from django.contrib import messages
from django.http import FileResponse, Http404, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from engagements.forms.attachments import AttachmentForm
from engagements.models import Attachment, Deliverable, EvidenceLink, StakeholderNote
from engagements.models.attachment import FileOwner
from engagements.services.attachments import attach, put_back, remove_attachment
from engagements.views.deliverable_life import visible_evidence
from engagements.views.deliverables import visible_deliverable
from engagements.views.notes import visible_note
from fde_portal.accounts.access import PortalRequest, PortalView
from fde_portal.accounts.permissions import Permission
from fde_portal.core.messages import success_with_undo


def page_of(owner: FileOwner) -> str:
    """The page of the record a file belongs to."""
    if isinstance(owner, StakeholderNote):
        return reverse("note", args=[owner.pk])
    if isinstance(owner, EvidenceLink):
        return reverse("deliverable", args=[owner.deliverable.engagement.slug, owner.deliverable_id])
    return reverse("deliverable_edit", args=[owner.engagement.slug, owner.pk])


class AttachmentNew(PortalView):
    """Takes files for one record. Without scripts, and when a file is refused, it is a page of its own."""

    permission = Permission.WRITE_RECORDS

    def owner(self) -> FileOwner:
        raise NotImplementedError

    def get(self, request: PortalRequest, **kwargs: object) -> HttpResponse:
        return self.show(self.owner(), AttachmentForm())

    def post(self, request: PortalRequest, **kwargs: object) -> HttpResponse:
        owner = self.owner()
        form = AttachmentForm(request.POST, {"files": request.FILES.getlist("files")})
        if not form.is_valid():
            return self.show(owner, form, status=422)
        made = attach(owner, form.cleaned_data["files"], by=request.user)
        said = ngettext("%(count)s file is attached.", "%(count)s files are attached.", len(made))
        self.say(said % {"count": len(made)}, made)
        return redirect(page_of(owner))

    def say(self, text: str, made: list[Attachment]) -> None:
        """One file can be taken away again at once; of several each has its own button."""
        if len(made) == 1:
            success_with_undo(self.request, text, reverse("attachment_remove", args=[made[0].pk]))
        else:
            messages.success(self.request, text)

    def show(self, owner: FileOwner, form: AttachmentForm, status: int = 200) -> HttpResponse:
        context = {"form": form, "owner": owner, "back_url": page_of(owner)}
        return render(self.request, "engagements/attachment/upload.html", context, status=status)


class NoteAttachmentNew(AttachmentNew):
    def owner(self) -> StakeholderNote:
        return visible_note(self.request, self.kwargs["pk"])


class DeliverableAttachmentNew(AttachmentNew):
    def owner(self) -> Deliverable:
        return visible_deliverable(self)


class EvidenceAttachmentNew(AttachmentNew):
    def owner(self) -> EvidenceLink:
        return visible_evidence(self)


def visible_attachment(view: PortalView) -> Attachment:
    rows = Attachment.objects.visible_to(view.request.user).select_related(
        "note", "deliverable__engagement", "evidence__deliverable__engagement"
    )
    return get_object_or_404(rows, pk=view.kwargs["pk"])


class AttachmentDownload(PortalView):
    """Gives the file to be saved, never to be shown: what somebody uploaded must not run at the portal's address."""

    permission = Permission.VIEW_RECORDS

    def get(self, request: PortalRequest, pk: int) -> HttpResponseBase:
        attachment = visible_attachment(self)
        if attachment.removed_at:
            raise Http404
        try:
            content = attachment.file.open("rb")
        except FileNotFoundError as error:
            raise Http404 from error
        answer = FileResponse(content, as_attachment=True, filename=attachment.name, content_type="application/octet-stream")
        answer["X-Content-Type-Options"] = "nosniff"
        answer["Content-Security-Policy"] = "default-src 'none'; sandbox"
        answer["Cross-Origin-Resource-Policy"] = "same-origin"
        answer["Cache-Control"] = "private, no-store"
        return answer


class AttachmentRemoval(PortalView):
    permission = Permission.WRITE_RECORDS

    def post(self, request: PortalRequest, pk: int) -> HttpResponse:
        attachment = visible_attachment(self)
        remove_attachment(attachment, by=request.user, now=timezone.now())
        undo = reverse("attachment_restore", args=[pk])
        success_with_undo(request, _("Removed: %(file)s") % {"file": attachment}, undo)
        return redirect(page_of(attachment.owner))


class AttachmentRestore(PortalView):
    permission = Permission.WRITE_RECORDS

    def post(self, request: PortalRequest, pk: int) -> HttpResponse:
        attachment = visible_attachment(self)
        put_back(attachment, by=request.user)
        messages.success(request, _("Put back: %(file)s") % {"file": attachment})
        return redirect(page_of(attachment.owner))
