"""Figures that moved, in words: people using it, and what the work is worth."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, timedelta
from decimal import Decimal
from functools import partial
from typing import Any

from django.db.models import Sum
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from engagements.metrics.quality import Outcomes
from engagements.models import ActivityDay, Engagement, LineKind, MetricSnapshot
from engagements.selectors.drafting.fact import DraftWeek, Fact
from engagements.selectors.metric import latest_metrics
from fde_portal.core import formats

SIX_DAYS = timedelta(days=6)


def whole_weeks(draft: DraftWeek) -> Sequence[Mapping[str, Any]]:
    """The last whole week of use and the one before it, oldest first; empty when the last one is older than the week before."""
    metrics = latest_metrics(draft.engagement)
    weeks = metrics.series.get("weeks", ()) if metrics else ()
    whole = [week for week in weeks if not week["partial"] and first_day(week) + SIX_DAYS <= draft.until]
    is_recent = bool(whole) and first_day(whole[-1]) + SIX_DAYS >= draft.week.monday - timedelta(days=1)
    return whole[-2:] if is_recent and len(whole) > 1 else ()


def first_day(week: Mapping[str, Any]) -> date:
    return date.fromisoformat(week["start"])


def people_using(draft: DraftWeek) -> Iterator[Fact]:
    """The last whole week of use against the one before. The customer's page shows the same weeks."""
    if not (weeks := whole_weeks(draft)):
        return
    before, now = weeks
    if None not in (before["wau"], now["wau"]) and before["wau"] != now["wau"]:
        url = reverse("engagement_adoption", args=[draft.engagement.slug])
        say = partial(_people, now, now["wau"] - before["wau"])
        yield Fact(f"people-{now['start']}", LineKind.PROGRESS, say, _("Adoption"), url, is_shared=True, is_event=False)


def _people(week: Mapping[str, Any], change: int) -> str:
    count = ngettext("%(count)s person", "%(count)s people", week["wau"]) % {"count": formats.number(week["wau"])}
    words = {
        "people": count,
        "target": formats.number(week["target"]),
        "day": formats.day(first_day(week), "words"),
        "change": formats.number(abs(change)),
    }
    if week["target"] is None:
        used = _("%(people)s used it in the week from %(day)s.") % words
    else:
        used = _("%(people)s of %(target)s expected used it in the week from %(day)s.") % words
    more = _("That is %(change)s more than the week before.") if change > 0 else _("That is %(change)s fewer than the week before.")
    return formats.sentences(used, more % words)


def answers_accepted(draft: DraftWeek) -> Iterator[Fact]:
    """The share of judged answers that were accepted as they were, when it moved by a point or more. Internal."""
    if not (weeks := whole_weeks(draft)):
        return
    before, now = (outcomes_of(draft.engagement, first_day(week)) for week in weeks)
    shares = [each.acceptance_rate for each in (before, now)]
    if None not in shares and formats.percent(shares[0]) != formats.percent(shares[1]):
        url = reverse("engagement_adoption", args=[draft.engagement.slug])
        say = partial(_accepted, now, shares[0], first_day(weeks[1]))
        yield Fact(f"quality-{weeks[1]['start']}", LineKind.PROGRESS, say, _("Quality"), url, is_event=False)


def outcomes_of(engagement: Engagement, first: date) -> Outcomes:
    """What became of the cases of the seven local days from `first`, of all deliverables together."""
    days = ActivityDay.objects.filter(
        deliverable__engagement=engagement, deliverable__archived_at=None, dimension=ActivityDay.Dimension.ALL,
        day__range=(first, first + SIX_DAYS),
    )
    names = {"cases": "events", "accepted": "accepted", "edited": "edited", "rejected": "rejected", "failed": "failed"}
    sums = days.aggregate(**{f"all_{name}": Sum(column) for name, column in names.items()})
    return Outcomes(**{name: sums[f"all_{name}"] or 0 for name in names})


def _accepted(now: Outcomes, before: Decimal, first: date) -> str:
    words = {"count": formats.number(now.judged), "day": formats.day(first, "words")}
    said = ngettext(
        "Of %(count)s judged answer in the week from %(day)s, %(share)s was accepted as it was.",
        "Of %(count)s judged answers in the week from %(day)s, %(share)s were accepted as they were.",
        now.judged,
    ) % (words | {"share": formats.percent(now.acceptance_rate)})
    return formats.sentences(said, _("It was %(share)s the week before.") % {"share": formats.percent(before)})


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
