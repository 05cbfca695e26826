"""A person's check-in of the week, and the trends their manager sees. Nobody else reads either."""

from __future__ import annotations

from functools import cached_property
from typing import Any

from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from engagements.forms.check_ins import CheckInForm
from engagements.models import CheckIn
from engagements.selectors.check_in import hours_before, own_check_ins, own_trend
from engagements.selectors.team_load import Suggestion, team_load
from engagements.selectors.weekly_update import Week, my_engagements
from engagements.services.check_ins import save_check_in, set_check_in_archived
from engagements.views.weekly_updates import today_of, week_named
from fde_portal.accounts.access import PortalRequest, PortalView
from fde_portal.accounts.pages import RecordArchive, RecordRestore
from fde_portal.accounts.permissions import Permission
from fde_portal.accounts.records import Conflict
from fde_portal.accounts.undo_pages import UNDO, before_save, say_saved, take_back
from fde_portal.core import formats
from fde_portal.core.messages import success_with_undo


class CheckInNow(PortalView):
    """The page of this week."""

    permission = Permission.LOG_WEEK

    def get(self, request: PortalRequest) -> HttpResponse:
        return redirect("check_in", Week.of(today_of(request)))


class CheckInPage(PortalView):
    permission = Permission.LOG_WEEK

    @cached_property
    def current_week(self) -> Week:
        return Week.of(today_of(self.request))

    @cached_property
    def week(self) -> Week:
        return week_named(self.kwargs["week"], self.current_week)

    @cached_property
    def check_in(self) -> CheckIn:
        """The person's own week, or a new one. Nobody reaches the page of another person."""
        named = {"iso_year": self.week.year, "iso_week": self.week.number}
        return own_check_ins(self.request.user).filter(**named).first() or CheckIn(person=self.request.user, **named)

    @property
    def in_sitting(self) -> bool:
        return "sitting" in self.request.GET

    def form(self, data: Any = None) -> CheckInForm:
        return CheckInForm(data, instance=self.check_in, engagements=list(my_engagements(self.request.user, self.week)))

    def get(self, request: PortalRequest, week: str) -> HttpResponse:
        return self.show(self.form())

    def post(self, request: PortalRequest, week: str) -> HttpResponse:
        if UNDO in request.GET:
            return take_back(
                request,
                made=self.form,
                save=self.save,
                done_url=lambda saved: reverse("check_in", args=[saved.week_label]),
            )
        form = self.form(request.POST)
        if not form.is_valid():
            return self.show(form, status=422)
        is_new, before = form.instance.pk is None, before_save(form)
        try:
            check_in = self.save(form)
        except Conflict:
            form.show_conflict()
            return self.show(form, status=409)
        text = _("Checked in for week %(week)s.") % {"week": self.week.number}
        if is_new:
            success_with_undo(request, text, reverse("check_in_archive", args=[check_in.pk]))
        else:
            say_saved(request, text, record=check_in, form=form, before=before)
        # At the end of a sitting the check-in leads to its last page.
        done = reverse("weekly_log_done", args=[self.week])
        return HttpResponseRedirect(done if self.in_sitting else reverse("my_week"))

    def save(self, form: CheckInForm) -> CheckIn:
        return save_check_in(form, form.hours())

    def show(self, form: CheckInForm, status: int = 200) -> HttpResponse:
        before = hours_before(self.request.user, self.week)
        context = {
            "form": form,
            "check_in": self.check_in,
            "in_sitting": self.in_sitting,
            "hour_fields": [(field, before.get(engagement.pk)) for engagement, field in form.hour_fields()],
            "week": self.week,
            "previous_week": self.week.previous,
            "next_week": self.week.next if self.week < self.current_week else None,
            "trend": own_trend(self.request.user, self.current_week),
            "earlier": own_check_ins(self.request.user).current().exclude(pk=self.check_in.pk)[:8],
            "archived": own_check_ins(self.request.user).archived(),
            "manager": self.request.user.manager,
        }
        return render(self.request, "engagements/check_in/page.html", context, status=status)


class CheckInPlace:
    """The acts on a check-in are its person's alone: their manager reads, and does not touch."""

    permission = Permission.LOG_WEEK

    def get_record(self) -> CheckIn:
        own = CheckIn.objects.visible_to(self.request.user).filter(person=self.request.user)
        return get_object_or_404(own, pk=self.kwargs["pk"])

    def done_url(self, record: CheckIn) -> str:
        return reverse("check_in", args=[record.week_label])


class CheckInArchive(CheckInPlace, RecordArchive):
    def archive(self, record: CheckIn) -> None:
        set_check_in_archived(record, timezone.now())

    def restore_url(self, record: CheckIn) -> str:
        return reverse("check_in_restore", args=[record.pk])


class CheckInRestore(CheckInPlace, RecordRestore):
    def restore(self, record: CheckIn) -> None:
        set_check_in_archived(record, None)


class Team(PortalView):
    """The load of one's own reports, and what would even it out."""

    permission = Permission.REVIEW_TEAM

    def get(self, request: PortalRequest) -> HttpResponse:
        load = team_load(request.user, Week.of(today_of(request)))
        context = {"load": load, "suggestions": [(each, in_words(each), inputs_of(each, load.limit)) for each in load.suggestions]}
        return render(request, "engagements/check_in/team.html", context)


def in_words(suggestion: Suggestion) -> str:
    transfer = suggestion.transfer
    return _(
        "Moving %(engagement)s from %(giver)s to %(taker)s would bring %(giver)s’s next week to about %(less)s hours and %(taker)s’s to %(more)s."
    ) % {
        "engagement": f"{suggestion.engagement.customer.name} · {suggestion.engagement.name}",
        "giver": suggestion.giver.name,
        "taker": suggestion.taker.name,
        "less": formats.number(transfer.giver_after),
        "more": formats.number(transfer.taker_after),
    }


def inputs_of(suggestion: Suggestion, limit: int) -> str:
    """What the suggestion was computed from."""
    transfer = suggestion.transfer
    return _("It takes about %(hours)s of %(giver)s’s %(giver_hours)s hours; %(taker)s expects %(taker_hours)s; the limit is %(limit)s.") % {
        "hours": formats.number(transfer.hours),
        "giver": suggestion.giver.name,
        "giver_hours": formats.number(transfer.giver_before),
        "taker": suggestion.taker.name,
        "taker_hours": formats.number(transfer.taker_before),
        "limit": limit,
    }
