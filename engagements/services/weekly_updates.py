"""Acts on weekly updates: open a draft, save it, publish it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.db.models import F, Max
from django.utils.translation import gettext_lazy as _

from engagements.models.blocker import Blocker
from engagements.models.engagement import Engagement
from engagements.models.health import HealthSnapshot
from engagements.models.weekly_update import Ask, InternalLine, LineKind, LineOrigin, SharedLine, WeeklyUpdate
from engagements.selectors.drafting import Fact, facts_of
from engagements.selectors.health import latest_health
from engagements.selectors.rating_gap import computed_ratings, two_bands_apart
from engagements.selectors.weekly_update import Line, Week, last_published, lines_of
from engagements.services.asks import AskDraft, replace_asks
from engagements.services.draft_revisions import as_json, keep_lost_words
from engagements.services.editions import publish_edition
from engagements.services.recomputes import request_recompute
from engagements.services.week_facts import is_untouched, require_current_facts, with_facts
from engagements.services.week_moves import move_carried
from fde_portal.accounts import audit
from fde_portal.accounts.models import User
from fde_portal.accounts.records import Conflict, claim_version
from fde_portal.core.search.index import refresh

State = WeeklyUpdate.State


class NotBegun(ValidationError):
    """The week of a draft is still to come."""


@dataclass(frozen=True, slots=True)
class WeekDraft:
    """Everything the form of one week says. `carried_asks` and `blockers` map what changed to its state.

    `left_out` holds the keys of the facts the author does not want to tell.
    """

    headline: str = ""
    ratings: Mapping[str, str] = field(default_factory=dict)
    lines: Sequence[Line] = ()
    asks: Sequence[AskDraft] = ()
    carried_asks: Mapping[Ask, Ask.State] = field(default_factory=dict)
    blockers: Mapping[Blocker, Blocker.State] = field(default_factory=dict)
    gap_reason: str = ""
    left_out: Sequence[str] = ()


@dataclass(frozen=True, slots=True)
class Sitting:
    """One open form, the number of its save, and which save it goes on from when it was put back from a device.

    A form that saves itself sends the next text before it knows how the last save went: what its own
    earlier saves stored is no conflict.
    """

    form: str = ""
    turn: int = 0
    after: str = ""  # "form.turn"

    def goes_on(self, update: WeeklyUpdate, by: User) -> bool:
        last = f"{update.last_form}.{update.last_turn}"
        return bool(self.form) and update.author_id == by.pk and (update.last_form == self.form or last == self.after)

    def is_late(self, update: WeeklyUpdate, by: User) -> bool:
        """Whether a later save of the same form, or this one, was stored already."""
        return self.goes_on(update, by) and update.last_form == self.form and self.turn <= update.last_turn


ELSEWHERE = Sitting()


def stored_content(update: WeeklyUpdate) -> WeekDraft:
    """What a stored update says, asks raised in it included."""
    asks = update.current_asks.select_related("stakeholder")
    return WeekDraft(
        headline=update.headline,
        ratings=update.ratings,
        lines=lines_of(update),
        asks=[AskDraft(ask.text, ask.stakeholder, ask.due_on, ask.consequence, ask.pk) for ask in asks],
        gap_reason=update.gap_reason,
        left_out=tuple(update.left_out),
    )


def start_of(engagement: Engagement, week: Week, facts: Mapping[str, Fact] | None = None) -> WeekDraft:
    """What a new draft begins with: the published text of the same week, else last week's plan and ratings, and the facts.

    Asks are not repeated: open ones are carried by themselves.
    """
    published = WeeklyUpdate.objects.filter(engagement=engagement).of_week(week.year, week.number).published().first()
    if published:
        return replace(stored_content(published), asks=())
    before = last_published(engagement, week)
    known = facts_of(engagement, week) if facts is None else facts
    return as_records_stand(carried_over(before) if before else WeekDraft(), engagement, known)


def carried_over(before: WeeklyUpdate) -> WeekDraft:
    """Last week's plan. Dates that were drafted are no plan: where they still hold they are drafted again."""
    planned = (line for line in lines_of(before) if line.kind == LineKind.NEXT and not is_untouched(line))
    plan = (replace(line, origin=LineOrigin.CARRIED, fact="") for line in planned)
    return WeekDraft(ratings=before.ratings, lines=tuple(plan), gap_reason=before.gap_reason)


