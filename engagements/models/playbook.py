"""Templates for new engagements, and the systems an engagement plans to connect."""

from __future__ import annotations

from django.conf import settings
from django.core.validators import MaxValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from customers.models import ScopedRecordQuerySet
from engagements.models.criterion_key import CriterionKey
from engagements.models.deliverable import Deliverable
from engagements.models.engagement import Engagement, Phase
from engagements.models.milestone import Milestone
from fde_portal.accounts.models import User
from fde_portal.accounts.scoping import ScopedModel
from fde_portal.core.models import Record

_TEN_YEARS = MaxValueValidator(3650)


class Playbook(ScopedModel, Record):
    """How we begin: dates, things to deliver, what must hold before a phase is left. It names no customer."""

    name = models.CharField(_("name"), max_length=120)
    language = models.CharField(
        _("language"), max_length=10, choices=settings.LANGUAGES, default=settings.LANGUAGE_CODE, help_text=_("Of the texts below.")
    )
    summary = models.CharField(_("what it is for"), max_length=200, blank=True)
    # Recognises the playbooks that came with the portal, so that they are written only once.
    key = models.CharField(max_length=40, unique=True, null=True, blank=True, editable=False)

    objects = ScopedRecordQuerySet.as_manager()

    class Meta:
        verbose_name = _("playbook")
        verbose_name_plural = _("playbooks")
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name

    @classmethod
    def seen_by(cls, user: User) -> models.Q:
        """All staff: they begin engagements from it."""
        return models.Q(pk__isnull=False)


class PlaybookMilestone(ScopedModel):
    playbook = models.ForeignKey(Playbook, models.CASCADE, related_name="milestones", verbose_name=_("playbook"))
    title = models.CharField(_("milestone"), max_length=120)
    kind = models.CharField(_("kind"), max_length=16, choices=Milestone.Kind.choices, default=Milestone.Kind.ORDINARY)
    days = models.PositiveSmallIntegerField(_("days after the start"), validators=[_TEN_YEARS])
    is_shared = models.BooleanField(_("the customer sees it"), default=True)

    seen_through = "playbook"

    class Meta:
        verbose_name = _("milestone of a playbook")
        verbose_name_plural = _("milestones of playbooks")
        ordering = ["days", "id"]

    def __str__(self) -> str:
        return self.title


class PlaybookDeliverable(ScopedModel):
    playbook = models.ForeignKey(Playbook, models.CASCADE, related_name="deliverables", verbose_name=_("playbook"))
    name = models.CharField(_("deliverable"), max_length=120)
    kind = models.CharField(_("kind"), max_length=16, choices=Deliverable.Kind.choices, default=Deliverable.Kind.AI_TOOL)
    days = models.PositiveSmallIntegerField(_("days after the start"), null=True, blank=True, validators=[_TEN_YEARS])

    seen_through = "playbook"

    class Meta:
        verbose_name = _("deliverable of a playbook")
        verbose_name_plural = _("deliverables of playbooks")
        ordering = ["days", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["playbook", "name"],
                name="deliverable_name_once_per_playbook",
                violation_error_message=_("This playbook already has a deliverable with this name."),
            )
        ]

    def __str__(self) -> str:
        return self.name


class PlaybookCriterion(ScopedModel):
    """What must hold before a phase is left."""

    playbook = models.ForeignKey(Playbook, models.CASCADE, related_name="criteria", verbose_name=_("playbook"))
    phase = models.CharField(_("before leaving"), max_length=16, choices=Phase.choices, default=Phase.DISCOVERY)
    text = models.CharField(_("what must hold"), max_length=200)
    is_hard = models.BooleanField(_("hard"), default=True, help_text=_("While it is failed or unknown, the phase cannot be left."))
    key = models.CharField(_("asks about"), max_length=16, choices=CriterionKey.choices, blank=True)

    seen_through = "playbook"

    class Meta:
        verbose_name = _("criterion of a playbook")
        verbose_name_plural = _("criteria of playbooks")
        ordering = ["id"]
        constraints = [
            models.CheckConstraint(
                name="playbook_safety_is_hard",
                condition=models.Q(key="") | models.Q(is_hard=True),
                violation_error_message=_("What is asked about safety or handover is always hard."),
            ),
            models.UniqueConstraint(
                fields=["playbook", "key"],
                condition=~models.Q(key=""),
                name="playbook_asks_once_about_each",
                violation_error_message=_("This playbook asks about that already."),
            ),
        ]

    def __str__(self) -> str:
        return self.text


class PlaybookIntegration(ScopedModel):
    playbook = models.ForeignKey(Playbook, models.CASCADE, related_name="integrations", verbose_name=_("playbook"))
    name = models.CharField(_("system or data source"), max_length=120)

    seen_through = "playbook"

    class Meta:
        verbose_name = _("integration of a playbook")
        verbose_name_plural = _("integrations of playbooks")
        ordering = ["id"]

    def __str__(self) -> str:
        return self.name


class PlannedIntegration(ScopedModel):
    """A system the work will need, by name: nothing is known about its readiness yet."""

    engagement = models.ForeignKey(
        Engagement, models.CASCADE, related_name="planned_integrations", verbose_name=_("engagement")
    )
    name = models.CharField(_("system or data source"), max_length=120)

    seen_through = "engagement"

    class Meta:
        verbose_name = _("planned integration")
        verbose_name_plural = _("planned integrations")
        ordering = ["id"]

    def __str__(self) -> str:
        return self.name
