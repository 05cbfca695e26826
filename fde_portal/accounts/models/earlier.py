"""What stood in a form before it was saved."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from fde_portal.accounts.models.person import User


class EarlierValues(models.Model):
    """What one save of one form replaced, so that whoever saved it can take it back for ten minutes.

    `path` is the form's own page: taking back sends `held` through it again, so that its scope, its
    checks and its consequences hold as for any other save. `version` is the record's after the save.
    It is no part of the audit trail, which never holds what was written, and is forgotten within two hours.
    """

    person = models.ForeignKey(User, models.CASCADE, related_name="+", verbose_name=_("person"))
    path = models.CharField(_("address"), max_length=500)
    version = models.PositiveIntegerField(_("version"))
    held = models.JSONField(_("earlier values"))
    columns = models.JSONField(_("columns beside the form"), default=dict, blank=True)
    at = models.DateTimeField(_("time"), db_index=True)

    class Meta:
        verbose_name = _("earlier values")
        verbose_name_plural = _("earlier values")

    def __str__(self) -> str:
        return self.path
