"""Deliverables as facts: accepted, released, failed."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from engagements.models import Deliverable, DeliverableChange, Incident, LineKind, Release
from engagements.selectors.drafting.fact import DraftWeek, Fact
from fde_portal.core import formats


def deliverables_accepted(draft: DraftWeek) -> Iterator[Fact]:
    """Those that were accepted in the week and still are."""
    accepted = Deliverable.State.ACCEPTED
    rows = DeliverableChange.objects.filter(
        deliverable__engagement=draft.engagement,
        deliverable__archived_at=None,
        deliverable__state=accepted,
        state=accepted,
        changed_at__gte=draft.begin,
        changed_at__lt=draft.end,
    ).select_related("deliverable")
    # Accepted, taken back and accepted again is accepted once.
    for row in {change.deliverable: change for change in rows.order_by("changed_at", "id")}:
        yield Fact(
            f"deliverable-{row.pk}-accepted", LineKind.PROGRESS, partial(_accepted, row), _("Deliverable"),
            _place(draft, row), row.is_shared,
        )


def _accepted(row: Deliverable) -> str:
    return _("“%(deliverable)s” was accepted.") % {"deliverable": row.name}


def releases(draft: DraftWeek) -> Iterator[Fact]:
    rows = Release.objects.current().filter(
        deliverable__engagement=draft.engagement, deliverable__archived_at=None, released_on__range=draft.days
    )
    for row in rows.select_related("deliverable").order_by("released_on", "id"):
        yield Fact(
            f"release-{row.pk}", LineKind.PROGRESS, partial(_released, row), _("Release"), _place(draft, row.deliverable)
        )


def _released(row: Release) -> str:
    words = {"deliverable": row.deliverable.name, "release": row.name, "day": formats.day(row.released_on, "words")}
    return _("%(deliverable)s: %(release)s was released on %(day)s.") % words


def incidents(draft: DraftWeek) -> Iterator[Fact]:
    """Those that began or were restored in the week."""
    within = Q(started_at__gte=draft.begin, started_at__lt=draft.end) | Q(restored_at__gte=draft.begin, restored_at__lt=draft.end)
    rows = Incident.objects.current().filter(within, deliverable__engagement=draft.engagement, deliverable__archived_at=None)
    for row in rows.select_related("deliverable").order_by("started_at", "id"):
        yield Fact(
            f"incident-{row.pk}", LineKind.PROGRESS, partial(_failed, row), _("Incident"), _place(draft, row.deliverable)
        )


def _failed(row: Incident) -> str:
    what = _("%(deliverable)s, %(severity)s incident: %(title)s.") % {
        "deliverable": row.deliverable.name, "severity": row.get_severity_display().lower(), "title": row.title.rstrip(".。")
    }
    if row.lasted is None:
        return formats.sentences(what, _("It goes on."))
    minutes = int(row.lasted.total_seconds() // 60)
    lasted = ngettext("Restored after %(count)s minute.", "Restored after %(count)s minutes.", minutes)
    return formats.sentences(what, lasted % {"count": formats.number(minutes)})


def _place(draft: DraftWeek, deliverable: Deliverable) -> str:
    return reverse("deliverable", args=[draft.engagement.slug, deliverable.pk])
