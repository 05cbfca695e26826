"""The weekly log: one sitting for all engagements of a person."""

from __future__ import annotations

from contextlib import suppress
from datetime import date
from functools import cached_property
from typing import Any
from zoneinfo import ZoneInfo

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from customers.models import Stakeholder
from engagements.forms.weekly_updates import WeekForms
from engagements.models import Blocker, Engagement, WeeklyUpdate
from engagements.selectors.ask import asks_published_with
from engagements.selectors.blocker import blocker_line
from engagements.selectors.drafting import Fact, facts_of
from engagements.selectors.rating_gap import computed_ratings
from engagements.selectors.week_duty import skips_in
from engagements.selectors.week_queue import owed, queue_of
from engagements.selectors.weekly_update import (
    Week,
    WeekState,
    carried_asks,
    carried_blockers,
    days_asked,
    has_earlier_texts,
    latest_week,
    week_state,
)
from engagements.services.publications import can_be_taken_back, has_own_words, unchanged_since
from engagements.services.week_facts import FactsMoved
from engagements.services.weekly_updates import (
    WeekDraft,
    as_records_stand,
    open_draft,
    publish_weekly_update,
    save_draft,
    start_of,
    stored_content,
)
from engagements.views.week_conflict import sides_of
from engagements.views.week_preview import Kept, preview_page
from fde_portal.accounts.access import PortalRequest, PortalView
from fde_portal.accounts.permissions import Permission
from fde_portal.accounts.records import Conflict
from fde_portal.core.messages import success_with_undo

# What one engagement takes when it arrives prefilled; a test measures a sitting.
MINUTES_PER_ENGAGEMENT = 2


def today_of(request: PortalRequest) -> date:
    return timezone.now().astimezone(ZoneInfo(request.user.time_zone)).date()


def week_named(text: str, latest: Week) -> Week:
    """The week of an address. Raises Http404 for one that does not exist or has not begun."""
    try:
        week = Week.parse(text)
    except ValueError as error:
        raise Http404 from error
    if week > latest:
        raise Http404
    return week


class WeeklyLog(PortalView):
    """Opens the sitting at the first engagement that is not done; then comes the check-in, then the end.

    `?week=2026-W46` opens an earlier one, `?engagement=<slug>` begins there. A week ahead is owed by nobody and has no sitting:
    whoever drafted or skipped one there goes on with their week.
    """

    permission = Permission.LOG_WEEK

    def get(self, request: PortalRequest) -> HttpResponse:
        today = today_of(request)
        current = Week.of(today)
        week = week_named(request.GET.get("week") or str(current), latest_week(today))
        if slug := request.GET.get("engagement"):
            engagement = get_object_or_404(Engagement.objects.visible_to(request.user), slug=slug)
            return redirect("weekly_log_entry", engagement.slug, week)
        if week > current:
            return redirect("my_week")
        queue = queue_of(request.user, week)
        if not queue:
            context = {"week": week, "is_current": week == current}
            return render(request, "engagements/weekly_update/empty_log.html", context)
        if left := owed(queue):
            return redirect("weekly_log_entry", left[0].slug, week)
        return redirect("weekly_log_done", week)


