"""A system of the customer that the work reads or writes, and whether it is ready."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from customers.models import Stakeholder
from engagements.models.log_entry import LogEntry


class Integration(LogEntry):
    """`text` is the system, `noted_on` the day it was last checked."""

    class Readiness(models.TextChoices):
        NOT_STARTED = "not_started", _("Not started")
        WAITING = "waiting", _("Waiting")
        PARTIAL = "partial", _("Partial")
        READY = "ready", _("Ready")

    KEY = "integration"
    STATE = "readiness"
    BANDS = {Readiness.READY: "good", Readiness.PARTIAL: "watch", Readiness.WAITING: "watch"}
    DETAILS = ("owner", "access", "quality", "legal_basis")

    owner = models.ForeignKey(
        Stakeholder, models.SET_NULL, null=True, blank=True, related_name="integrations", verbose_name=_("owner at the customer")
    )
    access = models.CharField(_("access"), max_length=200, blank=True)
    quality = models.CharField(_("quality"), max_length=200, blank=True)
    legal_basis = models.CharField(_("legal basis"), max_length=200, blank=True)
    readiness = models.CharField(_("readiness"), max_length=16, choices=Readiness.choices, default=Readiness.NOT_STARTED)

    class Meta(LogEntry.Meta):
        verbose_name = _("data source")
        verbose_name_plural = _("data sources")
