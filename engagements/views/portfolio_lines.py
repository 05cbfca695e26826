"""A line of the portfolio as it is shown: every figure in words, in the reader's language.

A list has hundreds of lines, so each is made ready in plain Python and the template only prints
it: lookups, includes and translations per row are what makes such pages slow. The drawings come
ready from the row the worker wrote.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from functools import cache
from html import escape
from itertools import islice
from typing import TypedDict

from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext, pgettext

from engagements.models import Band, Phase, Status
from engagements.selectors.attention import reason_sentence
from engagements.selectors.change_words import change_sentence
from engagements.selectors.changes import changes_since
from engagements.selectors.feed_watch import silence_of, silence_sentence
from engagements.selectors.portfolio import PortfolioLine
from fde_portal.core import formats
from fde_portal.core.addresses import address
from fde_portal.core.templatetags.ui_marks import band as band_class
from fde_portal.core.templatetags.ui_marks import band_word, delta_tone, glyph

LONG_SLIP_DAYS = 10
CHANGES_OF, MOST_CHANGES = timedelta(days=7), 2
_NOTHING = SafeString("")
_GROUPS = {0: "risk", 1: "watch"}


class ShownLine(TypedDict):
    """Texts of people are plain text; the safe fragments hold only figures and our own words."""

    url: str
    customer: str
    initials: str
    name: str
    about: str  # phase, lead and, when it is not simply active, status
    phase: str
    band: str
    group: str  # under which heading: what went quiet stands with those on watch
    health: SafeString
    mosaic: SafeString
    spark: SafeString
    reason: str
    headline: str
    changes: SafeString
    milestone: str
    milestone_date: SafeString
    users: SafeString
    value: str
    updated: SafeString


def shown_lines(
    lines: Sequence[PortfolioLine], *, today: date, now: datetime, cadence_days: int, last_visit: date | None = None
) -> list[ShownLine]:
    """Put `lines` into words as of `today`, the reader's local day. What changed since `last_visit` is marked as new.

    `now` says whether a feed by the hour is silent.
    """
    words = _Words(today, now, cadence_days, last_visit, today - CHANGES_OF)
    return [_shown(line, words) for line in lines]


# One row of the list. A template would look up and escape a hundred times seventeen values, which
# costs more than everything else on the page.
_ROW = (
    '<tr role="row">'
    '<th role="rowheader" scope="row" class="c-eng"><span class="logo" aria-hidden="true">{initials}</span><span><a href="{url}">{customer}</a><span class="hint">{name}</span><span class="hint">{about}</span></span></th>'
    '<td role="cell" class="c-health"><span class="hl">{health}</span>{mosaic}</td>'
    '<td role="cell" class="c-trend">{spark}</td>'
    '<td role="cell" class="c-chg"><b>{reason}</b> {headline}{changes}</td>'
    '<td role="cell" class="c-ms"><span>{milestone}</span><span class="hint">{milestone_date}</span></td>'
    '<td role="cell" class="c-ad">{users}</td>'
    '<td role="cell" class="c-val num"><b>{value}</b></td>'
    '<td role="cell" class="c-upd num">{updated}</td>'
    '</tr>'
)


def rows_html(lines: Sequence[ShownLine]) -> SafeString:
    """The rows of the portfolio's table; everything that is not marked safe is escaped."""
    return mark_safe("".join(_ROW.format_map(_Escaped(line)) for line in lines))


class _Escaped(dict):
    """The values of one line as they may be printed: `format_html` does the same at four times the price."""

    def __getitem__(self, key: str) -> str:
        value = super().__getitem__(key)
        return value if isinstance(value, SafeString) else escape(value)


@dataclass(frozen=True)
class _Words:
    """What many lines say alike, worded once a page."""

    today: date
    now: datetime
    cadence_days: int
    last_visit: date | None
    since: date  # of the changes that are told
    phases: dict[str, str] = field(default_factory=lambda: {phase.value: str(phase.label) for phase in Phase})
    statuses: dict[str, str] = field(default_factory=lambda: {status.value: str(status.label) for status in Status})
    marks: dict[str, SafeString] = field(default_factory=lambda: {band.value: _mark(band.value) for band in Band})
    of_target: str = field(default_factory=lambda: gettext("of %(target)s"))
    no_target: str = field(default_factory=lambda: gettext("no target set"))
    no_usage: str = field(default_factory=lambda: gettext("No usage yet"))
    stopped: str = field(default_factory=lambda: gettext("Feed stopped"))
    new: str = field(default_factory=lambda: pgettext("a change", "New"))
    never: str = field(default_factory=lambda: gettext("never"))
    number: Callable[[int | None], str] = field(default_factory=lambda: cache(formats.number))
    change: Callable[[int], str] = field(default_factory=lambda: cache(_change))
    day: Callable[[date | None], str] = field(default_factory=lambda: cache(formats.day))
    ago: Callable[[int | None], str] = field(default_factory=lambda: cache(formats.ago))
    slip: Callable[[int | None], str] = field(default_factory=lambda: cache(formats.slip))

    def judged(self, line: PortfolioLine) -> str:
        """A manager's judgement beside the computed one, while its days last."""
        if line.override_until is None or line.override_until < self.today:
            return ""
        text = gettext("Judged %(band)s until %(day)s") % {
            "band": band_word(line.override_band).lower(), "day": self.day(line.override_until),
        }  # fmt: skip
        return f'<span class="hint">{escape(text)}</span>'