class WeekPage(PortalView):
    """What the pages of one engagement's week have in common: find both, build forms, show them."""

    permission = Permission.LOG_WEEK

    @cached_property
    def engagement(self) -> Engagement:
        rows = Engagement.objects.visible_to(self.request.user).current().select_related("customer", "lead")
        return get_object_or_404(rows, slug=self.kwargs["slug"])

    @cached_property
    def current_week(self) -> Week:
        return Week.of(today_of(self.request))

    @cached_property
    def latest_week(self) -> Week:
        return latest_week(today_of(self.request))

    @property
    def is_ahead(self) -> bool:
        """Whether the week has not begun: it is owed by nobody yet, and can only be drafted."""
        return self.week > self.current_week

    @cached_property
    def week(self) -> Week:
        week = week_named(self.kwargs["week"], self.latest_week)
        if week < Week.of(self.engagement.started_on):
            raise Http404
        return week

    @cached_property
    def today(self) -> date:
        """The engagement's local day: acts are dated by it."""
        return timezone.localdate(timezone=self.engagement.zone)

    @cached_property
    def blockers(self) -> list[Blocker]:
        return carried_blockers(self.engagement, self.week)

    @cached_property
    def facts(self) -> dict[str, Fact]:
        """What the database knows of the week, to take or leave out."""
        return facts_of(self.engagement, self.week)

    @cached_property
    def state(self) -> WeekState:
        return week_state(self.engagement, self.week)

    def forms(self, data: Any = None, **options: Any) -> WeekForms:
        people = Stakeholder.objects.visible_to(self.request.user).current()
        there = people.filter(customer=self.engagement.customer_id, left_on=None)
        carried = carried_asks(self.engagement, self.week)
        return WeekForms(
            data, people=list(there), carried=carried, blockers=self.blockers, facts=self.facts,
            language=self.engagement.customer.language, **options,
        )

    def preview(self, content: WeekDraft) -> dict[str, Any]:
        page = preview_page(self.engagement, self.week, content, now=timezone.now())
        return {"page": page, "kept": Kept.of(content, len(self.blockers)), "engagement": self.engagement}

    def save(self, forms: WeekForms) -> WeeklyUpdate:
        """Store what was typed. Raises Conflict when the screen showed something older."""
        revision, version = forms.head.seen_version
        who = self.request.user
        update = open_draft(
            engagement=self.engagement, year=self.week.year, week=self.week.number, by=who, expected=revision
        )
        save_draft(
            update=update, content=forms.content(), seen=version, by=who, today=self.today, sitting=forms.head.sitting
        )
        return update

    def entry_url(self) -> str:
        return reverse("weekly_log_entry", args=[self.engagement.slug, self.week])


class WeekFormPage(WeekPage):
    """What pages that answer with the form of a week share."""

    def show_conflict(self, forms: WeekForms) -> HttpResponse:
        """Theirs beside mine. Saving again replaces theirs, which stays among the earlier texts."""
        state = week_state(self.engagement, self.week)
        theirs = state.open_draft or state.published
        forms.reopen_with(state.seen)
        mine = forms.content()
        sides = sides_of(mine, stored_content(theirs)) if theirs else []
        extra = {"theirs": theirs, "sides": sides, "was_discarded": theirs is None}
        return self.show_form(forms, mine, status=409, **extra)

    @property
    def offers_unchanged(self) -> bool:
        """A week can pass as unchanged before anybody wrote into it."""
        draft = self.state.open_draft
        is_open = not self.is_ahead and not self.state.published
        return bool(self.state.before) and is_open and not (draft and has_own_words(draft))

    def show_form(self, forms: WeekForms, content: WeekDraft, status: int = 200, **extra: Any) -> HttpResponse:
        context = {
            "forms": forms,
            "ratings": forms.ratings(was=self.state.before, computed=computed_ratings(self.engagement)),
            "blockers": [(blocker_line(blocker, self.today), choice) for blocker, choice in forms.blockers.rows()],
            "carried": [(ask, days_asked(ask, self.engagement, self.today), choice) for ask, choice in forms.carried.rows()],
            "draft": self.state.open_draft,
            "earlier_texts": has_earlier_texts(self.engagement, self.week),
            "published": self.state.published,
            "planned_in": self.state.before,
            "unchanged_since": unchanged_since(self.state.before) if self.offers_unchanged else None,
        }
        return self.show("engagements/weekly_update/entry.html", context | self.preview(content) | extra, status)

    def show(self, template: str, context: dict[str, Any], status: int = 200) -> HttpResponse:
        queue = queue_of(self.request.user, self.week)
        slugs, left = [item.slug for item in queue], 0 if self.is_ahead else len(owed(queue))
        base = {
            "engagement": self.engagement,
            "week": self.week,
            "is_late": self.week < self.current_week,
            "is_ahead": self.is_ahead,
            "is_current": self.week == self.current_week,
            "previous_week": self.week.previous if self.week > Week.of(self.engagement.started_on) else None,
            "next_week": self.week.next if self.week < self.latest_week else None,
            "queue": queue,
            "left": left,
            "minutes_left": left * MINUTES_PER_ENGAGEMENT,
            "skip": skips_in([self.engagement], self.week).get(self.engagement.pk),
            "can_take_back": bool(self.state.published) and can_be_taken_back(self.state.published, timezone.now()),
            "position": slugs.index(self.engagement.slug) + 1 if self.engagement.slug in slugs else None,
        }
        return render(self.request, template, base | context, status=status)


