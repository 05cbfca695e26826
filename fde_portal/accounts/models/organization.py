"""The settings of the one organization that runs this installation."""

from __future__ import annotations

import secrets
from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from fde_portal.accounts.models.logo import Logo
from fde_portal.core.prepared import prepared


def validate_currency(value: str) -> None:
    if len(value) != 3 or not value.isascii() or not value.isalpha() or not value.isupper():
        raise ValidationError(_("Use a three-letter currency code such as EUR or CNY."))


LIMIT = [MinValueValidator(1), MaxValueValidator(20)]


def new_actor_key() -> str:
    return secrets.token_hex(32)


class OrganizationSettings(models.Model):
    """The one row of choices that hold for the whole installation."""

    SINGLETON_ID = 1
    # Beside the roles, `second_step_for` may name those who carry the administrator flag.
    ADMINISTRATORS = "administrator"

    vendor_name = models.CharField(
        _("company name"), max_length=120, default="FDE Portal", help_text=_("Customers read it on their pages.")
    )
    mark = models.CharField(
        _("mark"), max_length=3, blank=True, help_text=_("Up to three letters that stand for you on customer pages.")
    )
    logo = models.ForeignKey(
        Logo, models.PROTECT, null=True, blank=True, editable=False, related_name="+", verbose_name=_("logo")
    )
    first_weekday = models.PositiveSmallIntegerField(
        _("weeks start on"), choices=[(0, _("Monday")), (6, _("Sunday"))], default=0
    )
    currency = models.CharField(_("reporting currency"), max_length=3, default="EUR", validators=[validate_currency])
    # This and the two bounds below are changed as versions of the health model (engagements), never here alone.
    update_cadence_days = models.PositiveSmallIntegerField(
        _("days between updates"), default=7, validators=[MinValueValidator(1), MaxValueValidator(90)]
    )
    silence_days = models.PositiveSmallIntegerField(
        _("days a customer may be silent"),
        default=14,
        validators=[MinValueValidator(1), MaxValueValidator(365)],
        help_text=_("Without a visit to the page or an answer. Then my week and the portfolio say so."),
    )
    on_track_from = models.PositiveSmallIntegerField(
        _("on track from"), default=70, validators=[MaxValueValidator(100)]
    )
    watch_from = models.PositiveSmallIntegerField(_("watch from"), default=45, validators=[MaxValueValidator(100)])
    # Limits of one engineer's load. By phase: how many engagements in it one person should lead at a time.
    most_hours = models.PositiveSmallIntegerField(
        _("long week from, hours"), default=45, validators=[MinValueValidator(1), MaxValueValidator(100)]
    )
    most_discovery = models.PositiveSmallIntegerField(_("discoveries at a time"), default=3, validators=LIMIT)
    most_prototype = models.PositiveSmallIntegerField(_("prototypes at a time"), default=3, validators=LIMIT)
    most_pilot = models.PositiveSmallIntegerField(_("pilots at a time"), default=3, validators=LIMIT)
    most_production = models.PositiveSmallIntegerField(_("productions at a time"), default=6, validators=LIMIT)
    most_handover = models.PositiveSmallIntegerField(_("handovers at a time"), default=6, validators=LIMIT)
    second_step_for = models.JSONField(
        _("second step at sign-in required for"),
        default=list,
        blank=True,
        help_text=_("Whoever has none yet is led to set one up before anything else."),
    )
    # Keys the hashes of actors. It lives beside the hashes, because a key that changes with a
    # deployment secret would turn every known user into a new one.
    actor_key = models.CharField(max_length=64, default=new_actor_key, editable=False)

    class Meta:
        verbose_name = _("organization settings")
        verbose_name_plural = _("organization settings")
        constraints = [
            models.CheckConstraint(name="one_organization", condition=models.Q(id=1)),
            models.CheckConstraint(
                name="bands_in_order",
                condition=models.Q(watch_from__lt=models.F("on_track_from")),
                violation_error_message=_("“Watch from” must be below “On track from”."),
            ),
        ]

    def __str__(self) -> str:
        return self.vendor_name

    def save(self, *args: Any, **kwargs: Any) -> None:
        self.pk = self.SINGLETON_ID
        super().save(*args, **kwargs)

    @classmethod
    def current(cls) -> OrganizationSettings:
        found = _the_row()
        return found[0] if found else cls.objects.get_or_create(pk=cls.SINGLETON_ID)[0]

    def most_in(self, phase: str) -> int:
        """How many engagements in `phase` one person should lead at a time."""
        return getattr(self, f"most_{phase}")

    @property
    def initials(self) -> str:
        return self.mark or self.vendor_name[:1].upper()


@prepared
def _the_row() -> models.QuerySet[OrganizationSettings]:
    return OrganizationSettings.objects.filter(pk=OrganizationSettings.SINGLETON_ID)
