"""Why we took an answer of the customer back."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from engagements.models.response import Response
from fde_portal.accounts.models import User
from fde_portal.accounts.scoping import ScopedModel


class Annulment(ScopedModel):
    """An answer we annulled because it was not genuine. It goes when the answer counts again; the trail keeps both.

    The customer's page says that the answer was taken back; the reason is for us alone.
    """

    response = models.OneToOneField(Response, models.CASCADE, related_name="annulment", verbose_name=_("answer of the customer"))
    reason = models.TextField(_("reason"))
    annulled_at = models.DateTimeField(_("annulled"))
    annulled_by = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+", verbose_name=_("annulled by"))

    seen_through = "response"

    class Meta:
        verbose_name = _("annulment")
        verbose_name_plural = _("annulments")

    def __str__(self) -> str:
        return str(self.response)
