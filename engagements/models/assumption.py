"""What the work rests on without proof yet, and how it will be tested."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from engagements.models.log_entry import LogEntry


class Assumption(LogEntry):
    class Verdict(models.TextChoices):
        OPEN = "open", _("Not tested yet")
        HOLDS = "holds", _("Holds")
        REFUTED = "refuted", _("Refuted")

    KEY = "assumption"
    STATE = "verdict"
    BANDS = {Verdict.HOLDS: "good", Verdict.REFUTED: "risk"}
    DETAILS = ("test",)

    test = models.CharField(_("test"), max_length=300, blank=True)
    verdict = models.CharField(_("verdict"), max_length=16, choices=Verdict.choices, default=Verdict.OPEN)

    class Meta(LogEntry.Meta):
        verbose_name = _("assumption")
        verbose_name_plural = _("assumptions")
