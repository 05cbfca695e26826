"""What the field tells the product: a claim that names no customer, counted over customers by its theme."""

from __future__ import annotations

import re

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from engagements.models.log_entry import LogEntry

# A first word as short as this ("Bank", "ABC") says too little to count as the name of a company.
SHORTEST_NAME = 4
CHINESE = re.compile("[\u4e00-\u9fff]")


class FieldSignal(LogEntry):
    """`text` is the claim. Everybody on our side may read it, also those who do not know the customer."""

    class Category(models.TextChoices):
        MISSING = "missing", _("Missing feature")
        DEFECT = "defect", _("Defect")
        QUALITY = "quality", _("Quality of the output")
        USABILITY = "usability", _("Usability")
        INTEGRATION = "integration", _("Integration")
        COMMERCIAL = "commercial", _("Price and contract")

    class Disposition(models.TextChoices):
        NEW = "new", pgettext_lazy("field signal", "New")
        SENT = "sent", pgettext_lazy("field signal", "Sent")
        PLANNED = "planned", pgettext_lazy("field signal", "Planned")
        DONE = "done", pgettext_lazy("field signal", "Done")
        DECLINED = "declined", pgettext_lazy("field signal", "Declined")

    KEY = "field_signal"
    STATE = "disposition"
    BANDS = {Disposition.DONE: "good", Disposition.NEW: "watch"}
    DETAILS = ("theme", "category", "destination", "accepted_on", "shipped_on")

    category = models.CharField(_("class"), max_length=16, choices=Category.choices, default=Category.MISSING)
    theme = models.CharField(_("theme"), max_length=60)
    destination = models.CharField(_("for whom"), max_length=120, blank=True)
    disposition = models.CharField(_("disposition"), max_length=16, choices=Disposition.choices, default=Disposition.NEW)

    accepted_on = models.DateField(_("accepted by the product"), null=True, blank=True)
    shipped_on = models.DateField(_("shipped in the product"), null=True, blank=True)

    class Meta(LogEntry.Meta):
        verbose_name = _("field signal")
        verbose_name_plural = _("field signals")
        constraints = [
            *LogEntry.Meta.constraints,
            models.CheckConstraint(name="field_signal_has_a_theme", condition=~models.Q(theme="")),
            models.CheckConstraint(
                name="field_signal_shipped_after_its_acceptance",
                condition=models.Q(shipped_on=None) | models.Q(accepted_on__lte=models.F("shipped_on")),
                violation_error_message=_("It was shipped before it was accepted."),
            ),
        ]

    @property
    def names_its_customer(self) -> bool:
        """Whether claim, theme or destination give the customer away. Reads the engagement's customer."""
        name = self.engagement.customer.name
        return any(mentions(text, name) for text in (self.text, self.theme, self.destination))


def mentions(text: str, name: str) -> bool:
    """Whether `text` contains a company's name, or the part people call it by: its first word.

    Chinese names have no words: their first two characters count (华岭 of 华岭银行).
    """
    if CHINESE.match(name):
        return name[:2] in text
    first = name.split()[0]
    called = [name] + ([first] if len(first) >= SHORTEST_NAME else [])
    return any(re.search(rf"\b{re.escape(part)}\b", text, re.IGNORECASE) for part in called)
