"""The review pack: the chosen engagements in brief, to print and take into the meeting."""

from __future__ import annotations

from datetime import timedelta

from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from engagements.forms.portfolio import PortfolioFilter, chosen_rows
from engagements.selectors.review_brief import briefs
from fde_portal.accounts.access import PortalRequest, PortalView
from fde_portal.accounts.permissions import Permission
from fde_portal.core import formats

# About seventeen sheets: more is no pack, and the filters cut it.
PACK_SIZE = 50
CHANGES_OF = timedelta(days=7)


class PortfolioPack(PortalView):
    """The portfolio's filters, order and own views hold here too."""

    permission = Permission.VIEW_RECORDS

    def get(self, request: PortalRequest) -> HttpResponse:
        today = timezone.localdate()
        chosen = chosen_rows(request, today)
        page = Paginator(chosen.qs.order_by(*chosen.order), PACK_SIZE).get_page(request.GET.get("page"))
        lines = chosen.lines(start=(page.number - 1) * PACK_SIZE, count=PACK_SIZE)
        context = {
            "page": page,
            "briefs": briefs(lines, since=today - CHANGES_OF, today=today),
            "asked": asked_words(chosen),
            "summary": summary(len(lines), page.paginator.count),
            "today": today,
            "query": chosen.query,
        }
        return render(request, "engagements/portfolio/pack.html", context)


def summary(shown: int, total: int) -> str:
    if shown == total:
        return ngettext("%(count)s engagement.", "%(count)s engagements.", total) % {"count": total}
    return _("%(shown)s of %(total)s engagements.") % {"shown": shown, "total": total}


def asked_words(chosen: PortfolioFilter) -> str:
    """What the pack was cut down by, as the printed sheet must say it: “Pilot, Watch”; "" for the whole live work."""
    if not chosen.form.is_valid():
        return ""
    return formats.listed(
        str(dict(getattr(field, "choices", ())).get(value, value))
        for name, field in chosen.form.fields.items()
        if name not in LOOKS and (value := chosen.form.cleaned_data.get(name))
    )


LOOKS = ("sort", "hide")
