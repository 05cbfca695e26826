"""Whether the mail of a Monday went to a person."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from engagements.models.notice import OwnQuerySet
from fde_portal.accounts.models import User
from fde_portal.accounts.scoping import ScopedModel


class Digest(ScopedModel):
    """That one person's ISO week was decided: the mail was written, or they wanted none, or there was nothing to say."""

    person = models.ForeignKey(User, models.CASCADE, related_name="digests", verbose_name=_("person"))
    iso_year = models.PositiveSmallIntegerField(_("ISO year"))
    iso_week = models.PositiveSmallIntegerField(_("ISO week"))
    decided_at = models.DateTimeField(_("decided"))
    is_sent = models.BooleanField(_("written"))

    objects = OwnQuerySet.as_manager()

    class Meta:
        verbose_name = _("mail of a Monday")
        verbose_name_plural = _("mails of Mondays")
        ordering = ["-iso_year", "-iso_week", "id"]
        constraints = [models.UniqueConstraint(fields=["person", "iso_year", "iso_week"], name="digest_once_per_week")]

    def __str__(self) -> str:
        return f"{self.person} {self.iso_year}-W{self.iso_week:02}"

    @classmethod
    def seen_by(cls, user: User) -> models.Q:
        return models.Q(person=user)
