"""Outcomes both sides agreed on: from which baseline, to which target, measured by whom and checked by whom."""

from __future__ import annotations

from decimal import Decimal

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from customers.models import ScopedRecordQuerySet, Stakeholder
from engagements.metrics.outcomes import OutcomeLine, breaks, line_of
from engagements.models.deliverable import Deliverable
from engagements.models.engagement import Engagement
from fde_portal.accounts.models import User
from fde_portal.accounts.scoping import ScopedModel
from fde_portal.core.models import Record

PERCENT_UNIT = "%"


class OutcomeQuerySet(ScopedRecordQuerySet):
    def running(self) -> OutcomeQuerySet:
        """Those that are agreed and not decided yet."""
        return self.current().filter(state__in=OutcomeAgreement.RUNNING)


class OutcomeAgreement(ScopedModel, Record):
    """One outcome in the customer's operational words. Once agreed, its line changes only by a rebaseline."""

    class Direction(models.TextChoices):
        UP = "up", _("More is better")
        DOWN = "down", _("Less is better")

    class Baseline(models.TextChoices):
        UNMEASURED = "unmeasured", _("Not measured yet")
        ESTIMATED = "estimated", _("Estimated")
        MEASURED = "measured", _("Measured")

    class State(models.TextChoices):
        DRAFT = "draft", pgettext_lazy("outcome agreement", "Draft")
        AGREED = "agreed", _("Agreed")
        MEASURING = "measuring", _("Measuring")
        MET = "met", _("Met")
        MISSED = "missed", _("Missed")
        RETIRED = "retired", _("Retired")

    class Cadence(models.IntegerChoices):
        WEEKLY = 7, _("Every week")
        FORTNIGHTLY = 14, _("Every two weeks")
        MONTHLY = 31, _("Every month")
        QUARTERLY = 92, _("Every quarter")

    class UsageFigure(models.TextChoices):
        NONE = "", _("Nothing: somebody observes it")
        WEEKLY_USERS = "weekly_users", _("People who used any deliverable in the week")

    RUNNING = (State.AGREED, State.MEASURING)
    # What must be said before it can be agreed.
    NEEDED = ("metric", "unit", "population", "source_of_truth", "target", "due_on", "baseline", "baseline_on", "our_person", "their_person", "verifier")

    engagement = models.ForeignKey(Engagement, models.CASCADE, related_name="outcome_agreements", verbose_name=_("engagement"))
    outcome = models.CharField(_("outcome"), max_length=200, help_text=_("In the words of the people whose work gets better."))
    metric = models.CharField(_("measure"), max_length=120, blank=True, help_text=_("What is counted or timed."))
    unit = models.CharField(_("unit"), max_length=24, blank=True, help_text=_("For example minutes or letters. With the percent sign a numerator and a denominator are asked for."))
    direction = models.CharField(_("direction"), max_length=8, choices=Direction.choices, default=Direction.DOWN)
    population = models.CharField(_("population"), max_length=200, blank=True, help_text=_("Of what or whom: the denominator."))
    source_of_truth = models.CharField(_("source of truth"), max_length=200, blank=True, help_text=_("The system or study that decides."))
    baseline_kind = models.CharField(_("baseline is"), max_length=16, choices=Baseline.choices, default=Baseline.UNMEASURED)
    baseline = models.DecimalField(_("baseline"), max_digits=18, decimal_places=4, null=True, blank=True)
    baseline_on = models.DateField(_("baseline of"), null=True, blank=True)
    target = models.DecimalField(_("target"), max_digits=18, decimal_places=4, null=True, blank=True)
    due_on = models.DateField(_("due"), null=True, blank=True)
    our_person = models.ForeignKey(
        User, models.SET_NULL, null=True, blank=True, related_name="outcome_agreements", verbose_name=_("accountable on our side")
    )
    their_person = models.ForeignKey(
        Stakeholder, models.SET_NULL, null=True, blank=True, related_name="outcome_agreements", verbose_name=_("accountable at the customer")
    )
    producer = models.ForeignKey(
        Stakeholder, models.SET_NULL, null=True, blank=True, related_name="produced_outcomes", verbose_name=_("who supplies the figures"),
        help_text=_("Empty: we do."),
    )
    verifier = models.ForeignKey(
        Stakeholder, models.SET_NULL, null=True, blank=True, related_name="verified_outcomes", verbose_name=_("who checks the figures"),
        help_text=_("Somebody at the customer other than who supplies them."),
    )
    cadence_days = models.PositiveSmallIntegerField(_("observed"), choices=Cadence.choices, default=Cadence.MONTHLY)
    usage_figure = models.CharField(_("taken from usage"), max_length=16, choices=UsageFigure.choices, default=UsageFigure.NONE, blank=True)
    deliverables = models.ManyToManyField(Deliverable, blank=True, related_name="outcome_agreements", verbose_name=_("deliverables that carry it"))
    is_shared = models.BooleanField(_("the customer sees it"), default=False)
    state = models.CharField(_("state"), max_length=16, choices=State.choices, default=State.DRAFT, editable=False)
    agreed_on = models.DateField(_("agreed on"), null=True, blank=True, editable=False)
    agreed_how = models.CharField(_("how they agreed"), max_length=200, blank=True, editable=False)

    seen_through = "engagement"
    objects = OutcomeQuerySet.as_manager()

    class Meta:
        verbose_name = _("outcome agreement")
        verbose_name_plural = _("outcome agreements")
        ordering = ["due_on", "id"]
        indexes = [models.Index(fields=["engagement", "state"])]
        constraints = [
            models.CheckConstraint(name="outcome_says_something", condition=~models.Q(outcome="")),
            models.CheckConstraint(
                name="outcome_verifier_is_not_the_producer",
                condition=models.Q(verifier__isnull=True) | models.Q(producer__isnull=True) | ~models.Q(verifier=models.F("producer")),
                violation_error_message=_("Whoever supplies the figures cannot check them. Name somebody else."),
            ),
            models.CheckConstraint(
                name="outcome_agreed_with_its_day",
                condition=models.Q(state__in=("draft", "retired")) | models.Q(agreed_on__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return self.outcome[:80]

    @property
    def as_percent(self) -> bool:
        return self.unit.strip() == PERCENT_UNIT

    @property
    def is_running(self) -> bool:
        return self.state in self.RUNNING

    @property
    def line(self) -> OutcomeLine | None:
        """The line in force, None while a part of it is missing."""
        return line_of(self.baseline, self.baseline_on, self.target, self.due_on)

    @property
    def missing(self) -> list[str]:
        """The fields that must be filled in before both sides can agree."""
        return [name for name in self.NEEDED if getattr(self, name) in (None, "")]


class OutcomeRebaseline(ScopedModel):
    """A line that was replaced: what it said, why it changed, and who approved the new one."""

    agreement = models.ForeignKey(OutcomeAgreement, models.CASCADE, related_name="rebaselines", verbose_name=_("outcome agreement"))
    changed_on = models.DateField(_("changed on"))
    old_baseline = models.DecimalField(_("baseline before"), max_digits=18, decimal_places=4)
    old_baseline_on = models.DateField(_("baseline of"))
    old_baseline_kind = models.CharField(_("baseline was"), max_length=16, choices=OutcomeAgreement.Baseline.choices)
    old_target = models.DecimalField(_("target before"), max_digits=18, decimal_places=4)
    old_due_on = models.DateField(_("due before"))
    reason = models.TextField(_("reason"))
    approved_by = models.ForeignKey(Stakeholder, models.PROTECT, related_name="+", verbose_name=_("approved by"))
    approved_on = models.DateField(_("approved on"))
    changed_by = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+", verbose_name=_("changed by"))

    seen_through = "agreement"

    class Meta:
        verbose_name = _("earlier line of an outcome")
        verbose_name_plural = _("earlier lines of outcomes")
        ordering = ["changed_on", "id"]
        constraints = [models.CheckConstraint(name="outcome_rebaselined_for_a_reason", condition=~models.Q(reason=""))]

    def __str__(self) -> str:
        return f"{self.agreement} {self.changed_on}"

    @property
    def line(self) -> OutcomeLine | None:
        return line_of(self.old_baseline, self.old_baseline_on, self.old_target, self.old_due_on)


class OutcomeChange(ScopedModel):
    """The state an agreement entered on a local day. Health as of any day reads these."""

    agreement = models.ForeignKey(OutcomeAgreement, models.CASCADE, related_name="changes", verbose_name=_("outcome agreement"))
    changed_on = models.DateField(_("changed on"))
    state = models.CharField(_("state"), max_length=16, choices=OutcomeAgreement.State.choices)
    reason = models.TextField(_("reason"), blank=True)
    changed_by = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+", verbose_name=_("changed by"))

    seen_through = "agreement"

    class Meta:
        verbose_name = _("change of an outcome")
        verbose_name_plural = _("changes of outcomes")
        ordering = ["changed_on", "id"]

    def __str__(self) -> str:
        return f"{self.get_state_display()} {self.changed_on}"


class Guardrail(ScopedModel, Record):
    """What must not get worse while the outcome gets better, with its newest reading."""

    class Bound(models.TextChoices):
        AT_MOST = "at_most", _("At most")
        AT_LEAST = "at_least", _("At least")

    agreement = models.ForeignKey(OutcomeAgreement, models.CASCADE, related_name="guardrails", verbose_name=_("outcome agreement"))
    text = models.CharField(_("what must not get worse"), max_length=160)
    bound = models.CharField(_("bound"), max_length=16, choices=Bound.choices, default=Bound.AT_MOST)
    limit = models.DecimalField(_("limit"), max_digits=18, decimal_places=4)
    unit = models.CharField(_("unit"), max_length=24, blank=True)
    reading = models.DecimalField(_("newest reading"), max_digits=18, decimal_places=4, null=True, blank=True)
    read_on = models.DateField(_("read on"), null=True, blank=True)

    seen_through = "agreement"
    objects = ScopedRecordQuerySet.as_manager()

    class Meta:
        verbose_name = _("guardrail")
        verbose_name_plural = _("guardrails")
        ordering = ["id"]
        constraints = [
            models.CheckConstraint(
                name="guardrail_read_with_its_day",
                condition=models.Q(reading__isnull=True, read_on__isnull=True) | models.Q(reading__isnull=False, read_on__isnull=False),
            )
        ]

    def __str__(self) -> str:
        return self.text

    @property
    def engagement_id(self) -> int:
        """For the audit trail, which files acts by engagement."""
        return self.agreement.engagement_id

    @property
    def is_broken(self) -> bool:
        if self.reading is None:
            return False
        return breaks(Decimal(self.reading), Decimal(self.limit), at_most=self.bound == self.Bound.AT_MOST)


class GuardrailReading(ScopedModel):
    """What a guardrail read on a day, beside the limit it had then. The newest one also stands on the guardrail itself."""

    guardrail = models.ForeignKey(Guardrail, models.CASCADE, related_name="readings", verbose_name=_("guardrail"))
    value = models.DecimalField(_("reading"), max_digits=18, decimal_places=4)
    limit = models.DecimalField(_("limit"), max_digits=18, decimal_places=4)
    read_on = models.DateField(_("read on"))
    recorded_by = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+", verbose_name=_("recorded by"))

    seen_through = "guardrail"

    class Meta:
        verbose_name = _("reading of a guardrail")
        verbose_name_plural = _("readings of guardrails")
        ordering = ["-read_on"]
        constraints = [models.UniqueConstraint(fields=["guardrail", "read_on"], name="one_reading_per_guardrail_and_day")]

    def __str__(self) -> str:
        return f"{self.guardrail} {self.read_on}"

    @property
    def is_broken(self) -> bool:
        return breaks(self.value, self.limit, at_most=self.guardrail.bound == Guardrail.Bound.AT_MOST)
