"""The people at the customer as a map: stance by influence, with what moved since a day."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from customers.models import Stakeholder
from customers.selectors import STANCES_UPWARDS, StakeholderRow
from fde_portal.core import formats
from fde_portal.core.charts import MapPerson, PeopleMap

# Without another wish the map shows what moved in a quarter.
USUAL_SPAN = timedelta(weeks=13)
INFLUENCES = range(1, 6)


def people_map(rows: Sequence[StakeholderRow], *, id: str, since: date) -> PeopleMap:
    """The map of those who are still there and whose stance is known."""
    shown = [row for row in rows if row.stance and row.person.left_on is None]
    people = tuple(map_person(row, since) for row in shown)
    return PeopleMap(
        id=id,
        title=_("Stakeholders by stance and influence"),
        finding=finding(people),
        people=people,
        columns=tuple(str(stance.label) for stance in STANCES_UPWARDS),
        rows=tuple(_("%(influence)s of 5") % {"influence": influence} for influence in INFLUENCES),
        more=_("More influence"),
        headings=(_("Person"), _("Influence"), _("Stance"), _("On %(day)s") % {"day": formats.day(since)}),
        caption=_("The line shows how they moved since %(day)s.") % {"day": formats.day(since)} if people else "",
    )


def map_person(row: StakeholderRow, since: date) -> MapPerson:
    before = row.stance_on(since)
    return MapPerson(
        name=row.person.name,
        hint=str(Stakeholder.Role(row.person.role).label),
        column=STANCES_UPWARDS.index(row.stance),
        row=row.person.influence - INFLUENCES.start,
        band=row.band,
        before=STANCES_UPWARDS.index(before) if before else None,
    )


def finding(people: Sequence[MapPerson]) -> str:
    """How many stand with us, and how many moved which way."""
    supporting = sum(person.column >= STANCES_UPWARDS.index(Stakeholder.Stance.SUPPORTER) for person in people)
    closer = sum(person.has_moved and person.column > person.before for person in people)
    away = sum(person.has_moved and person.column < person.before for person in people)
    counted = ngettext("%(count)s of %(all)s supports the work.", "%(count)s of %(all)s support the work.", supporting)
    parts = [counted % {"count": supporting, "all": len(people)}]
    if closer:
        parts.append(ngettext("%(count)s moved closer.", "%(count)s moved closer.", closer) % {"count": closer})
    if away:
        parts.append(ngettext("%(count)s moved away.", "%(count)s moved away.", away) % {"count": away})
    return " ".join(parts)
