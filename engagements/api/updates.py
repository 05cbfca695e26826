"""Weekly updates from programs: draft, lines, publish, correct, through the services the page uses.

Whoever changes something names in If-Match the ETag they read: without it the answer is 428, and 412
when somebody saved in between. Nothing is written then.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from typing import Any

from django.core.exceptions import ValidationError as Refused
from django.utils import timezone
from django.utils.translation import gettext as _
from drf_spectacular.utils import OpenApiResponse, extend_schema
from rest_framework.decorators import action
from rest_framework.exceptions import ValidationError
from rest_framework.generics import get_object_or_404
from rest_framework.request import Request
from rest_framework.response import Response

from engagements.api import etags
from engagements.api.etags import DETAIL, IF_MATCH, PreconditionFailed, StateConflict, etag_of, require_match
from engagements.api.records import UpdatesView
from engagements.api.update_shapes import LineSerializer, WeekContentSerializer, WeekSerializer, WeekToOpenSerializer
from engagements.models import Engagement, LineOrigin, WeeklyUpdate
from engagements.selectors.weekly_update import Line, Week, latest_week
from engagements.services.asks import AskDraft
from engagements.services.week_facts import FactsMoved
from engagements.services.weekly_updates import (
    NotBegun,
    WeekDraft,
    open_draft,
    publish_weekly_update,
    save_draft,
    stored_content,
)
from fde_portal.accounts.permissions import Permission
from fde_portal.accounts.records import Conflict

UNMATCHED = {409: OpenApiResponse(DETAIL, "It is published, or a drafted line is no longer so."), **etags.UNMATCHED}


@extend_schema(tags=["updates"])
class WeeklyUpdatesView(UpdatesView):
    """Weekly updates: all of them to read, drafts to write."""

    write_permission = Permission.LOG_WEEK
    lookup_value_regex = r"\d+"

    @extend_schema(responses=WeekSerializer)
    def retrieve(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """One revision with its lines and asks; the ETag names its version."""
        return self.answer(self.update_named())

    @extend_schema(request=WeekToOpenSerializer, responses={200: WeekSerializer, 201: WeekSerializer})
    def create(self, request: Request) -> Response:
        """Open the draft of a week: the one there is (200), or a new one, prefilled as on the page (201)."""
        wanted = WeekToOpenSerializer(data=request.data)
        wanted.is_valid(raise_exception=True)
        visible = Engagement.objects.visible_to(request.user).current()
        engagement = get_object_or_404(visible, slug=wanted.validated_data["engagement"])
        week = require_week(wanted.validated_data, engagement, timezone.localdate(timezone=request.user.zone))
        there = WeeklyUpdate.objects.filter(engagement=engagement, state=WeeklyUpdate.State.DRAFT)
        is_new = not there.of_week(week.year, week.number).exists()
        return self.answer(self.opened(engagement, week), status=201 if is_new else 200)

    @extend_schema(request=WeekContentSerializer, responses={200: WeekSerializer, **UNMATCHED}, parameters=[IF_MATCH])
    def partial_update(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Change a draft: what is named is replaced as a whole, the rest stays."""
        update = self.draft_named()
        given = WeekContentSerializer(data=request.data, context={"engagement": update.engagement, "request": request})
        given.is_valid(raise_exception=True)
        return self.stored(update, with_changes(stored_content(update), given.validated_data))

    @extend_schema(request=LineSerializer, responses={200: WeekSerializer, **UNMATCHED}, parameters=[IF_MATCH])
    @action(detail=True, methods=["post"], pagination_class=None, filterset_class=None)
    def lines(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Add one line at the end of a draft."""
        update = self.draft_named()
        given = LineSerializer(data=request.data)
        given.is_valid(raise_exception=True)
        content = stored_content(update)
        return self.stored(update, replace(content, lines=(*content.lines, Line(**given.validated_data))))

    @extend_schema(request=None, responses={200: WeekSerializer, **UNMATCHED}, parameters=[IF_MATCH])
    @action(detail=True, methods=["post"], pagination_class=None, filterset_class=None)
    def publish(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Publish a draft: the customer's page shows it from now on."""
        update = self.draft_named()
        try:
            publish_weekly_update(update=update, by=request.user, now=timezone.now())
        except NotBegun as problem:
            raise ValidationError({"iso_week": problem.messages}) from None
        except Refused as problem:
            raise ValidationError({name.replace("__all__", "lines"): texts for name, texts in problem.message_dict.items()}) from None
        except FactsMoved:
            raise StateConflict(_("A drafted line is no longer so. Read the draft again.")) from None
        except Conflict:
            raise PreconditionFailed from None
        return self.answer(update)

    @extend_schema(request=None, responses={201: WeekSerializer, **UNMATCHED}, parameters=[IF_MATCH])
    @action(detail=True, methods=["post"], pagination_class=None, filterset_class=None)
    def correct(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Begin a new revision of a published update with its text."""
        update = self.matched()
        if update.state != WeeklyUpdate.State.PUBLISHED:
            raise StateConflict(_("Only what is published can be corrected."))
        return self.answer(self.opened(update.engagement, Week.of(update.monday)), status=201)

    def update_named(self) -> WeeklyUpdate:
        rows = self.get_queryset().select_related("engagement__customer", "author")
        return get_object_or_404(rows, pk=self.kwargs["pk"])

    def matched(self) -> WeeklyUpdate:
        """The update of the address, if it is still what the caller read."""
        update = self.update_named()
        require_match(self.request, update)
        return update

    def draft_named(self) -> WeeklyUpdate:
        update = self.matched()
        if not update.is_draft:
            raise StateConflict(_("This update is published. Correct it to write a new revision."))
        return update

    def opened(self, engagement: Engagement, week: Week) -> WeeklyUpdate:
        try:
            return open_draft(engagement=engagement, year=week.year, week=week.number, by=self.request.user)
        except Conflict:
            raise StateConflict(_("Somebody else opened this week in the same moment. Try again.")) from None

    def stored(self, update: WeeklyUpdate, content: WeekDraft) -> Response:
        today = timezone.localdate(timezone=update.engagement.zone)
        try:
            save_draft(update=update, content=content, seen=update.version, by=self.request.user, today=today)
        except Conflict:
            raise PreconditionFailed from None
        return self.answer(update)

    def answer(self, update: WeeklyUpdate, status: int = 200) -> Response:
        return Response(WeekSerializer(update).data, status=status, headers={"ETag": etag_of(update)})


def require_week(wanted: dict[str, Any], engagement: Engagement, today: date) -> Week:
    """Raise ValidationError, naming the field, for a week that does not exist, has not begun, or was before the start."""
    try:
        week = Week(wanted["iso_year"], wanted["iso_week"])
        week.monday  # noqa: B018 - raises for a week that does not exist
    except ValueError:
        raise ValidationError({"iso_week": [_("This year has no such week.")]}) from None
    if week > latest_week(today):
        raise ValidationError({"iso_week": [_("This week has not begun.")]})
    if week < Week.of(engagement.started_on):
        raise ValidationError({"iso_week": [_("The engagement had not started.")]})
    return week


def with_changes(stored: WeekDraft, given: dict[str, Any]) -> WeekDraft:
    changes: dict[str, Any] = {name: given[name] for name in ("headline", "gap_reason") if name in given}
    ratings = {name: given[f"{name}_rating"] for name in WeeklyUpdate.RATED if f"{name}_rating" in given}
    changes["ratings"] = {**stored.ratings, **ratings}
    if "lines" in given:
        changes["lines"] = tuple(lines_given(given["lines"], stored))
    if "asks" in given:
        changes["asks"] = tuple(AskDraft(**ask) for ask in given["asks"])
    return replace(stored, **changes)


def lines_given(rows: list[dict[str, Any]], stored: WeekDraft) -> Iterator[Line]:
    """Lines that were read and are sent back keep where they came from; whatever else is sent was typed."""
    known = {(line.kind, line.text, line.is_shared): line for line in stored.lines}
    for row in rows:
        line = Line(**row, origin=LineOrigin.TYPED)
        same = known.get((line.kind, line.text, line.is_shared))
        yield replace(same, evidence_link=line.evidence_link or same.evidence_link) if same else line
