"""Acts on whose turn a week is: skip it, hand a span of weeks over, take either back."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta

from django.db import transaction

from engagements.models.engagement import Engagement
from engagements.models.week_duty import WeekCover, WeekSkip
from engagements.models.weekly_update import WeeklyUpdate
from engagements.selectors.weekly_update import Week
from fde_portal.accounts import audit
from fde_portal.accounts.models import User
from fde_portal.accounts.records import Conflict

ONE_WEEK = timedelta(days=7)


@transaction.atomic
def skip_week(*, engagement: Engagement, week: Week, reason: WeekSkip.Reason, note: str = "", by: User) -> WeekSkip:
    """Say that nothing will be published of a week. Skipping again changes the reason.

    Raises Conflict when the week is published already.
    """
    updates = WeeklyUpdate.objects.filter(engagement=engagement).of_week(week.year, week.number)
    if updates.published().exists():
        raise Conflict
    skip, __ = WeekSkip.objects.update_or_create(
        engagement=engagement, iso_year=week.year, iso_week=week.number,
        defaults={"reason": reason, "note": note, "skipped_by": by},
    )
    audit.record("skip", engagement, by=by, week=str(week), reason=str(reason))
    return skip


@transaction.atomic
def unskip_week(*, engagement: Engagement, week: Week, by: User) -> None:
    """Owe the week again. Twice changes nothing."""
    rows = WeekSkip.objects.filter(engagement=engagement, iso_year=week.year, iso_week=week.number)
    if rows.delete()[0]:
        audit.record("unskip", engagement, by=by, week=str(week))


@transaction.atomic
def hand_over_weeks(*, covers: Mapping[Engagement, User | None], first: Week, last: Week, person: User, by: User) -> None:
    """Let somebody else write each engagement's weeks from `first` to `last`; with None those weeks are skipped as a holiday.

    A week that is published already stays published.
    """
    for engagement, cover in covers.items():
        if cover is None:
            _skip_open_weeks(engagement, first, last, by)
            continue
        WeekCover.objects.create(
            engagement=engagement, person=person, cover=cover, first_on=first.monday, last_on=last.monday
        )
        audit.record("cover", engagement, by=by, first=str(first), last=str(last), cover=cover.pk)


def _skip_open_weeks(engagement: Engagement, first: Week, last: Week, by: User) -> None:
    published = WeeklyUpdate.objects.filter(engagement=engagement).published()
    done = {Week(*week) for week in published.values_list("iso_year", "iso_week")}
    for number in range((last.monday - first.monday).days // 7 + 1):
        week = Week.of(first.monday + number * ONE_WEEK)
        if week not in done:
            skip_week(engagement=engagement, week=week, reason=WeekSkip.Reason.HOLIDAY, by=by)


@transaction.atomic
def end_cover(cover: WeekCover, *, by: User) -> None:
    """The lead writes again. Twice changes nothing."""
    if WeekCover.objects.filter(pk=cover.pk).delete()[0]:
        audit.record("end_cover", cover.engagement, by=by, cover=cover.cover_id)
