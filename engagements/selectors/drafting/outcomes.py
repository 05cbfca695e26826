"""What both sides agreed to move, and did move; and what the customer said of figures this week."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from functools import partial
from itertools import groupby
from operator import attrgetter

from django.urls import reverse
from django.utils.translation import gettext as _

from engagements.metrics.rounding import round_half_up
from engagements.models import LineKind, Observation, OutcomeAgreement, RealisedValue
from engagements.selectors.drafting.fact import DraftWeek, Fact
from fde_portal.core import formats

State = Observation.State


def outcomes_moved(draft: DraftWeek) -> Iterator[Fact]:
    """The newest observation of an agreement, recorded in the week, when it differs from the one before or the baseline.

    The customer sees it where the agreement is shared. What they dispute is no figure. One statement.
    """
    known = Observation.objects.current().filter(
        agreement__engagement=draft.engagement, agreement__archived_at=None, recorded_on__lte=draft.until
    )
    rows = known.exclude(state=State.DISPUTED).exclude(agreement__state=OutcomeAgreement.State.DRAFT)
    for __, seen in groupby(rows.select_related("agreement").order_by("agreement", "period_to", "id"), attrgetter("agreement_id")):
        *earlier, now = seen
        before = earlier[-1].value if earlier else now.agreement.baseline
        if now.recorded_on >= draft.since and None not in (before, now.value) and _rounded(before) != _rounded(now.value):
            url = reverse("outcome", args=[draft.engagement.slug, now.agreement_id])
            say = partial(_moved, now, before)
            yield Fact(f"observation-{now.pk}", LineKind.PROGRESS, say, _("Outcomes"), url, now.agreement.is_shared, is_event=False)


def _rounded(value: Decimal) -> Decimal:
    return round_half_up(value, 1)


def _moved(seen: Observation, before: Decimal) -> str:
    agreement = seen.agreement
    figures = {name: formats.in_unit(_rounded(value), agreement.unit.strip()) for name, value in (("now", seen.value), ("before", before))}
    words = figures | {"name": agreement.metric or agreement.outcome, "day": formats.day(seen.period_to, "words")}
    moved = _("%(name)s: %(now)s, measured until %(day)s, after %(before)s.") % words
    if agreement.target is None:
        return moved
    goal = _("The goal is %(target)s.") % {"target": formats.in_unit(agreement.target, agreement.unit.strip())}
    return formats.sentences(moved, goal)


def value_judged(draft: DraftWeek) -> Iterator[Fact]:
    """What somebody confirmed or disputed of the value ledger in the week. A dispute stays with us until we answer it.

    One statement.
    """
    rows = RealisedValue.objects.current().filter(
        line__case__engagement=draft.engagement, line__case__archived_at=None, decided_on__range=draft.days
    )
    for row in rows.exclude(state=State.PROVISIONAL).select_related("line__case").order_by("decided_on", "id"):
        url = reverse("value_drivers", args=[draft.engagement.slug, row.line.case_id, row.line_id])
        is_shared = row.line.is_shared and row.state == State.CONFIRMED
        yield Fact(f"judged-{row.pk}-{row.state}", LineKind.PROGRESS, partial(_judged, row), _("Value"), url, is_shared)


def _judged(row: RealisedValue) -> str:
    words = {
        "person": row.decided_by,
        "line": row.line.name,
        "amount": formats.money(row.amount, row.line.case.currency),
        "begin": formats.day(row.period_from, "words"),
        "end": formats.day(row.period_to, "words"),
    }
    if row.state == State.CONFIRMED:
        return _("%(person)s confirmed %(amount)s for “%(line)s” from %(begin)s to %(end)s.") % words
    return _("%(person)s disputed %(amount)s for “%(line)s” from %(begin)s to %(end)s.") % words
