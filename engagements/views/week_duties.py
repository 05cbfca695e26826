"""Skipping a week with a reason, and handing weeks over during an absence."""

from __future__ import annotations

from functools import cached_property
from typing import Any

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from engagements.forms.week_duties import AbsenceForm, SkipForm
from engagements.models import Engagement, WeekCover
from engagements.selectors.week_duty import covers_of, people_beside, skips_in
from engagements.selectors.weekly_update import Week
from engagements.services.week_duties import end_cover, hand_over_weeks, skip_week, unskip_week
from engagements.views.weekly_updates import WeekPage, today_of
from fde_portal.accounts.access import PortalRequest, PortalView
from fde_portal.accounts.permissions import Permission
from fde_portal.accounts.records import Conflict
from fde_portal.core.messages import success_with_undo


class WeekSkipPage(WeekPage):
    """Asks why nothing will be published of a week."""

    def get(self, request: PortalRequest, **kwargs: Any) -> HttpResponse:
        return self.ask(SkipForm(instance=skips_in([self.engagement], self.week).get(self.engagement.pk)))

    def post(self, request: PortalRequest, **kwargs: Any) -> HttpResponse:
        form = SkipForm(request.POST)
        if not form.is_valid():
            return self.ask(form, status=422)
        try:
            skip_week(engagement=self.engagement, week=self.week, by=request.user, **form.cleaned_data)
        except Conflict:
            messages.warning(request, _("Not skipped: the week is published."))
            return HttpResponseRedirect(self.entry_url())
        text = _("Skipped: %(customer)s, week %(week)s.") % {"customer": self.engagement.customer, "week": self.week.number}
        success_with_undo(request, text, reverse("weekly_log_unskip", args=[self.engagement.slug, self.week]))
        return HttpResponseRedirect(f"{reverse('weekly_log')}?week={self.week}")

    def ask(self, form: SkipForm, status: int = 200) -> HttpResponse:
        context = {"form": form, "engagement": self.engagement, "week": self.week, "back_url": self.entry_url()}
        return render(self.request, "engagements/weekly_update/skip.html", context, status=status)


class WeekUnskip(WeekPage):
    """Owes a skipped week again."""

    def post(self, request: PortalRequest, **kwargs: Any) -> HttpResponse:
        unskip_week(engagement=self.engagement, week=self.week, by=request.user)
        return HttpResponseRedirect(self.entry_url())


class Absences(PortalView):
    """Who writes for whom, now and in the weeks to come."""

    permission = Permission.LOG_WEEK

    def get(self, request: PortalRequest) -> HttpResponse:
        covers = covers_of(request.user, Week.of(today_of(request)))
        rows = [(row, Week.of(row.first_on), Week.of(row.last_on)) for row in covers]
        return render(request, "engagements/weekly_update/absences.html", {"rows": rows})


class AbsenceNew(PortalView):
    """Hands the weeks of the engagements one leads over, all in one go."""

    permission = Permission.LOG_WEEK

    @cached_property
    def week(self) -> Week:
        return Week.of(today_of(self.request))

    def form(self, data: Any = None) -> AbsenceForm:
        led = Engagement.objects.visible_to(self.request.user).live().filter(lead=self.request.user).select_related("customer")
        return AbsenceForm(data, week=self.week, people=people_beside(self.request.user, led.order_by("customer__name", "name")))

    def get(self, request: PortalRequest) -> HttpResponse:
        return self.show(self.form())

    def post(self, request: PortalRequest) -> HttpResponse:
        form = self.form(request.POST)
        if not form.is_valid():
            return self.show(form, status=422)
        first, last = form.span
        hand_over_weeks(covers=form.covers(), first=first, last=last, person=request.user, by=request.user)
        messages.success(request, _("Handed over. Your queue names who writes."))
        return redirect("absences")

    def show(self, form: AbsenceForm, status: int = 200) -> HttpResponse:
        return render(self.request, "engagements/weekly_update/absence_form.html", {"form": form}, status=status)


class AbsenceEnd(PortalView):
    """Ends one cover: the lead writes again."""

    permission = Permission.LOG_WEEK

    def post(self, request: PortalRequest, pk: int) -> HttpResponse:
        rows = WeekCover.objects.visible_to(request.user).select_related("engagement")
        end_cover(get_object_or_404(rows, pk=pk), by=request.user)
        messages.success(request, _("Ended. The lead writes again."))
        return redirect("absences")
