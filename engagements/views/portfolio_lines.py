"""A line of the portfolio as it is shown: every figure in words, in the reader's language.

A list has hundreds of lines, so each is made ready in plain Python and the template only
prints it: template lookups and includes per row are what makes such pages slow.
"""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import NamedTuple

from django.urls import reverse
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext

from engagements.metrics.bands import band_of
from engagements.models import Phase, Status
from engagements.selectors.attention import reason_sentence
from engagements.selectors.portfolio import PortfolioLine
from fde_portal.core import charts, formats
from fde_portal.core.templatetags.ui_marks import band as band_class
from fde_portal.core.templatetags.ui_marks import band_word, delta_tone, glyph

ON_TRACK_REFERENCE = 70
LONG_SLIP_DAYS = 10
_ANY_SLUG = "any-engagement"


class ShownLine(NamedTuple):
    url: str
    customer: str
    initials: str
    name: str
    phase: str
    lead: str
    status: str
    band: str
    band_word: str
    glyph: SafeString
    score: int | None
    change: str
    change_tone: str
    mosaic: SafeString
    spark: SafeString
    reason: str
    headline: str
    milestone: str
    milestone_on: str
    slip: str
    slip_tone: str
    users: str
    of_target: str
    users_bar: SafeString
    users_hint: str
    value: str
    updated: str
    updated_tone: str


def shown_lines(lines: list[PortfolioLine], *, today: date, cadence_days: int) -> list[ShownLine]:
    """Put `lines` into words as of `today`, the reader's local day."""
    address = reverse("engagement", args=[_ANY_SLUG])
    return [_shown(line, address, today, cadence_days) for line in lines]


def _shown(line: PortfolioLine, address: str, today: date, cadence_days: int) -> ShownLine:
    band = band_class(line.band)
    return ShownLine(
        url=address.replace(_ANY_SLUG, line.slug),
        customer=line.customer,
        initials=formats.initials(line.customer),
        name=line.name,
        phase=str(Phase(line.phase).label),
        lead=line.lead,
        status="" if line.status == Status.ACTIVE else str(Status(line.status).label),
        band=band,
        band_word=band_word(line.band),
        glyph=glyph(line.band),
        score=line.score,
        change="" if line.change is None else formats.signed(line.change),
        change_tone=delta_tone(line.change or 0, "up"),
        mosaic=_mosaic(line),
        spark=mark_safe(charts.spark_svg(line.trend, band, ON_TRACK_REFERENCE)),
        reason=reason_sentence(line.reason),
        headline=line.headline,
        milestone=line.milestone_title,
        milestone_on=formats.day(line.milestone_on) if line.milestone_on else "",
        slip=formats.slip(line.milestone_slip) if line.milestone_slip is not None else "",
        slip_tone=_slip_tone(line.milestone_slip),
        **_users(line),
        value=formats.short_money(line.npv, line.npv_currency) if line.npv is not None else "",
        **_updated(line.last_update_on, today, cadence_days),
    )


def _mosaic(line: PortfolioLine) -> SafeString:
    columns = [(weight, score, band_class(_component_band(score))) for __, weight, score in line.mosaic]
    return mark_safe(charts.mosaic_svg(columns))


def _component_band(score: int | None) -> str:
    return band_of(None if score is None else Decimal(str(score)))


def _slip_tone(days: int | None) -> str:
    if not days:
        return ""
    if days < 0:
        return "up"
    return "warn" if days < LONG_SLIP_DAYS else "down"


def _users(line: PortfolioLine) -> dict[str, str | SafeString]:
    """Weekly users against this week's target; words where there is nothing to measure."""
    if line.weekly_users is None:
        hint = gettext("Feed stopped") if line.feed_stopped else gettext("No usage yet")
        return {"users": "", "of_target": "", "users_bar": mark_safe(""), "users_hint": hint}
    target = line.weekly_target or line.full_target
    of_target = gettext("of %(target)s") % {"target": formats.number(target)} if target else ""
    bar = mark_safe(charts.bar_svg(line.weekly_users, target, _users_band(line.weekly_users, target))) if target else mark_safe("")
    hint = gettext("Feed stopped") if line.feed_stopped else "" if target else gettext("no target set")
    return {"users": formats.number(line.weekly_users), "of_target": of_target, "users_bar": bar, "users_hint": hint}


def _users_band(users: int, target: int) -> str:
    """The band adoption alone would have: share of the target, as in the health model."""
    return band_class(band_of(Decimal(min(100, users * 100 // target))))


def _updated(on: date | None, today: date, cadence_days: int) -> dict[str, str]:
    if on is None:
        return {"updated": gettext("never"), "updated_tone": ""}
    age = (today - on).days
    tone = "risk" if age > 2 * cadence_days else "watch" if age > cadence_days else ""
    return {"updated": formats.ago(age), "updated_tone": tone}
