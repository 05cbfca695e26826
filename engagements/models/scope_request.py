"""Something the customer wants beyond what was agreed."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from engagements.models.log_entry import LogEntry


class ScopeRequest(LogEntry):
    class Category(models.TextChoices):
        CONFIGURATION = "configuration", _("Configuration of what exists")
        REUSABLE = "reusable", _("Reusable for other customers")
        ONE_OFF = "one_off", _("Only for this customer")

    class Answer(models.TextChoices):
        OPEN = "open", _("Not decided")
        ACCEPTED = "accepted", pgettext_lazy("scope request", "Accepted")
        DEFERRED = "deferred", _("Deferred")
        DECLINED = "declined", pgettext_lazy("scope request", "Declined")

    KEY = "scope_request"
    STATE = "decision"
    BANDS = {Answer.OPEN: "watch", Answer.ACCEPTED: "good"}
    DETAILS = ("category", "learning", "long_term_owner", "stop_condition")

    category = models.CharField(_("class"), max_length=16, choices=Category.choices, default=Category.ONE_OFF)
    learning = models.CharField(_("what we would learn"), max_length=300, blank=True)
    long_term_owner = models.CharField(_("long-term owner"), max_length=120, blank=True)
    stop_condition = models.CharField(_("we stop when"), max_length=200, blank=True)
    decision = models.CharField(_("decision"), max_length=16, choices=Answer.choices, default=Answer.OPEN)

    class Meta(LogEntry.Meta):
        verbose_name = _("scope request")
        verbose_name_plural = _("scope requests")
