"""Pages of playbooks."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from customers.models import ScopedRecordQuerySet
from engagements.forms.playbooks import PlaybookForm
from engagements.models import Playbook
from engagements.selectors.playbook import playbooks_with_sizes
from engagements.services.playbooks import copy_playbook, ensure_standard_playbooks, save_playbook
from fde_portal.accounts.access import PortalRequest, PortalView
from fde_portal.accounts.pages import RecordArchive, RecordFormPage, RecordRestore
from fde_portal.accounts.permissions import Permission
from fde_portal.core.messages import success_with_undo


class PlaybookList(PortalView):
    permission = Permission.MANAGE_PLAYBOOKS

    def get(self, request: PortalRequest) -> HttpResponse:
        ensure_standard_playbooks()
        playbooks: ScopedRecordQuerySet = playbooks_with_sizes(request.user)
        context = {"playbooks": playbooks.current(), "archived": playbooks.archived()}
        return render(request, "engagements/playbook/list.html", context)


def visible_playbook(view: PortalView) -> Playbook:
    return get_object_or_404(Playbook.objects.visible_to(view.request.user), pk=view.kwargs["pk"])


class PlaybookFormPage(RecordFormPage):
    permission = Permission.MANAGE_PLAYBOOKS
    form_class = PlaybookForm
    template_name = "engagements/playbook/form.html"

    def save(self, form: PlaybookForm) -> Playbook:
        return save_playbook(form, by=self.request.user)

    def done_url(self, record: Playbook) -> str:
        return reverse("playbooks")


class PlaybookNew(PlaybookFormPage):
    def get_record(self) -> Playbook:
        return Playbook(language=self.request.user.language)

    def title(self, record: Playbook) -> str:
        return _("New playbook")


class PlaybookEdit(PlaybookFormPage):
    def get_record(self) -> Playbook:
        return visible_playbook(self)

    def title(self, record: Playbook) -> str:
        return _("Edit playbook")


class PlaybookCopy(PortalView):
    """Copies a playbook (POST) and opens the copy."""

    permission = Permission.MANAGE_PLAYBOOKS

    def post(self, request: PortalRequest, pk: int) -> HttpResponse:
        playbook = visible_playbook(self)
        copy = copy_playbook(playbook, name=_("Copy of %(name)s") % {"name": playbook}, by=request.user)
        success_with_undo(request, _("Copied. Change what is different."), reverse("playbook_archive", args=[copy.pk]))
        return redirect("playbook_edit", copy.pk)


class PlaybookPlace:
    """Where the acts on a playbook lead back to."""

    permission = Permission.MANAGE_PLAYBOOKS

    def get_record(self) -> Playbook:
        return visible_playbook(self)

    def done_url(self, record: Playbook) -> str:
        return reverse("playbooks")


class PlaybookArchive(PlaybookPlace, RecordArchive):
    def restore_url(self, record: Playbook) -> str:
        return reverse("playbook_restore", args=[record.pk])


class PlaybookRestore(PlaybookPlace, RecordRestore):
    pass
