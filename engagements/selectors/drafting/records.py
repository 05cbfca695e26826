"""Small records as facts: trainings, decisions, blockers out of the way, asks that are done."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from engagements.models import Ask, Blocker, Decision, LineKind, Training
from engagements.selectors.drafting.fact import DraftWeek, Fact
from fde_portal.core import formats


def trainings(draft: DraftWeek) -> Iterator[Fact]:
    rows = Training.objects.current().filter(engagement=draft.engagement, noted_on__range=draft.days)
    for row in rows.order_by("noted_on", "id"):
        url = reverse("log_entry_edit", args=[draft.engagement.slug, "training", row.pk])
        yield Fact(f"training-{row.pk}", LineKind.PROGRESS, partial(_trained, row), _("Training"), url)


def _trained(row: Training) -> str:
    words = {"topic": _without_stop(row.text), "day": formats.day(row.noted_on, "words"), "count": row.people}
    if row.people is None:
        return _("Training on %(day)s: %(topic)s.") % words
    return ngettext(
        "Training on %(day)s with %(count)s person: %(topic)s.", "Training on %(day)s with %(count)s people: %(topic)s.", row.people
    ) % words


def decisions(draft: DraftWeek) -> Iterator[Fact]:
    rows = Decision.objects.current().filter(engagement=draft.engagement, noted_on__range=draft.days)
    for row in rows.order_by("noted_on", "id"):
        url = reverse("log_entry_edit", args=[draft.engagement.slug, "decision", row.pk])
        yield Fact(f"decision-{row.pk}", LineKind.PROGRESS, partial(_decided, row), _("Decision"), url)


def _decided(row: Decision) -> str:
    words = {"decision": _without_stop(row.text), "people": row.decided_by}
    return (_("Decided by %(people)s: %(decision)s.") if row.decided_by else _("Decided: %(decision)s.")) % words


def blockers_cleared(draft: DraftWeek) -> Iterator[Fact]:
    """In the words the customer knows where there are such; else it stays with us."""
    rows = Blocker.objects.current().filter(engagement=draft.engagement, cleared_on__range=draft.days)
    for row in rows.order_by("cleared_on", "id"):
        url = reverse("blocker", args=[draft.engagement.slug, row.pk])
        is_shared = bool(row.shared_wording)
        yield Fact(f"blocker-{row.pk}-cleared", LineKind.PROGRESS, partial(_cleared, row), _("Blocker"), url, is_shared)


def _cleared(row: Blocker) -> str:
    """Only the words of the customer where the line is for the customer."""
    what = row.shared_wording or row.text
    days = row.age_on(row.cleared_on)
    return ngettext(
        "No longer in the way, after %(days)s day: %(what)s.", "No longer in the way, after %(days)s days: %(what)s.", days
    ) % {"days": days, "what": _without_stop(what)}


def asks_done(draft: DraftWeek) -> Iterator[Fact]:
    """What the customer was asked for in a published update, and gave."""
    rows = Ask.objects.current().asked().exclude(raised_in=None)
    rows = rows.filter(engagement=draft.engagement, state=Ask.State.DONE, closed_on__range=draft.days)
    for row in rows.order_by("closed_on", "id"):
        url = reverse("ask", args=[draft.engagement.slug, row.pk])
        yield Fact(f"ask-{row.pk}-done", LineKind.PROGRESS, partial(_given, row), _("Ask"), url, is_shared=True)


def _given(row: Ask) -> str:
    return _("Done on your side: %(ask)s.") % {"ask": _without_stop(row.text)}


def _without_stop(text: str) -> str:
    return text.rstrip(" .。")
