"""One line of the portfolio, made ready by the worker."""

from __future__ import annotations

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from engagements.models.engagement import Engagement
from engagements.models.health import Band
from fde_portal.accounts.scoping import ScopedModel

NOT_URGENT = 2


class PortfolioRow(ScopedModel):
    """What the portfolio shows of one engagement, and the columns it is sorted by.

    Derived: rewritten whole with each computation. It exists so that a list of hundreds is one
    indexed statement, and so that list, my week and engagement show the same figures.
    """

    engagement = models.OneToOneField(Engagement, models.CASCADE, related_name="portfolio_row", verbose_name=_("engagement"))
    computed_at = models.DateTimeField(_("computed"))

    # Attention order, most urgent first: see engagements/metrics/attention.py.
    rank = models.PositiveSmallIntegerField(_("attention rank"))
    fall = models.DecimalField(_("fall over 14 days"), max_digits=4, decimal_places=1, default=0)
    overdue_milestones = models.PositiveSmallIntegerField(_("overdue milestones"), default=0)
    silence_over = models.PositiveSmallIntegerField(_("days of silence beyond the limit"), default=0)
    stale_over = models.PositiveSmallIntegerField(_("days an update is late"), default=0)
    customer_seen_on = models.DateField(_("last sign of the customer"), null=True)
    last_update_on = models.DateField(_("last update"), null=True)
    value_at_stake = models.DecimalField(_("value at stake"), max_digits=18, decimal_places=2, default=0)
    reason = models.JSONField(_("reason"), null=True)
    # Published weeks in a row, up to the newest, that reported better than what was computed.
    rosier_weeks = models.PositiveSmallIntegerField(_("weeks reported better than computed"), default=0)
    override_band = models.CharField(_("judged by a manager"), max_length=16, choices=Band.choices, blank=True)
    override_until = models.DateField(_("judged until"), null=True)

    band = models.CharField(_("band"), max_length=16, choices=Band.choices, default=Band.UNKNOWN)
    score = models.PositiveSmallIntegerField(_("score"), null=True)
    change = models.SmallIntegerField(_("change in a week"), null=True)
    # Ready to print: small drawings hold figures and class names only, so one serves every language.
    mosaic_svg = models.TextField(_("components, drawn"), default="")
    trend_svg = models.TextField(_("weekly scores, drawn"), default="")

    weekly_users = models.PositiveIntegerField(_("weekly users"), null=True)
    weekly_target = models.PositiveIntegerField(_("target this week"), null=True)
    full_target = models.PositiveIntegerField(_("people meant to use it"), null=True)
    users_svg = models.TextField(_("users against the target, drawn"), default="")
    feed_stopped = models.BooleanField(_("feed stopped"), default=False)
    # Until when a pause of a feed by the hour is usual, see selectors/feed_watch.py: a silence needs no computation.
    feed_watch = models.JSONField(_("rhythm of the feed"), null=True)

    milestone_title = models.CharField(_("next milestone"), max_length=120, blank=True)
    milestone_on = models.DateField(_("expected on"), null=True)
    milestone_slip = models.SmallIntegerField(_("slip in days"), null=True)

    npv = models.DecimalField(_("net present value"), max_digits=18, decimal_places=2, null=True)
    npv_currency = models.CharField(_("currency"), max_length=3, blank=True)
    headline = models.CharField(_("last headline"), max_length=140, blank=True)

    # Facts of the last weeks, the gravest first: [[day, code, parameters], …], see selectors/changes.py; and the last
    # day of each kind that the sentence above the list counts, so that counting reads columns only.
    changes = models.JSONField(_("what changed"), default=list)
    worse_on = models.DateField(_("band got worse"), null=True)
    better_on = models.DateField(_("band got better"), null=True)
    slipped_on = models.DateField(_("a date moved back or passed"), null=True)
    blocked_on = models.DateField(_("a blocker opened or was escalated"), null=True)

    seen_through = "engagement"

    class Meta:
        verbose_name = _("portfolio row")
        verbose_name_plural = _("portfolio rows")
        indexes = [
            models.Index(
                "rank", models.F("fall").desc(), models.F("overdue_milestones").desc(), models.F("silence_over").desc(),
                models.F("stale_over").desc(), models.F("rosier_weeks").desc(), models.F("value_at_stake").desc(), "engagement", name="attention_order",
            )
        ]

    def __str__(self) -> str:
        return str(self.engagement)

    @classmethod
    def begin(cls, engagement: Engagement) -> PortfolioRow:
        """The row of a new engagement: in the lists at once, not judged until the worker has computed it."""
        return cls.objects.create(engagement=engagement, computed_at=timezone.now(), rank=NOT_URGENT)
