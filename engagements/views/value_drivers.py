"""The drivers of one line: the factors its product is made of."""

from __future__ import annotations

from functools import partial
from typing import Any

from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _

from engagements.forms.value_drivers import DriversForm, kept_drivers
from engagements.models import ValueCase, ValueLine
from engagements.services.values import write_drivers
from engagements.views.pages import EngagementView
from engagements.views.values import visible_case
from fde_portal.accounts.access import PortalRequest
from fde_portal.accounts.permissions import Permission
from fde_portal.accounts.records import Conflict
from fde_portal.accounts.undo_pages import UNDO, before_save, say_saved, take_back


class LineDrivers(EngagementView):
    """Both ends and the expected value of each factor. Saving computes the case again."""

    permission = Permission.WRITE_RECORDS
    tab = "engagement_value"

    def line(self) -> ValueLine:
        rows = ValueLine.objects.visible_to(self.request.user).select_related("case__engagement")
        return get_object_or_404(rows, pk=self.kwargs["line"], case=visible_case(self), basis=ValueLine.Basis.DRIVERS)

    def get(self, request: PortalRequest, **kwargs: Any) -> HttpResponse:
        return self.page(DriversForm(line=self.line()))

    def post(self, request: PortalRequest, **kwargs: Any) -> HttpResponse:
        line = self.line()
        made = partial(DriversForm, line=line)
        if UNDO in request.GET:
            return take_back(request, made=made, save=self.save, done_url=self.done_url)
        form = made(request.POST)
        if not form.is_valid():
            return self.page(form, status=422)
        before = before_save(form)
        try:
            self.save(form)
        except Conflict:
            form.show_conflict()
            return self.page(form, status=409)
        say_saved(request, _("Saved: %(record)s") % {"record": line}, record=line.case, form=form, before=before)
        return HttpResponseRedirect(self.done_url(line.case))

    def save(self, form: DriversForm) -> ValueCase:
        # A form without its version says nothing about what its writer saw.
        seen = form.cleaned_data["version"] or 0
        write_drivers(line=form.line, drivers=kept_drivers(form.drivers), seen=seen, by=self.request.user)
        return form.line.case

    def done_url(self, case: ValueCase) -> str:
        return reverse("engagement_value", args=[self.engagement.slug])

    def page(self, form: DriversForm, status: int = 200) -> HttpResponse:
        context = {"line": form.line, "form": form, "formset": form.drivers}
        return self.show("engagements/value/drivers.html", context, status=status)
