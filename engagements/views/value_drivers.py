"""The drivers of one line: the factors its product is made of."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _

from engagements.forms.value_drivers import DriverFormSet, kept_drivers
from engagements.models import ValueLine
from engagements.services.values import write_drivers
from engagements.views.pages import EngagementView
from engagements.views.values import visible_case
from fde_portal.accounts.access import PortalRequest
from fde_portal.accounts.permissions import Permission
from fde_portal.accounts.records import Conflict


class LineDrivers(EngagementView):
    """Both ends and the expected value of each factor. Saving computes the case again."""

    permission = Permission.WRITE_RECORDS
    tab = "engagement_value"

    def line(self) -> ValueLine:
        rows = ValueLine.objects.visible_to(self.request.user).select_related("case__engagement")
        return get_object_or_404(rows, pk=self.kwargs["line"], case=visible_case(self), basis=ValueLine.Basis.DRIVERS)

    def get(self, request: PortalRequest, **kwargs: Any) -> HttpResponse:
        line = self.line()
        return self.page(line, DriverFormSet(instance=line, prefix="drivers"), line.case.version)

    def post(self, request: PortalRequest, **kwargs: Any) -> HttpResponse:
        line = self.line()
        formset, seen = DriverFormSet(request.POST, instance=line, prefix="drivers"), request.POST.get("version", "")
        version = int(seen) if seen.isascii() and seen.isdigit() else 0
        if not formset.is_valid():
            return self.page(line, formset, version, status=422)
        try:
            write_drivers(line=line, drivers=kept_drivers(formset), seen=version, by=request.user)
        except Conflict:
            line.case.refresh_from_db()
            return self.page(line, formset, line.case.version, status=409, conflict=True)
        messages.success(request, _("Saved: %(record)s") % {"record": line})
        return HttpResponseRedirect(reverse("engagement_value", args=[self.engagement.slug]))

    def page(self, line: ValueLine, formset: Any, version: int, status: int = 200, **extra: Any) -> HttpResponse:
        return self.show("engagements/value/drivers.html", {"line": line, "formset": formset, "version": version} | extra, status=status)
