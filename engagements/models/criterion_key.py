"""What a criterion asks about, where the portal itself must know it."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _


class CriterionKey(models.TextChoices):
    """Safety before production, the receiving team's demonstrations before the handover, owners of what stays."""

    RISK_CLASS = "risk_class", _("AI risk class")
    PERSONAL_DATA = "personal_data", _("Personal data")
    AUTONOMY = "autonomy", _("Autonomy by environment")
    HUMAN_REVIEW = "human_review", _("Human review path")
    INCIDENT_PLAN = "incident_plan", _("Incident plan")
    ROLLBACK = "rollback", _("Rollback tried")
    OPERATE = "operate", _("Receiving team operates it")
    EXTEND = "extend", _("Receiving team extends it")
    GOVERN = "govern", _("Receiving team governs it")
    EVOLVE = "evolve", _("Receiving team evolves it")
    OWNERS = "owners", _("Owners of assets")
