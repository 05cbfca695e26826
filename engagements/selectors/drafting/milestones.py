"""Milestones as facts: reached, moved, due next week."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from functools import partial
from itertools import groupby
from typing import Any

from django.db.models.functions import Coalesce
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from engagements.models import ForecastChange, LineKind, Milestone
from engagements.selectors.drafting.fact import DraftWeek, Fact
from fde_portal.core import formats


def milestones_reached(draft: DraftWeek) -> Iterator[Fact]:
    rows = Milestone.objects.current().filter(engagement=draft.engagement, actual_on__range=draft.days)
    for row in rows.order_by("actual_on", "id"):
        yield _fact(draft, row, "reached", LineKind.PROGRESS, partial(_reached, row))


def milestones_moved(draft: DraftWeek) -> Iterator[Fact]:
    """Open milestones whose expected day is another one than before the week."""
    rows = ForecastChange.objects.filter(
        milestone__engagement=draft.engagement, milestone__archived_at=None, milestone__actual_on=None, changed_on__lte=draft.until
    )
    ordered = rows.select_related("milestone").order_by("milestone_id", "changed_on", "id")
    for milestone, changes in groupby(ordered, key=lambda change: change.milestone):
        before, now = _expected(milestone, list(changes), draft.since)
        if before != now:
            yield _fact(draft, milestone, _moved_to(now), LineKind.PROGRESS, partial(_moved, milestone, now))


def _expected(milestone: Milestone, changes: list[ForecastChange], since: date) -> tuple[date, date]:
    """The expected day before `since`, and after the last change."""
    days = [change.forecast_on or milestone.baseline_on for change in changes]
    earlier = [day for day, change in zip(days, changes, strict=True) if change.changed_on < since]
    return earlier[-1] if earlier else milestone.baseline_on, days[-1]


def milestones_due(draft: DraftWeek) -> Iterator[Fact]:
    """Open milestones that are expected in the week after, but for those whose move to that day is told."""
    coming = draft.week.next
    rows = Milestone.objects.current().filter(engagement=draft.engagement, actual_on=None)
    rows = rows.annotate(expected=Coalesce("forecast_on", "baseline_on")).filter(expected__range=(coming.monday, coming.sunday))
    for row in rows.order_by("expected", "id"):
        yield _fact(draft, row, f"due-{row.expected}", LineKind.NEXT, partial(_due, row), is_event=False,
                    unless=_key(row, _moved_to(row.expected)), names=partial(_names, row))  # fmt: skip


def _moved_to(day: date) -> str:
    return f"moved-{day}"


def _key(row: Milestone, what: str) -> str:
    return f"milestone-{row.pk}-{what}"


def _fact(draft: DraftWeek, row: Milestone, what: str, kind: LineKind, say: partial[str], **more: Any) -> Fact:
    url = reverse("milestone_edit", args=[draft.engagement.slug, row.pk])
    return Fact(_key(row, what), kind, say, _("Milestone"), url, row.is_shared, **more)


def _reached(row: Milestone) -> str:
    words = {"milestone": row.title, "day": formats.day(row.actual_on, "words")}
    return formats.sentences(_("“%(milestone)s” was reached on %(day)s.") % words, _against_promise(row.actual_on, row.baseline_on))


def _moved(row: Milestone, now: date) -> str:
    words = {"milestone": row.title, "day": formats.day(now, "words")}
    return formats.sentences(_("“%(milestone)s” is now expected on %(day)s.") % words, _against_promise(now, row.baseline_on))


def _due(row: Milestone) -> str:
    words = {"milestone": row.title, "day": formats.day(row.expected_on, "words")}
    return _("“%(milestone)s” is due on %(day)s.") % words


def _names(row: Milestone) -> tuple[str, str]:
    return row.title, formats.day(row.expected_on, "words")


def _against_promise(day: date, promised: date) -> str:
    late = (day - promised).days
    if late == 0:
        return _("That is the promised day.")
    if late > 0:
        text = ngettext("That is %(days)s day after the promised one.", "That is %(days)s days after the promised one.", late)
    else:
        text = ngettext("That is %(days)s day before the promised one.", "That is %(days)s days before the promised one.", -late)
    return text % {"days": abs(late)}
