"""What changed, in sentences of the reader's language."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from engagements.models import Band, GateDecision, Phase
from engagements.selectors.attention import reason_sentence
from engagements.selectors.changes import Change
from engagements.selectors.portfolio import Moved
from fde_portal.core import formats


def change_sentence(change: Change) -> str:
    if change.code.startswith("hard."):  # the same sentence as where it is the reason for attention
        return reason_sentence([change.code, change.params])
    return _SENTENCES[change.code](change.params)


def moved_words(moved: Moved) -> str:
    """What happened over all engagements from a day on, as the end of a sentence; "nothing moved" when all was quiet."""
    counts = (
        (moved.worse, ngettext("%(count)s got worse", "%(count)s got worse", moved.worse)),
        (moved.better, ngettext("%(count)s recovered", "%(count)s recovered", moved.better)),
        (moved.slipped, ngettext("dates slipped in %(count)s", "dates slipped in %(count)s", moved.slipped)),
        (moved.blocked, ngettext("%(count)s is newly blocked", "%(count)s are newly blocked", moved.blocked)),
        (moved.updated, ngettext("%(count)s was updated", "%(count)s were updated", moved.updated)),
    )
    return formats.listed(words % {"count": count} for count, words in counts if count) or _("nothing moved")


def _worse(params: dict[str, Any]) -> str:
    return _("Health fell from %(before)s to %(after)s.") % _bands(params)


def _better(params: dict[str, Any]) -> str:
    return _("Health rose from %(before)s to %(after)s.") % _bands(params)


def _bands(params: dict[str, Any]) -> dict[str, str]:
    return {name: str(Band(band).label).lower() for name, band in params.items()}


def _later(params: dict[str, Any]) -> str:
    return ngettext(
        "“%(title)s” moved back %(days)s day, to %(to)s.", "“%(title)s” moved back %(days)s days, to %(to)s.", params["days"]
    ) % _with_day(params)


def _earlier(params: dict[str, Any]) -> str:
    return ngettext(
        "“%(title)s” comes %(days)s day earlier, on %(to)s.", "“%(title)s” comes %(days)s days earlier, on %(to)s.", params["days"]
    ) % _with_day(params)


def _with_day(params: dict[str, Any]) -> dict[str, Any]:
    return params | {"to": formats.day(date.fromisoformat(params["to"]))}


def _users_down(params: dict[str, Any]) -> str:
    return _("Weekly users fell %(percent)s, from %(before)s to %(after)s.") % _share(params)


def _users_up(params: dict[str, Any]) -> str:
    return _("Weekly users rose %(percent)s, from %(before)s to %(after)s.") % _share(params)


def _share(params: dict[str, Any]) -> dict[str, str]:
    before, after = params["before"], params["after"]
    return {
        "percent": formats.percent(abs(after - before) / before), "before": formats.number(before), "after": formats.number(after),
    }  # fmt: skip


def _gate(params: dict[str, Any]) -> str:
    words = {"phase": Phase(params["phase"]).label, "outcome": GateDecision.Outcome(params["outcome"]).label}
    return _("Gate out of %(phase)s: %(outcome)s.") % words


def _phase(params: dict[str, Any]) -> str:
    return _("Entered %(phase)s.") % {"phase": Phase(params["phase"]).label}


def _override(params: dict[str, Any]) -> str:
    return _("A manager judged it %(band)s.") % {"band": str(Band(params["band"]).label).lower()}


def _answers(params: dict[str, Any]) -> str:
    return ngettext("The customer answered.", "The customer answered %(count)s times.", params["count"]) % params


def _update(params: dict[str, Any]) -> str:
    said = _("Week %(week)s: %(headline)s") if params["headline"] else _("Week %(week)s was published.")
    return said % params


def _said(params: dict[str, Any]) -> dict[str, Any]:
    """People end their own sentences or do not; ours has one full stop."""
    return {name: text.rstrip(".。 ") for name, text in params.items()}


_SENTENCES: dict[str, Callable[[dict[str, Any]], str]] = {
    "band.worse": _worse,
    "band.better": _better,
    "incident": lambda params: _("Incident: %(title)s.") % _said(params),
    "blocker.open": lambda params: _("Blocked: %(text)s.") % _said(params),
    "blocker.escalated": lambda params: _("Escalated: %(text)s.") % _said(params),
    "blocker.cleared": lambda params: _("No longer blocked: %(text)s.") % _said(params),
    "milestone.passed": lambda params: _("The date of “%(title)s” passed.") % params,
    "milestone.later": _later,
    "milestone.earlier": _earlier,
    "milestone.reached": lambda params: _("“%(title)s” was reached.") % params,
    "users.down": _users_down,
    "users.up": _users_up,
    "gate": _gate,
    "override": _override,
    "phase": _phase,
    "release": lambda params: _("Released %(name)s.") % params,
    "answers": _answers,
    "update": _update,
}
