"""Health as it was computed for one closing day, and a manager's own judgement beside it. Internal."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from engagements.metrics.overrides import EXPIRED, WORSE
from engagements.models.engagement import Engagement
from fde_portal.accounts.models import User
from fde_portal.accounts.scoping import ScopedModel


class Band(models.TextChoices):
    ON_TRACK = "on_track", _("On track")
    WATCH = "watch", _("Watch")
    AT_RISK = "at_risk", _("At risk")
    UNKNOWN = "unknown", _("Unknown")


class HealthSnapshot(ScopedModel):
    """Score, band and the components behind it, with the facts each came from."""

    engagement = models.ForeignKey(Engagement, models.CASCADE, related_name="health_snapshots", verbose_name=_("engagement"))
    day = models.DateField(_("as of"))
    model_version = models.PositiveSmallIntegerField(_("model version"), default=1)
    watermark = models.PositiveBigIntegerField(_("watermark"))
    computed_at = models.DateTimeField(_("computed"))
    score = models.DecimalField(_("score"), max_digits=4, decimal_places=1, null=True)
    band = models.CharField(_("band"), max_length=16, choices=Band.choices)
    coverage = models.DecimalField(_("coverage"), max_digits=4, decimal_places=3)
    components = models.JSONField(_("components"))
    reasons = models.JSONField(_("reasons"), default=list)
    # Everything the day was judged by, unrounded, so that it can be judged again by other numbers.
    facts = models.JSONField(_("facts"), default=dict)
    # Which weights, bands and spans: HealthModelVersion.number.
    settings_version = models.PositiveIntegerField(_("version of the weights"), default=1)

    seen_through = "engagement"

    class Meta:
        verbose_name = _("health snapshot")
        verbose_name_plural = _("health snapshots")
        ordering = ["-day"]
        constraints = [models.UniqueConstraint(fields=["engagement", "day"], name="health_once_per_engagement_and_day")]

    def __str__(self) -> str:
        return f"{self.engagement} {self.day}"


class HealthOverride(ScopedModel):
    """What a manager says instead of the computed band, for at most 30 days. The computed band stays beside it."""

    class End(models.TextChoices):
        EXPIRED = EXPIRED, _("Its last day is over")
        WORSE = WORSE, _("The computed band got worse")
        WITHDRAWN = "withdrawn", _("Taken back")
        REPLACED = "replaced", _("Replaced by another one")

    BANDS = [choice for choice in Band.choices if choice[0] != Band.UNKNOWN]

    engagement = models.ForeignKey(Engagement, models.CASCADE, related_name="health_overrides", verbose_name=_("engagement"))
    band = models.CharField(_("health"), max_length=16, choices=BANDS)
    reason = models.CharField(_("why you see it differently"), max_length=300)
    set_on = models.DateField(_("since"))
    until = models.DateField(_("to"), help_text=_("The last day, at most 30 days from today. It ends earlier when the computed band gets worse."))
    computed_band = models.CharField(_("computed then"), max_length=16, choices=Band.choices)
    author = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+", verbose_name=_("author"))
    created_at = models.DateTimeField(auto_now_add=True)
    ended_on = models.DateField(_("ended"), null=True, editable=False)
    ended_because = models.CharField(_("why it ended"), max_length=16, choices=End.choices, blank=True, editable=False)

    seen_through = "engagement"

    class Meta:
        verbose_name = _("judgement of health")
        verbose_name_plural = _("judgements of health")
        ordering = ["-set_on", "-id"]
        constraints = [
            models.UniqueConstraint(fields=["engagement"], condition=models.Q(ended_on=None), name="one_standing_override"),
            models.CheckConstraint(name="override_says_why", condition=~models.Q(reason="")),
            models.CheckConstraint(
                name="override_ended_for_a_reason",
                condition=models.Q(ended_on=None, ended_because="") | (models.Q(ended_on__isnull=False) & ~models.Q(ended_because="")),
            ),
            models.CheckConstraint(name="override_ends_after_it_began", condition=models.Q(until__gte=models.F("set_on"))),
        ]

    def __str__(self) -> str:
        return str(self.get_band_display())
