"""Steps of periodic tasks that fail while the rest goes on: kept for whoever runs the installation, until they succeed."""

from __future__ import annotations

import logging
from datetime import datetime

from fde_portal.core.models import Fault
from fde_portal.core.queue import error_text

logger = logging.getLogger(__name__)


class Faults:
    """What fails in one run of a part. `note` each fault while running, `keep` them at the end."""

    def __init__(self, part: str) -> None:
        self.part = part
        self.errors: dict[str, str] = {}

    def note(self, step: str, fault: Exception) -> None:
        """Log a fault; call it while it is handled."""
        logger.exception("%s: %s failed", self.part, step)
        self.errors[step] = error_text(fault)

    def keep(self, *, now: datetime) -> None:
        """Store the faults of this run in place of those of the one before. Of what fails again, since when stays."""
        Fault.objects.filter(part=self.part).exclude(step__in=self.errors).delete()
        for step, error in self.errors.items():
            values = {"error": error, "at": now}
            Fault.objects.update_or_create(part=self.part, step=step, defaults=values, create_defaults=values | {"since": now})
