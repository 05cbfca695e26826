"""A week that saves itself, two texts that become one, and the earlier texts of a draft."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.db.models import QuerySet
from django.http import Http404, HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.utils.translation import gettext as _

from engagements.forms.weekly_updates import WeekForms
from engagements.models import DraftRevision, WeeklyUpdate
from engagements.selectors.drafting import Fact
from engagements.selectors.weekly_update import Line, week_state
from engagements.services.asks import AskDraft
from engagements.services.draft_revisions import keep_lost_words
from engagements.services.weekly_updates import WeekDraft, open_draft, save_draft, stored_content
from engagements.views.week_conflict import both_in_one
from engagements.views.weekly_updates import WeekFormPage, WeekPage
from fde_portal.accounts.access import PortalRequest
from fde_portal.accounts.records import Conflict
from fde_portal.core import formats

MOST_SHOWN = 50


class WeekAutosave(WeekPage):
    """Stores the form as it stands and says so in JSON: 200 saved, 409 somebody else saved, 422 a field is wrong.

    It never publishes, and a repetition of the same save changes nothing.
    """

    facts: dict[str, Fact] = {}  # noqa: RUF012 - rows are taken as they were on the screen: nothing is drafted here

    def post(self, request: PortalRequest, **kwargs: Any) -> JsonResponse:
        forms = self.forms(request.POST)
        if not forms.is_valid():
            return JsonResponse({"detail": what_is_wrong(forms)}, status=422)
        try:
            update = self.save(forms)
        except Conflict:
            return JsonResponse({"detail": self.who_changed_it()}, status=409)
        saved = {"seen": f"{update.revision}.{update.version}", "time": clock(), "values": new_ask_ids(forms, update)}
        return JsonResponse(saved)

    def who_changed_it(self) -> str:
        state = week_state(self.engagement, self.week)
        theirs = state.open_draft or state.published
        if theirs is None:  # discarded, or taken back
            return _("Somebody else discarded this draft in the meantime.")
        words = {"person": theirs.author or "–", "time": timezone.localtime(theirs.updated_at).strftime("%H:%M")}
        if theirs.author == self.request.user:
            return _("You changed it elsewhere at %(time)s") % words
        return _("Changed by %(person)s at %(time)s") % words


def what_is_wrong(forms: WeekForms) -> str:
    problem = forms.problems[0]
    return formats.sentences(_("Not saved yet."), formats.labelled(problem.label, problem.text) if problem.label else problem.text)


def clock() -> str:
    return timezone.localtime().strftime("%H:%M")


def new_ask_ids(forms: WeekForms, update: WeeklyUpdate) -> dict[str, int]:
    """The field of each ask that was stored for the first time, with its id: the next save must not store it again."""
    rows = [(row, draft) for row in forms.asks if (draft := row.draft())]
    known = {draft.id for __, draft in rows if draft.id}
    added = update.current_asks.exclude(pk__in=known).order_by("pk").values_list("pk", flat=True) if rows else ()
    fresh = [row.add_prefix("id") for row, draft in rows if not draft.id]
    return dict(zip(fresh, added, strict=False))


class WeekJoining(WeekFormPage):
    """Pages that store one text beside the stored one."""

    def store_beside(self, mine: WeekDraft | None = None, *, after: WeekDraft | None = None) -> None:
        """Save the stored draft together with `mine`, which goes first, or with `after`. Raises Conflict."""
        who = self.request.user
        draft = open_draft(engagement=self.engagement, year=self.week.year, week=self.week.number, by=who)
        stored = stored_content(draft)
        both = both_in_one(mine, stored) if mine else both_in_one(stored, after or WeekDraft())
        save_draft(update=draft, content=both, seen=draft.version, by=who, today=self.today)


class WeekMerge(WeekJoining):
    """Saves both texts in one: what I typed, and what the stored draft says beyond it."""

    def post(self, request: PortalRequest, **kwargs: Any) -> HttpResponse:
        forms = self.forms(request.POST)
        if not forms.is_valid():
            return self.show_form(forms, forms.content(), status=422)
        mine, theirs = forms.content(), self.state.draft
        gives_way = bool(theirs and theirs.headline and mine.headline) and theirs.headline != mine.headline
        try:
            self.store_beside(mine)
        except Conflict:
            return self.show_conflict(forms)
        other_headline = _("The other headline stands among the notes to the team.")
        messages.success(request, formats.sentences(_("Both texts are in the draft now."), other_headline if gives_way else ""))
        return HttpResponseRedirect(self.entry_url())


class WeekYield(WeekFormPage):
    """Leaves the stored text as it is; mine goes to the earlier texts of the draft."""

    def post(self, request: PortalRequest, **kwargs: Any) -> HttpResponse:
        forms = self.forms(request.POST)
        if not forms.is_valid():
            return self.show_form(forms, forms.content(), status=422)
        theirs = self.state.draft or self.state.published
        if theirs is None:
            raise Http404
        keep_lost_words(
            theirs, before=forms.content(), after=stored_content(theirs), author=request.user, written_at=timezone.now()
        )
        messages.success(request, _("The stored text stays. Yours is kept among the earlier texts."))
        return HttpResponseRedirect(self.entry_url())


class WeekEarlierTexts(WeekFormPage):
    """What saves of this week's drafts replaced, newest first."""

    def get(self, request: PortalRequest, **kwargs: Any) -> HttpResponse:
        revisions = revisions_of(self).select_related("author")[:MOST_SHOWN]
        return self.show("engagements/weekly_update/earlier_texts.html", {"revisions": revisions})


class WeekPutBack(WeekJoining):
    """Adds an earlier text to the draft, after what stands there now."""

    def post(self, request: PortalRequest, pk: int, **kwargs: Any) -> HttpResponse:
        revision = get_object_or_404(revisions_of(self), pk=pk)
        try:
            self.store_beside(after=content_of(revision))
        except Conflict:
            messages.warning(request, _("Somebody saved this week just now. Look at it, and try again."))
        else:
            messages.success(request, _("The earlier text is in the draft again."))
        return HttpResponseRedirect(self.entry_url())


def revisions_of(page: WeekPage) -> QuerySet[DraftRevision]:
    weeks = WeeklyUpdate.objects.filter(engagement=page.engagement).of_week(page.week.year, page.week.number)
    return DraftRevision.objects.visible_to(page.request.user).filter(update__in=weeks)


def content_of(revision: DraftRevision) -> WeekDraft:
    said = revision.content
    return WeekDraft(
        headline=said["headline"],
        gap_reason=said["gap_reason"],
        lines=tuple(Line(**line) for line in said["lines"]),
        asks=tuple(AskDraft(ask["text"], consequence=ask["consequence"]) for ask in said["asks"]),
    )
