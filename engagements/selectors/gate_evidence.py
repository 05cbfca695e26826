"""Records of an engagement that may show that a criterion of a gate holds: releases, files and decisions."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from django.db.models import Q, QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _

from engagements.models import Attachment, Decision, Engagement, Release
from engagements.models.gate import EvidenceRecord
from fde_portal.accounts.models import User
from fde_portal.core import formats

# As many of a kind as one looks through in a list; the newest are what a gate is about.
NEWEST = 50


@dataclass(frozen=True, slots=True)
class Evidence:
    """What may be chosen, by kind, as one viewer sees it."""

    releases: tuple[Release, ...] = ()
    files: tuple[Attachment, ...] = ()
    decisions: tuple[Decision, ...] = ()

    def __iter__(self) -> Iterator[EvidenceRecord]:
        yield from (*self.releases, *self.files, *self.decisions)


def evidence_of(engagement: Engagement, user: User) -> Evidence:
    """The newest records of each kind that `user` may see. Three statements."""
    about = Q(note__engagement=engagement) | Q(deliverable__engagement=engagement) | Q(evidence__deliverable__engagement=engagement)
    releases = Release.objects.visible_to(user).current().filter(deliverable__engagement=engagement).select_related("deliverable")
    files = Attachment.objects.visible_to(user).current().filter(about).order_by("-id")
    return Evidence(_newest(releases), _newest(files), _newest(Decision.objects.visible_to(user).current().filter(engagement=engagement)))


def _newest(rows: QuerySet) -> tuple[EvidenceRecord, ...]:
    return tuple(rows[:NEWEST])


def key_of(record: EvidenceRecord) -> str:
    """The record as a value of a form: "release:12"."""
    return f"{record._meta.model_name}:{record.pk}"


def label_of(record: EvidenceRecord) -> str:
    """The record with what tells it from others of its kind."""
    if isinstance(record, Release):
        return _("%(deliverable)s %(release)s") % {"deliverable": record.deliverable, "release": record}
    if isinstance(record, Decision):
        return _("%(decision)s, %(day)s") % {"decision": record, "day": formats.day(record.noted_on)}
    return str(record)


def url_of(record: EvidenceRecord, engagement: Engagement) -> str:
    if isinstance(record, Release):
        return reverse("deliverable", args=[engagement.slug, record.deliverable_id])
    if isinstance(record, Decision):
        return reverse("log_entry_edit", args=[engagement.slug, Decision.KEY, record.pk])
    return reverse("attachment", args=[record.pk])


def choices(evidence: Evidence, kept: EvidenceRecord | None) -> list[tuple[str, object]]:
    """Grouped by kind for a select. What was chosen before stays, although it may be archived or old by now."""
    groups = ((_("Releases"), evidence.releases), (_("Files"), evidence.files), (_("Decisions"), evidence.decisions))
    found = [(name, _options(records)) for name, records in groups if records]
    if kept and key_of(kept) not in {key_of(record) for record in evidence}:
        found.insert(0, (_("Chosen before"), _options([kept])))
    return [("", "–"), *found]


def _options(records: Iterable[EvidenceRecord]) -> list[tuple[str, str]]:
    return [(key_of(record), label_of(record)) for record in records]
