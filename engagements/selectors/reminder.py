"""Whose weekly updates are left, and for whom it is time to say so."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from datetime import date, datetime, time
from typing import NamedTuple

from django.db.models import Exists, OuterRef, Q

from engagements.models import Engagement, NoticeKind, WeekCover, WeeklyUpdate
from engagements.selectors.notices.mutes import without
from engagements.selectors.week_duty import covers_in, skips_in, writer_id
from engagements.selectors.weekly_update import Week
from fde_portal.accounts.models import User
from fde_portal.accounts.permissions import Permission, roles_with

# ISO weekday -> local time from which to remind. Whoever was not reminded by EVENING is left in peace.
REMINDS_FROM = {4: time(15), 5: time(12)}
EVENING = time(20)


class Left(NamedTuple):
    """One engagement whose week is not published: whose it is, and whether a draft was begun."""

    customer: str
    engagement: str
    is_begun: bool


def reminded_now(now: datetime) -> list[tuple[User, date]]:
    """People who want reminders and for whom it is time to remind, each with their local day."""
    people = without(User.objects.filter(is_active=True, role__in=roles_with(Permission.LOG_WEEK)), NoticeKind.REMINDER)
    local = ((person, now.astimezone(person.zone)) for person in people.order_by("pk"))
    return [(person, there.date()) for person, there in local if is_time(there)]


def is_time(local: datetime) -> bool:
    begin = REMINDS_FROM.get(local.isoweekday())
    return begin is not None and begin <= local.time() < EVENING


def updates_left(people: Iterable[User], week: Week) -> dict[int, list[Left]]:
    """Live engagements whose ISO week is owed, by the id of whoever writes it. Three statements for all people."""
    updates = WeeklyUpdate.objects.current().of_week(week.year, week.number).filter(engagement=OuterRef("pk"))
    theirs = Q(lead__in=people) | Q(pk__in=WeekCover.objects.of_week(week.monday).filter(cover__in=people).values("engagement"))
    rows = Engagement.objects.live().filter(theirs, started_on__lte=week.sunday).select_related("customer")
    rows = rows.exclude(Exists(updates.filter(state=WeeklyUpdate.State.PUBLISHED))).annotate(is_begun=Exists(updates))
    engagements = list(rows.order_by("customer__name", "name"))
    covers, skipped = covers_in(engagements, week), skips_in(engagements, week)
    left: dict[int, list[Left]] = defaultdict(list)
    for engagement in engagements:
        if engagement.pk not in skipped:
            row = Left(engagement.customer.name, engagement.name, engagement.is_begun)
            left[writer_id(engagement, covers)].append(row)
    return left
