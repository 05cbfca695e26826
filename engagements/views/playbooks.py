"""Pages of playbooks, and the checklist of an engagement."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from customers.models import ScopedRecordQuerySet
from engagements.forms.playbooks import PlaybookForm
from engagements.models import ChecklistItem, Playbook
from engagements.selectors.playbook import default_playbook, playbooks_with_sizes
from engagements.services.playbooks import (
    copy_playbook,
    ensure_standard_playbooks,
    save_playbook,
    take_checklist,
    tick,
    untick,
)
from engagements.views.pages import EngagementView
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


class ChecklistTaking(EngagementView):
    """Gives an engagement that has none the checklist of the playbook in its customer's language."""

    def post(self, request: PortalRequest, slug: str) -> HttpResponse:
        engagement = self.engagement  # before anything is written: not everybody finds it
        ensure_standard_playbooks()
        playbook = default_playbook(request.user, engagement.customer.language)
        if playbook is None:
            messages.error(request, _("There is no playbook to take a checklist from."))
        else:
            take_checklist(playbook, engagement=engagement, by=request.user)
        return to_checklist(slug)


class ChecklistTick(EngagementView):
    """Ticks one item, with a way back."""

    def post(self, request: PortalRequest, slug: str, pk: int) -> HttpResponse:
        item = self.item()
        tick(item, by=request.user, now=timezone.now())
        success_with_undo(request, _("Ticked: %(item)s") % {"item": item}, reverse("checklist_untick", args=[slug, pk]))
        return to_checklist(slug)

    def item(self) -> ChecklistItem:
        items = ChecklistItem.objects.visible_to(self.request.user).filter(engagement=self.engagement)
        return get_object_or_404(items, pk=self.kwargs["pk"])


class ChecklistUntick(ChecklistTick):
    """Takes a tick back."""

    def post(self, request: PortalRequest, slug: str, pk: int) -> HttpResponse:
        item = self.item()
        untick(item, by=request.user, now=timezone.now())
        messages.success(request, _("Open again: %(item)s") % {"item": item})
        return to_checklist(slug)


def to_checklist(slug: str) -> HttpResponse:
    return redirect(reverse("engagement_milestones", args=[slug]) + "#checklist")
