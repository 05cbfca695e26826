"""Readers of a shared page who proved an address."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from engagements.models.share import Share
from fde_portal.accounts.scoping import ScopedModel


class AddressProof(ScopedModel):
    """That a visitor of a share reads mail at `address` (lower case), by a code mailed there.

    Only a keyed digest of the code is stored, and it is emptied once the code was used.
    """

    share = models.ForeignKey(Share, models.CASCADE, related_name="proofs", verbose_name=_("share link"))
    address = models.EmailField(_("e-mail"))
    code_digest = models.CharField(max_length=64, blank=True, editable=False)
    code_ends_at = models.DateTimeField(_("code works until"))
    tries = models.PositiveSmallIntegerField(_("tries"), default=0)
    confirmed_at = models.DateTimeField(_("confirmed"), null=True, blank=True)

    seen_through = "share"

    class Meta:
        verbose_name = _("confirmed address")
        verbose_name_plural = _("confirmed addresses")
        constraints = [models.UniqueConstraint(fields=["share", "address"], name="one_proof_per_share_and_address")]

    def __str__(self) -> str:
        return self.address
