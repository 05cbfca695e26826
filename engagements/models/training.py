"""A session with front-line users."""

from __future__ import annotations

from django.core.validators import MinValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from engagements.models.log_entry import LogEntry


class Training(LogEntry):
    """`text` is the topic."""

    KEY = "training"
    DETAILS = ("people", "audience", "feedback")

    people = models.PositiveSmallIntegerField(_("people who came"), null=True, blank=True, validators=[MinValueValidator(1)])
    audience = models.CharField(_("who they were"), max_length=200, blank=True)
    feedback = models.TextField(_("feedback"), blank=True)

    class Meta(LogEntry.Meta):
        verbose_name = _("training")
        verbose_name_plural = _("trainings")
        constraints = [
            *LogEntry.Meta.constraints,
            models.CheckConstraint(name="somebody_came_to_a_training", condition=models.Q(people=None) | models.Q(people__gte=1)),
        ]
