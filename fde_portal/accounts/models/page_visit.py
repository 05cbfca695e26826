"""When somebody last sat down before a page."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from fde_portal.accounts.models.person import User


class PageVisit(models.Model):
    """The sitting of a person before one page that goes on, and when the one before it ended (UTC).

    `page` is the name of its route. See services/page_visits.py for what ends a sitting.
    """

    person = models.ForeignKey(User, models.CASCADE, related_name="+", verbose_name=_("person"))
    page = models.CharField(_("page"), max_length=64)
    seen_at = models.DateTimeField(_("last seen"))
    before_at = models.DateTimeField(_("seen before"), null=True, blank=True)

    class Meta:
        verbose_name = _("visit of a page")
        verbose_name_plural = _("visits of pages")
        constraints = [models.UniqueConstraint(fields=["person", "page"], name="visit_once_per_person_and_page")]

    def __str__(self) -> str:
        return f"{self.person} {self.page}"
