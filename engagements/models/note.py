"""Notes about people. Internal, always: nothing customer-facing may import this module."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from customers.models import Customer, ScopedRecordQuerySet, Stakeholder
from engagements.models.engagement import Engagement
from fde_portal.accounts.models import User
from fde_portal.accounts.scoping import ScopedModel
from fde_portal.core.models import Record


class StakeholderNote(ScopedModel, Record):
    class Kind(models.TextChoices):
        MEETING = "meeting", _("Meeting")
        CALL = "call", _("Call")
        ON_SITE = "on_site", _("On site")
        MESSAGE = "message", _("Message")
        OBSERVATION = "observation", _("Observation session")

    customer = models.ForeignKey(Customer, models.CASCADE, related_name="notes", verbose_name=_("customer"))
    engagement = models.ForeignKey(
        Engagement, models.CASCADE, null=True, blank=True, related_name="notes", verbose_name=_("engagement")
    )
    stakeholders = models.ManyToManyField(Stakeholder, blank=True, related_name="notes", verbose_name=_("people"))
    kind = models.CharField(_("kind"), max_length=16, choices=Kind.choices, default=Kind.MEETING)
    happened_on = models.DateField(_("date"))
    text = models.TextField(_("note"), help_text=_("Markdown works. Stays with us, always."))
    stance_observed = models.CharField(_("stance observed"), max_length=16, choices=Stakeholder.Stance.choices, blank=True)
    author = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+", verbose_name=_("author"))

    objects = ScopedRecordQuerySet.as_manager()

    class Meta:
        verbose_name = _("note")
        verbose_name_plural = _("notes")
        ordering = ["-happened_on", "-id"]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.happened_on}"

    @classmethod
    def seen_by(cls, user: User) -> models.Q:
        """With an engagement: its team. Without: the staff of any engagement with that customer."""
        own_engagements = Engagement.objects.filter(Engagement.seen_by(user))
        own_customers = Customer.objects.filter(Customer.seen_by(user))
        return models.Q(engagement__in=own_engagements) | models.Q(engagement__isnull=True, customer__in=own_customers)


class NoteRevision(ScopedModel):
    """The text a note had before it was changed."""

    note = models.ForeignKey(StakeholderNote, models.CASCADE, related_name="revisions", verbose_name=_("note"))
    text = models.TextField(_("note"))
    replaced_at = models.DateTimeField(_("replaced"))
    replaced_by = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+", verbose_name=_("replaced by"))

    seen_through = "note"

    class Meta:
        verbose_name = _("earlier text")
        verbose_name_plural = _("earlier texts")
        ordering = ["-replaced_at", "-id"]

    def __str__(self) -> str:
        return self.text[:80]
