"""Whose turn a week is: who writes which engagement, and what is still owed."""

from __future__ import annotations

from collections.abc import Container, Iterable

from django.db.models import QuerySet

from engagements.models.engagement import Engagement
from engagements.models.week_duty import WeekCover, WeekSkip
from engagements.models.weekly_update import WeeklyUpdate
from engagements.selectors.weekly_update import Week, my_engagements, week_states
from fde_portal.accounts.models import User
from fde_portal.core.prepared import Param, prepared


def covers_in(engagements: Iterable[Engagement], week: Week) -> dict[int, User]:
    """Engagement id -> who writes the week instead of its lead. One query; the cover made last holds."""
    rows = _covers(engagements=list(engagements), monday=week.monday)
    return {row.engagement_id: row.cover for row in reversed(rows)}


@prepared
def _covers(*, engagements: Param, monday: Param) -> QuerySet[WeekCover]:
    return WeekCover.objects.of_week(monday).filter(engagement__in=engagements).select_related("cover")


def skips_in(engagements: Iterable[Engagement], week: Week) -> dict[int, WeekSkip]:
    """Engagement id -> why nothing is published of the week. One query."""
    return {row.engagement_id: row for row in _skips(engagements=list(engagements), year=week.year, week=week.number)}


@prepared
def _skips(*, engagements: Param, year: Param, week: Param) -> QuerySet[WeekSkip]:
    return WeekSkip.objects.filter(engagement__in=engagements, iso_year=year, iso_week=week)


def owed_by(user: User, week: Week) -> list[Engagement]:
    """The engagements of which `user` still owes the update of a week.

    The lead writes, or whoever covers for them; a week that was skipped or published is owed by nobody.
    """
    engagements = list(my_engagements(user, week))
    states = week_states(engagements, week)
    published = {pk for pk, (state, __) in states.items() if state == WeeklyUpdate.State.PUBLISHED}
    turns = turns_of(user, engagements, covers=covers_in(engagements, week), skipped=skips_in(engagements, week))
    return [engagement for engagement in turns if engagement.pk not in published]


def turns_of(
    user: User, engagements: Iterable[Engagement], *, covers: dict[int, User], skipped: Container[int]
) -> list[Engagement]:
    """Those of `engagements` whose week is `user`'s to write, published or not."""
    return [each for each in engagements if writer_id(each, covers) == user.pk and each.pk not in skipped]


def writer_id(engagement: Engagement, covers: dict[int, User]) -> int:
    cover = covers.get(engagement.pk)
    return cover.pk if cover else engagement.lead_id


def covers_of(user: User, week: Week) -> QuerySet[WeekCover]:
    """Absences that `user` arranged or covers and that are not over before `week`."""
    rows = WeekCover.objects.visible_to(user).filter(last_on__gte=week.monday)
    return rows.select_related("engagement__customer", "person", "cover").order_by("first_on", "engagement__name")


def people_beside(user: User, engagements: QuerySet[Engagement]) -> list[tuple[Engagement, list[User]]]:
    """For each engagement the active people who could write instead of `user`: the backup first, then the team."""
    rows = engagements.select_related("backup").prefetch_related("team_members__user")
    return [(engagement, _beside(user, engagement)) for engagement in rows]


def _beside(user: User, engagement: Engagement) -> list[User]:
    named = [engagement.backup, *(member.user for member in engagement.team_members.all())]
    unique = {person.pk: person for person in named if person and person.is_active and person != user}
    return list(unique.values())
