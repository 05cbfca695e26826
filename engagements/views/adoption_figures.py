"""Figures of the page of all adoption measures, each with its definition and what it rests on."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from engagements.metrics import depth, firsts
from engagements.metrics.adoption import AdoptionRate
from engagements.metrics.periods import is_final
from engagements.metrics.quality import Change, Outcomes, Spans
from engagements.metrics.trend import Trend
from engagements.selectors.adoption_study import Study
from fde_portal.core import formats

# Below this many target users a percentage says more than is known.
LEAST_TARGETS = 5


@dataclass(frozen=True, slots=True)
class Figure:
    """One number as it is shown: `note` stands beside it, `definition` explains it."""

    label: str
    value: str
    note: str
    definition: str


def figures_of(asked: Study, detect: Spans, restore: Spans) -> list[Figure]:
    """Return all single figures of a study, in the order in which one reads them."""
    return [*_use(asked), *_people(asked), *_quality(asked), *_incidents(detect, restore)]


def _use(asked: Study) -> Iterator[Figure]:
    yield adoption_figure(asked)
    counts = ((asked.dau, _("Daily users"), 1), (asked.wau, _("Weekly users"), 7), (asked.mau, _("Users in 28 days"), 28))
    for value, label, days in counts:
        text = ngettext(
            "Different people with a value-bearing event on the last %(days)d day.",
            "Different people with a value-bearing event in the %(days)d days that end on the last day, that day included.",
            days,
        )
        yield Figure(label, formats.number(value), "", text % {"days": days})
    yield Figure(
        _("Stickiness"), formats.percent(asked.stickiness_now), _("five days a week: 71%"),
        _("Mean daily users of the last 28 days / different users of the same days. Days without use count as 0."),
    )  # fmt: skip
    yield Figure(
        _("Trend"), trend_word(asked.direction), "",
        _("Theil-Sen slope of whole weeks, six at least. Rising or falling only when its interval at 95 percent excludes 0."),
    )  # fmt: skip


def adoption_figure(asked: Study) -> Figure:
    """Adoption of a study's subject."""
    return rate_figure(asked.rate.rate, asked.rate_interval)


def rate_figure(rate: AdoptionRate, interval: tuple[float, float] | None) -> Figure:
    """Adoption against named targets or licences; for very few people only how many of them."""
    label, definition = _("Adoption"), _("Target users active in the last 7 days / target users on the last day. People beyond the target never enter it.")
    if not rate.denominator:
        return Figure(label, "–", _("no target users: only a count"), definition)
    share = _("%(users)s of %(target)s") % {"users": formats.number(rate.numerator), "target": formats.number(rate.denominator)}
    beyond = _("%(count)s beyond the target") % {"count": formats.number(rate.beyond_target)} if rate.beyond_target else ""
    if rate.denominator < LEAST_TARGETS:
        return Figure(label, share, beyond, definition)
    notes = [share, interval_text(interval), beyond]
    return Figure(label, formats.percent(rate.rate), " · ".join(filter(None, notes)), definition)


def interval_text(interval: tuple[float, float] | None) -> str:
    """The bounds of Wilson's interval at 95 %."""
    if interval is None:
        return ""
    return _("%(low)s to %(high)s") % {"low": formats.percent(interval[0]), "high": formats.percent(interval[1])}


def trend_word(direction: Trend | None) -> str:
    words = {
        Trend.RISING: _("rising"), Trend.FALLING: _("falling"), Trend.NO_CLEAR_TREND: _("no clear trend"), None: _("too few weeks"),
    }  # fmt: skip
    return words[direction]


def _people(asked: Study) -> Iterator[Figure]:
    yield depth_figure(asked.depth)
    yield breadth_figure(asked.breadth)
    for one in asked.activations:
        whose = one.deliverable if len(asked.activations) > 1 else ""
        yield activation_figure(one.found, one.rule, whose)
    yield first_value_figure(asked.time_to_value)
    yield quick_ratio_figure(asked)


def depth_figure(found: depth.Depth) -> Figure:
    """How many days the person in the middle used it, and how much of all use one person makes."""
    label, definition = _("Depth"), _("Active days per active person in the range: median and quartiles.")
    if found.middle is None:
        return Figure(label, "–", "", definition)
    words = {"lower": formats.number(found.lower, 1), "upper": formats.number(found.upper, 1), "top": formats.percent(found.top_share)}
    note = _("middle half: %(lower)s to %(upper)s; the busiest person has %(top)s of all days") % words
    return Figure(label, _("%(days)s days") % {"days": formats.number(found.middle, 1)}, note, definition)


def breadth_figure(found: depth.Breadth) -> Figure:
    """How many of the features that bear value are used."""
    label, definition = _("Breadth"), _("Declared value-bearing features used at least once in the range / those declared.")
    if not found.declared:
        return Figure(label, "–", _("no features are declared"), definition)
    words = {"used": formats.number(len(found.used)), "declared": formats.number(found.declared)}
    return Figure(label, _("%(used)s of %(declared)s features") % words, "", definition)


def activation_figure(found: firsts.Activation | None, rule: firsts.ActivationRule, deliverable: str = "") -> Figure:
    """Who of the named people reached the deliverable's rule in time; for very few only how many of them."""
    label = formats.labelled(_("Activation"), deliverable) if deliverable else _("Activation")
    definition = _("Named target users who %(rule)s / those named at least that long ago.") % {"rule": rule_words(rule)}
    if found is None:
        return Figure(label, "–", _("no named target users"), definition)
    note = _("%(count)s are younger") % {"count": formats.number(found.too_young)} if found.too_young else ""
    if not found.old_enough:
        return Figure(label, "–", note, definition)
    share = _("%(users)s of %(target)s") % {"users": formats.number(found.reached), "target": formats.number(found.old_enough)}
    if found.old_enough < LEAST_TARGETS:
        return Figure(label, share, note, definition)
    return Figure(label, formats.percent(found.rate), " · ".join(filter(None, (share, note))), definition)


