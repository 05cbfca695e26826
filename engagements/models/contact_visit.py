"""Readers with an account, on the page of their company."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from engagements.models.share import Edition
from fde_portal.accounts.models import User
from fde_portal.accounts.scoping import ScopedModel


class ContactVisit(ScopedModel):
    """That a contact read an edition, or the line of it on their home, on one local day of the engagement."""

    edition = models.ForeignKey(Edition, models.CASCADE, related_name="contact_visits", verbose_name=_("edition"))
    person = models.ForeignKey(User, models.CASCADE, related_name="+", verbose_name=_("contact"))
    seen_on = models.DateField(_("opened"))

    seen_through = "edition"

    class Meta:
        verbose_name = _("visit of a contact")
        verbose_name_plural = _("visits of contacts")
        ordering = ["-seen_on"]
        constraints = [models.UniqueConstraint(fields=["edition", "person", "seen_on"], name="contact_visit_once_a_day")]

    def __str__(self) -> str:
        return f"{self.person} {self.seen_on}"