def _mark(band: str) -> SafeString:
    """The shape of a band, with its word for screen readers."""
    return mark_safe(f'{glyph(band)}<span class="vh">{band_word(band)}</span>')


def _change(points: int) -> str:
    return f'<span class="delta {delta_tone(points, "up")}">{formats.signed(points)}</span>'


def _shown(line: PortfolioLine, words: _Words) -> ShownLine:
    band = band_class(line.band)
    return {
        "url": address("engagement", line.slug),
        "customer": line.customer,
        "initials": formats.initials(line.customer),
        "name": line.name,
        "about": _about(line, words),
        "phase": words.phases[line.phase],
        "band": band,
        "group": _GROUPS.get(line.rank, band),
        "health": _health(line, band, words),
        "mosaic": SafeString(line.mosaic_svg),
        "spark": SafeString(line.trend_svg),
        "reason": reason_sentence(line.reason),
        "headline": line.headline,
        "changes": _changes(line, words),
        "milestone": line.milestone_title,
        "milestone_date": _milestone_date(line, words),
        "users": _users(line, words),
        "value": "" if line.npv is None else formats.short_money(line.npv, line.npv_currency),
        "updated": _updated(line.last_update_on, words),
    }


def _about(line: PortfolioLine, words: _Words) -> str:
    about = f"{words.phases[line.phase]} · {line.lead}"
    return about if line.status == Status.ACTIVE else f"{about} · {words.statuses[line.status]}"


def _health(line: PortfolioLine, band: str, words: _Words) -> SafeString:
    score = "" if line.score is None else f'<span class="score st-ink {band}">{line.score}</span> '
    change = "" if line.change is None else words.change(line.change)
    judged = "" if not line.override_band else words.judged(line)
    return SafeString(f'{score}<span class="st {band}">{words.marks[line.band]}</span> {change}{judged}')


def _changes(line: PortfolioLine, words: _Words) -> SafeString:
    """A feed that is silent, and the gravest facts of the last seven days. That a week was published is told by its headline."""
    told = (change for change in changes_since(words.since, line.changes) if change.code != "update")
    found = islice(told, MOST_CHANGES)
    shown = [f'<span class="chg">{_new(change.on, words)}{escape(change_sentence(change))}</span>' for change in found]
    return SafeString("".join((_silence(line, words), *shown)))


def _silence(line: PortfolioLine, words: _Words) -> str:
    """Since when a feed by the hour is silent; where its days are missing too, its users say that it stopped."""
    said = "" if line.feed_stopped else silence_sentence(silence_of(line.feed_watch, words.now))
    return f'<span class="chg"><span class="st-ink watch">{escape(said)}</span></span>' if said else ""


def _new(on: date, words: _Words) -> str:
    return f'<span class="tag">{words.new}</span> ' if words.last_visit and on >= words.last_visit else ""


def _milestone_date(line: PortfolioLine, words: _Words) -> SafeString:
    if line.milestone_slip is None:
        return _NOTHING
    tone = _slip_tone(line.milestone_slip)
    return SafeString(f'<span class="nowrap">{words.day(line.milestone_on)}</span> · <span class="delta {tone}">{words.slip(line.milestone_slip)}</span>')


def _slip_tone(days: int) -> str:
    if days <= 0:
        return "up" if days else ""
    return "warn" if days < LONG_SLIP_DAYS else "down"


def _users(line: PortfolioLine, words: _Words) -> SafeString:
    """Weekly users against this week's target; words where there is nothing to measure."""
    stopped = words.stopped if line.feed_stopped else ""
    if line.weekly_users is None:
        return _count_and_hint("", stopped or words.no_usage)
    target = line.weekly_target or line.full_target
    if not target:
        return _count_and_hint(words.number(line.weekly_users), stopped or words.no_target)
    of_target = words.of_target % {"target": words.number(target)}
    hint = f"{of_target} · {stopped}" if stopped else of_target
    return SafeString(_count_and_hint(words.number(line.weekly_users), hint) + line.users_svg)


def _count_and_hint(count: str, hint: str) -> SafeString:
    return SafeString(f'<span><b>{count}</b> <span class="hint">{hint}</span></span>')


def _updated(on: date | None, words: _Words) -> SafeString:
    if on is None:
        return SafeString(words.never)
    age = (words.today - on).days
    tone = "risk" if age > 2 * words.cadence_days else "watch" if age > words.cadence_days else ""
    return SafeString(f'<span class="st-ink {tone}">{words.ago(age)}</span>')
