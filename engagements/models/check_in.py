"""How one person's week was. Theirs and their manager's; nobody else ever reads it, other managers included."""

from __future__ import annotations

from decimal import Decimal

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from engagements.models.engagement import Engagement
from fde_portal.accounts.models import User
from fde_portal.accounts.permissions import Permission
from fde_portal.accounts.scoping import Scope, ScopedModel, ScopedQuerySet
from fde_portal.core.models import Record, RecordQuerySet
from fde_portal.core.prepared import Param


class PrivateQuerySet(ScopedQuerySet, RecordQuerySet):
    """Scoped for everybody: the roles that see every record do not see these."""

    def visible_to(self, user: User) -> PrivateQuerySet:
        if not user.is_authenticated or not user.can(Permission.VIEW_RECORDS):
            return self.none()
        return self.filter(self.model.seen_by(user))

    def within(self, scope: Scope, viewer: User | Param) -> PrivateQuerySet:
        """The viewer's own only: who else sees them hangs on more than a scope."""
        return self.none() if scope is Scope.NOTHING else self.filter(**{self.model.own_through: viewer})


class CheckIn(ScopedModel, Record):
    """One person's ISO week. No audit event, no edition, no interface for programs knows it."""

    own_through = "person"

    class Mood(models.IntegerChoices):
        LOW = 1, pgettext_lazy("mood", "Low")
        FLAT = 2, _("Flat")
        FINE = 3, _("Fine")
        GOOD = 4, _("Good")

    person = models.ForeignKey(User, models.CASCADE, related_name="check_ins", verbose_name=_("person"))
    iso_year = models.PositiveSmallIntegerField(_("ISO year"))
    iso_week = models.PositiveSmallIntegerField(_("ISO week"))
    travel_days = models.PositiveSmallIntegerField(_("travel days"), default=0, validators=[MaxValueValidator(7)])
    mood = models.PositiveSmallIntegerField(_("my mood"), choices=Mood.choices)
    confidence = models.PositiveSmallIntegerField(
        _("confidence in my commitments"), choices=[(grade, str(grade)) for grade in range(1, 6)]
    )

    objects = PrivateQuerySet.as_manager()

    class Meta:
        verbose_name = _("check-in")
        verbose_name_plural = _("check-ins")
        ordering = ["-iso_year", "-iso_week"]
        constraints = [
            models.UniqueConstraint(fields=["person", "iso_year", "iso_week"], name="one_check_in_per_person_and_week"),
            models.CheckConstraint(name="check_in_week_in_range", condition=models.Q(iso_week__range=(1, 53))),
            models.CheckConstraint(
                name="check_in_grades_in_range",
                condition=models.Q(mood__range=(1, 4), confidence__range=(1, 5), travel_days__range=(0, 7)),
            ),
        ]

    def __str__(self) -> str:
        return self.week_label

    @classmethod
    def seen_by(cls, user: User) -> models.Q:
        """The person, and whoever is their manager today."""
        mine = models.Q(person=user)
        return mine | models.Q(person__manager=user) if user.can(Permission.REVIEW_TEAM) else mine

    @property
    def week_label(self) -> str:
        return f"{self.iso_year}-W{self.iso_week:02}"

    @property
    def total_hours(self) -> Decimal:
        return sum((row.hours for row in self.hours.all()), Decimal(0))


class CheckInHours(ScopedModel):
    """Hours of one check-in that went to one engagement."""

    own_through = "check_in__person"

    check_in = models.ForeignKey(CheckIn, models.CASCADE, related_name="hours", verbose_name=_("check-in"))
    engagement = models.ForeignKey(Engagement, models.CASCADE, related_name="+", verbose_name=_("engagement"))
    hours = models.DecimalField(
        _("hours"), max_digits=4, decimal_places=1, validators=[MinValueValidator(Decimal(0)), MaxValueValidator(Decimal(100))]
    )

    seen_through = "check_in"
    objects = PrivateQuerySet.as_manager()

    class Meta:
        verbose_name = _("hours of a check-in")
        verbose_name_plural = _("hours of check-ins")
        constraints = [
            models.UniqueConstraint(fields=["check_in", "engagement"], name="hours_once_per_check_in_and_engagement"),
            models.CheckConstraint(name="hours_of_one_week", condition=models.Q(hours__range=(0, 100))),
        ]

    def __str__(self) -> str:
        return f"{self.check_in} {self.hours}"
