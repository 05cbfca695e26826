"""Figures that grow old."""

from __future__ import annotations

from django.db.models import QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from engagements.metrics.rhythm import Silence
from engagements.models import ValueCase
from engagements.selectors.feed_watch import silence_of, silence_sentence
from engagements.selectors.my_week.work import Need, Work, named, question
from fde_portal.core import formats
from fde_portal.core.addresses import address
from fde_portal.core.prepared import Param


def feeds_stopped(work: Work) -> list[Need]:
    """Engagements whose usage stopped arriving, by the day or, where it usually comes several times a day, by the hour."""
    silences = {engagement.pk: silence_of(engagement.feed_watch, work.now) for engagement in work.engagements}
    return [
        Need(
            band="watch",
            title=named(engagement, _("usage has stopped arriving")),
            detail=_feed_detail(silences[engagement.pk]),
            due="",
            action=_("Open data"),
            url=address("engagement_data", engagement.slug),
            due_on=work.today,
        )
        for engagement in work.engagements
        if engagement.feed_stopped or silences[engagement.pk]
    ]


def _feed_detail(silence: Silence | None) -> str:
    growing_old = _("Figures of adoption are growing old. Check the source.")
    said = silence_sentence(silence)
    return formats.sentences(_("%(text)s.") % {"text": said}, growing_old) if said else growing_old


def values_stale(work: Work) -> list[Need]:
    """Value cases of work the person leads that nobody has looked over for a quarter."""
    return [_value_need(case, (work.today - case.updated_at.date()).days, work) for case in work.rows(_not_looked_over)]


@question
def _not_looked_over(*, person: Param, engagements: Param, quarter_ago: Param) -> QuerySet[ValueCase]:
    return ValueCase.objects.current().filter(engagement__in=engagements, engagement__lead=person, updated_at__lt=quarter_ago)


def _value_need(case: ValueCase, age: int, work: Work) -> Need:
    detail = ngettext(
        "Its figures are %(days)s day old. Save it again when they still hold.",
        "Its figures are %(days)s days old. Save it again when they still hold.",
        age,
    )
    return Need(
        band="",
        title=named(case.engagement, case.title),
        detail=detail % {"days": age},
        due=formats.day(case.updated_at.date()),
        action=_("Open value"),
        url=address("engagement_value", case.engagement.slug),
        due_on=work.today,
    )
