"""The portfolio beside itself at the close of any week: what moved comes first."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from engagements.forms.portfolio import chosen_rows
from engagements.selectors.attention import standing_sentence
from engagements.selectors.portfolio_compare import Compared, Standing, compare
from engagements.selectors.weekly_update import Week
from fde_portal.accounts.access import PortalRequest, PortalView
from fde_portal.accounts.models import OrganizationSettings
from fde_portal.accounts.permissions import Permission
from fde_portal.core import formats

WEEKS_OFFERED = 52


class PortfolioCompare(PortalView):
    """`?week=2026-W46`; without it the last week that is over. The portfolio's filters hold here too."""

    permission = Permission.VIEW_RECORDS

    def get(self, request: PortalRequest) -> HttpResponse:
        today = timezone.localdate()
        week, chosen = asked_week(request.GET.get("week"), today), chosen_rows(request, today)
        found = compare(chosen.qs, day=week.sunday, organization=OrganizationSettings.current())
        context = {
            "week": week,
            "weeks": weeks_before(today),
            "filter": chosen,
            "rows": [shown(row) for row in found],
            "summary": summary(found, week),
        }
        return render(request, "engagements/portfolio/compare.html", context)


def weeks_before(today: date) -> list[tuple[str, str]]:
    """The weeks that are over, newest first, as a picker offers them."""
    mondays = (today - timedelta(days=today.weekday() + 7 * back) for back in range(1, WEEKS_OFFERED + 1))
    return [(str(week), _("Week %(number)s, to %(day)s") % {"number": week.number, "day": formats.day(week.sunday, "year")})
            for week in map(Week.of, mondays)]  # fmt: skip


def asked_week(text: str | None, today: date) -> Week:
    """The week an address names, if it is over. What is no such week is a 404."""
    if not text:
        return Week.of(today - timedelta(days=7))
    try:
        week = Week.parse(text)
    except ValueError:
        raise Http404 from None
    if week.sunday >= today:
        raise Http404
    return week


@dataclass(frozen=True, slots=True)
class ShownRow:
    """A compared line in words; `moved` is "worse", "better" or ""."""

    row: Compared
    url: str
    moved: str
    users_then: str
    users_now: str
    value_then: str
    value_now: str
    reason_then: str
    reason_now: str


def shown(row: Compared) -> ShownRow:
    return ShownRow(
        row=row,
        url=reverse("engagement", args=[row.line.slug]),
        moved="worse" if row.move > 0 else "better" if row.move < 0 else "",
        users_then=users_words(row.then),
        users_now=users_words(row.now),
        value_then=money_words(row.value_then, row.currency),
        value_now=money_words(row.value_now, row.currency),
        reason_then=attention_words(row.then) if row.then else _("Not computed yet"),
        reason_now=attention_words(row.now),
    )


def attention_words(side: Standing) -> str:
    return standing_sentence(side.reason, band=side.band, feed_stopped=side.feed_stopped) or _("Nothing calls for attention.")


def users_words(side: Standing | None) -> str:
    if side is None or side.users is None:
        return formats.DASH
    if not side.target:
        return formats.number(side.users)
    return _("%(users)s of %(target)s") % {"users": formats.number(side.users), "target": formats.number(side.target)}


def money_words(amount: Decimal | None, currency: str) -> str:
    return formats.DASH if amount is None else formats.short_money(amount, currency)


def summary(rows: Sequence[Compared], week: Week) -> str:
    """How many lost or won a band since the close of the week."""
    counts = Counter("worse" if row.move > 0 else "better" if row.move < 0 else "same" for row in rows if row.is_judged)
    words = (
        ngettext("%(count)s stands worse", "%(count)s stand worse", counts["worse"]) % {"count": counts["worse"]},
        ngettext("%(count)s stands better", "%(count)s stand better", counts["better"]) % {"count": counts["better"]},
        ngettext("%(count)s stands as it did", "%(count)s stand as they did", counts["same"]) % {"count": counts["same"]},
    )
    return _("Against the close of week %(week)s: %(counts)s.") % {"week": week.number, "counts": formats.listed(words)}
