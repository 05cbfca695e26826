"""Secrets with which programs act."""

from __future__ import annotations

from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _

from fde_portal.accounts.models.person import User
from fde_portal.accounts.tokens import digest_of, new_secret
from fde_portal.core.models import TimeStamped


class TokenBase(TimeStamped):
    """A secret for machines: only a prefix (to recognise it) and a SHA-256 digest are stored."""

    PREFIX = "fde"

    name = models.CharField(_("name"), max_length=80)
    prefix = models.CharField(_("begins with"), max_length=16)
    digest = models.CharField(max_length=64, unique=True, editable=False)
    expires_at = models.DateTimeField(_("expires"), null=True, blank=True)
    last_used_at = models.DateTimeField(_("last used"), null=True, blank=True)
    revoked_at = models.DateTimeField(_("revoked"), null=True, blank=True)

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return f"{self.name} ({self.prefix}…)"

    def set_new_secret(self) -> str:
        """Give the token a fresh secret and return it; it can never be read again."""
        secret = new_secret(self.PREFIX)
        self.prefix, self.digest = secret[:12], digest_of(secret)
        return secret

    def is_usable(self, now: Any) -> bool:
        return self.revoked_at is None and (self.expires_at is None or self.expires_at > now)


class ApiToken(TokenBase):
    """Lets a program read the API as one person and, where it `may_write`, act as that person."""

    PREFIX = "fdep"

    user = models.ForeignKey(User, models.CASCADE, related_name="api_tokens", verbose_name=_("person"))
    may_write = models.BooleanField(
        _("may write"), default=False,
        help_text=_("With it weekly updates can be drafted and published, and observations, realised values and value lines be written. Without: read only."),
    )

    class Meta:
        verbose_name = _("API token")
        verbose_name_plural = _("API tokens")
        ordering = ["-created_at"]
