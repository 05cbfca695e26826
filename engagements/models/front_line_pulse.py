"""One question to the people at the front line, behind a link or a code on the wall."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from engagements.models.engagement import Engagement
from fde_portal.accounts.models import User
from fde_portal.accounts.scoping import ScopedModel, ScopedQuerySet
from fde_portal.core.models import TimeStamped


class FrontLinePulseQuerySet(ScopedQuerySet):
    def open(self) -> FrontLinePulseQuerySet:
        """Those that still take answers, of engagements that still exist."""
        return self.filter(
            closed_at__isnull=True, engagement__archived_at__isnull=True, engagement__customer__archived_at__isnull=True
        )


class FrontLinePulse(ScopedModel, TimeStamped):
    """A question that whoever holds the link may answer from 1 to 5. Only the link's hash is stored."""

    engagement = models.ForeignKey(
        Engagement, models.CASCADE, related_name="front_line_pulses", verbose_name=_("engagement")
    )
    question = models.CharField(_("question"), max_length=160)
    language = models.CharField(_("language"), max_length=10, choices=settings.LANGUAGES, default=settings.LANGUAGE_CODE)
    token_digest = models.CharField(max_length=64, unique=True, editable=False)
    created_by = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+", verbose_name=_("created by"))
    closed_at = models.DateTimeField(_("closed"), null=True, blank=True)

    seen_through = "engagement"
    objects = FrontLinePulseQuerySet.as_manager()

    class Meta:
        verbose_name = _("front-line pulse")
        verbose_name_plural = _("front-line pulses")
        ordering = ["-created_at", "-id"]

    def __str__(self) -> str:
        return self.question


class FrontLineAnswer(ScopedModel):
    """One answer. It knows the day and no more: who it was stays unknown unless they say so."""

    pulse = models.ForeignKey(FrontLinePulse, models.CASCADE, related_name="answers", verbose_name=_("front-line pulse"))
    score = models.PositiveSmallIntegerField(_("score"))
    comment = models.TextField(_("comment"), blank=True)
    name = models.CharField(_("name, if given"), max_length=120, blank=True)
    given_on = models.DateField(_("given on"))

    seen_through = "pulse"

    class Meta:
        verbose_name = _("front-line answer")
        verbose_name_plural = _("front-line answers")
        ordering = ["-given_on", "-id"]
        constraints = [
            models.CheckConstraint(name="front_line_score_from_1_to_5", condition=models.Q(score__range=(1, 5)))
        ]

    def __str__(self) -> str:
        return str(self.score)
