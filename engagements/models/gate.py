"""The gate at the end of each phase: what must hold, what was decided by whom, and on which conditions. Internal.

Only `shared_wording`, the outcome and its day ever reach a customer, and only where a sign-off is asked for.
"""

from __future__ import annotations

from functools import reduce
from itertools import combinations
from operator import or_
from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _

from customers.models import ScopedRecordQuerySet
from engagements.metrics.gates import OPENING
from engagements.models.attachment import Attachment
from engagements.models.criterion_key import CriterionKey
from engagements.models.decision import Decision
from engagements.models.engagement import Engagement, Phase
from engagements.models.release import Release
from fde_portal.accounts.models import User
from fde_portal.accounts.scoping import ScopedModel, ScopedQuerySet
from fde_portal.core.models import Record, TimeStamped, Versioned


def at_most_one(*columns: str) -> models.Q:
    """That no two of the columns are filled."""
    pairs = (models.Q(**{f"{one}__isnull": False, f"{other}__isnull": False}) for one, other in combinations(columns, 2))
    return ~reduce(or_, pairs)


class GateQuerySet(ScopedQuerySet):
    def current(self) -> GateQuerySet:
        """The newest round at the end of each phase."""
        return self.filter(is_current=True)

    def undecided(self) -> GateQuerySet:
        return self.filter(decision=None)

    def standing(self) -> GateQuerySet:
        """All but the rounds whose decision was taken back a moment later."""
        return self.filter(taken_back_at=None)


class Gate(ScopedModel, TimeStamped):
    """One round of questions before a phase is left. A decision closes it for good; looking again is a new round."""

    class SignOff(models.TextChoices):
        OPEN = "open", _("not answered")
        SIGNED = "signed", _("signed off")
        DECLINED = "declined", _("declined")

    engagement = models.ForeignKey(Engagement, models.CASCADE, related_name="gates", verbose_name=_("engagement"))
    phase = models.CharField(_("before leaving"), max_length=16, choices=Phase.choices)
    round = models.PositiveSmallIntegerField(_("round"), default=1)
    is_current = models.BooleanField(default=True, editable=False)
    taken_back_at = models.DateTimeField(_("decision taken back"), null=True, blank=True, editable=False)
    is_shared = models.BooleanField(_("ask the customer to sign off"), default=False)
    shared_wording = models.CharField(
        _("what the customer signs"), max_length=300, blank=True, help_text=_("In words for the customer. No criterion is shown there.")
    )
    sign_off = models.CharField(_("sign-off"), max_length=16, choices=SignOff.choices, default=SignOff.OPEN, editable=False)
    sign_off_by = models.CharField(_("answered by"), max_length=120, blank=True, editable=False)
    sign_off_on = models.DateField(_("answered on"), null=True, blank=True, editable=False)
    sign_off_comment = models.TextField(_("comment"), blank=True, editable=False)
    # Who let a go take effect although the customer had not signed, and why. Internal.
    unsigned_reason = models.CharField(_("why without the sign-off"), max_length=300, blank=True, editable=False)
    unsigned_by = models.ForeignKey(
        User, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("went on without"), editable=False
    )
    unsigned_on = models.DateField(_("went on without on"), null=True, blank=True, editable=False)

    seen_through = "engagement"
    objects = GateQuerySet.as_manager()

    class Meta:
        verbose_name = _("gate")
        verbose_name_plural = _("gates")
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(fields=["engagement", "phase", "round"], name="gate_round_once_per_phase"),
            models.UniqueConstraint(
                fields=["engagement", "phase"], condition=models.Q(is_current=True), name="one_current_gate_per_phase"
            ),
            models.CheckConstraint(
                name="shared_gate_has_words",
                condition=models.Q(is_shared=False) | ~models.Q(shared_wording=""),
                violation_error_message=_("Write what the customer signs."),
            ),
        ]

    def __str__(self) -> str:
        return str(_("Leaving %(phase)s") % {"phase": self.get_phase_display()})

    @property
    def decided(self) -> GateDecision | None:
        return getattr(self, "decision", None)

    @property
    def lacks_sign_off(self) -> bool:
        """Whether the customer was asked to sign and has not, and nobody of us said why it goes without."""
        return self.is_shared and self.sign_off != self.SignOff.SIGNED and not self.unsigned_reason


EvidenceRecord = Release | Attachment | Decision


