"""How the log, the life of deliverables and files are found."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from engagements.models import (
    Assumption,
    Attachment,
    Decision,
    Experiment,
    FieldSignal,
    Incident,
    Integration,
    LogEntry,
    Opportunity,
    Release,
    ScopeRequest,
    Training,
)
from fde_portal.core.search.kinds import Kind


def words_of(entry: LogEntry) -> list[str]:
    """What was typed into its further fields; choices are words of ours, in the reader's language."""
    fields = [entry._meta.get_field(name) for name in entry.DETAILS]
    typed = [field for field in fields if isinstance(field, models.CharField | models.TextField) and not field.choices]
    return [getattr(entry, field.name) for field in typed]


def place_of(engagement: Any) -> str:
    """The engagement and its customer, as a hit shows where it belongs."""
    return f"{engagement.name} · {engagement.customer.name}"


def log_kind(model: type[LogEntry], label: Any) -> Kind:
    return Kind(
        model=model,
        label=label,
        icon="flag",
        title=lambda entry: entry.text,
        text=words_of,
        scope=lambda entry: f"engagement:{entry.engagement_id}",
        url=lambda entry: reverse("log_entry_edit", args=[entry.engagement.slug, entry.KEY, entry.pk]),
        detail=lambda entry: place_of(entry.engagement),
        related=("engagement__customer",),
    )


LOG = (
    log_kind(Decision, _("Decisions")),
    log_kind(Assumption, _("Assumptions")),
    log_kind(Experiment, _("Experiments")),
    log_kind(ScopeRequest, _("Scope requests")),
    log_kind(Opportunity, _("Opportunities")),
    log_kind(FieldSignal, _("Field signals")),
    log_kind(Training, _("Trainings")),
    log_kind(Integration, _("Data sources")),
)


def part_of_deliverable(model: type[models.Model], label: Any, title: str, text: Callable[[Any], tuple[str, ...]]) -> Kind:
    return Kind(
        model=model,
        label=label,
        icon="plug",
        title=lambda part: getattr(part, title),
        text=text,
        scope=lambda part: f"engagement:{part.deliverable.engagement_id}",
        url=lambda part: reverse("deliverable", args=[part.deliverable.engagement.slug, part.deliverable_id]),
        detail=lambda part: f"{part.deliverable.name} · {place_of(part.deliverable.engagement)}",
        related=("deliverable__engagement__customer",),
    )


RELEASES = part_of_deliverable(Release, _("Releases"), "name", lambda release: (release.note,))
INCIDENTS = part_of_deliverable(Incident, _("Incidents"), "title", lambda incident: (incident.cause, incident.fix))


def scope_of_file(file: Attachment) -> str:
    engagement_id = file.owner.engagement_id
    return f"engagement:{engagement_id}" if engagement_id else f"customer:{file.note.customer_id}"


def page_of_file(file: Attachment) -> str:
    if file.note:
        return reverse("note", args=[file.note_id])
    deliverable = file.deliverable or file.evidence.deliverable
    return reverse("deliverable", args=[deliverable.engagement.slug, deliverable.pk])


FILES = Kind(
    model=Attachment,
    label=_("Files"),
    icon="cloud",
    title=lambda file: file.name,
    scope=scope_of_file,
    url=page_of_file,
    detail=lambda file: str(file.owner),
    is_found=lambda file: file.removed_at is None and not file.owner.is_archived,
    related=("note__customer", "note__engagement", "deliverable__engagement", "evidence__deliverable__engagement"),
)

PARTS = (RELEASES, INCIDENTS, *LOG, FILES)
