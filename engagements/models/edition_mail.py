"""Mails that tell a recipient of a new edition."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from engagements.models.share import Edition, Share
from fde_portal.accounts.scoping import ScopedModel


class EditionMail(ScopedModel):
    """That the recipient of a share was told of an edition. Its number makes the Message-ID, so it is sent once."""

    share = models.ForeignKey(Share, models.CASCADE, related_name="mails", verbose_name=_("share link"))
    edition = models.ForeignKey(Edition, models.CASCADE, related_name="mails", verbose_name=_("edition"))
    written_at = models.DateTimeField(_("written"))

    seen_through = "share"

    class Meta:
        verbose_name = _("mail of a new edition")
        verbose_name_plural = _("mails of new editions")
        ordering = ["-written_at", "-pk"]
        constraints = [models.UniqueConstraint(fields=["share", "edition"], name="one_mail_per_share_and_edition")]

    def __str__(self) -> str:
        return f"{self.share} {self.edition_id}"
