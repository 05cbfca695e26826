"""Where evidence from the work comes from: sources with their secrets, and the rules that give it to engagements."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Count, Q
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _

from engagements.forms.work_sources import WorkRuleForm, WorkSourceForm
from engagements.models import WorkItem, WorkRule, WorkSource
from engagements.selectors.weekly_update import Week
from engagements.services.work_items import renew_secret
from engagements.views.pages import EngagementView
from fde_portal.accounts.access import PortalRequest, PortalView
from fde_portal.accounts.pages import RecordArchive, RecordFormPage, RecordRestore
from fde_portal.accounts.permissions import Permission

ITEMS_PER_PAGE = 50


class WorkSources(PortalView):
    permission = Permission.MANAGE_WORK_SOURCES

    def get(self, request: PortalRequest) -> HttpResponse:
        rows = WorkSource.objects.visible_to(request.user).annotate(rule_count=Count("rules", filter=Q(rules__archived_at=None)))
        context = {"sources": rows.current(), "archived": rows.archived()}
        return render(request, "engagements/work_source/list.html", context)


class SourcePlace:
    """Finds the source of an address, and leads back to its page."""

    permission = Permission.MANAGE_WORK_SOURCES

    def get_record(self) -> WorkSource:
        return get_object_or_404(WorkSource.objects.visible_to(self.request.user), pk=self.kwargs["pk"])

    def done_url(self, record: WorkSource) -> str:
        return reverse("work_source", args=[record.pk])


class WorkSourcePage(SourcePlace, PortalView):
    """Its address and secret, and its rules."""

    def get(self, request: PortalRequest, pk: int) -> HttpResponse:
        source = self.get_record()
        rules = WorkRule.objects.visible_to(request.user).current().filter(source=source).select_related("engagement__customer")
        hook = request.build_absolute_uri(reverse("work_hook", args=[source.pk]))
        context = {"source": source, "rules": rules, "hook": hook}
        return render(request, "engagements/work_source/page.html", context)


class WorkSourceFormPage(SourcePlace, RecordFormPage):
    form_class = WorkSourceForm


class WorkSourceNew(WorkSourceFormPage):
    def get_record(self) -> WorkSource:
        return WorkSource()

    def title(self, record: WorkSource) -> str:
        return _("New source of work")

    def back_url(self, record: WorkSource) -> str:
        return reverse("work_sources")


class WorkSourceEdit(WorkSourceFormPage):
    def title(self, record: WorkSource) -> str:
        return _("Edit source of work")


class WorkSourceArchive(SourcePlace, RecordArchive):
    def restore_url(self, record: WorkSource) -> str:
        return reverse("work_source_restore", args=[record.pk])

    def done_url(self, record: WorkSource) -> str:
        return reverse("work_sources")


class WorkSourceRestore(SourcePlace, RecordRestore):
    pass


class WorkSecretRenew(SourcePlace, PortalView):
    """Makes a new secret; the old one opens nothing any more."""

    def post(self, request: PortalRequest, pk: int) -> HttpResponse:
        source = self.get_record()
        renew_secret(source, by=request.user)
        messages.success(request, _("New secret. Put it into the settings of the code host."))
        return HttpResponseRedirect(self.done_url(source))


class WorkRuleFormPage(RecordFormPage):
    permission = Permission.MANAGE_WORK_SOURCES
    form_class = WorkRuleForm

    def form_options(self) -> dict[str, Any]:
        return {"user": self.request.user}

    def source(self) -> WorkSource:
        return get_object_or_404(WorkSource.objects.visible_to(self.request.user), pk=self.kwargs["pk"])

    def done_url(self, record: WorkRule) -> str:
        return reverse("work_source", args=[self.kwargs["pk"]])


class WorkRuleNew(WorkRuleFormPage):
    def get_record(self) -> WorkRule:
        return WorkRule(source=self.source())

    def title(self, record: WorkRule) -> str:
        return _("New rule")


def visible_rule(view: PortalView) -> WorkRule:
    rules = WorkRule.objects.visible_to(view.request.user).filter(source=view.kwargs["pk"])
    return get_object_or_404(rules.select_related("engagement"), pk=view.kwargs["part"])


class WorkRuleEdit(WorkRuleFormPage):
    def get_record(self) -> WorkRule:
        return visible_rule(self)

    def title(self, record: WorkRule) -> str:
        return _("Edit rule")


class RulePlace:
    """Where the acts on a rule lead back to."""

    permission = Permission.MANAGE_WORK_SOURCES

    def get_record(self) -> WorkRule:
        return visible_rule(self)

    def done_url(self, record: WorkRule) -> str:
        return reverse("work_source", args=[record.source_id])


class WorkRuleArchive(RulePlace, RecordArchive):
    """No more work comes in by the rule. What it brought stays."""

    def restore_url(self, record: WorkRule) -> str:
        return reverse("work_rule_restore", args=[record.source_id, record.pk])


class WorkRuleRestore(RulePlace, RecordRestore):
    pass


class EngagementWork(EngagementView):
    """What the code and the tickets say was done here, newest first; `?week=2026-W47` shows one week."""

    def get(self, request: PortalRequest, slug: str) -> HttpResponse:
        rows = WorkItem.objects.visible_to(request.user).filter(engagement=self.engagement)
        week = named_week(request.GET.get("week", ""))
        if week:
            zone = self.engagement.zone
            rows = rows.filter(happened_at__gte=week.begin_in(zone), happened_at__lt=week.next.begin_in(zone))
        context = {"page": Paginator(rows, ITEMS_PER_PAGE).get_page(request.GET.get("page")), "week": week}
        return self.show("engagements/work_source/items.html", context)


def named_week(text: str) -> Week | None:
    """The week of the address, None without one. Raises Http404 for one that does not exist."""
    try:
        return Week.parse(text) if text else None
    except ValueError as error:
        raise Http404 from error
