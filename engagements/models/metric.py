"""Figures the worker computed, and the row that says they must be computed again."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from engagements.models.deliverable import Deliverable
from engagements.models.engagement import Engagement
from fde_portal.accounts.scoping import ScopedModel, ScopedQuerySet
from fde_portal.core.models import QueueRow


class Recompute(ScopedModel, QueueRow):
    """The queue: one row per engagement. Work waits while `have` is below `want`.

    A change raises `want` in its own transaction; the worker claims the row by a lease, computes,
    and sets `have` to the `want` it saw. A message in the broker is only a nudge.
    """

    engagement = models.OneToOneField(Engagement, models.CASCADE, related_name="recompute", verbose_name=_("engagement"))
    want = models.PositiveBigIntegerField(_("wanted version"), default=1)
    have = models.PositiveBigIntegerField(_("computed version"), default=0)
    # Late data changes closed days. Kept here, because a killed worker must not forget it.
    stale_from = models.DateField(_("closed days to compute again from"), null=True, blank=True)

    seen_through = "engagement"

    class Meta:
        verbose_name = _("pending computation")
        verbose_name_plural = _("pending computations")
        constraints = [models.CheckConstraint(name="have_not_beyond_want", condition=models.Q(have__lte=models.F("want")))]

    def __str__(self) -> str:
        return f"{self.engagement}: {self.have} / {self.want}"


class MetricSnapshot(ScopedModel):
    """Headline figures and series of one subject as of one local day. Twice changes nothing; older never wins.

    `deliverable` is None where the subject is the whole engagement. `watermark` is the `want` the
    values were computed for; `data_until` the time of the last batch they contain.
    `values` and `series` are described in engagements/selectors/metric.py.
    """

    engagement = models.ForeignKey(Engagement, models.CASCADE, related_name="metric_snapshots", verbose_name=_("engagement"))
    deliverable = models.ForeignKey(
        Deliverable, models.CASCADE, null=True, blank=True, related_name="metric_snapshots", verbose_name=_("deliverable")
    )
    day = models.DateField(_("as of"))
    definition_version = models.PositiveSmallIntegerField(_("definition version"))
    watermark = models.PositiveBigIntegerField(_("watermark"))
    data_until = models.DateTimeField(_("data until"), null=True, blank=True)
    computed_at = models.DateTimeField(_("computed"))
    values = models.JSONField(_("figures"))
    series = models.JSONField(_("series"), default=dict, blank=True)

    seen_through = "engagement"
    objects = ScopedQuerySet.as_manager()

    class Meta:
        verbose_name = _("metric snapshot")
        verbose_name_plural = _("metric snapshots")
        ordering = ["-day"]
        constraints = [
            models.UniqueConstraint(
                fields=["engagement", "day"], condition=models.Q(deliverable=None), name="engagement_metrics_once_per_day"
            ),
            models.UniqueConstraint(
                fields=["deliverable", "day"], condition=~models.Q(deliverable=None), name="deliverable_metrics_once_per_day"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.deliverable or self.engagement} {self.day}"
