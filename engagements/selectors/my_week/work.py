"""The shape of a need, and the live work of one person from which all needs are found."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from django.utils.translation import gettext as _

from engagements.models import Engagement, WeeklyUpdate
from fde_portal.accounts.models import User

SOON_DAYS = 7


@dataclass(frozen=True, slots=True)
class Need:
    """One thing to do: how urgent, what, why, by when, and the one next act."""

    band: str
    title: str
    detail: str
    due: str
    action: str
    url: str
    due_on: date

    @property
    def is_urgent(self) -> bool:
        return self.band in {"at_risk", "watch"}


@dataclass(frozen=True, slots=True)
class Work:
    """The live engagements of one person as of one local day, fetched once."""

    person: User
    engagements: tuple[Engagement, ...]
    today: date
    week_states: dict[int, str]

    @property
    def friday(self) -> date:
        """By when this week's updates are due."""
        return self.today + timedelta(days=4 - self.today.weekday())


def work_of(user: User, today: date) -> Work:
    """Engagements on which `user` is lead, backup or team, with the state of this week's update."""
    mine = Engagement.objects.visible_to(user).filter(Engagement.seen_by(user)).live()
    engagements = tuple(mine.select_related("customer").order_by("customer__name", "name"))
    return Work(user, engagements, today, week_states(engagements, today))


def week_states(engagements: Iterable[Engagement], today: date) -> dict[int, str]:
    """State of this ISO week's newest revision by engagement id; absent when nothing was written."""
    year, week, __ = today.isocalendar()
    updates = WeeklyUpdate.objects.filter(engagement__in=engagements, iso_year=year, iso_week=week)
    return dict(updates.order_by("revision").values_list("engagement_id", "state"))


def named(engagement: Engagement, what: str) -> str:
    return _("%(customer)s: %(what)s") % {"customer": engagement.customer.name, "what": what}
