"""The piece of work with one customer, its team, and when phase and status changed."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from customers.models import Customer, ScopedRecordQuerySet
from fde_portal.accounts.models import User, validate_currency, validate_time_zone
from fde_portal.accounts.scoping import ScopedModel
from fde_portal.core.models import Record


class Phase(models.TextChoices):
    DISCOVERY = "discovery", _("Discovery")
    PROTOTYPE = "prototype", _("Prototype")
    PILOT = "pilot", _("Pilot")
    PRODUCTION = "production", _("Production")
    HANDOVER = "handover", _("Handover")


class Status(models.TextChoices):
    ACTIVE = "active", _("Active")
    BLOCKED = "blocked", _("Blocked")
    PAUSED = "paused", _("Paused")
    COMPLETED = "completed", _("Completed")
    CANCELLED = "cancelled", _("Cancelled")


LIVE_STATUSES = (Status.ACTIVE, Status.BLOCKED)


class EngagementQuerySet(ScopedRecordQuerySet):
    def live(self) -> EngagementQuerySet:
        """Work that is going on: its week is logged and its health is judged."""
        return self.current().filter(status__in=LIVE_STATUSES)

    def update(self, **values: Any) -> int:
        if "phase" in values:
            raise PhaseIsGuarded
        return super().update(**values)

    def bulk_update(self, objs: Iterable[Engagement], fields: Collection[str], **options: Any) -> int:
        if "phase" in fields:
            raise PhaseIsGuarded
        return super().bulk_update(objs, fields, **options)

    def enter_phase(self, phase: Phase) -> int:
        """Write the phase and count the version up. services.phases calls this after it has looked at the gates."""
        return super().update(phase=phase, version=models.F("version") + 1)


class PhaseIsGuarded(TypeError):
    """A phase is entered through services.phases alone, which looks at the gates."""


class Engagement(ScopedModel, Record):
    customer = models.ForeignKey(Customer, models.PROTECT, related_name="engagements", verbose_name=_("customer"))
    name = models.CharField(_("name"), max_length=120)
    slug = models.SlugField(_("short name in addresses"), max_length=80, unique=True)
    lead = models.ForeignKey(User, models.PROTECT, related_name="led_engagements", verbose_name=_("lead FDE"))
    backup = models.ForeignKey(
        User, models.SET_NULL, null=True, blank=True, related_name="backed_up_engagements", verbose_name=_("backup FDE")
    )
    manager = models.ForeignKey(
        User, models.SET_NULL, null=True, blank=True, related_name="managed_engagements", verbose_name=_("manager")
    )
    phase = models.CharField(_("phase"), max_length=16, choices=Phase.choices, default=Phase.DISCOVERY)
    status = models.CharField(_("status"), max_length=16, choices=Status.choices, default=Status.ACTIVE)
    started_on = models.DateField(_("start"))
    target_end = models.DateField(_("target end"), null=True, blank=True)
    problem = models.TextField(_("problem statement"), blank=True, help_text=_("What hurts today, in the customer's words."))
    current_process = models.TextField(_("current process and constraints"), blank=True)
    target_process = models.TextField(_("target process"), blank=True)
    definition_of_done = models.TextField(_("definition of done"), blank=True)
    out_of_scope = models.TextField(_("out of scope"), blank=True)
    exit_plan = models.TextField(_("exit plan"), blank=True)
    time_zone = models.CharField(_("time zone"), max_length=64, default="UTC", validators=[validate_time_zone])
    currency = models.CharField(_("currency"), max_length=3, default="EUR", validators=[validate_currency])
    # Names of public_page/figures.py; empty: the first three there are.
    shared_figures = models.JSONField(_("figures of the customer’s page"), default=list, blank=True, editable=False)

    objects = EngagementQuerySet.as_manager()
    _phase_read: str | None = None

    class Meta:
        verbose_name = _("engagement")
        verbose_name_plural = _("engagements")
        ordering = ["name"]
        constraints = [
            models.CheckConstraint(
                name="engagement_ends_after_start",
                condition=models.Q(target_end__isnull=True) | models.Q(target_end__gte=models.F("started_on")),
                violation_error_message=_("The target end is before the start."),
            ),
            models.CheckConstraint(
                name="backup_is_not_lead",
                condition=models.Q(backup__isnull=True) | ~models.Q(backup=models.F("lead")),
                violation_error_message=_("The backup must be somebody other than the lead."),
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @classmethod
    def from_db(cls, *args: Any) -> Engagement:
        engagement = super().from_db(*args)
        engagement._phase_read = engagement.__dict__.get("phase")  # None where the column was left out
        return engagement

    def save(self, *args: Any, **kwargs: Any) -> None:
        """A row that is there already is saved without its phase, so that no form or script can move it past a gate."""
        if not self._state.adding:
            self._refuse_another_phase()
            kwargs["update_fields"] = self._without_phase(kwargs.get("update_fields"))
        super().save(*args, **kwargs)
        self._phase_read = self.__dict__.get("phase")

    def _refuse_another_phase(self) -> None:
        phase = self.__dict__.get("phase")
        if phase is None or phase == self._phase_read:
            return
        if not type(self)._base_manager.filter(pk=self.pk, phase=phase).exists():
            raise PhaseIsGuarded

    def _without_phase(self, fields: Iterable[str] | None) -> list[str]:
        if fields is None:
            deferred = self.get_deferred_fields()
            fields = [field.name for field in self._meta.concrete_fields if not field.primary_key and field.attname not in deferred]
        return [name for name in fields if name != "phase"]

    @classmethod
    def seen_by(cls, user: User) -> models.Q:
        """Lead, backup and team."""
        on_team = TeamMember.objects.filter(user=user).values("engagement_id")
        return models.Q(lead=user) | models.Q(backup=user) | models.Q(pk__in=on_team)

    @property
    def is_live(self) -> bool:
        return self.status in LIVE_STATUSES and not self.is_archived

    @property
    def zone(self) -> ZoneInfo:
        return ZoneInfo(self.time_zone)


class TeamMember(ScopedModel):
    """Somebody on the team beside lead and backup, with the share of their week."""

    engagement = models.ForeignKey(Engagement, models.CASCADE, related_name="team_members", verbose_name=_("engagement"))
    user = models.ForeignKey(User, models.CASCADE, related_name="team_memberships", verbose_name=_("person"))
    weekly_share = models.DecimalField(
        _("share of the week"),
        max_digits=3,
        decimal_places=2,
        default=Decimal("0.20"),
        validators=[MinValueValidator(Decimal(0)), MaxValueValidator(Decimal(1))],
    )

    seen_through = "engagement"

    class Meta:
        verbose_name = _("team member")
        verbose_name_plural = _("team members")
        constraints = [models.UniqueConstraint(fields=["engagement", "user"], name="one_team_seat_per_person")]

    def __str__(self) -> str:
        return str(self.user)

    @property
    def percent(self) -> int:
        """The share as people type it."""
        return int(self.weekly_share * 100)


class PhaseChange(ScopedModel):
    """When the engagement entered a phase: dated, so that health can be computed as of any day."""

    engagement = models.ForeignKey(Engagement, models.CASCADE, related_name="phase_changes", verbose_name=_("engagement"))
    phase = models.CharField(_("phase"), max_length=16, choices=Phase.choices)
    entered_on = models.DateField(_("since"))

    seen_through = "engagement"

    class Meta:
        verbose_name = _("phase change")
        verbose_name_plural = _("phase changes")
        ordering = ["entered_on", "id"]

    def __str__(self) -> str:
        return self.get_phase_display()
