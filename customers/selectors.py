"""What the customer pages read."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from django.db import models
from django.db.models.functions import Coalesce
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from customers.models import Customer, CustomerMembership, ScopedRecordQuerySet, Stakeholder, StanceRecord
from fde_portal.accounts.models import Invitation, User
from fde_portal.core.formats import listed
from fde_portal.core.json_rows import JsonRows
from fde_portal.core.prepared import Param, prepared

Role, Stance = Stakeholder.Role, Stakeholder.Stance

# Whole sentences, so that each language finds its own order of words.
GAPS = {
    Role.SPONSOR: _("No sponsor named yet"),
    Role.OPERATIONAL_OWNER: _("No operational owner named yet"),
    Role.TECHNICAL_OWNER: _("No technical owner named yet"),
    Role.RISK_OWNER: _("No risk owner named yet"),
    Role.FRONT_LINE_USER: _("No front-line user named yet"),
}

# From against us to for us: the direction in which somebody moved.
STANCES_UPWARDS = (Stance.BLOCKER, Stance.SCEPTIC, Stance.NEUTRAL, Stance.SUPPORTER, Stance.CHAMPION)

STANCE_BANDS = {
    Stance.CHAMPION: "good",
    Stance.SUPPORTER: "good",
    Stance.NEUTRAL: "idle",
    Stance.SCEPTIC: "watch",
    Stance.BLOCKER: "risk",
}


# Who carries the work at the customer: without a stand-in it stops when they are away.
NEEDS_BACKUP = (Role.SPONSOR, Role.OPERATIONAL_OWNER, Role.TECHNICAL_OWNER, Role.RISK_OWNER)
# So long may somebody with a say (4 and 5 of 5) go without a word from us.
HAS_A_SAY, LONGEST_SILENCE_DAYS = 4, 30


@dataclass(frozen=True, slots=True)
class CustomerRow:
    """One line of the list of customers. Engagements are those the viewer sees."""

    name: str
    slug: str
    industry: str
    region: str
    owner: str
    live_engagements: int
    gaps: int
    last_contact_on: date | None
    renewal_date: date | None


@dataclass(frozen=True, slots=True)
class StakeholderRow:
    """A stakeholder with what they think now, what they thought before, and since when."""

    person: Stakeholder
    stance: str  # "" while nobody recorded one
    stance_label: str
    band: str
    since: date | None
    previous_label: str
    moved: int  # -1 away from us, 0 not at all, 1 towards us
    history: Sequence[tuple[date, str]]  # days and what they thought from then on, oldest first

    def stance_on(self, day: date) -> str:
        """What they thought at the end of `day`, "" while nobody had recorded one."""
        held = [stance for recorded_on, stance in self.history if recorded_on <= day]
        return held[-1] if held else ""


def visible_customers(user: User, *, archived: bool = False) -> ScopedRecordQuerySet:
    customers = Customer.objects.visible_to(user)
    return customers.archived() if archived else customers.current()


def customer_rows(customers: models.QuerySet, user: User) -> models.QuerySet:
    """One statement for a page of the list: slice it, then build rows with `as_row`."""
    return customers.annotate(
        owner=Coalesce("account_owner__name", models.Value("")),
        live_engagements=_count_of(_live_engagements(user), "pk"),
        covered=_count_of(_people_there().filter(role__in=Stakeholder.COVERED_ROLES), "role"),
        last_contact_on=models.Subquery(
            _people_there().values("customer").annotate(last=models.Max("last_contact_on")).values("last")
        ),
    ).values_list(*_COLUMNS)


_COLUMNS = ("name", "slug", "industry", "region", "owner", "live_engagements", "covered", "last_contact_on", "renewal_date")


def as_row(values: tuple) -> CustomerRow:
    *before, covered, last_contact_on, renewal_date = values
    return CustomerRow(*before, len(Stakeholder.COVERED_ROLES) - covered, last_contact_on, renewal_date)


def _live_engagements(user: User) -> models.QuerySet:
    # Through the relation: this app may not import engagements.
    engagements = Customer._meta.get_field("engagements").related_model.objects
    return engagements.visible_to(user).live().filter(customer=models.OuterRef("pk"))


def _people_there() -> models.QuerySet:
    return still_there(Stakeholder.objects.all()).filter(customer=models.OuterRef("pk")).order_by()


def _count_of(rows: models.QuerySet, column: str) -> Coalesce:
    counted = rows.order_by().values("customer").annotate(n=models.Count(column, distinct=True)).values("n")
    return Coalesce(models.Subquery(counted, output_field=models.IntegerField()), 0)


def still_there(stakeholders: models.QuerySet) -> models.QuerySet:
    """Those who count: neither archived nor gone."""
    return stakeholders.current().filter(left_on=None)


def stakeholder_rows(stakeholders: models.QuerySet) -> list[StakeholderRow]:
    """The people with their stances, the most influential first and those who left last, in one statement."""
    return [_stakeholder_row(person) for person in _with_history(stakeholders)]


def people_there(customer: Customer) -> list[StakeholderRow]:
    """Those of `customer` who are still there, as `stakeholder_rows`."""
    return [_stakeholder_row(person) for person in _people_of(customer=customer)]


@prepared
def _people_of(*, customer: Param) -> models.QuerySet:
    return _with_history(still_there(Stakeholder.objects.filter(customer=customer)))


def _with_history(stakeholders: models.QuerySet) -> models.QuerySet:
    records = StanceRecord.objects.filter(stakeholder=models.OuterRef("pk")).order_by("recorded_on", "id")
    people = stakeholders.annotate(history=JsonRows(records, "recorded_on", "stance"))
    return people.order_by(models.F("left_on").desc(nulls_first=True), "-influence", "name")


def _stakeholder_row(person: Stakeholder) -> StakeholderRow:
    history = [(date.fromisoformat(day), stance) for day, stance in person.history or ()]
    (since, stance), (__, before) = ((None, ""), (None, ""), *history)[: -3 : -1]
    return StakeholderRow(
        person=person,
        stance=stance,
        stance_label=_stance_label(stance),
        band=STANCE_BANDS.get(stance, "idle"),
        since=since,
        previous_label=_stance_label(before),
        moved=_direction(before, stance) if before else 0,
        history=history,
    )


def _stance_label(stance: str) -> str:
    return str(Stance(stance).label) if stance else ""


def opening(people: Iterable[StakeholderRow], live_engagements: int) -> list[str]:
    """The sentences a customer's page opens with: what goes on there, and who doubts it."""
    doubting = [row.person.name for row in people if row.band in {"watch", "risk"} and row.person.left_on is None]
    sentences = [
        ngettext("%(count)s engagement is live.", "%(count)s engagements are live.", live_engagements)
        % {"count": live_engagements}
        if live_engagements
        else gettext("You see no live engagement here.")
    ]
    if doubting:
        sentences.append(_doubts(doubting))
    return sentences


