"""Moves and steps of health in the reader's language. They name records, so they are internal like the records."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from django.db import models
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from customers.models import Stakeholder
from engagements.metrics.health_moves import Move
from engagements.metrics.health_tries import Try
from engagements.models import Blocker, Milestone, OutcomeAgreement
from fde_portal.core import formats

# What the refs of a component's facts are.
RECORDS: Mapping[str, type[models.Model]] = {
    "outcomes": OutcomeAgreement,
    "schedule": Milestone,
    "relationship": Stakeholder,
    "blockers": Blocker,
}
Names = Mapping[tuple[str, int], str]


def names_of(facts: Iterable[Move | Try]) -> Names:
    """The names of the records that moves and tries are about, one statement for each kind among them."""
    refs: dict[str, set[int]] = {}
    for fact in facts:
        if fact.ref is not None:
            refs.setdefault(fact.component, set()).add(fact.ref)
    return {(key, row.pk): str(row) for key, ids in refs.items() for row in RECORDS[key].objects.filter(pk__in=ids)}


def move_text(move: Move, names: Names) -> str:
    """The fact that moved a component, as a sentence."""
    return _MOVES[move.component, move.field](_name(move, names), move.before, move.after)


def try_text(one: Try, names: Names) -> str:
    """What would have to happen, as an order."""
    return _TRIES[one.code](_name(one, names), one.params)


def _name(fact: Move | Try, names: Names) -> str:
    return names.get((fact.component, fact.ref), "") if fact.ref is not None else ""


def _outcome(name: str, before: Any, after: Any) -> str:
    if before is None:
        return _("“%(name)s” was agreed.") % {"name": name}
    if after is None:
        return _("“%(name)s” no longer counts.") % {"name": name}
    if before.value != after.value or before.observed_until != after.observed_until:
        return _("A new figure of “%(name)s” came in.") % {"name": name}
    return _("What is due of “%(name)s” was agreed anew.") % {"name": name}


def _use(name: str, before: int | None, after: int | None) -> str:
    if after is None:
        return _("How many use it is no longer known.")
    if before is None:
        return _("How many use it is known now.")
    return _("%(after)s used it last week, %(before)s the week before.") % _numbers(before, after)


def _target(name: str, before: Decimal | None, after: Decimal | None) -> str:
    return _("%(after)s were expected to use it, %(before)s before.") % _numbers(before, after)


def _numbers(before: Any, after: Any) -> dict[str, str]:
    return {"before": formats.number(before), "after": formats.number(after)}


def _milestone(name: str, before: Any, after: Any) -> str:
    if before is None:
        return _("“%(name)s” joined the plan.") % {"name": name}
    if after is None:
        return _("“%(name)s” left the plan.") % {"name": name}
    if after.actual != before.actual:
        reached = _("“%(name)s” was reached on %(day)s.") % {"name": name, "day": formats.day(after.actual)}
        return reached if after.actual else _("“%(name)s” is open again.") % {"name": name}
    if after.baseline != before.baseline:
        return _("“%(name)s” was promised anew, for %(day)s.") % {"name": name, "day": formats.day(after.baseline)}
    days = {"name": name, "after": formats.day(after.expected or after.baseline), "before": formats.day(before.expected or before.baseline)}
    return _("“%(name)s” is expected on %(after)s, before on %(before)s.") % days


def _stance(name: str, before: Any, after: Any) -> str:
    if before is None:
        return _("The stance of %(name)s was noted: %(after)s.") % {"name": name, "after": _stance_word(after.stance)}
    if after is None:
        return _("%(name)s is no longer there.") % {"name": name}
    if before.stance == after.stance:
        return _("The stance of %(name)s was noted again.") % {"name": name}
    words = {"name": name, "after": _stance_word(after.stance), "before": _stance_word(before.stance)}
    return _("%(name)s: %(after)s, before %(before)s.") % words


def _stance_word(stance: str) -> str:
    return str(Stakeholder.Stance(stance).label).lower()


def _gaps(name: str, before: int, after: int) -> str:
    roles = ngettext("%(count)s role has nobody", "%(count)s roles have nobody", after) % {"count": after}
    return _("%(now)s, %(before)s before.") % {"now": roles, "before": before}


def _blocker(name: str, before: Any, after: Any) -> str:
    if before is None:
        return _("“%(name)s” holds the work up.") % {"name": name}
    if after is None:
        return _("“%(name)s” was cleared.") % {"name": name}
    if after.escalated_on and not before.escalated_on:
        return _("“%(name)s” was escalated.") % {"name": name}
    return _("“%(name)s” is no longer escalated.") % {"name": name}


def _high_risks(name: str, before: int, after: int) -> str:
    risks = ngettext("%(count)s high risk has no review to come", "%(count)s high risks have no review to come", after) % {"count": after}
    return _("%(now)s, %(before)s before.") % {"now": risks, "before": before}


def _looked(name: str, before: date | None, after: date | None) -> str:
    return _("Somebody looked at it again on %(day)s.") % {"day": formats.day(after)}


def _published(name: str, before: date | None, after: date | None) -> str:
    if after is None:
        return _("The last update was taken back.")
    return _("An update was published on %(day)s.") % {"day": formats.day(after)}


def _week_skipped(name: str, before: date | None, after: date | None) -> str:
    if before and (after is None or after < before):
        return _("A skipped week is owed again.")
    return _("A week was skipped with a reason.")


def _feed(name: str, before: bool, after: bool) -> str:
    return _("A usage feed has stopped.") if after else _("The usage feed runs again.")


_MOVES: Mapping[tuple[str, str], Callable[[str, Any, Any], str]] = {
    ("outcomes", "agreements"): _outcome,
    ("adoption", "weekly_active"): _use,
    ("adoption", "week_target"): _target,
    ("adoption", "trend"): lambda *__: _("The trend of use turned."),
    ("schedule", "milestones"): _milestone,
    ("schedule", "reviewed_on"): _looked,
    ("relationship", "stances"): _stance,
    ("relationship", "coverage_gaps"): _gaps,
    ("relationship", "pulses"): lambda *__: _("Pulses came in, or grew too old to count."),
    ("blockers", "standing"): _blocker,
    ("blockers", "unreviewed_high_risks"): _high_risks,
    ("blockers", "reviewed_on"): _looked,
    ("freshness", "last_update_on"): _published,
    ("freshness", "feed_stopped"): _feed,
    ("freshness", "skipped_until"): _week_skipped,
    ("freshness", "started_on"): lambda *__: _("The start was moved."),
}


def _counted_roles(count: int) -> str:
    return ngettext("Name somebody for the %(count)s role nobody has", "Name somebody for the %(count)s roles nobody has", count) % {"count": count}


def _counted_risks(count: int) -> str:
    return ngettext(
        "Set the next review of the %(count)s high risk without one", "Set the next review of the %(count)s high risks without one", count
    ) % {"count": count}


def _counted_people(count: int) -> str:
    return ngettext(
        "Have %(count)s more expected person use it in a week", "Have %(count)s more expected people use it in a week", count
    ) % {"count": formats.number(count)}


def _counted_criteria(count: int) -> str:
    return ngettext("Meet the %(count)s hard criterion that fails", "Meet the %(count)s hard criteria that fail", count) % {"count": count}


_TRIES: Mapping[str, Callable[[str, Mapping[str, Any]], str]] = {
    "green.update": lambda *__: _("Publish an update that looks at dates and blockers"),
    "green.feed": lambda *__: _("Get the usage feed running again"),
    "green.milestone_kept": lambda name, __: _("Bring “%(name)s” back to the date promised") % {"name": name},
    "green.milestone_reached": lambda name, __: _("Reach “%(name)s”") % {"name": name},
    "green.stance": lambda name, __: _("Win %(name)s as a supporter") % {"name": name},
    "green.look_at_people": lambda *__: _("Note how each person stands today"),
    "green.roles": lambda __, params: _counted_roles(params["count"]),
    "green.sponsor": lambda *__: _("Find a new sponsor, or a backup person who steps in"),
    "green.blocker": lambda name, __: _("Clear “%(name)s”") % {"name": name},
    "green.risks": lambda __, params: _counted_risks(params["count"]),
    "green.use": lambda __, params: _counted_people(params["missing"]),
    "green.outcome_observed": lambda name, __: _("Observe “%(name)s”, and find it on its line") % {"name": name},
    "green.outcome_on_line": lambda name, __: _("Bring “%(name)s” to its line") % {"name": name},
    "green.criteria": lambda __, params: _counted_criteria(params["count"]),
}