def as_records_stand(
    content: WeekDraft, engagement: Engagement, facts: Mapping[str, Fact], *, adds: bool = True
) -> WeekDraft:
    """The content with its drafted lines brought up to date; with `adds` new facts join it."""
    language = engagement.customer.language
    lines = with_facts(content.lines, facts, language=language, left_out=content.left_out, adds=adds)
    return replace(content, lines=lines)


@transaction.atomic
def open_draft(*, engagement: Engagement, year: int, week: int, by: User, expected: int | None = None) -> WeeklyUpdate:
    """The draft of an ISO week: the existing one, or a new one filled from what is known.

    A first draft carries the plan and the ratings of the last published update over. Where the
    week is published already the draft is a correction and begins with the published text.
    Raises Conflict when somebody else opens it in the same moment, or when it is not the revision
    `expected`: a save on its way while the week is published must not begin a correction.
    """
    updates = WeeklyUpdate.objects.filter(engagement=engagement).of_week(year, week)
    draft = updates.filter(state=State.DRAFT).first()
    revision = draft.revision if draft else (updates.aggregate(last=Max("revision"))["last"] or 0) + 1
    if expected not in {None, revision}:
        raise Conflict
    if draft:
        if draft.is_archived:
            _take_up_again(draft, by)
        return draft
    draft = WeeklyUpdate(engagement=engagement, iso_year=year, iso_week=week, revision=revision, author=by)
    _create(draft, start_of(engagement, Week(year, week)))
    audit.record("open", draft, by=by, revision=revision)
    return draft


def _create(draft: WeeklyUpdate, content: WeekDraft) -> None:
    try:
        with transaction.atomic():
            _write(draft, content)
    except IntegrityError as error:  # one draft per week
        raise Conflict from error


def _take_up_again(draft: WeeklyUpdate, by: User) -> None:
    """Restore a discarded draft under the version its form was opened with."""
    draft.archived_at = None
    draft.save(update_fields=["archived_at"])
    audit.record("restore", draft, by=by)


@transaction.atomic
def save_draft(
    *, update: WeeklyUpdate, content: WeekDraft, seen: int, by: User, today: date, sitting: Sitting = ELSEWHERE
) -> None:
    """Make a draft say exactly `content`; what that takes out of another sitting's text is kept as a revision.

    Raises Conflict when it is no longer at the version `seen`, unless `sitting` itself moved it on
    or it says so already: a save that comes a second time changes nothing.
    """
    if not update.is_draft:
        raise Conflict
    goes_on = sitting.goes_on(update, by)
    if sitting.is_late(update, by) or not (goes_on or update.version == seen):
        require_same(update, content)
        return
    claim_version(update, update.version if goes_on else seen)
    if not goes_on and update.version > 2:  # the first save replaces only what nobody wrote
        _keep_what_is_replaced(update, content)
    update.author, update.last_form, update.last_turn = by, sitting.form, sitting.turn
    _write(update, content)
    replace_asks(update, content.asks)
    move_carried(update, content, goes_on=goes_on, today=today, by=by)
    if goes_on:  # one event for a sitting, not one for every pause in typing
        refresh(update)
    else:
        audit.record("edit", update, by=by)


def require_same(update: WeeklyUpdate, content: WeekDraft) -> None:
    """Raise Conflict unless the draft says `content` already."""
    stored = stored_content(update)
    if as_json(stored) != as_json(content) or stored.ratings != dict(content.ratings):
        raise Conflict