def _doubts(names: Sequence[str]) -> str:
    first, others = names[0], len(names) - 1
    if not others:
        return gettext("%(name)s doubts the work.") % {"name": first}
    text = ngettext("%(name)s and %(others)s more doubt the work.", "%(name)s and %(others)s more doubt the work.", others)
    return text % {"name": first, "others": others}


def _direction(before: str, now: str) -> int:
    step = STANCES_UPWARDS.index(now) - STANCES_UPWARDS.index(before)
    return (step > 0) - (step < 0)


def current_stance(stakeholder: Stakeholder) -> str:
    """What somebody thinks by the last record, "" while nobody recorded one."""
    last = stakeholder.stances.order_by("recorded_on", "id").last()
    return last.stance if last else ""


def coverage_gaps(people: Iterable[Stakeholder]) -> list[str]:
    """A sentence for each role that nobody of `people` holds who is still there."""
    held = {person.role for person in people if person.left_on is None and not person.is_archived}
    return [GAPS[role] for role in Stakeholder.COVERED_ROLES if role not in held]


def needs_care(people: Iterable[StakeholderRow], today: date) -> list[str]:
    """A sentence for each person with a say we lost touch with, and one for those nobody stands in for."""
    here = [row.person for row in people if row.person.left_on is None and not row.person.is_archived]
    alone = [person.name for person in here if person.role in NEEDS_BACKUP and person.backup_person_id is None]
    silences = [silence_of(person, today) for person in here if person.influence >= HAS_A_SAY]
    return [sentence for sentence in silences if sentence] + ([_nobody_stands_in(alone)] if alone else [])


def silence_of(person: Stakeholder, today: date) -> str:
    """A sentence when the last contact with somebody is too long ago, else ""."""
    if person.last_contact_on is None:
        return gettext("No contact with %(name)s is noted yet.") % {"name": person.name}
    days = (today - person.last_contact_on).days
    if days <= LONGEST_SILENCE_DAYS:
        return ""
    return gettext("No contact with %(name)s for %(days)s days.") % {"name": person.name, "days": days}


def _nobody_stands_in(names: Sequence[str]) -> str:
    return gettext("Nobody stands in for %(names)s.") % {"names": listed(names)}


def contacts_of(customer: Customer, user: User) -> models.QuerySet:
    """Memberships of the customer that `user` may see, with the person."""
    return CustomerMembership.objects.visible_to(user).filter(customer=customer).select_related("user").order_by("user__name")


def invited_contacts(customer: Customer) -> models.QuerySet:
    """Who was invited for the customer and has not answered yet. The caller found the customer in their scope."""
    return Invitation.objects.waiting().filter(customer_id=customer.pk)
