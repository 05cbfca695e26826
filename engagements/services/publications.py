"""Acts around a publication: a week without news in one go, and taking a publication back."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timedelta

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import F
from django.utils import translation
from django.utils.translation import gettext as _

from engagements.models.engagement import Engagement
from engagements.models.weekly_update import LineOrigin, WeeklyUpdate
from engagements.selectors.drafting import Fact, facts_of
from engagements.selectors.weekly_update import Week, last_published, week_state
from engagements.services.editions import publish_edition, retract_editions_since
from engagements.services.recomputes import request_recompute
from engagements.services.week_moves import put_back_moved
from engagements.services.weekly_updates import WeekDraft, carried_over, open_draft, publish_weekly_update, save_draft
from fde_portal.accounts import audit
from fde_portal.accounts.models import User
from fde_portal.accounts.records import Conflict
from fde_portal.core import formats

UNDO_WINDOW = timedelta(minutes=10)
State = WeeklyUpdate.State


class SomethingHappened(Exception):
    """The records the customer sees hold news of a week that should have none. `facts` are these. Nothing was written."""

    def __init__(self, facts: list[Fact]) -> None:
        super().__init__()
        self.facts = facts


class TooLate(Exception):
    """The ten minutes in which a publication can be taken back are over, or it was corrected since."""


@transaction.atomic
def publish_unchanged(*, engagement: Engagement, week: Week, by: User, now: datetime) -> WeeklyUpdate:
    """Publish a week without news: it says since when nothing is new, the plan stands, the ratings stay.

    Raises SomethingHappened when the customer's records say otherwise, Conflict when somebody began or
    published the week, and ValidationError when there is no earlier update or a rating needs a reason.
    """
    before = last_published(engagement, week)
    if before is None:
        raise ValidationError(_("There is no earlier update this week could be unchanged from."))
    state = week_state(engagement, week)
    if state.published or (state.open_draft and has_own_words(state.open_draft)):
        raise Conflict
    facts = facts_of(engagement, week)
    if news := [fact for fact in facts.values() if fact.is_shared and fact.is_event]:
        raise SomethingHappened(news)
    draft = open_draft(engagement=engagement, year=week.year, week=week.number, by=by)
    today = now.astimezone(engagement.zone).date()
    save_draft(update=draft, content=unchanged(before, engagement, facts), seen=draft.version, by=by, today=today)
    draft.unchanged_since = unchanged_since(before)
    draft.save(update_fields=["unchanged_since"])
    return publish_weekly_update(update=draft, by=by, now=now)


def has_own_words(draft: WeeklyUpdate) -> bool:
    """Whether somebody wrote into a draft what no machine filled in."""
    lines = [*draft.shared_lines.all(), *draft.internal_lines.all()]
    return bool(draft.headline) or any(line.origin == LineOrigin.TYPED for line in lines) or draft.current_asks.exists()


def unchanged_since(before: WeeklyUpdate) -> date:
    """The Monday of the last week that said something new."""
    return before.unchanged_since or before.monday


def unchanged(before: WeeklyUpdate, engagement: Engagement, facts: dict[str, Fact]) -> WeekDraft:
    """The plan and the ratings as they stood, under a headline in the customer's language."""
    with translation.override(engagement.customer.language):
        headline = _("Nothing new since the week of %(day)s.") % {"day": formats.day(unchanged_since(before), "words")}
    return replace(carried_over(before), headline=headline, left_out=tuple(facts))


@transaction.atomic
def take_back_publication(*, update: WeeklyUpdate, by: User, now: datetime) -> int:
    """Make a published update a draft again, and its page what it was before; say how many asks and blockers follow.

    The revision it replaced holds again, and what its form closed stands as before, unless somebody changed
    that since. Every edition since is taken back, and where others published meanwhile, the page is published
    anew without this update. Raises TooLate after `UNDO_WINDOW`.
    """
    week = WeeklyUpdate.objects.filter(engagement_id=update.engagement_id).of_week(update.iso_year, update.iso_week)
    fresh = week.filter(pk=update.pk, state=State.PUBLISHED, published_at__gt=now - UNDO_WINDOW)
    published_at = update.published_at
    cleared = {"state": State.DRAFT, "published_at": None, "published_by": None, "derived_health": None, "moved": {}}
    if week.filter(state=State.DRAFT).exists() or not fresh.update(**cleared, version=F("version") + 1):
        raise TooLate
    earlier = week.filter(state=State.CORRECTED).order_by("-revision").first()
    if earlier:
        week.filter(pk=earlier.pk).update(state=State.PUBLISHED, version=F("version") + 1)
    audit.record("unpublish", update, by=by, revision=update.revision)
    put_back = put_back_moved(update, today=now.astimezone(update.engagement.zone).date(), by=by)
    taken = retract_editions_since(update.engagement, since=published_at, by=by, now=now)
    if taken > 1:
        publish_edition(engagement=update.engagement, by=by, now=now)
    request_recompute(update.engagement_id)
    return put_back


def can_be_taken_back(update: WeeklyUpdate, now: datetime) -> bool:
    return update.state == State.PUBLISHED and update.published_at > now - UNDO_WINDOW
