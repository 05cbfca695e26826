"""Pages of asks: those of an engagement, one with what came back, and the acts on it."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from engagements.forms.asks import AskForm
from engagements.models import Ask
from engagements.selectors.ask import UNSETTLED, answers_to, ask_line, ask_lines, asks_of, page_says, steps_of
from engagements.selectors.note import origin_of
from engagements.services.asks import archive_ask, close_ask, restore_ask
from engagements.views.engagements import visible_engagement
from engagements.views.pages import EngagementView
from fde_portal.accounts.access import PortalRequest, PortalView
from fde_portal.accounts.pages import RecordArchive, RecordFormPage, RecordRestore
from fde_portal.core.messages import success_with_undo


def visible_ask(view: PortalView) -> Ask:
    """The ask the address names, if it belongs to the engagement named and the viewer sees it."""
    asks = Ask.objects.visible_to(view.request.user).select_related("engagement__customer", "stakeholder", "raised_in")
    return get_object_or_404(asks, pk=view.kwargs["pk"], engagement__slug=view.kwargs["slug"])


def asked(view: PortalView) -> Ask:
    """The same for acts: what only the draft of a week says is changed where that week is written."""
    ask = visible_ask(view)
    if ask.is_drafted:
        raise Http404
    return ask


class EngagementAsks(EngagementView):
    """What we need from the customer, what they answered, and what is settled."""

    tab = "engagement_updates"

    def get(self, request: PortalRequest, slug: str) -> HttpResponse:
        asks = asks_of(self.engagement)
        lines = ask_lines(asks.current().filter(state__in=UNSETTLED), today=self.today)
        settled = asks.current().exclude(state__in=UNSETTLED).order_by("-closed_on", "-id")
        context = {
            "open": [line for line in lines if line.ask.state == Ask.State.OPEN],
            "answered": [line for line in lines if line.ask.state == Ask.State.ANSWERED],
            "settled": ask_lines(settled, today=self.today),
            "archived": asks.archived(),
        }
        return self.show("engagements/ask/list.html", context)


class AskPage(EngagementView):
    tab = "engagement_updates"

    def get(self, request: PortalRequest, slug: str, pk: int) -> HttpResponse:
        ask = visible_ask(self)
        context = {
            "line": ask_line(ask, self.today),
            "origin": origin_of(ask, request.user),
            "answers": answers_to(ask),
            "page_says": "" if ask.is_drafted else page_says(ask),
            "steps": steps_of(ask),
        }
        return self.show("engagements/ask/detail.html", context)


class AskPlace:
    """Where the pages of an ask lead back to."""

    def done_url(self, record: Ask) -> str:
        return reverse("engagement_asks", args=[record.engagement.slug])


class AskFormPage(AskPlace, RecordFormPage):
    form_class = AskForm
    template_name = "engagements/ask/form.html"

    def form_options(self) -> dict[str, Any]:
        return {"user": self.request.user, "today": timezone.localdate(timezone=visible_engagement(self).zone)}


class AskNew(AskFormPage):
    def get_record(self) -> Ask:
        return Ask(engagement=visible_engagement(self))

    def title(self, record: Ask) -> str:
        return _("New ask")


class AskEdit(AskFormPage):
    def get_record(self) -> Ask:
        return asked(self)

    def title(self, record: Ask) -> str:
        return _("Edit ask")

    def done_url(self, record: Ask) -> str:
        return record.get_absolute_url()


class AskState(EngagementView):
    """Says how an ask stands, with a way back to how it stood (POST)."""

    def post(self, request: PortalRequest, slug: str, pk: int, state: str) -> HttpResponse:
        ask = asked(self)
        if state not in Ask.State.values or ask.is_archived:
            raise Http404
        was = ask.state
        close_ask(ask, state=Ask.State(state), on=self.today, by=request.user)
        said = _("%(state)s: %(ask)s") % {"state": ask.get_state_display(), "ask": ask}
        success_with_undo(request, said, reverse("ask_state", args=[slug, pk, was]))
        return HttpResponseRedirect(ask.get_absolute_url())


class AskArchive(AskPlace, RecordArchive):
    def get_record(self) -> Ask:
        return asked(self)

    def archive(self, record: Ask) -> None:
        archive_ask(record, by=self.request.user, now=timezone.now())

    def restore_url(self, record: Ask) -> str:
        return reverse("ask_restore", args=[record.engagement.slug, record.pk])


class AskRestore(AskPlace, RecordRestore):
    def get_record(self) -> Ask:
        return asked(self)

    def restore(self, record: Ask) -> None:
        restore_ask(record, by=self.request.user)
