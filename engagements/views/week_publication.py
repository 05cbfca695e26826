"""Weeks without news, taking a publication back, and the end of the sitting."""

from __future__ import annotations

from functools import cached_property
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from engagements.models import Engagement
from engagements.selectors.check_in import own_check_ins
from engagements.selectors.week_duty import owed_by
from engagements.selectors.week_queue import owed, queue_of
from engagements.selectors.weekly_update import Week, newest_published, week_states
from engagements.services.publications import (
    SomethingHappened,
    TooLate,
    publish_unchanged,
    take_back_publication,
    unchanged_since,
)
from engagements.views.weekly_updates import WeekPage, today_of, week_named
from fde_portal.accounts.access import PortalRequest, PortalView
from fde_portal.accounts.permissions import Permission
from fde_portal.accounts.records import Conflict
from fde_portal.core import formats
from fde_portal.core.messages import success_with_undo


def refusal(engagement: Engagement, week: Week, request: PortalRequest) -> str:
    """Publish a week as unchanged. Returns "" or why it is not."""
    try:
        publish_unchanged(engagement=engagement, week=week, by=request.user, now=timezone.now())
    except SomethingHappened as news:
        told = formats.listed(fact.line(engagement.customer.language).text for fact in news.facts)
        return _("%(customer)s has news: %(news)s") % {"customer": engagement.customer, "news": told}
    except ValidationError as error:
        return _("%(customer)s: %(why)s") % {"customer": engagement.customer, "why": error.messages[0]}
    except Conflict:
        return _("%(customer)s: somebody began this week already.") % {"customer": engagement.customer}
    return ""


class WeekUnchanged(WeekPage):
    """Publishes one week without news in one click."""

    def post(self, request: PortalRequest, **kwargs: Any) -> HttpResponse:
        if why := refusal(self.engagement, self.week, request):
            messages.warning(request, why)
            return HttpResponseRedirect(self.entry_url())
        text = _("Published without news: %(customer)s, week %(week)s.")
        said = text % {"customer": self.engagement.customer, "week": self.week.number}
        success_with_undo(request, said, reverse("weekly_log_take_back", args=[self.engagement.slug, self.week]))
        return HttpResponseRedirect(f"{reverse('weekly_log')}?week={self.week}")


class WeekTakeBack(WeekPage):
    """Takes a publication back within ten minutes; the text is a draft again."""

    def post(self, request: PortalRequest, **kwargs: Any) -> HttpResponse:
        if not self.state.published:
            raise Http404
        try:
            put_back = take_back_publication(update=self.state.published, by=request.user, now=timezone.now())
        except TooLate:
            messages.warning(request, _("It stays published: ten minutes are over, or a correction was begun. You can correct it."))
        else:
            messages.success(request, _("Taken back. The customer’s page is what it was before."))
            if put_back:
                messages.info(request, _("Asks and blockers that this form moved stand as before."))
        return HttpResponseRedirect(self.entry_url())


class SittingPage(PortalView):
    permission = Permission.LOG_WEEK

    @cached_property
    def week(self) -> Week:
        return week_named(self.kwargs["week"], Week.of(today_of(self.request)))


class WeeksUnchanged(SittingPage):
    """Several weeks without news at once: those nobody began, each with since when nothing is new."""

    def candidates(self) -> list[Engagement]:
        left = owed_by(self.request.user, self.week)
        begun = week_states(left, self.week)
        return [engagement for engagement in left if engagement.pk not in begun]

    def get(self, request: PortalRequest, week: str) -> HttpResponse:
        engagements = self.candidates()
        before = newest_published(engagements, self.week)
        rows = [(engagement, unchanged_since(before[engagement.pk])) for engagement in engagements if engagement.pk in before]
        return render(request, "engagements/weekly_update/unchanged.html", {"rows": rows, "week": self.week})

    def post(self, request: PortalRequest, week: str) -> HttpResponse:
        chosen = set(request.POST.getlist("engagement"))
        engagements = [engagement for engagement in self.candidates() if engagement.slug in chosen]
        refused = [why for why in (refusal(engagement, self.week, request) for engagement in engagements) if why]
        for why in refused:
            messages.warning(request, why)
        if done := len(engagements) - len(refused):
            messages.success(request, _("Published without news: %(count)s.") % {"count": done})
        return HttpResponseRedirect(f"{reverse('weekly_log')}?week={self.week}")


class SittingDone(SittingPage):
    """The end of the sitting: first the check-in, once for all, then what was done."""

    def get(self, request: PortalRequest, week: str) -> HttpResponse:
        queue = queue_of(request.user, self.week)
        if owed(queue) or not queue:
            return HttpResponseRedirect(f"{reverse('weekly_log')}?week={self.week}")
        check_in = own_check_ins(request.user).current().filter(iso_year=self.week.year, iso_week=self.week.number).first()
        wrote = any(not item.writer for item in queue)
        if check_in is None and wrote and "later" not in request.GET:
            return HttpResponseRedirect(f"{reverse('check_in', args=[self.week])}?sitting")
        context = {"queue": queue, "week": self.week, "check_in": check_in, "wrote": wrote, "now": timezone.now()}
        return render(request, "engagements/weekly_update/done.html", context)
