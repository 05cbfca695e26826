"""The weights, spans and bands health is computed with: every save is a version. Internal."""

from __future__ import annotations

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from engagements.metrics.bands import Bands
from engagements.metrics.health_model import DEFAULT_SPANS, DEFAULT_WEIGHTS, HealthModel
from fde_portal.accounts.models import OrganizationSettings, User
from fde_portal.accounts.permissions import Permission
from fde_portal.accounts.scoping import ScopedModel, ScopedQuerySet

_SHARE = [MaxValueValidator(100)]
_SPAN = [MinValueValidator(1), MaxValueValidator(365)]


def _weight(key: str, label: str) -> models.PositiveSmallIntegerField:
    return models.PositiveSmallIntegerField(label, default=DEFAULT_WEIGHTS[key], validators=_SHARE)


def _span(key: str, label: str) -> models.PositiveSmallIntegerField:
    return models.PositiveSmallIntegerField(label, default=DEFAULT_SPANS[key], validators=_SPAN)


class HealthModelVersionQuerySet(ScopedQuerySet):
    def visible_to(self, user: User) -> HealthModelVersionQuerySet:
        """All of them for who judges by them, and for who may change them without seeing any record."""
        if user.is_authenticated and user.can(Permission.EDIT_ORGANIZATION):
            return self.all()
        return super().visible_to(user)


class HealthModelVersion(ScopedModel):
    """One version of the numbers of health model 1. Versions are never changed; the newest is in force."""

    number = models.PositiveIntegerField(_("version"), unique=True)
    outcomes_weight = _weight("outcomes", _("Outcomes"))
    adoption_weight = _weight("adoption", _("Adoption"))
    schedule_weight = _weight("schedule", _("Schedule"))
    relationship_weight = _weight("relationship", _("Relationship"))
    blockers_weight = _weight("blockers", _("Blockers and risks"))
    freshness_weight = _weight("freshness", _("Freshness"))
    schedule_span = _span("schedule", _("Dates count in full for, days"))
    relationship_span = _span("relationship", _("Stances count in full for, days"))
    blockers_span = _span("blockers", _("A look at blockers counts in full for, days"))
    on_track_from = models.PositiveSmallIntegerField(_("on track from"), default=70, validators=_SHARE)
    watch_from = models.PositiveSmallIntegerField(_("watch from"), default=45, validators=_SHARE)
    update_cadence_days = models.PositiveSmallIntegerField(
        _("days between updates"), default=7, validators=[MinValueValidator(1), MaxValueValidator(90)]
    )
    reason = models.CharField(_("why"), max_length=300, blank=True)
    author = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+", verbose_name=_("author"))
    created_at = models.DateTimeField(_("saved"), auto_now_add=True)

    objects = HealthModelVersionQuerySet.as_manager()

    class Meta:
        verbose_name = _("version of the health model")
        verbose_name_plural = _("versions of the health model")
        ordering = ["-number"]
        constraints = [
            models.CheckConstraint(
                name="health_bands_in_order",
                condition=models.Q(watch_from__lt=models.F("on_track_from")),
                violation_error_message=_("“Watch from” must be below “On track from”."),
            )
        ]

    def __str__(self) -> str:
        return str(self.number)

    @classmethod
    def seen_by(cls, user: User) -> models.Q:
        """All staff: their work is judged by it."""
        return models.Q(pk__isnull=False)

    @classmethod
    def in_force(cls) -> HealthModelVersion:
        """The newest version; before the first save, an unsaved one with the numbers the portal came with."""
        return cls.objects.order_by("-number").first() or cls.as_installed(OrganizationSettings.current())

    @classmethod
    def known(cls, organization: OrganizationSettings) -> dict[int, HealthModelVersion]:
        """Every version by its number, the newest last; never empty. One statement."""
        rows = {version.number: version for version in cls.objects.order_by("number")}
        return rows or {1: cls.as_installed(organization)}

    @classmethod
    def as_installed(cls, organization: OrganizationSettings) -> HealthModelVersion:
        return cls(number=1, **{name: getattr(organization, name) for name in KEPT_IN_SETTINGS})

    @property
    def model(self) -> HealthModel:
        """The numbers as the formulas take them."""
        return HealthModel(
            weights={key: getattr(self, f"{key}_weight") for key in DEFAULT_WEIGHTS},
            spans={key: getattr(self, f"{key}_span") for key in DEFAULT_SPANS},
            bands=Bands(self.on_track_from, self.watch_from),
            cadence_days=self.update_cadence_days,
        )


# What pages read at every turn stands in the organization's one row too; only saving a version writes it there.
KEPT_IN_SETTINGS = ("on_track_from", "watch_from", "update_cadence_days")
NUMBERS = (
    *(f"{key}_weight" for key in DEFAULT_WEIGHTS), *(f"{key}_span" for key in DEFAULT_SPANS), *KEPT_IN_SETTINGS,
)  # fmt: skip
