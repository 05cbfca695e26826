"""Reasons for attention, in the reader's language."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

from django.utils.translation import gettext, ngettext

from fde_portal.core import formats


def reason_sentence(reason: list[Any] | None) -> str:
    """The sentence for a stored reason ([code, parameters]); empty when all is quiet."""
    if not reason:
        return ""
    code, params = reason
    return _SENTENCES[code](params)


def _fell(params: dict[str, Any]) -> str:
    count = params["count"]
    return ngettext(
        "Health fell %(count)s point in two weeks.", "Health fell %(count)s points in two weeks.", count
    ) % {"count": count}


def _overdue(params: dict[str, Any]) -> str:
    count = params["count"]
    return ngettext(
        "%(count)s promised date has passed.", "%(count)s promised dates have passed.", count
    ) % {"count": count}


def _silent(params: dict[str, Any]) -> str:
    count = params["count"]
    return ngettext(
        "The customer has been silent for %(count)s day.", "The customer has been silent for %(count)s days.", count
    ) % {"count": count}


def _stale(params: dict[str, Any]) -> str:
    count = params["count"]
    return ngettext("No update for %(count)s day.", "No update for %(count)s days.", count) % {"count": count}


def _band(params: dict[str, Any]) -> str:
    return gettext("The score is at risk.") if params["band"] == "at_risk" else gettext("The score is on watch.")


def _rosier(params: dict[str, Any]) -> str:
    count = params["count"]
    return ngettext(
        "Reported better than the facts for %(count)s week.", "Reported better than the facts for %(count)s weeks.", count
    ) % {"count": count}


def _criterion_failed(params: dict[str, Any]) -> str:
    count = params["count"]
    return ngettext(
        "%(count)s hard criterion fails in production.", "%(count)s hard criteria fail in production.", count
    ) % {"count": count}


def _go_live_missed(params: dict[str, Any]) -> str:
    days = params["days"]
    return ngettext("Go-live is %(days)s day overdue.", "Go-live is %(days)s days overdue.", days) % {"days": days}


def _sponsor_gone(params: dict[str, Any]) -> str:
    left = params["left_on"]
    on = left if isinstance(left, date) else date.fromisoformat(left)
    return gettext("The sponsor left on %(day)s.") % {"day": formats.day(on)}


_SENTENCES: dict[str, Callable[[dict[str, Any]], str]] = {
    "attention.rosier": _rosier,
    "attention.fell": _fell,
    "attention.overdue": _overdue,
    "attention.silent": _silent,
    "attention.stale": _stale,
    "attention.band": _band,
    "hard.go_live_missed": _go_live_missed,
    "hard.sponsor_gone": _sponsor_gone,
    "hard.criterion_failed": _criterion_failed,
}
