"""What may go wrong, how likely and how bad, and the fact that says it begins. Internal, always."""

from __future__ import annotations

from datetime import date

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from customers.models import ScopedRecordQuerySet
from engagements.metrics.risks import Level, Trigger, level_of
from engagements.models.engagement import Engagement
from engagements.models.note import StakeholderNote
from fde_portal.accounts.models import User
from fde_portal.accounts.scoping import ScopedModel
from fde_portal.core.models import Record

GRADES = (MinValueValidator(1), MaxValueValidator(5))
NEEDS_A_NUMBER = [str(trigger) for trigger in Trigger if trigger.has_threshold]


class RiskQuerySet(ScopedRecordQuerySet):
    def open(self) -> RiskQuerySet:
        return self.current().filter(state=Risk.State.OPEN)


class Risk(ScopedModel, Record):
    class State(models.TextChoices):
        OPEN = "open", pgettext_lazy("risk", "Open")
        CLOSED = "closed", _("Closed")

    TRIGGERS = (
        (Trigger.WEEKLY_USERS, _("Weekly users below a number")),
        (Trigger.MILESTONE_SLIP, _("A milestone slips more than so many days")),
        (Trigger.FEED_STOPPED, _("Usage stops arriving")),
        (Trigger.NO_UPDATE, _("No update for more than so many days")),
    )

    engagement = models.ForeignKey(Engagement, models.CASCADE, related_name="risks", verbose_name=_("engagement"))
    origin_note = models.ForeignKey(
        StakeholderNote,
        models.SET_NULL,
        null=True,
        blank=True,
        editable=False,
        related_name="risks",
        verbose_name=_("from the note"),
    )
    text = models.CharField(_("what may happen"), max_length=300)
    likelihood = models.PositiveSmallIntegerField(_("likelihood"), default=3, validators=GRADES)
    impact = models.PositiveSmallIntegerField(_("impact"), default=3, validators=GRADES)
    trigger = models.CharField(_("alert when"), max_length=16, choices=TRIGGERS, blank=True)
    threshold = models.PositiveIntegerField(pgettext_lazy("threshold", "number"), null=True, blank=True)
    mitigation = models.TextField(_("what we do about it"), blank=True)
    owner = models.ForeignKey(User, models.SET_NULL, null=True, blank=True, related_name="owned_risks", verbose_name=_("owner"))
    review_on = models.DateField(_("next review"), null=True, blank=True)
    state = models.CharField(_("state"), max_length=16, choices=State.choices, default=State.OPEN)

    seen_through = "engagement"
    objects = RiskQuerySet.as_manager()

    class Meta:
        verbose_name = _("risk")
        verbose_name_plural = _("risks")
        ordering = ["-impact", "-likelihood", "id"]
        indexes = [models.Index(fields=["engagement", "state"])]
        constraints = [
            models.CheckConstraint(
                name="risk_is_graded_one_to_five", condition=models.Q(likelihood__range=(1, 5), impact__range=(1, 5))
            ),
            models.CheckConstraint(
                name="risk_trigger_has_its_number",
                condition=models.Q(trigger__in=NEEDS_A_NUMBER, threshold__isnull=False)
                | (~models.Q(trigger__in=NEEDS_A_NUMBER) & models.Q(threshold__isnull=True)),
            ),
        ]

    def __str__(self) -> str:
        return self.text[:80]

    @property
    def level(self) -> Level:
        return level_of(self.likelihood, self.impact)

    def lacks_review(self, today: date) -> bool:
        """Nobody said when to look again, or that day is over."""
        return self.review_on is None or self.review_on < today


class RiskAssessment(ScopedModel):
    """How a risk was judged from a local day on. Health as of an earlier day reads these."""

    risk = models.ForeignKey(Risk, models.CASCADE, related_name="assessments", verbose_name=_("risk"))
    assessed_on = models.DateField(_("assessed on"))
    likelihood = models.PositiveSmallIntegerField(_("likelihood"))
    impact = models.PositiveSmallIntegerField(_("impact"))
    review_on = models.DateField(_("next review"), null=True, blank=True)
    state = models.CharField(_("state"), max_length=16, choices=Risk.State.choices)
    assessed_by = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+", verbose_name=_("assessed by"))

    seen_through = "risk"

    class Meta:
        verbose_name = _("assessment of a risk")
        verbose_name_plural = _("assessments of risks")
        ordering = ["assessed_on", "id"]
        indexes = [models.Index(fields=["risk", "assessed_on"])]

    def __str__(self) -> str:
        return f"{self.risk} {self.assessed_on}"

    @property
    def level(self) -> Level:
        return level_of(self.likelihood, self.impact)
