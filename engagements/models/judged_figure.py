"""A figure of a period that somebody other than its author confirms or disputes."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from customers.models import ScopedRecordQuerySet
from engagements.models.value import Confidence
from fde_portal.accounts.models import User
from fde_portal.accounts.scoping import ScopedModel
from fde_portal.core.models import Record


class JudgedFigure(ScopedModel, Record):
    """`recorded_on` is the local day on which it became known, `decided_on` the one of its verdict."""

    class State(models.TextChoices):
        PROVISIONAL = "provisional", _("Provisional")
        CONFIRMED = "confirmed", _("Confirmed")
        DISPUTED = "disputed", _("Disputed")

    period_from = models.DateField(_("from"))
    period_to = models.DateField(_("to"), help_text=_("The last day it covers."))
    source = models.CharField(_("source"), max_length=200, blank=True)
    confidence = models.CharField(_("confidence"), max_length=16, choices=Confidence.choices, default=Confidence.OBSERVED)
    state = models.CharField(_("state"), max_length=16, choices=State.choices, default=State.PROVISIONAL, editable=False)
    comment = models.TextField(_("comment"), blank=True, editable=False)
    recorded_on = models.DateField(_("recorded"), editable=False)
    recorded_by = models.ForeignKey(User, models.SET_NULL, null=True, editable=False, related_name="+", verbose_name=_("recorded by"))
    decided_on = models.DateField(_("decided"), null=True, blank=True, editable=False)
    decided_by = models.CharField(_("decided by"), max_length=200, blank=True, editable=False)

    objects = ScopedRecordQuerySet.as_manager()

    class Meta:
        abstract = True
        ordering = ["-period_to", "-id"]
        constraints = [
            models.CheckConstraint(name="%(class)s_covers_a_period", condition=models.Q(period_from__lte=models.F("period_to"))),
            models.CheckConstraint(
                name="%(class)s_decided_with_its_day",
                condition=models.Q(state="provisional", decided_on__isnull=True) | (~models.Q(state="provisional") & models.Q(decided_on__isnull=False)),
            ),
            models.CheckConstraint(name="%(class)s_disputed_with_a_comment", condition=~models.Q(state="disputed") | ~models.Q(comment="")),
        ]

    def __str__(self) -> str:
        return f"{self.period_from} – {self.period_to}"
