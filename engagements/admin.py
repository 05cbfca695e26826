"""The technical tables of the work in Django's admin. Records of the work are not here.

Figures and reasons stay out too: they name customers and people, and an administrator sees
records only as the role they also hold.
"""

from __future__ import annotations

from django.contrib import admin, messages
from django.db import models
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from engagements.models import HealthSnapshot, MetricSnapshot, Recompute, UsageBatch, UsageSource, UsageToken
from engagements.services.recomputes import retry_recompute
from fde_portal.accounts.admin import ReadOnlyAdmin


@admin.register(Recompute)
class RecomputeAdmin(ReadOnlyAdmin):
    list_display = ["engagement", "want", "have", "wanted_at", "attempts", "next_try_at", "parked_at"]
    list_filter = [("parked_at", admin.EmptyFieldListFilter)]
    list_select_related = ["engagement"]
    actions = ["retry_parked"]

    @admin.action(description=_("Retry parked work"))
    def retry_parked(self, request: HttpRequest, rows: models.QuerySet) -> None:
        parked = list(rows.exclude(parked_at=None))
        for recompute in parked:
            retry_recompute(recompute, by=request.user)
        text = ngettext("%(count)s computation runs again.", "%(count)s computations run again.", len(parked))
        messages.success(request, text % {"count": len(parked)})


@admin.register(UsageSource)
class UsageSourceAdmin(ReadOnlyAdmin):
    list_display = ["name", "deliverable", "kind", "cadence_days", "last_sequence", "archived_at"]
    list_select_related = ["deliverable"]
    search_fields = ["name", "deliverable__name"]


@admin.register(UsageToken)
class UsageTokenAdmin(ReadOnlyAdmin):
    list_display = ["name", "prefix", "source", "last_used_at", "expires_at", "revoked_at"]
    list_select_related = ["source"]
    search_fields = ["name", "prefix", "source__name"]
    fields = ["name", "prefix", "source", "created_at", "last_used_at", "expires_at", "revoked_at"]


@admin.register(UsageBatch)
class UsageBatchAdmin(ReadOnlyAdmin):
    list_display = ["source", "sequence", "state", "row_count", "first_day", "last_day", "received_at"]
    list_filter = ["state", "received_at"]
    list_select_related = ["source"]


@admin.register(MetricSnapshot)
class MetricSnapshotAdmin(ReadOnlyAdmin):
    list_display = fields = ["engagement", "deliverable", "day", "definition_version", "watermark", "data_until", "computed_at"]
    list_select_related = ["engagement", "deliverable"]
    list_filter = ["definition_version"]


@admin.register(HealthSnapshot)
class HealthSnapshotAdmin(ReadOnlyAdmin):
    list_display = fields = ["engagement", "day", "model_version", "watermark", "computed_at"]
    list_select_related = ["engagement"]
    list_filter = ["model_version"]
