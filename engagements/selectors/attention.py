"""Reasons for attention, in the reader's language."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

from django.utils.translation import gettext, ngettext_lazy

from engagements.metrics.bands import Band
from fde_portal.core import formats

# Sentences of one number, by the code of their reason.
_COUNTED = {
    "attention.rosier": ngettext_lazy("Reported better than the facts for %(count)s week.", "Reported better than the facts for %(count)s weeks.", "count"),
    "attention.fell": ngettext_lazy("Health fell %(count)s point in two weeks.", "Health fell %(count)s points in two weeks.", "count"),
    "attention.overdue": ngettext_lazy("%(count)s promised date has passed.", "%(count)s promised dates have passed.", "count"),
    "attention.silent": ngettext_lazy("The customer has been silent for %(count)s day.", "The customer has been silent for %(count)s days.", "count"),
    "attention.stale": ngettext_lazy("No update for %(count)s day.", "No update for %(count)s days.", "count"),
    "hard.go_live_missed": ngettext_lazy("Go-live is %(days)s day overdue.", "Go-live is %(days)s days overdue.", "days"),
    "hard.criterion_failed": ngettext_lazy("%(count)s hard criterion fails in production.", "%(count)s hard criteria fail in production.", "count"),
}


def reason_sentence(reason: list[Any] | None) -> str:
    """The sentence for a stored reason ([code, parameters]); empty when all is quiet."""
    if not reason:
        return ""
    code, params = reason
    return _COUNTED[code] % params if code in _COUNTED else _SENTENCES[code](params)


def standing_sentence(reason: list[Any] | None, *, band: str, feed_stopped: bool = False) -> str:
    """The reason, else what keeps us from knowing; empty when all is known and nothing asks for attention."""
    return reason_sentence(reason) or formats.sentences(
        gettext("A usage feed has stopped.") if feed_stopped else "",
        gettext("Too little is known to judge.") if band == Band.UNKNOWN else "",
    )


def _band(params: dict[str, Any]) -> str:
    return gettext("The score is at risk.") if params["band"] == "at_risk" else gettext("The score is on watch.")


def _sponsor_gone(params: dict[str, Any]) -> str:
    left = params["left_on"]
    on = left if isinstance(left, date) else date.fromisoformat(left)
    return gettext("The sponsor left on %(day)s.") % {"day": formats.day(on)}


_SENTENCES: dict[str, Callable[[dict[str, Any]], str]] = {"attention.band": _band, "hard.sponsor_gone": _sponsor_gone}