def rule_words(rule: firsts.ActivationRule) -> str:
    """Which rule counts as activated: "used it within 14 days of being named"."""
    span = ngettext("%(days)s day", "%(days)s days", rule.within) % {"days": formats.number(rule.within)}
    if rule.active_days == 1:
        return _("used it within %(span)s of being named") % {"span": span}
    return _("used it on %(count)s days within %(span)s of being named") % {"count": formats.number(rule.active_days), "span": span}


def first_value_figure(found: firsts.TimeToValue | None) -> Figure:
    """How long people take to their first use that bears value."""
    label = _("Time to first value")
    definition = _("Median days from being named to the first value-bearing event (Kaplan-Meier): those who wait are not left out.")
    if found is None:
        return Figure(label, "–", _("no named target users"), definition)
    words = {"arrived": formats.number(found.arrived), "waiting": formats.number(found.waiting)}
    value = _("not reached") if found.middle is None else formats.span(found.middle)
    return Figure(label, value, _("%(arrived)s arrived, %(waiting)s still wait") % words, definition)


def quick_ratio_figure(asked: Study) -> Figure:
    """Who joins against who leaves; it says nothing once nobody new is being named."""
    growth = asked.growth[-1] if asked.growth else None
    is_young = any(one.found and one.found.too_young for one in asked.activations)
    return Figure(
        _("Quick ratio"), formats.number(growth.quick_ratio, 1) if growth and is_young else "–",
        "" if is_young else _("only while new people are still being named"),
        _("(New + resurrected) / gone dormant, of the last whole period."),
    )  # fmt: skip


def _quality(asked: Study) -> Iterator[Figure]:
    cases = asked.quality
    yield Figure(
        _("Accepted as is"), formats.percent(cases.acceptance_rate), interval_text(cases.acceptance_interval),
        _("Accepted / (accepted + edited + rejected), with its interval at 95 percent."),
    )  # fmt: skip
    yield Figure(_("Edited before use"), formats.percent(cases.edit_rate), "", _("Edited / (accepted + edited + rejected)."))
    yield Figure(
        _("Failed"), formats.percent(cases.failure_rate, 1), interval_text(cases.failure_interval),
        _("No answer, error or time-out / all cases."),
    )  # fmt: skip
    yield Figure(
        _("Without an outcome"), formats.number(cases.without_outcome), _("of %(cases)s cases") % {"cases": formats.number(cases.handled)},
        _("Cases of which nothing is known. They never count as accepted."),
    )  # fmt: skip


def _incidents(detect: Spans, restore: Spans) -> Iterator[Figure]:
    names = ((detect, _("Time to detect"), _("Median from the start of an incident to when it was known.")),
             (restore, _("Time to restore"), _("Median from the start of an incident to its end.")))  # fmt: skip
    for spans, label, definition in names:
        count = ngettext("%(count)d incident", "%(count)d incidents", spans.count) % {"count": spans.count}
        yield Figure(label, hours(spans.middle), count, definition)


def hours(span: timedelta | None) -> str:
    return "–" if span is None else _("%(hours)s h") % {"hours": formats.number(span.total_seconds() / 3600, 1)}


def change_word(change: Change | None) -> str:
    words = {
        Change.BETTER: _("better"), Change.WORSE: _("worse"), Change.NO_CLEAR_CHANGE: _("no clear change"), None: _("too little to compare"),
    }  # fmt: skip
    return words[change]


@dataclass(frozen=True, slots=True)
class ReleaseLine:
    """One release as its table shows it."""

    name: str
    outcomes: Outcomes
    interval: str
    change: str


def release_lines(asked: Study) -> list[ReleaseLine]:
    return [
        ReleaseLine(release.name, release.outcomes, interval_text(release.outcomes.acceptance_interval), change_word(release.change))
        for release in asked.releases
    ]


def final_sentence(last: date, today: date, closed_until: date | None = None) -> str:
    """Why figures up to `last` are final; "" while they are not. `closed_until` is the day up to which all sources are closed."""
    if closed_until is not None and last <= closed_until:
        return _("Final: the sources are closed up to %(day)s.") % {"day": formats.day(closed_until, "year")}
    return _("Final: the range ended more than three days ago. What still arrives late is counted.") if is_final(last, today) else ""


def sentence_of(asked: Study) -> str:
    """The page in one sentence."""
    adoption = adoption_figure(asked)
    use = ngettext("%(users)s person used it in the last 7 days", "%(users)s people used it in the last 7 days", asked.wau) % {
        "users": formats.number(asked.wau)
    }
    of_target = _("%(use)s, an adoption of %(value)s") % {"use": use, "value": adoption.value} if asked.rate.rate.denominator else use
    return formats.sentences(_("%(text)s.") % {"text": of_target}, _trend_sentence(asked.direction))


def _trend_sentence(direction: Trend | None) -> str:
    said = {
        Trend.RISING: _("Use is rising."), Trend.FALLING: _("Use is falling."), Trend.NO_CLEAR_TREND: _("There is no clear trend."),
    }  # fmt: skip
    return said.get(direction, "") if direction else ""
