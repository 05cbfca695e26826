"""Words of a draft that somebody else's save took out of it. Internal, and seen by whoever sees the update."""

from __future__ import annotations

from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _

from engagements.models.weekly_update import WeeklyUpdate
from fde_portal.accounts.models import User
from fde_portal.accounts.scoping import ScopedModel


class DraftRevision(ScopedModel):
    """What a draft said before it was replaced, or what somebody gave up in favour of the other text.

    `content` is what services/draft_revisions.py makes of a WeekDraft: headline, lines and asks.
    """

    update = models.ForeignKey(WeeklyUpdate, models.CASCADE, related_name="draft_revisions", verbose_name=_("weekly update"))
    content = models.JSONField(_("what it said"))
    author = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+", verbose_name=_("author"))
    written_at = models.DateTimeField(_("written"))

    seen_through = "update"

    class Meta:
        verbose_name = _("earlier text of a draft")
        verbose_name_plural = _("earlier texts of drafts")
        ordering = ["-id"]

    def __str__(self) -> str:
        return f"{self.update} {self.written_at:%Y-%m-%d %H:%M}"

    @property
    def texts(self) -> list[dict[str, Any]]:
        """All it said, each with `text` and whether it was meant to be `is_shared`."""
        headline = [{"text": self.content["headline"], "is_shared": True}] if self.content["headline"] else []
        asks = [{"text": ask["text"], "is_shared": True} for ask in self.content["asks"]]
        reason = [{"text": self.content["gap_reason"], "is_shared": False}] if self.content["gap_reason"] else []
        return headline + self.content["lines"] + asks + reason