class WeeklyLogEntry(WeekFormPage):
    """One engagement's week: the form, or what was published."""

    def get(self, request: PortalRequest, **kwargs: Any) -> HttpResponse:
        if self.state.published and not self.state.open_draft:
            update = self.state.published
            return self.show("engagements/weekly_update/published.html", {"update": update, "asks": asks_published_with(update)})
        content = self.starting_content()
        return self.show_form(self.forms(content=content, seen=self.state.seen), content)

    def post(self, request: PortalRequest, **kwargs: Any) -> HttpResponse:
        forms = self.forms(request.POST)
        if not forms.is_valid():
            return self.show_form(forms, forms.content(), status=422)
        try:
            update = self.save(forms)
        except Conflict:
            return self.show_conflict(forms)
        if request.POST.get("act") in {"publish", "publish_next"}:
            return self.publish(update, forms)
        messages.success(request, _("Saved. Only your team sees it until you publish."))
        return HttpResponseRedirect(self.entry_url())

    def starting_content(self) -> WeekDraft:
        draft = self.state.open_draft
        if draft is None:
            return start_of(self.engagement, self.week, self.facts)
        if draft.revision > 1:  # a correction speaks of what was published, not of today's figures
            return stored_content(draft)
        return as_records_stand(stored_content(draft), self.engagement, self.facts)

    def publish(self, update: WeeklyUpdate, forms: WeekForms) -> HttpResponse:
        try:
            publish_weekly_update(update=update, by=self.request.user, now=timezone.now())
        except ValidationError as error:
            forms.add_errors(error.message_dict)
            forms.reopen_with((update.revision, update.version))
            return self.show_form(forms, forms.content(), status=422, draft=update)
        except FactsMoved:
            messages.warning(self.request, _("Not published yet: a drafted line changed while you wrote. Here is what it says now."))
            return HttpResponseRedirect(self.entry_url())
        except Conflict:
            return self.show_conflict(forms)
        text = _("Published: %(customer)s, week %(week)s.")
        said = text % {"customer": self.engagement.customer, "week": self.week.number}
        success_with_undo(self.request, said, reverse("weekly_log_take_back", args=[self.engagement.slug, self.week]))
        if self.request.POST["act"] == "publish_next":
            return HttpResponseRedirect(f"{reverse('weekly_log')}?week={self.week}")
        return HttpResponseRedirect(self.entry_url())


class WeekPreview(WeekPage):
    """What the customer would see of the form as it stands, and what stays. Nothing is saved."""

    def post(self, request: PortalRequest, **kwargs: Any) -> HttpResponse:
        forms = self.forms(request.POST)
        forms.is_valid()
        context = self.preview(forms.content()) | {"keep_first": request.POST.get("preview-as") == "us"}
        return render(request, "engagements/weekly_update/_preview.html", context)


class WeekCorrection(WeekPage):
    """Begins a new revision of a published week with its text."""

    def post(self, request: PortalRequest, **kwargs: Any) -> HttpResponse:
        if not self.state.published:
            raise Http404
        with suppress(Conflict):  # somebody else began it in the same moment: the form shows theirs
            open_draft(engagement=self.engagement, year=self.week.year, week=self.week.number, by=request.user)
        return HttpResponseRedirect(self.entry_url())
