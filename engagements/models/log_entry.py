"""The common shape of the small records in an engagement's log. All of them are internal, always."""

from __future__ import annotations

from datetime import date
from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from customers.models import ScopedRecordQuerySet
from engagements.models.engagement import Engagement
from engagements.models.note import StakeholderNote
from fde_portal.accounts.scoping import ScopedModel
from fde_portal.core import formats
from fde_portal.core.models import Record


class LogEntry(ScopedModel, Record):
    """One statement of a day, and how it stands. A kind adds its own few fields.

    `KEY` names the kind in addresses, `STATE` names the field that says how it stands, `BANDS` the look of its values where one needs
    attention, and `DETAILS` the fields that lists show below the text.
    """

    KEY: ClassVar[str]
    STATE: ClassVar[str] = ""
    BANDS: ClassVar[dict[str, str]] = {}
    DETAILS: ClassVar[tuple[str, ...]] = ()

    engagement = models.ForeignKey(Engagement, models.CASCADE, related_name="%(class)s_entries", verbose_name=_("engagement"))
    origin_note = models.ForeignKey(
        StakeholderNote,
        models.SET_NULL,
        null=True,
        blank=True,
        editable=False,
        related_name="%(class)s_entries",
        verbose_name=_("from the note"),
    )
    text = models.CharField(_("text"), max_length=300)
    noted_on = models.DateField(_("date"))

    seen_through = "engagement"
    objects = ScopedRecordQuerySet.as_manager()

    class Meta:
        abstract = True
        ordering = ["-noted_on", "-id"]
        constraints = [models.CheckConstraint(name="%(class)s_says_something", condition=~models.Q(text=""))]
        indexes = [models.Index(fields=["engagement", "-noted_on"])]

    def __str__(self) -> str:
        return self.text[:80]

    @property
    def state(self) -> str:
        """How it stands, "" for kinds that only state something."""
        return getattr(self, self.STATE) if self.STATE else ""

    @property
    def state_word(self) -> str:
        return str(getattr(self, f"get_{self.STATE}_display")()) if self.STATE else ""

    @property
    def band(self) -> str:
        return self.BANDS.get(self.state, "idle")

    @property
    def details(self) -> list[tuple[str, str]]:
        """Name and content of the further fields that are filled in, as lists show them."""
        shown = [(self._meta.get_field(name).verbose_name, self._shown(name)) for name in self.DETAILS]
        return [(str(label), text) for label, text in shown if text]

    def _shown(self, name: str) -> str:
        display = getattr(self, f"get_{name}_display", None)
        value = display() if display else getattr(self, name)
        if isinstance(value, date):
            return formats.day(value, "year")
        return "" if value is None else str(value)