def _keep_what_is_replaced(update: WeeklyUpdate, content: WeekDraft) -> None:
    before = stored_content(update)
    keep_lost_words(update, before=before, after=content, author=update.author, written_at=update.updated_at)


def _write(update: WeeklyUpdate, content: WeekDraft) -> None:
    update.headline = content.headline
    update.gap_reason, update.left_out = content.gap_reason, list(content.left_out)
    update.unchanged_since = None
    for name in WeeklyUpdate.RATED:
        setattr(update, f"{name}_rating", content.ratings.get(name, ""))
    update.save()
    for table, is_shared in ((SharedLine, True), (InternalLine, False)):
        table.objects.filter(update=update).delete()
        table.objects.bulk_create(
            table(update=update, position=position, kind=line.kind, text=line.text, origin=line.origin,
                  evidence_link=line.evidence_link, fact=line.fact)
            for position, line in enumerate(content.lines)
            if line.is_shared == is_shared
        )


@transaction.atomic
def publish_weekly_update(*, update: WeeklyUpdate, by: User, now: datetime) -> WeeklyUpdate:
    """Publish a draft: freeze the derived health, replace the earlier revision, publish an edition.

    Raises ValidationError, by field, when the week has not begun, the customer would find nothing to read or a rating
    far from the facts has no reason, FactsMoved when a drafted line is no longer so, and Conflict when the draft
    was published in between.
    """
    require_begun(update, now.astimezone(by.zone).date())
    require_something_to_read(update)
    require_reason_for_gap(update)
    if update.revision == 1:
        require_current_facts(
            lines_of(update), facts_of(update.engagement, Week.of(update.monday)), language=update.engagement.customer.language
        )
    week = WeeklyUpdate.objects.filter(engagement_id=update.engagement_id).of_week(update.iso_year, update.iso_week)
    week.filter(state=State.PUBLISHED).update(state=State.CORRECTED, version=F("version") + 1)
    health = frozen_health(latest_health(update.engagement))
    published = {"state": State.PUBLISHED, "published_at": now, "published_by": by, "derived_health": health}
    if not week.filter(pk=update.pk, state=State.DRAFT).update(**published, version=F("version") + 1):
        raise Conflict
    update.refresh_from_db()
    audit.record("publish", update, by=by, revision=update.revision)
    for ask in update.current_asks:  # what only a draft said was not found before
        refresh(ask)
    request_recompute(update.engagement_id)
    publish_edition(engagement=update.engagement, by=by, now=now)
    return update


def require_begun(update: WeeklyUpdate, today: date) -> None:
    """Raise NotBegun for a week that is written ahead: it would count as news before there is any."""
    if update.monday > today:
        raise NotBegun({"__all__": _("This week has not begun. Your text is kept until it does.")})


def require_something_to_read(update: WeeklyUpdate) -> None:
    """Raise ValidationError, by field, unless there is a headline and a shared line."""
    problems = {}
    if not update.headline.strip():
        problems["headline"] = _("Write a headline. It is the first thing the customer reads.")
    has_line = update.shared_lines.filter(kind__in=[LineKind.PROGRESS, LineKind.NEXT]).exists()
    if not has_line and update.unchanged_since is None:  # "nothing new" says all there is
        problems["__all__"] = _("Share at least one line about progress or next week.")
    if problems:
        raise ValidationError(problems)


def require_reason_for_gap(update: WeeklyUpdate) -> None:
    """Raise ValidationError unless a rating two bands from the computed health comes with a reason."""
    if not update.gap_reason.strip() and two_bands_apart(update.ratings, computed_ratings(update.engagement)):
        raise ValidationError({"gap_reason": _("Say in one line why you see it differently from the computed health.")})


def frozen_health(health: HealthSnapshot | None) -> dict[str, object] | None:
    """What the model said when an update was published, beside what its author said. Internal."""
    if health is None:
        return None
    return {
        "day": health.day.isoformat(),
        "score": None if health.score is None else str(health.score),
        "band": health.band,
        "coverage": str(health.coverage),
        "components": health.components,
    }
