"""Work beyond this engagement that the customer could want."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from engagements.models.log_entry import LogEntry


class Opportunity(LogEntry):
    class Stage(models.TextChoices):
        SEEN = "seen", _("Seen")
        PURSUED = "pursued", _("Pursued")
        WON = "won", _("Won")
        DROPPED = "dropped", _("Dropped")

    KEY = "opportunity"
    STATE = "stage"
    BANDS = {Stage.WON: "good"}
    DETAILS = ("worth", "next_step")

    worth = models.CharField(_("what it could be worth"), max_length=200, blank=True)
    next_step = models.CharField(_("next step"), max_length=200, blank=True)
    stage = models.CharField(_("stage"), max_length=16, choices=Stage.choices, default=Stage.SEEN)

    class Meta(LogEntry.Meta):
        verbose_name = _("opportunity")
        verbose_name_plural = _("opportunities")