class GateCriterion(ScopedModel, Versioned):
    """One thing that must hold before the phase is left, and what is known about it."""

    class Answer(models.TextChoices):
        UNKNOWN = "unknown", _("Unknown")
        PASS = "pass", _("Passed")
        FAIL = "fail", _("Failed")
        WAIVED = "waived", _("Waived")

    gate = models.ForeignKey(Gate, models.CASCADE, related_name="criteria", verbose_name=_("gate"))
    text = models.CharField(_("what must hold"), max_length=200)
    is_hard = models.BooleanField(_("hard"), default=True)
    key = models.CharField(_("asks about"), max_length=16, choices=CriterionKey.choices, blank=True)
    answer = models.CharField(_("answer"), max_length=16, choices=Answer.choices, default=Answer.UNKNOWN)
    evidence = models.TextField(_("evidence"), blank=True, help_text=_("What shows it, in a sentence."))
    link = models.URLField(_("link to the evidence"), max_length=500, blank=True)
    release = models.ForeignKey(Release, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("release"))
    attachment = models.ForeignKey(Attachment, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("attachment"))
    decision = models.ForeignKey(Decision, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("decision"))
    reason = models.TextField(_("reason"), blank=True, help_text=_("Why it failed, or why it is waived."))
    answered_at = models.DateTimeField(_("answered"), null=True, blank=True, editable=False)
    answered_by = models.ForeignKey(
        User, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("answered by"), editable=False
    )

    seen_through = "gate"

    class Meta:
        verbose_name = _("criterion of a gate")
        verbose_name_plural = _("criteria of gates")
        ordering = ["id"]
        constraints = [
            models.CheckConstraint(
                name="answered_by_only_when_answered",
                condition=models.Q(answered_by__isnull=True) | models.Q(answered_at__isnull=False),
            ),
            models.CheckConstraint(name="waived_for_a_reason", condition=~models.Q(answer="waived") | ~models.Q(reason="")),
            models.CheckConstraint(name="safety_is_never_waived", condition=~models.Q(answer="waived") | models.Q(key="")),
            models.CheckConstraint(name="safety_is_hard", condition=models.Q(key="") | models.Q(is_hard=True)),
            models.CheckConstraint(name="one_record_shows_it", condition=at_most_one("release", "attachment", "decision")),
            models.UniqueConstraint(fields=["gate", "key"], condition=~models.Q(key=""), name="gate_asks_once_about_each"),
        ]

    def __str__(self) -> str:
        return self.text

    @property
    def engagement_id(self) -> int:
        """For the audit trail, which files acts by engagement."""
        return self.gate.engagement_id

    @property
    def record(self) -> EvidenceRecord | None:
        """The record of the engagement that shows it."""
        return self.release or self.attachment or self.decision

    @staticmethod
    def columns_for(record: EvidenceRecord | None) -> dict[str, int | None]:
        """The columns that hold which record shows it."""
        kinds = {"release_id": Release, "attachment_id": Attachment, "decision_id": Decision}
        return {column: record.pk if isinstance(record, kind) else None for column, kind in kinds.items()}


class Unchanging(models.Model):
    """A row that says what was decided: written once, never changed."""

    class Meta:
        abstract = True

    def save(self, *args: Any, **kwargs: Any) -> None:
        if self.pk:
            raise TypeError("A decision is never changed.")
        super().save(*args, **kwargs)


class GateDecision(Unchanging, ScopedModel):
    """What both sides decided at a gate, with everything it rested on as canonical JSON and its hash."""

    class Outcome(models.TextChoices):
        GO = "go", _("Go")
        CONDITIONS = "conditions", _("Go with conditions")
        HOLD = "hold", _("Hold")
        STOP = "stop", _("Stop")

    gate = models.OneToOneField(Gate, models.CASCADE, related_name="decision", verbose_name=_("gate"))
    outcome = models.CharField(_("decision"), max_length=16, choices=Outcome.choices)
    our_deciders = models.CharField(_("decided on our side"), max_length=300)
    their_deciders = models.CharField(_("decided at the customer"), max_length=300, blank=True)
    dissent = models.TextField(_("dissent"), blank=True)
    reason = models.TextField(_("reason"), blank=True)
    decided_on = models.DateField(_("decided on"))
    decided_at = models.DateTimeField(_("recorded"))
    recorded_by = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+", verbose_name=_("recorded by"))
    snapshot = models.TextField(_("frozen state"))
    snapshot_hash = models.CharField(_("hash"), max_length=64)

    seen_through = "gate"

    class Meta:
        verbose_name = _("decision at a gate")
        verbose_name_plural = _("decisions at gates")
        ordering = ["-decided_at", "-id"]
        constraints = [
            models.CheckConstraint(
                name="gate_opens_by_both_sides", condition=~models.Q(outcome__in=OPENING) | ~models.Q(their_deciders="")
            ),
            models.CheckConstraint(
                name="gate_stays_shut_for_a_reason", condition=models.Q(outcome__in=OPENING) | ~models.Q(reason="")
            ),
        ]

    def __str__(self) -> str:
        return self.get_outcome_display()

    @property
    def opens(self) -> bool:
        return self.outcome in OPENING


class GateConditionQuerySet(ScopedRecordQuerySet):
    def open(self) -> GateConditionQuerySet:
        return self.filter(done_at=None)


class GateCondition(ScopedModel, Record):
    """Something promised with a go, for a day, by somebody of us: work until it is done."""

    engagement = models.ForeignKey(Engagement, models.CASCADE, related_name="gate_conditions", verbose_name=_("engagement"))
    decision = models.ForeignKey(GateDecision, models.CASCADE, related_name="conditions", verbose_name=_("decision"))
    text = models.CharField(_("condition"), max_length=200)
    due_on = models.DateField(_("due"))
    owner = models.ForeignKey(
        User, models.SET_NULL, null=True, blank=True, related_name="owned_gate_conditions", verbose_name=_("owner")
    )
    done_at = models.DateTimeField(_("done"), null=True, blank=True, editable=False)
    done_by = models.ForeignKey(
        User, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("done by"), editable=False
    )

    seen_through = "engagement"
    objects = GateConditionQuerySet.as_manager()

    class Meta:
        verbose_name = _("condition of a gate")
        verbose_name_plural = _("conditions of gates")
        ordering = ["due_on", "id"]
        constraints = [
            models.CheckConstraint(
                name="condition_done_by_only_when_done",
                condition=models.Q(done_by__isnull=True) | models.Q(done_at__isnull=False),
            )
        ]

    def __str__(self) -> str:
        return self.text

    @property
    def gate(self) -> Gate:
        return self.decision.gate
