"""What somebody typed into a form and has not saved, kept for their other devices."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from fde_portal.accounts.models.person import User


class KeptText(models.Model):
    """The fields of one form, by the form's own key. Nobody but the person reads it; saving or discarding ends it."""

    person = models.ForeignKey(User, models.CASCADE, related_name="kept_texts", verbose_name=_("person"))
    key = models.CharField(_("form"), max_length=200)
    content = models.JSONField(_("text"))
    kept_at = models.DateTimeField(_("kept"))

    class Meta:
        verbose_name = _("kept text")
        verbose_name_plural = _("kept texts")
        constraints = [models.UniqueConstraint(fields=["person", "key"], name="one_kept_text_per_form")]

    def __str__(self) -> str:
        return self.key
