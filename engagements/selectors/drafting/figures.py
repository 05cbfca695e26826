"""Figures that moved, in words: people using it, and what the work is worth."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date, timedelta
from decimal import Decimal
from functools import partial
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from engagements.models import LineKind, MetricSnapshot
from engagements.selectors.drafting.fact import DraftWeek, Fact
from engagements.selectors.metric import latest_metrics
from fde_portal.core import formats

SIX_DAYS = timedelta(days=6)


def people_using(draft: DraftWeek) -> Iterator[Fact]:
    """The last whole week of use against the one before. The customer's page shows the same weeks."""
    metrics = latest_metrics(draft.engagement)
    weeks = metrics.series.get("weeks", ()) if metrics else ()
    whole = [week for week in weeks if not week["partial"] and date.fromisoformat(week["start"]) + SIX_DAYS <= draft.until]
    recent = [week for week in whole if date.fromisoformat(week["start"]) + SIX_DAYS >= draft.week.monday - timedelta(days=1)]
    if not recent or len(whole) < 2:
        return
    before, now = whole[-2:]
    if None not in (before["wau"], now["wau"]) and before["wau"] != now["wau"]:
        url = reverse("engagement_adoption", args=[draft.engagement.slug])
        say = partial(_people, now, now["wau"] - before["wau"])
        yield Fact(f"people-{now['start']}", LineKind.PROGRESS, say, _("Adoption"), url, is_shared=True, is_event=False)


def _people(week: Mapping[str, Any], change: int) -> str:
    count = ngettext("%(count)s person", "%(count)s people", week["wau"]) % {"count": formats.number(week["wau"])}
    words = {
        "people": count,
        "target": formats.number(week["target"]),
        "day": formats.day(date.fromisoformat(week["start"]), "words"),
        "change": formats.number(abs(change)),
    }
    if week["target"] is None:
        used = _("%(people)s used it in the week from %(day)s.") % words
    else:
        used = _("%(people)s of %(target)s expected used it in the week from %(day)s.") % words
    more = _("That is %(change)s more than the week before.") if change > 0 else _("That is %(change)s fewer than the week before.")
    return formats.sentences(used, more % words)


def value_expected(draft: DraftWeek) -> Iterator[Fact]:
    """The net present value against the one before the week, when it moved. It holds lines nobody shared: internal."""
    rows = MetricSnapshot.objects.filter(engagement=draft.engagement, deliverable=None).order_by("-day")
    now = rows.filter(day__range=draft.days).values_list("values", flat=True).first()
    before = rows.filter(day__lt=draft.since).values_list("values", flat=True).first()
    old, new = (before or {}).get("value"), (now or {}).get("value")
    if old and new and old["case_id"] == new["case_id"] and Decimal(old["npv"]) != Decimal(new["npv"]):
        url = reverse("engagement_value", args=[draft.engagement.slug])
        say = partial(_worth, old, new)
        yield Fact(f"value-{new['case_id']}", LineKind.PROGRESS, say, _("Value"), url, is_event=False)


def _worth(old: Mapping[str, Any], new: Mapping[str, Any]) -> str:
    return _("The net present value is now %(now)s. It was %(before)s.") % {
        "now": formats.money(new["npv"], new["currency"]),
        "before": formats.money(old["npv"], old["currency"]),
    }
