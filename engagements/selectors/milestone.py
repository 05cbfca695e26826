"""Milestones as a table and as a timeline."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from itertools import chain
from types import MappingProxyType

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from engagements.models import Engagement, Milestone, Rebaseline
from fde_portal.core import formats
from fde_portal.core.charts import MilestoneRow, MilestoneTimeline
from fde_portal.core.prepared import Param, prepared


@dataclass(frozen=True, slots=True)
class MilestoneLine:
    """A milestone as of a local day: "done", "running" (work on it has begun) or "planned"."""

    milestone: Milestone
    state: str
    slip: int  # days after the promise; negative is early
    is_overdue: bool  # still open although its expected day is over
    first_promise: date | None = None  # where it was promised anew since


def milestone_lines(
    milestones: Sequence[Milestone], *, begin: date, today: date, first_promises: Mapping[int, date] = MappingProxyType({})
) -> list[MilestoneLine]:
    """The milestones, in order of their promises, with what they are today. Work begins when the one before was due."""
    starts = chain([begin], (milestone.baseline_on for milestone in milestones))
    return [
        replace(_line(milestone, start, today), first_promise=first_promises.get(milestone.pk))
        for milestone, start in zip(milestones, starts, strict=False)
    ]


def _line(milestone: Milestone, start: date, today: date) -> MilestoneLine:
    slip = milestone.slip_on(today)
    if milestone.actual_on:
        return MilestoneLine(milestone, "done", slip, is_overdue=False)
    state = "running" if start <= today else "planned"
    return MilestoneLine(milestone, state, slip, is_overdue=milestone.expected_on < today)


def first_promises(engagement: Engagement) -> dict[int, date]:
    """Milestone id -> the date first promised, where it was promised anew since."""
    rows = Rebaseline.objects.filter(milestone__engagement=engagement).order_by("-changed_on", "-id")
    return dict(rows.values_list("milestone_id", "old_on"))


def milestones_of(engagement: Engagement) -> list[Milestone]:
    """The current ones in the order of their promises, in one statement."""
    return _milestones(engagement=engagement)


@prepared
def _milestones(*, engagement: Param) -> QuerySet[Milestone]:
    return Milestone.objects.current().filter(engagement=engagement)


def timeline_of(engagement: Engagement, lines: Sequence[MilestoneLine], today: date) -> MilestoneTimeline:
    return MilestoneTimeline(
        id="milestones",
        title=_("Milestones"),
        finding=finding(lines),
        rows=tuple(_chart_row(engagement, line) for line in lines),
        today=today,
        begin=engagement.started_on,
    )


def _chart_row(engagement: Engagement, line: MilestoneLine) -> MilestoneRow:
    milestone = line.milestone
    return MilestoneRow(
        name=milestone.title,
        baseline=milestone.baseline_on,
        # An open one whose day is over is not reached before today.
        date=milestone.baseline_on + timedelta(days=line.slip),
        state=line.state,
        url=reverse("milestone_edit", args=[engagement.slug, milestone.pk]),
        hint=hint(milestone),
    )


def hint(milestone: Milestone) -> str:
    seen = _("shared") if milestone.is_shared else _("only us")
    if milestone.kind == Milestone.Kind.GO_LIVE:
        return _("Go-live · %(seen)s") % {"seen": seen}
    return seen


def finding(lines: Iterable[MilestoneLine]) -> str:
    """What the timeline shows, in a sentence."""
    lines = list(lines)
    reached = sum(line.state == "done" for line in lines)
    late = sum(line.state != "done" and line.slip > 0 for line in lines)
    said = ngettext("%(reached)s of %(count)s milestone is reached.", "%(reached)s of %(count)s milestones are reached.", len(lines))
    said %= {"reached": reached, "count": len(lines)}
    if not late:
        return said
    slips = ngettext("%(late)s open one is later than promised.", "%(late)s open ones are later than promised.", late)
    return formats.sentences(said, slips % {"late": late})
