"""Figures that grow old."""

from __future__ import annotations

from django.urls import reverse
from django.utils.translation import gettext as _

from engagements.models import PortfolioRow
from engagements.selectors.my_week.work import Need, Work, named


def feeds_stopped(work: Work) -> list[Need]:
    """Engagements whose usage stopped arriving."""
    rows = PortfolioRow.objects.filter(engagement__in=work.engagements, feed_stopped=True)
    return [
        Need(
            band="watch",
            title=named(row.engagement, _("usage has stopped arriving")),
            detail=_("Figures of adoption are growing old. Check the source."),
            due="",
            action=_("Open data"),
            url=reverse("engagement_data", args=[row.engagement.slug]),
            due_on=work.today,
        )
        for row in rows.select_related("engagement__customer")
    ]
