"""Weeks in which an update is not owed, or is written by somebody else. Internal."""

from __future__ import annotations

from datetime import date

from django.db import models
from django.utils.translation import gettext_lazy as _

from engagements.models.engagement import Engagement
from fde_portal.accounts.models import User
from fde_portal.accounts.scoping import ScopedModel, ScopedQuerySet
from fde_portal.core.models import TimeStamped


class WeekSkip(ScopedModel, TimeStamped):
    """A week of an engagement of which nothing will be published, and why."""

    class Reason(models.TextChoices):
        HOLIDAY = "holiday", _("Holiday")
        CUSTOMER_AWAY = "customer_away", _("The customer is away")
        ON_HOLD = "on_hold", _("The work rests")
        OTHER = "other", _("Another reason")

    engagement = models.ForeignKey(Engagement, models.CASCADE, related_name="skipped_weeks", verbose_name=_("engagement"))
    iso_year = models.PositiveSmallIntegerField(_("ISO year"))
    iso_week = models.PositiveSmallIntegerField(_("ISO week"))
    reason = models.CharField(_("reason"), max_length=16, choices=Reason.choices, default=Reason.HOLIDAY)
    note = models.CharField(_("in a few words"), max_length=120, blank=True)
    skipped_by = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+", verbose_name=_("skipped by"))

    seen_through = "engagement"

    class Meta:
        verbose_name = _("skipped week")
        verbose_name_plural = _("skipped weeks")
        ordering = ["-iso_year", "-iso_week"]
        constraints = [
            models.UniqueConstraint(fields=["engagement", "iso_year", "iso_week"], name="one_skip_per_week"),
            models.CheckConstraint(name="skipped_week_in_range", condition=models.Q(iso_week__range=(1, 53))),
        ]

    def __str__(self) -> str:
        return f"{self.iso_year}-W{self.iso_week:02}"


class WeekCoverQuerySet(ScopedQuerySet):
    def of_week(self, monday: date) -> WeekCoverQuerySet:
        """The covers that hold in the ISO week that begins on `monday`; the last one made comes first."""
        return self.filter(first_on__lte=monday, last_on__gte=monday).order_by("-id")


class WeekCover(ScopedModel, TimeStamped):
    """Who writes an engagement's weeks while its lead is away. `first_on` and `last_on` are Mondays, both included."""

    engagement = models.ForeignKey(Engagement, models.CASCADE, related_name="covers", verbose_name=_("engagement"))
    person = models.ForeignKey(User, models.CASCADE, related_name="absences", verbose_name=_("who is away"))
    cover = models.ForeignKey(User, models.CASCADE, related_name="covers", verbose_name=_("who writes"))
    first_on = models.DateField(_("first week"))
    last_on = models.DateField(_("last week"))

    seen_through = "engagement"
    objects = WeekCoverQuerySet.as_manager()

    class Meta:
        verbose_name = _("cover during an absence")
        verbose_name_plural = _("covers during absences")
        ordering = ["first_on", "id"]
        constraints = [
            models.CheckConstraint(name="cover_ends_after_it_begins", condition=models.Q(last_on__gte=models.F("first_on"))),
            models.CheckConstraint(name="nobody_covers_themselves", condition=~models.Q(person=models.F("cover"))),
        ]

    def __str__(self) -> str:
        return f"{self.cover}: {self.first_on} – {self.last_on}"
