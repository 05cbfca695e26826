"""What was decided, by whom and why."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from engagements.models.log_entry import LogEntry


class Decision(LogEntry):
    KEY = "decision"
    DETAILS = ("decided_by", "reason")

    decided_by = models.CharField(_("decided by"), max_length=120, blank=True)
    reason = models.TextField(_("why"), blank=True)
    in_dossier = models.BooleanField(_("goes into the dossier for the customer’s security team"), default=False)

    class Meta(LogEntry.Meta):
        verbose_name = _("decision")
        verbose_name_plural = _("decisions")
