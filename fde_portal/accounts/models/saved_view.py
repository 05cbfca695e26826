"""Lists as somebody likes to look at them."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from fde_portal.accounts.models.person import User
from fde_portal.core.models import Record


class SavedView(Record):
    """Filters, order and columns of a list under a name; only its person sees it.

    `page` is the name of the list's route, `query` what stands behind the question mark of its address.
    """

    person = models.ForeignKey(User, models.CASCADE, editable=False, related_name="+", verbose_name=_("person"))
    page = models.CharField(_("page"), max_length=64, editable=False)
    name = models.CharField(pgettext_lazy("of a saved view", "name"), max_length=40)
    query = models.CharField(_("filters"), max_length=500, editable=False)
    is_default = models.BooleanField(_("opens first"), default=False)

    class Meta:
        verbose_name = _("saved view")
        verbose_name_plural = _("saved views")
        ordering = ["name", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["person", "page"], condition=models.Q(is_default=True, archived_at__isnull=True), name="one_view_opens_first"
            ),
            models.CheckConstraint(name="view_has_a_name", condition=~models.Q(name="")),
        ]

    def __str__(self) -> str:
        return self.name
