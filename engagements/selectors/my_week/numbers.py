"""Figures that grow old."""

from __future__ import annotations

from django.urls import reverse
from django.utils.translation import gettext as _

from engagements.selectors.my_week.work import Need, Work, named


def feeds_stopped(work: Work) -> list[Need]:
    """Engagements whose usage stopped arriving."""
    return [
        Need(
            band="watch",
            title=named(engagement, _("usage has stopped arriving")),
            detail=_("Figures of adoption are growing old. Check the source."),
            due="",
            action=_("Open data"),
            url=reverse("engagement_data", args=[engagement.slug]),
            due_on=work.today,
        )
        for engagement in work.engagements
        if engagement.feed_stopped
    ]
