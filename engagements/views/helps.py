"""Help a manager sends: assigned while reviewing, done by whoever helps, taken back."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from engagements.forms.reviews import HelpForm
from engagements.models import Help
from engagements.services.helps import assign_help, finish_help, reopen_help, restore_help, take_help_back
from engagements.views.review_queue import review_url, with_filters
from engagements.views.reviews import ReviewAct
from fde_portal.accounts.access import PortalRequest, PortalView
from fde_portal.accounts.pages import RecordArchive, RecordRestore
from fde_portal.accounts.permissions import Permission
from fde_portal.core.messages import success_with_undo


def visible_help(view: PortalView) -> Help:
    rows = Help.objects.visible_to(view.request.user).select_related("engagement__customer", "person")
    return get_object_or_404(rows, pk=view.kwargs["pk"], engagement__slug=view.kwargs["slug"])


class HelpNew(ReviewAct):
    def post(self, request: PortalRequest, slug: str) -> HttpResponse:
        form = HelpForm(request.POST, today=self.today, prefix="help")
        if not form.is_valid():
            return self.page(422, help_form=form)
        given = assign_help(self.engagement, **form.cleaned_data, by=request.user)
        said = _("%(person)s helps with it from now on.") % {"person": given.person}
        success_with_undo(request, said, with_filters(reverse("help_archive", args=[slug, given.pk]), request))
        return self.here()


class HelpDone(PortalView):
    """Says that the help is done, with a way back."""

    permission = Permission.WRITE_RECORDS

    def post(self, request: PortalRequest, slug: str, pk: int) -> HttpResponse:
        given = visible_help(self)
        finish_help(given, by=request.user, now=timezone.now())
        back = with_filters(reverse("help_undone", args=[slug, pk]), request)
        success_with_undo(request, _("Done: %(help)s") % {"help": given}, back)
        return HttpResponseRedirect(review_url(slug, request))


class HelpUndone(PortalView):
    permission = Permission.WRITE_RECORDS

    def post(self, request: PortalRequest, slug: str, pk: int) -> HttpResponse:
        given = visible_help(self)
        reopen_help(given, by=request.user)
        messages.success(request, _("Open again: %(help)s") % {"help": given})
        return HttpResponseRedirect(review_url(slug, request))


class HelpArchive(RecordArchive):
    permission = Permission.REVIEW_PORTFOLIO

    def get_record(self) -> Help:
        return visible_help(self)

    def archive(self, record: Help) -> None:
        take_help_back(record, by=self.request.user, now=timezone.now())

    def restore_url(self, record: Help) -> str:
        return with_filters(reverse("help_restore", args=[record.engagement.slug, record.pk]), self.request)

    def done_url(self, record: Help) -> str:
        return review_url(record.engagement.slug, self.request)


class HelpRestore(RecordRestore):
    permission = Permission.REVIEW_PORTFOLIO

    def get_record(self) -> Help:
        return visible_help(self)

    def restore(self, record: Help) -> None:
        restore_help(record, by=self.request.user)

    def done_url(self, record: Help) -> str:
        return review_url(record.engagement.slug, self.request)
