"""Files kept with a note, a deliverable or a piece of evidence. Internal: nothing customer-facing may import this module."""

from __future__ import annotations

from uuid import uuid4

from django.db import models
from django.utils.translation import gettext_lazy as _

from engagements.models.deliverable import Deliverable, EvidenceLink
from engagements.models.note import StakeholderNote
from fde_portal.accounts.models import User
from fde_portal.accounts.scoping import ScopedModel, ScopedQuerySet
from fde_portal.core.models import TimeStamped

FOLDER = "attachments"

FileOwner = StakeholderNote | Deliverable | EvidenceLink


def stored_path(attachment: Attachment, filename: str) -> str:
    """Where the file is kept. Nothing of its own name, so that no name can do harm on the disk."""
    name = uuid4().hex
    return f"{FOLDER}/{name[:2]}/{name}"


class AttachmentQuerySet(ScopedQuerySet):
    def current(self) -> AttachmentQuerySet:
        return self.filter(removed_at=None)


class Attachment(ScopedModel, TimeStamped):
    """A file of exactly one record, seen by whoever sees that. Removed ones can be put back until the sweep takes them."""

    note = models.ForeignKey(
        StakeholderNote, models.CASCADE, null=True, blank=True, related_name="attachments", verbose_name=_("note")
    )
    deliverable = models.ForeignKey(
        Deliverable, models.CASCADE, null=True, blank=True, related_name="attachments", verbose_name=_("deliverable")
    )
    evidence = models.ForeignKey(
        EvidenceLink, models.CASCADE, null=True, blank=True, related_name="attachments", verbose_name=_("evidence")
    )
    file = models.FileField(_("file"), upload_to=stored_path, max_length=120)
    name = models.CharField(_("name"), max_length=150)
    size = models.PositiveBigIntegerField(_("size"))
    added_by = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+", verbose_name=_("added by"))
    removed_at = models.DateTimeField(_("removed"), null=True, blank=True)

    objects = AttachmentQuerySet.as_manager()

    class Meta:
        verbose_name = _("attachment")
        verbose_name_plural = _("attachments")
        ordering = ["id"]
        constraints = [
            models.CheckConstraint(
                name="attachment_of_one_record",
                condition=models.Q(note__isnull=False, deliverable__isnull=True, evidence__isnull=True)
                | models.Q(note__isnull=True, deliverable__isnull=False, evidence__isnull=True)
                | models.Q(note__isnull=True, deliverable__isnull=True, evidence__isnull=False),
            )
        ]

    def __str__(self) -> str:
        return self.name

    @classmethod
    def seen_by(cls, user: User) -> models.Q:
        """Whoever sees the note, the deliverable or the evidence."""
        notes = StakeholderNote.objects.filter(StakeholderNote.seen_by(user))
        deliverables = Deliverable.objects.filter(Deliverable.seen_by(user))
        return models.Q(note__in=notes) | models.Q(deliverable__in=deliverables) | models.Q(evidence__deliverable__in=deliverables)

    @property
    def owner(self) -> FileOwner:
        return self.note or self.deliverable or self.evidence
