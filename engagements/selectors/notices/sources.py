"""Where notices come from: each kind is a small function of the records of the last days.

They are found from what is stored, never handed over by whoever stored it: a message that got lost, or a
worker that was killed, loses no notice, and looking twice finds the same.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from datetime import datetime
from itertools import pairwise

from engagements.models import (
    Because,
    Engagement,
    HealthSnapshot,
    Help,
    Incident,
    MetricSnapshot,
    NoticeKind,
    Response,
    ReviewQuestion,
)
from engagements.models.health import Band
from engagements.selectors.my_week.customer import OWES_US
from engagements.selectors.notices.shape import (
    LOOKED_BACK,
    Happening,
    Told,
    everybody_in_charge,
    lead_and_backup,
    lead_and_manager,
    lead_of,
)
from fde_portal.accounts.models import AuditEvent

# Told the name of what failed, while the fault is handled.
OnFault = Callable[[str, Exception], None]


def known(ids: Iterable[int]) -> dict[int, Engagement]:
    """Engagements that are not archived, by id, with their teams. Two statements."""
    return Engagement.objects.current().select_related("customer").prefetch_related("team_members").in_bulk(set(ids))


def became_at_risk(since: datetime, now: datetime) -> Iterator[Happening]:
    """Live engagements whose newest closing day is at risk, since a day within the last ones."""
    rows = HealthSnapshot.objects.filter(
        day__gte=since.date(), engagement__portfolio_row__band=Band.AT_RISK, engagement__in=Engagement.objects.live()
    ).order_by("engagement_id", "day")
    days: dict[int, list[HealthSnapshot]] = {}
    for row in rows.only("engagement_id", "day", "band", "computed_at"):
        days.setdefault(row.engagement_id, []).append(row)
    begun = {pk: row for pk, found in days.items() if (row := _beginning(found))}
    engagements = known(begun)
    reasons = dict(Engagement.objects.filter(pk__in=begun).values_list("pk", "portfolio_row__reason"))
    for pk, row in begun.items():
        if engagement := engagements.get(pk):
            facts = {"reason": reasons[pk]}
            yield Happening(
                NoticeKind.AT_RISK, f"{pk} {row.day}", engagement, row.computed_at, lead_and_manager(engagement), facts
            )


def _beginning(days: list[HealthSnapshot]) -> HealthSnapshot | None:
    """The last day on which an engagement went from another band to at risk, where it stayed; None without one."""
    turns = [after for before, after in pairwise(days) if before.band != Band.AT_RISK == after.band]
    return turns[-1] if turns and days[-1].band == Band.AT_RISK else None


def customer_answered(since: datetime, now: datetime) -> Iterator[Happening]:
    """Answers that count. What is an objection or a question cannot wait."""
    rows = Response.objects.counted().filter(confirmed_at__range=(since, now)).exclude(kind=Response.Kind.ACKNOWLEDGE)
    rows = rows.filter(engagement__archived_at=None).select_related("engagement__customer")
    for row in rows:
        objects = row.kind in OWES_US
        yield Happening(
            NoticeKind.OBJECTION if objects else NoticeKind.ANSWER,
            f"response {row.pk}",
            row.engagement,
            row.confirmed_at,
            lead_and_manager(row.engagement) if objects else lead_of(row.engagement),
            {"answer": row.pk, "kind": row.kind, "name": row.signed, "item": row.item_text},
        )


def incidents_opened(since: datetime, now: datetime) -> Iterator[Happening]:
    """Incidents that somebody recorded, and that nobody says is over."""
    events = AuditEvent.objects.filter(verb="create", subject_type="incident", at__range=(since, now))
    recorded = {event.subject_id: event for event in events}
    rows = Incident.objects.current().filter(pk__in=recorded, restored_at=None, deliverable__engagement__archived_at=None)
    for row in rows.select_related("deliverable__engagement__customer"):
        event, engagement = recorded[row.pk], row.deliverable.engagement
        facts = {"title": row.title, "severity": row.severity, "deliverable": row.deliverable_id, "of": row.deliverable.name}
        told = everybody_in_charge(engagement)
        yield Happening(NoticeKind.INCIDENT, f"incident {row.pk}", engagement, event.at, told, facts, by=event.actor_id)


def feeds_stopped(since: datetime, now: datetime) -> Iterator[Happening]:
    """Live engagements whose usage data stopped within the last days, once for each last day of data."""
    stopped = Engagement.objects.live().filter(portfolio_row__feed_stopped=True)
    rows = MetricSnapshot.objects.filter(engagement__in=stopped, deliverable=None, day__gte=since.date()).order_by("day")
    days: dict[int, list[MetricSnapshot]] = {}
    for row in rows.only("engagement_id", "day", "computed_at", "values"):
        days.setdefault(row.engagement_id, []).append(row)
    engagements = known(days)
    for pk, found in days.items():
        newest, engagement = found[-1], engagements.get(pk)
        last_day = newest.values.get("last_usage_day")
        if engagement and last_day and not found[0].values.get("feed_stopped"):
            told, facts = lead_and_backup(engagement), {"day": last_day}
            yield Happening(NoticeKind.FEED_STOPPED, f"{pk} {last_day}", engagement, newest.computed_at, told, facts)


GIVES_SEATS = ("create", "add_member", "edit", "hand_over")
SEATS = {"lead": Because.LEAD, "backup": Because.BACKUP, "manager": Because.MANAGER}
# To write somebody's weeks while they are away is no seat.
HANDED = SEATS | {"seat": Because.TEAM}


def people_named(since: datetime, now: datetime) -> Iterator[Happening]:
    """Who was given a seat by somebody else, and still sits there. The newest act that gave it counts."""
    events = AuditEvent.objects.filter(at__range=(since, now), subject_type="engagement", verb__in=GIVES_SEATS)
    found = list(events.order_by("at").select_related("actor"))
    engagements = known(event.engagement_id for event in found)
    helpers = set(Help.objects.current().filter(gave_seat=True, created_at__gte=since).values_list("engagement", "person"))
    newest = {
        (event.engagement_id, *seat): event
        for event in found if event.engagement_id in engagements for seat in _seats_given(event, engagements[event.engagement_id])
    }  # fmt: skip
    given: dict[AuditEvent, Told] = {}
    for (engagement, person, because), event in newest.items():
        # Who got the seat to help is told what for.
        if (engagement, person) not in helpers:
            given[event] = (*given.get(event, ()), (person, because))
    for event, told in given.items():
        engagement, facts = engagements[event.engagement_id], {"by": event.actor_label}
        yield Happening(NoticeKind.NAMED, f"event {event.pk}", engagement, event.at, told, facts, by=event.actor_id)


def _seats_given(event: AuditEvent, engagement: Engagement) -> Told:
    """Whom an act gave a seat, as far as they have it still."""
    details, held = event.details, _held(engagement)
    if event.verb == "add_member":
        given = {(details["person"], Because.TEAM)}
    elif event.verb == "hand_over":
        given = {(details["new"], HANDED.get(details["role"]))}
    else:
        fields = SEATS if event.verb == "create" else details.get("fields", ())
        reasons = {SEATS[name] for name in fields if name in SEATS}
        given = {(person, because) for person, because in held if because in reasons}
    return tuple(seat for seat in held if seat in given)


def _held(engagement: Engagement) -> Told:
    """Who sits where; whoever is lead and manager at once holds both seats."""
    return everybody_in_charge(engagement) + tuple((member.user_id, Because.TEAM) for member in engagement.team_members.all())


def helpers_sent(since: datetime, now: datetime) -> Iterator[Happening]:
    """Help that is not done yet, told to whoever is sent."""
    rows = Help.objects.running().filter(created_at__range=(since, now), engagement__archived_at=None)
    for row in rows.select_related("engagement__customer", "made_by"):
        facts = {"text": row.text, "until": row.until.isoformat(), "by": str(row.made_by or "")}
        told = ((row.person_id, Because.HELPER),)
        yield Happening(NoticeKind.HELP, f"help {row.pk}", row.engagement, row.created_at, told, facts, by=row.made_by_id)


def questions_asked(since: datetime, now: datetime) -> Iterator[Happening]:
    """Questions of a manager that nobody answered, told to the lead."""
    rows = ReviewQuestion.objects.open().filter(asked_at__range=(since, now), engagement__archived_at=None)
    for row in rows.select_related("engagement__customer", "asked_by"):
        facts = {"question": row.pk, "text": row.text, "by": str(row.asked_by or "")}
        told = lead_of(row.engagement)
        yield Happening(NoticeKind.QUESTION, f"question {row.pk}", row.engagement, row.asked_at, told, facts, by=row.asked_by_id)


def questions_answered(since: datetime, now: datetime) -> Iterator[Happening]:
    """Answers that whoever asked has not read; one that was written anew is told anew."""
    rows = ReviewQuestion.objects.unread().filter(answered_at__range=(since, now), asked_by__isnull=False, engagement__archived_at=None)
    for row in rows.select_related("engagement__customer", "answered_by"):
        facts = {"question": row.pk, "text": row.text, "by": str(row.answered_by or "")}
        told, key = ((row.asked_by_id, Because.ASKED),), f"reply {row.pk} {row.answered_at:%Y%m%d%H%M%S}"
        yield Happening(NoticeKind.REPLY, key, row.engagement, row.answered_at, told, facts, by=row.answered_by_id)


SOURCES = (
    became_at_risk, customer_answered, incidents_opened, feeds_stopped, people_named, helpers_sent, questions_asked, questions_answered,
)  # fmt: skip


def happenings(now: datetime, on_fault: OnFault) -> list[Happening]:
    """All of the last days, the oldest first. A source that fails is told to `on_fault`, and the others go on."""
    found: list[Happening] = []
    for source in SOURCES:
        try:
            found += source(now - LOOKED_BACK, now)
        except Exception as fault:  # whatever it was: it must keep no other notice back
            on_fault(source.__name__, fault)
    return sorted(found, key=lambda each: each.at)
