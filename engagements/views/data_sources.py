"""The panel of data sources, on the overview and on the data page."""

from __future__ import annotations

from datetime import date
from typing import Any

from engagements.models import Engagement, Integration
from engagements.selectors.log import data_sources


def data_sources_content(engagement: Engagement, today: date) -> dict[str, Any]:
    """What templates/engagements/log/_data_sources.html needs beside the engagement."""
    sources = data_sources(engagement)
    ready = sum(source.readiness == Integration.Readiness.READY for source in sources)
    return {"data_sources": sources, "ready_sources": ready, "today": today}
