"""Lists across engagements of what happened: releases, incidents, notes."""

from __future__ import annotations

from datetime import date

from django.db.models import Q, QuerySet
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from engagements.models import Incident, Release, StakeholderNote
from engagements.selectors.across.plans import EVERYTHING
from engagements.selectors.across.shape import Cut, ListKind, Row, band_when, place_of, said
from engagements.selectors.note import first_line

OF_DELIVERABLE = "deliverable__engagement__"


def releases() -> QuerySet[Release]:
    return Release.objects.select_related("deliverable__engagement__customer")


def release_row(release: Release, today: date) -> Row:
    engagement = release.deliverable.engagement
    return Row(
        title=gettext("%(release)s of %(deliverable)s") % {"release": release.name, "deliverable": release.deliverable},
        url=reverse("deliverable", args=[engagement.slug, release.deliverable_id]),
        engagement=engagement,
        place=place_of(engagement),
        facts=said(release.note),
        day=release.released_on,
        restore_url=reverse("release_restore", args=[engagement.slug, release.deliverable_id, release.pk]),
    )


RELEASES = ListKind(
    key="releases",
    title=_("Releases"),
    why=_("Which version of what came out when, the newest first."),
    rows=releases,
    row=release_row,
    words=("name", "note", "deliverable__name"),
    order=("-released_on", "-pk"),
    cuts=(EVERYTHING,),
    path=OF_DELIVERABLE,
)


def incidents() -> QuerySet[Incident]:
    return Incident.objects.select_related("deliverable__engagement__customer")


def incident_row(incident: Incident, today: date) -> Row:
    engagement = incident.deliverable.engagement
    is_over, is_grave = bool(incident.restored_at), incident.severity != Incident.Severity.MINOR
    return Row(
        title=incident.title,
        url=reverse("deliverable", args=[engagement.slug, incident.deliverable_id]),
        engagement=engagement,
        place=place_of(engagement),
        facts=said(incident.deliverable, incident.get_severity_display(), incident.cause),
        band=band_when(is_over, is_grave, is_close=True),
        state=gettext("Restored") if is_over else gettext("Not restored"),
        day=incident.started_at.astimezone(engagement.zone).date(),
        restore_url=reverse("incident_restore", args=[engagement.slug, incident.deliverable_id, incident.pk]),
    )


INCIDENTS = ListKind(
    key="incidents",
    title=_("Incidents"),
    why=_("When something failed its users, and what we changed. The newest first."),
    rows=incidents,
    row=incident_row,
    words=("title", "cause", "fix", "deliverable__name"),
    order=("-started_at", "-pk"),
    cuts=(
        EVERYTHING,
        Cut("open", _("Not restored"), lambda today, user: Q(restored_at=None)),
        Cut("grave", _("Major and critical"), lambda today, user: ~Q(severity=Incident.Severity.MINOR)),
    ),
    path=OF_DELIVERABLE,
)


def notes() -> QuerySet[StakeholderNote]:
    rows = StakeholderNote.objects.select_related("customer", "engagement__customer", "author")
    return rows.prefetch_related("stakeholders")


def note_row(note: StakeholderNote, today: date) -> Row:
    return Row(
        title=first_line(note) or str(note),
        url=reverse("note", args=[note.pk]),
        engagement=note.engagement,
        place=place_of(note.engagement) if note.engagement else note.customer.name,
        facts=said(note.author and note.author.name, *(person.name for person in note.stakeholders.all())),
        state=note.get_kind_display(),
        day=note.happened_on,
        restore_url=reverse("note_restore", args=[note.pk]),
    )


NOTES = ListKind(
    key="notes",
    title=_("Notes"),
    why=_("What was heard and seen at customers. They never leave the team."),
    rows=notes,
    row=note_row,
    words=("text", "customer__name"),
    order=("-happened_on", "-pk"),
    cuts=(EVERYTHING, Cut("mine", _("Written by me"), lambda today, user: Q(author=user))),
    may_lack_engagement=True,
)
